// Holds examples/javascript/log.js against the frozen vectors; says how many it agrees with.

import { readdirSync, readFileSync } from 'node:fs'
import {
  Broken, canonical, hex, isKey, isSigned, Log, openEnvelope, readBody, readHeader, sha256, Undecided
} from '../../../examples/javascript/log.js'

const data = new URL('../../vectors/data/', import.meta.url)
const bytes = (text) => Uint8Array.from(Buffer.from(text ?? '', 'hex'))

// Returns the verdict on a case: what kind it is, and the id or hash, or the rule that is named.
function judge({ kind, fill, ...given }) {
  const filled = fill ? [...Array(fill.times).fill(bytes(fill.hex))] : []
  const whole = Uint8Array.from(Buffer.concat([bytes(given.hex), ...filled]))
  try {
    if (kind === 'cbor') canonical(whole, 262_144)
    if (kind === 'body') readBody(whole)
    if (kind === 'cbor' || kind === 'body') return ['hash', hex(sha256(whole))]
    if (kind === 'chain') {
      const log = new Log()
      let last
      for (const envelope of given.chain) last = log.add(bytes(envelope))
      return ['id', last.id]
    }
    if (kind !== 'signature' && kind !== 'envelope' && kind !== 'header') return undefined
    const opened = openEnvelope(kind === 'header' ? wrap(whole) : whole)
    if (kind !== 'signature') readHeader(opened.header)
    else if (!isKey(bytes(given.key))) throw new Broken('V4')
    else if (!isSigned(opened, bytes(given.key))) throw new Broken('C4')
    return ['id', hex(sha256(opened.header))]
  } catch (error) {
    if (error instanceof Undecided) return ['undecided', error.rule]
    if (error instanceof Broken) return ['broken', error.rule]
    throw error
  }
}

// Returns an envelope of the header, with a signature that nobody made.
function wrap(header) {
  const size = header.length < 256 ? [0x58, header.length] : [0x59, header.length >> 8, header.length & 255]
  const length = header.length < 24 ? [0x40 + header.length] : size
  const start = Uint8Array.of(0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0, ...length)
  return Uint8Array.from(Buffer.concat([start, header, Uint8Array.of(0x58, 0x40), new Uint8Array(64)]))
}

let [agreed, failed] = [0, 0]
for (const file of readdirSync(data)) {
  for (const found of JSON.parse(readFileSync(new URL(file, data))).cases) {
    const verdict = judge(found)
    const expected = Object.entries(found.expect)[0]
    if (String(verdict) === String(expected)) {
      agreed += 1
    } else if (verdict !== undefined) {
      failed += 1
      console.error(`${file}: ${found.name}: expected ${expected}, got ${verdict}`)
    }
  }
}
console.log(agreed)
process.exitCode = failed > 0 ? 1 : 0
