// The log of one author: is every entry what it claims to be, and which of them count?
//
// Written from docs/protocol.md; the names in capitals (C5, V3, S1 ...) are its rules. CBOR is
// cborg's, the equation of Ed25519 is Node's own, and what C4 asks beyond it (no key and no R of
// small order) is decided with @noble/curves.

import { createHash, createPublicKey, verify } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { decode, encode } from 'cborg'

const MAX_HEADER = 1_024
const MAX_ENVELOPE = 1_100
const MAX_BODY = 262_144
const MAX_NEWER = 65_536
const MAX_DEPTH = 16
const MAX_ITEMS = 65_536
const PROTECTED = Uint8Array.of(0xa1, 0x01, 0x27) // {1: -8}, EdDSA

// A rule is broken; `rule` names it.
export class Broken extends Error {
  constructor(rule) {
    super(`${rule} is broken`)
    this.rule = rule
  }
}

// Neither valid nor invalid: another version (V2), or a parent that is not held (V3).
export class Undecided extends Broken {}

export const sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest())
export const hex = (bytes) => Buffer.from(bytes).toString('hex')
export const same = (a, b) => Buffer.compare(a, b) === 0
export const isBytes = (value) => value instanceof Uint8Array

// --- bytes: C1 to C3 -----------------------------------------------------------------------------

const STRICT = { strict: true, allowIndefinite: false, rejectDuplicateMapKeys: true, useMaps: true }

// Counts containers, keys and values; refuses what no Multaqa value is made of.
function countItems(value, depth = 1) {
  if (isBytes(value) || typeof value === 'string' || typeof value === 'boolean') return 1
  if (Number.isSafeInteger(value)) return 1
  if (!Array.isArray(value) && !(value instanceof Map)) throw new Broken('C2')
  if (depth > MAX_DEPTH) throw new Broken('C3')
  const add = (sum, item) => sum + countItems(item, depth + 1)
  if (Array.isArray(value)) return value.reduce(add, 1)
  if ([...value.keys()].some((key) => typeof key !== 'string')) throw new Broken('C1')
  return [...value.values()].reduce(add, 1 + value.size)
}

// Returns the value of canonical CBOR: encoded again, it must give the same bytes (C3).
export function canonical(data, limit) {
  if (data.length > limit) throw new Broken('C3')
  let value
  try {
    value = decode(data, STRICT)
  } catch {
    throw new Broken('C2')
  }
  if (countItems(value) > MAX_ITEMS) throw new Broken('C3')
  if (!same(encode(value), data)) throw new Broken('C2')
  return value
}

// --- keys and signatures: C4, C5 -----------------------------------------------------------------

// V4: a canonically encoded point of the curve, not of small order.
export function isKey(bytes) {
  try {
    return !ed25519.Point.fromBytes(bytes).isSmallOrder()
  } catch {
    return false
  }
}

// C4. What is signed is RFC 9052's Sig_structure, which nobody transmits.
export function isSigned({ header, signature }, key) {
  if (!isKey(key) || !isKey(signature.subarray(0, 32))) return false
  const signed = encode(['Signature1', PROTECTED, new Uint8Array(), header])
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') }
  return verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), signature)
}

// Reads `d2 84 ‖ bstr ‖ a0 ‖ bstr ‖ bstr`; undefined where an envelope has another form.
function parts(envelope) {
  try {
    const content = decode(envelope, { ...STRICT, tags: { 18: (inner) => inner() } })
    const [first, unprotected, header, signature] = content
    const strings = [first, header, signature]
    if (content.length !== 4 || !strings.every(isBytes) || unprotected.size !== 0) return undefined
    const again = [[0xd2, 0x84], encode(first), [0xa0], encode(header), encode(signature)]
    return same(Buffer.concat(again.map((part) => Uint8Array.from(part))), envelope) ? strings : undefined
  } catch {
    return undefined
  }
}

// Returns the header and the signature of an envelope, as bytes (C5).
export function openEnvelope(envelope) {
  const found = envelope.length <= MAX_NEWER ? parts(envelope) : undefined
  if (found !== undefined) {
    let version
    try {
      const header = canonical(found[1], MAX_NEWER)
      version = header instanceof Map ? header.get('v') : undefined
    } catch {
      version = undefined
    }
    if (Number.isInteger(version) && version !== 1) throw new Undecided('V2')
  }
  if (envelope.length > MAX_ENVELOPE) throw new Broken('C3')
  if (found === undefined || !same(found[0], PROTECTED) || found[2].length !== 64) throw new Broken('C5')
  return { header: found[1], signature: found[2] }
}

// --- entries: V1 to V6 ---------------------------------------------------------------------------

export const within = (low, high) => (value) => Number.isInteger(value) && low <= value && value <= high
export const isHash = (value) => isBytes(value) && value.length === 32

// Returns a check for a map with exactly these fields.
export const fields = (checks) => (value) =>
  value instanceof Map &&
  value.size === Object.keys(checks).length &&
  Object.entries(checks).every(([name, check]) => check(value.get(name)))

