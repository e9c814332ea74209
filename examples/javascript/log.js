// The log of one author: is every entry what it claims to be, and which of them count?
//
// Written from docs/protocol.md; the names in capitals (C5, V3, S1 ...) are its rules. CBOR is
// cborg's, the equation of Ed25519 is Node's own, and what C4 asks beyond it (no key and no R of
// small order) is decided with @noble/curves.

import { createHash, createPublicKey, verify } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { decode, encode, Tokenizer, Type } from 'cborg'

const MAX_HEADER = 1_024
const MAX_ENVELOPE = 1_100
export const MAX_BODY = 262_144
export const MAX_NEWER = 65_536
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

const STRICT = { strict: true, allowIndefinite: false, rejectDuplicateMapKeys: true, useMaps: true, retainStringBytes: true }
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// The bytes end inside an item.
export class Cut extends Error {}

// Returns the major type of the item at `at`, its argument, and where its content begins. An argument
// beyond 2^53 is only ever found to be too large, so it may be inexact.
export function head(data, at) {
  if (at >= data.length) throw new Cut()
  const [major, info] = [data[at] >> 5, data[at] & 31]
  if (info < 24) return [major, info, at + 1]
  if (info > 27) throw new Broken('C2') // reserved, or an indefinite length
  const end = at + 1 + 2 ** (info - 24)
  if (end > data.length) throw new Cut()
  const argument = data.subarray(at + 1, end).reduce((value, byte) => value * 256 + byte, 0)
  if (major === 7 || argument < [24, 2 ** 8, 2 ** 16, 2 ** 32][info - 24]) throw new Broken('C2')
  return [major, argument, end]
}

// Returns where the item at `from` ends. It names the first rule of C1 to C3 that is broken, which no
// library's decoder tells; a decoder then has only what all libraries read alike.
export function scan(data, from = 0) {
  const open = [] // { left: items to come, isMap, key: the one before }
  let [at, items] = [from, 0]
  for (;;) {
    items += 1
    if (items > MAX_ITEMS) throw new Broken('C3')
    const [major, argument, start] = head(data, at)
    const container = open.at(-1)
    const isKey = container !== undefined && container.isMap && container.left % 2 === 0
    if (isKey && major !== 3) throw new Broken('C1')
    at = start
    if (major === 2 || major === 3) {
      at = start + argument
      if (at > data.length) throw new Cut()
      const content = data.subarray(start, at)
      if (isKey) {
        checkOrder(container.key, content)
        container.key = content
      }
      if (major === 3) checkText(content)
    } else if (major === 4 || major === 5) {
      if (open.length === MAX_DEPTH || argument > MAX_ITEMS) throw new Broken('C3')
      if (argument > 0) {
        open.push({ left: argument * (major - 3), isMap: major === 5, key: undefined })
        continue
      }
    } else if (major === 6 || (major === 7 && argument !== 20 && argument !== 21)) {
      throw new Broken('C2')
    } else if (argument > Number.MAX_SAFE_INTEGER - (major === 1 ? 1 : 0)) {
      throw new Broken('C2')
    }
    while (open.length > 0) {
      open.at(-1).left -= 1
      if (open.at(-1).left > 0) break
      open.pop()
    }
    if (open.length === 0) return at
  }
}

function checkOrder(before, key) {
  if (before === undefined) return
  const order = before.length - key.length || Buffer.compare(before, key)
  if (order >= 0) throw new Broken(order === 0 ? 'C2' : 'C1')
}

function checkText(content) {
  try {
    UTF8.decode(content)
  } catch {
    throw new Broken('C2')
  }
}

// Reads text as it stands (C2): cborg's own reading drops a byte order mark at its start. A Buffer's
// slices are Buffers, so it reads the plain bytes beneath.
class Exact extends Tokenizer {
  constructor({ buffer, byteOffset, length }) {
    super(new Uint8Array(buffer, byteOffset, length), STRICT)
  }

  next() {
    const token = super.next()
    if (Type.equals(token.type, Type.string)) token.value = UTF8.decode(token.byteValue)
    return token
  }
}

// Returns the value of canonical CBOR: encoded again, it must give the same bytes (C3).
export function canonical(data, limit) {
  if (data.length > limit) throw new Broken('C3')
  let end
  try {
    end = scan(data)
  } catch (error) {
    throw error instanceof Cut ? new Broken('C2') : error
  }
  if (end < data.length) throw new Broken('C2')
  const value = decode(data, { ...STRICT, tokenizer: new Exact(data) })
  if (!same(encode(value), data)) throw new Broken('C3')
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

// C4, for a key that V4 admits. What is signed is RFC 9052's Sig_structure, which nobody transmits.
export function isSigned({ header, signature }, key) {
  if (!isKey(signature.subarray(0, 32))) return false
  const signed = encode(['Signature1', PROTECTED, new Uint8Array(), header])
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') }
  return verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), signature)
}

