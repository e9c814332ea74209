// Holds examples/javascript/log.js against the frozen vectors; says how many it agrees with.

import { readdirSync, readFileSync } from 'node:fs'
import {
  Broken, canonical, hex, isKey, isSigned, Log, openEnvelope, readBody, readHeader, sha256, Undecided
} from '../../../examples/javascript/log.js'

const data = new URL('../../vectors/data/', import.meta.url)
const bytes = (text) => Uint8Array.from(Buffer.from(text ?? '', 'hex'))

// Returns the verdict on a case: what kind it is, and the id or hash of what is valid.
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
    if (kind !== 'signature' && kind !== 'envelope') return undefined
    const opened = openEnvelope(whole)
    if (kind === 'envelope') readHeader(opened.header)
    else if (!isKey(bytes(given.key)) || !isSigned(opened, bytes(given.key))) throw new Broken('C4')
    return ['id', hex(sha256(opened.header))]
  } catch (error) {
    if (error instanceof Undecided) return ['undecided', error.rule]
    if (error instanceof Broken) return ['broken']
    throw error
  }
}

let [agreed, failed] = [0, 0]
for (const file of readdirSync(data)) {
  for (const found of JSON.parse(readFileSync(new URL(file, data))).cases) {
    const verdict = judge(found)
    const [kind, value] = Object.entries(found.expect)[0]
    // Which of several broken rules is named first is free (docs/protocol.md, "Which rule is named").
    const expected = kind === 'broken' ? ['broken'] : [kind, value]
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