const EVERY = {
  v: within(1, 1),
  time: within(0, Number.MAX_SAFE_INTEGER),
  body: fields({ len: within(19, MAX_BODY), hash: isHash }),
  kind: (kind) => typeof kind === 'string' && /^[a-z][a-z0-9.-]{0,63}$/.test(kind)
}
const LATER = { ...EVERY, seq: within(1, 2 ** 32 - 1), author: isHash, prev: isHash }
const PLAIN = fields(LATER)
const FORMS = new Map([
  ['inception', fields({ ...EVERY, seq: within(0, 0), keys: fields({ sign: isHash, next: isHash }) })],
  ['rotate', fields({ ...LATER, keys: fields({ sign: isHash, next: isHash, reveal: isHash }) })]
])

// V1, and V4's form of keys.
export function readHeader(data) {
  const header = canonical(data, MAX_HEADER)
  const kind = header instanceof Map ? header.get('kind') : undefined
  if (!(FORMS.get(kind) ?? PLAIN)(header)) throw new Broken('V1')
  const keys = header.get('keys') ?? new Map()
  if (!['sign', 'reveal'].every((name) => !keys.has(name) || isKey(keys.get(name)))) throw new Broken('V4')
  return header
}

// V4: within one path no key and no `next` is used twice, and none that was shown is announced.
function checkKeys(before, keys) {
  const all = [...before, keys]
  const shown = all.flatMap((turn) => ['sign', 'reveal'].filter((n) => turn.has(n)).map((n) => turn.get(n)))
  const announced = all.map((turn) => hex(turn.get('next')))
  const repeats = (texts) => new Set(texts).size < texts.length
  if (repeats(shown.map(hex)) || repeats(announced)) throw new Broken('V4')
  if (shown.some((key) => same(sha256(key), keys.get('next')))) throw new Broken('V4')
}

// The valid entries known, by id in hex; authors are told apart by their ids. An entry is
// { id, author, header, parent, turns }, where `turns` are the keys of the establishment entries above.
export class Log {
  entries = new Map()

  // Checks an envelope and takes its entry. An entry taken twice is the same entry.
  add(envelope) {
    const opened = openEnvelope(envelope)
    const header = readHeader(opened.header)
    const id = hex(sha256(opened.header))
    const [kind, keys] = [header.get('kind'), header.get('keys')]
    const parent = kind === 'inception' ? undefined : this.entries.get(hex(header.get('prev')))
    let signer = keys?.get(kind === 'rotate' ? 'reveal' : 'sign')
    if (kind === 'inception') {
      checkKeys([], keys)
    } else if (parent === undefined) {
      throw new Undecided('V3')
    } else {
      const author = hex(header.get('author'))
      if (author !== parent.author || header.get('seq') !== parent.header.get('seq') + 1) throw new Broken('V3')
      const turn = parent.turns.at(-1)
      if (kind === 'rotate') {
        if (!same(sha256(signer), turn.get('next'))) throw new Broken('V5')
        checkKeys(parent.turns, keys)
      } else {
        signer = turn.get('sign')
        if (parent.header.get('kind') === 'close') throw new Broken('V6')
      }
    }
    if (!isSigned(opened, signer)) throw new Broken('V5')
    const known = this.entries.get(id)
    if (known !== undefined) return known
    const turns = [...(parent?.turns ?? []), ...(keys === undefined ? [] : [keys])]
    const entry = { id, author: parent?.author ?? id, header, parent, turns }
    this.entries.set(id, entry)
    return entry
  }

  // Returns the entries from one back to its inception.
  static path(entry) {
    const found = []
    for (let at = entry; at !== undefined; at = at.parent) found.push(at)
    return found
  }

  // S1, without pins: returns the last entry that counts, and `ok`, `forked` or `contested`.
  head(author) {
    const own = [...this.entries.values()].filter((entry) => entry.author === author && entry.parent)
    const rotations = own.filter((entry) => entry.header.get('kind') === 'rotate')
    let at = this.entries.get(author)
    for (;;) {
      // All rotations whose parent's establishment entry is this one: such entries share its keys.
      const turn = at.turns.at(-1)
      const next = rotations.filter((rotation) => rotation.parent.turns.at(-1) === turn)
      if (next.length > 1) {
        const paths = next.map((rotation) => new Set(Log.path(rotation)))
        return [Log.path(next[0]).find((entry) => paths.every((path) => path.has(entry))), 'contested']
      }
      if (next.length === 0) break
      at = next[0]
    }
    const children = new Map()
    for (const entry of own.filter((entry) => entry.header.get('kind') !== 'rotate')) {
      children.set(entry.parent, [...(children.get(entry.parent) ?? []), entry])
    }
    for (;;) {
      const plain = children.get(at) ?? []
      if (plain.length !== 1) return [at, plain.length === 0 ? 'ok' : 'forked']
      at = plain[0]
    }
  }
}

// --- bodies --------------------------------------------------------------------------------------

// V7: whether these are the bytes that the header names.
export function matches(entry, body) {
  const named = entry.header.get('body')
  return named.get('len') === body.length && same(named.get('hash'), sha256(body))
}

// B5: returns what a body says, without its salt. A body that breaks this leaves its entry valid.
export function readBody(body) {
  const value = canonical(body, MAX_BODY)
  const isBody = Array.isArray(value) && value.length === 2 && isBytes(value[0]) && value[0].length === 16
  if (!isBody || !(value[1] instanceof Map)) throw new Broken('B5')
  return value[1]
}