// Returns the strings of `d2 84 ‖ bstr ‖ a0 ‖ bstr ‖ bstr`, undefined where bytes have another form.
function split(envelope) {
  if (envelope[0] !== 0xd2 || envelope[1] !== 0x84) return undefined
  const strings = []
  let at = 2
  try {
    for (let number = 0; number < 3; number += 1) {
      if (number === 1 && envelope[at++] !== 0xa0) return undefined
      const [major, length, start] = head(envelope, at)
      at = start + length
      if (major !== 2 || at > envelope.length) return undefined
      strings.push(envelope.subarray(start, at))
    }
  } catch {
    return undefined // no head in its shortest form
  }
  return at === envelope.length ? strings : undefined
}

// Returns the header and the signature of an envelope, as bytes (C5).
export function openEnvelope(envelope) {
  const found = envelope.length <= MAX_NEWER ? split(envelope) : undefined
  // Where the first field says 1, the whole header need not be read to know the version.
  if (found !== undefined && !same(found[1].subarray(1, 4), Uint8Array.of(0x61, 0x76, 1))) {
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
export const isText = (value) => typeof value === 'string'

// Returns a check for a map with exactly these fields.
export const fields = (checks) => (value) =>
  value instanceof Map &&
  value.size === Object.keys(checks).length &&
  Object.entries(checks).every(([name, check]) => check(value.get(name)))

const EVERY = {
  v: within(1, 1),
  time: within(0, Number.MAX_SAFE_INTEGER),
  body: fields({ len: within(19, MAX_BODY), hash: isHash }),
  kind: (kind) => isText(kind) && /^[a-z][a-z0-9.-]{0,63}$/.test(kind)
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

// Returns an entry by its own bytes: { opened: its header and signature, header, id }.
export function readEntry(envelope) {
  const opened = openEnvelope(envelope)
  return { opened, header: readHeader(opened.header), id: hex(sha256(opened.header)) }
}

// The valid entries known, by id in hex; authors are told apart by their ids. An entry is
// { id, author, header, parent, turns }, where `turns` are the keys of the establishment entries above.
export class Log {
  entries = new Map()
  children = new Map() // parent's id -> entries
  rotations = new Map() // keys of an establishment entry -> the rotations that follow under it
  establishments = new Map() // author -> its inception and rotations

  // Checks an envelope and takes its entry. An entry taken twice is the same entry.
  add(envelope) {
    return this.place(readEntry(envelope))
  }

  // Takes an entry that was read, if it is valid where it stands (V3 to V6).
  place({ opened, header, id }) {
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
    const entry = { id, author: parent?.author ?? id, header, parent, turns, kind, seq: header.get('seq') }
    this.entries.set(id, entry)
    const append = (lists, key) => (lists.get(key) ?? lists.set(key, []).get(key)).push(entry)
    if (keys !== undefined) append(this.establishments, entry.author)
    if (parent !== undefined) append(this.children, parent.id)
    if (kind === 'rotate') append(this.rotations, parent.turns.at(-1))
    return entry
  }

  // Returns the entries from one back to its inception.
  static path(entry) {
    const found = []
    for (let at = entry; at !== undefined; at = at.parent) found.push(at)
    return found
  }

  // S1 on entries up to `cut`: returns the last that counts, and `ok`, `forked` or `contested`.
  head(author, pin = undefined, cut = 2 ** 32 - 1) {
    const pinned = new Set(pin !== undefined && pin.seq <= cut ? Log.path(pin) : [])
    let at = this.entries.get(author)
    for (;;) {
      // All rotations whose parent's establishment entry is this one: such entries share its keys.
      const found = (this.rotations.get(at.turns.at(-1)) ?? []).filter((rotation) => rotation.seq <= cut)
      if (found.length === 0) return this.walk(at, cut)
      const decided = found.find((rotation) => pinned.has(rotation))
      if (found.length > 1 && decided === undefined) {
        const paths = found.map((rotation) => new Set(Log.path(rotation)))
        return [Log.path(found[0]).find((entry) => paths.every((path) => path.has(entry))), 'contested']
      }
      at = decided ?? found[0]
    }
  }

  walk(from, cut) {
    let at = from
    while (at.seq < cut) {
      // No rotation follows here, so all children are plain.
      const plain = this.children.get(at.id) ?? []
      if (plain.length !== 1) return [at, plain.length === 0 ? 'ok' : 'forked']
      at = plain[0]
    }
    return [at, 'ok']
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
