// An auditor's check of bundles, offline, written from docs/protocol.md (A5 to A9).
//
//     multaqa export bundle --out all.bundle
//     node verify.mjs all.bundle
//
// Prints one JSON object for each file, and ends with A7's code: 0 verified, 3 forged, 4 cannot be decided
// (of several files the gravest), 1 could not run. The report is that of `multaqa --json verify`, without
// the words: form, every entry and body, what the scope promises, who is a member, what is disowned,
// withdrawn and cut, and how far checkpoints and witnesses reach. It reads the whole file into memory.

import { readFileSync } from 'node:fs'
import { Broken, canonical, Cut, fields, head, hex, isHash, isSigned, isText, Log } from './javascript/log.js'
import { MAX_BODY, MAX_NEWER, readBody, readEntry, same, scan, sha256, Undecided, within } from './javascript/log.js'
import { bodyHash, isNetworkKind, Network } from './javascript/network.js'

const [START, BODY, ENVELOPE, END] = [0, 1, 2, 9]
const [MAX_START, MAX_END] = [65_536, 64]
const SCOPES = { network: false, author: true, entry: true, journal: false } // whether it is about something
const TORN = 300 * 1_024 // a torn end leaves at most this (A8)
const MAX_FINDINGS = 1_000 // of one severity: a hostile file must not fill the memory
const SAYING = ['net', 'stewards', 'successors', 'entries'] // every network kind has one of these fields
const isCount = within(0, Number.MAX_SAFE_INTEGER)

// What the items of one bundle say, and what was found.
class Audit {
  start = new Map()
  log = new Log()
  bodies = new Map() // hash -> length, of those in the bundle
  said = new Map() // hash -> what it says, of those that could be of a network kind
  malformed = new Set() // hashes
  named = new Map() // hash -> the lengths that headers name
  waiting = new Map() // parent -> id and signature -> { opened, id, header }
  invalid = new Set() // ids
  newer = new Set() // hashes of envelopes of another version
  findings = { forged: [], undecided: [], note: [] }
  unlisted = 0

  find(severity, rule, text, entry = null) {
    if (this.findings[severity].length < MAX_FINDINGS) this.findings[severity].push({ rule, severity, entry, text })
    else this.unlisted += 1
  }

  // --- A5: the items -----------------------------------------------------------------------------

  // Reads items until one makes no sense; what stands before is judged all the same.
  read(data) {
    const counts = { [BODY]: 0, [ENVELOPE]: 0 }
    let [at, ended] = [0, false]
    while (at < data.length) {
      try {
        if (ended) throw new Broken('A5')
        const { end, number, content } = readItem(data, at)
        if (number === START) {
          this.start = readStart(content)
        } else if (number === END) {
          ended = true
          const [envelopes, bodies, hash] = content
          const agrees = envelopes === counts[ENVELOPE] && bodies === counts[BODY]
          if (!agrees || !same(hash, sha256(data.subarray(0, at)))) {
            return this.find('forged', 'A7', `the last item, at byte ${at}, disagrees`)
          }
        } else {
          counts[number] += 1
          if (number === BODY) this.takeBody(content)
          else this.takeEnvelope(content)
        }
        at = end
      } catch (error) {
        if (error instanceof Cut) break
        if (!(error instanceof Broken)) throw error
        if (error instanceof Undecided) return this.find('undecided', error.rule, 'a bundle of another version')
        if (this.start.get('scope') === 'journal' && !ended) break
        return this.find('forged', error.rule, `the item at byte ${at}`)
      }
    }
    if (!ended) this.findEnd(data.length - at)
  }

  // The last item is absent: right in a journal, where it may end inside an item (A8).
  findEnd(torn) {
    if (this.start.size === 0) this.find('forged', 'A5', 'it does not begin with its first item')
    else if (this.start.get('scope') !== 'journal') this.find('forged', 'A7', 'the last item is absent')
    else if (torn > TORN) this.find('undecided', 'A8', `the last ${torn} bytes make no sense`)
    else if (torn > 0) this.find('note', 'A8', `it ends inside an item, ${torn} bytes of it`)
  }

  takeBody(body) {
    const hash = hex(sha256(body))
    if (this.bodies.has(hash)) return
    this.bodies.set(hash, body.length)
    try {
      const said = readBody(body)
      if (SAYING.some((field) => said.has(field))) this.said.set(hash, said)
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      this.malformed.add(hash) // B5: about its author, not a forgery
    }
  }

  // Checks an entry and, once it is in, those that waited for it: order decides nothing.
  takeEnvelope(envelope) {
    let waiting
    try {
      waiting = readEntry(envelope)
    } catch (error) {
      if (error instanceof Undecided) this.takeNewer(envelope)
      else if (error instanceof Broken) this.find('forged', error.rule, 'an envelope that is no entry')
      else throw error
      return
    }
    const body = waiting.header.get('body')
    listed(this.named, hex(body.get('hash')), () => new Set()).add(body.get('len'))
    const ready = [waiting]
    while (ready.length > 0) {
      const next = ready.pop()
      try {
        this.log.place(next)
        ready.push(...(this.waiting.get(next.id)?.values() ?? []))
        this.waiting.delete(next.id)
      } catch (error) {
        if (error instanceof Undecided) {
          const key = next.id + hex(next.opened.signature)
          listed(this.waiting, hex(next.header.get('prev')), () => new Map()).set(key, next)
        } else if (error instanceof Broken) {
          this.invalid.add(next.id)
          this.find('forged', error.rule, 'an entry breaks this rule', next.id)
        } else {
          throw error
        }
      }
    }
  }

  takeNewer(envelope) {
    const hash = hex(sha256(envelope))
    if (this.newer.has(hash)) return
    this.newer.add(hash)
    this.find('undecided', 'V2', 'an entry of another version')
  }

  // --- A6, A7: what it all shows -------------------------------------------------------------------

  judge() {
    const [scope, net] = [this.start.get('scope'), this.start.get('net')]
    const about = this.start.has('about') ? hex(this.start.get('about')) : undefined
    const unplaced = this.judgeWaiting()
    const network = new Network(net, this.log, this.said, (entry) => this.holds(entry.header))
    const included = scope === 'author' ? network.heads.has(about) : this.log.entries.has(about) || unplaced.has(about)
    if (about !== undefined && !included) this.find('undecided', 'A7', 'what it is about is not in this bundle')
    if (scope === 'network' || scope === 'journal') this.judgeScope(network)
    const members = network.members()
    const reach = members === undefined ? new Map() : this.judgeCheckpoints(network, members)
    const counts = this.judgeEntries(network, unplaced)
    this.judgeBodies(scope)
    const sizes = new Map()
    for (const { author } of this.log.entries.values()) sizes.set(author, (sizes.get(author) ?? 0) + 1)
    const authors = network.authors.map((author) => this.report(network, author, sizes.get(author), reach.get(author)))
    const findings = Object.values(this.findings).flat()
    return {
      verdict: ['forged', 'undecided'].find((severity) => this.findings[severity].length > 0) ?? 'verified',
      scope: scope ?? null,
      network: net === undefined ? null : hex(net),
      made: this.start.get('made') ?? null,
      about: about ?? null,
      authors,
      members: members === undefined ? null : [...members].map(reportMember),
      ...counts,
      findings,
      unlisted: this.unlisted
    }
  }

  holds(header) {
    const body = header.get('body')
    return this.bodies.get(hex(body.get('hash'))) === body.get('len')
  }

  // Judges what has no parent here, from the top: forged where it breaks a rule all the same, or hangs on
  // what does. Returns the rest, *unplaced*, by id.
  judgeWaiting() {
    const ids = new Set([...this.waiting.values()].flatMap((children) => [...children.values()].map(({ id }) => id)))
    const roots = [...this.waiting.keys()].filter((parent) => !ids.has(parent)).sort()
    const unplaced = new Map() // id -> what waited under it
    const ready = roots.map((root) => [root, this.invalid.has(root)])
    while (ready.length > 0) {
      const [parent, isBroken] = ready.pop()
      const sound = new Map()
      for (const found of this.waiting.get(parent)?.values() ?? []) {
        const reveal = found.header.get('keys')?.get('reveal')
        const isForged = reveal !== undefined && !isSigned(found.opened, reveal)
        const rule = isBroken ? 'V3' : isForged ? 'V5' : undefined
        if (rule !== undefined) this.find('forged', rule, 'an entry breaks this rule', found.id)
        else listed(unplaced, found.id, () => []).push(found)
        sound.set(found.id, sound.get(found.id) === true || rule === undefined)
      }
      for (const [id, isSound] of sound) ready.push([id, !isSound])
    }
    for (const root of roots.filter((root) => !this.invalid.has(root))) {
      const children = [...this.waiting.get(root).values()].map(({ id }) => id).filter((id) => unplaced.has(id))
      const text = `the parent ${root} is not in this bundle`
      if (children.length > 0) this.find('undecided', 'A7', text, children.sort()[0])
    }
    for (const { opened, header, id } of [...unplaced.values()].flat()) {
      const turns = this.log.establishments.get(hex(header.get('author'))) ?? []
      const isKnown = turns.some((turn) => isSigned(opened, turn.header.get('keys').get('sign')))
      if (isKnown) this.find('note', 'A6', 'signed by a key of the author, but not placed', id)
    }
    return unplaced
  }

  judgeScope(network) {
    if (network.charters.length === 0) this.find('undecided', 'A7', 'the charter is not in this bundle')
    for (const author of network.replicated()) {
      if (!network.heads.has(author)) this.find('undecided', 'A7', `the log of ${author} is not in this bundle`)
    }
    for (const entry of [...network.paths.values()].flat()) {
      const isAbsent = isNetworkKind(entry.kind) && !this.holds(entry.header)
      if (isAbsent) this.find('undecided', 'A7', 'the body of a network entry is absent', entry.id)
    }
  }

  // A4: heads that checkpoints name and nobody finds here. Returns how far each log was shown and witnessed.
  judgeCheckpoints(network, members) {
    const [reach, lacking, witnesses] = [new Map(), new Map(), network.witnesses(members)]
    for (const [checkpoint, said] of network.checkpoints()) {
      for (const [author, seq, id] of said.get('heads').map((row) => [hex(row[0]), row[1], hex(row[2])])) {
        if (!network.heads.has(author)) continue
        const entry = this.log.entries.get(id)
        if (entry?.author !== author || entry.seq !== seq) {
          lacking.set(author, checkpoint.id)
          continue
        }
        const shared = Log.path(entry).find((above) => network.canonical.has(above.id)).seq
        const [shown, witnessed] = reach.get(author) ?? [null, null]
        const isWitnessed = (witnesses.get(checkpoint.id) ?? []).some((excepted) => !excepted.has(author))
        reach.set(author, [Math.max(shown, shared), isWitnessed ? Math.max(witnessed, shared) : witnessed])
      }
    }
    for (const id of lacking.values()) this.find('note', 'A4', 'it names a head that is not in this bundle', id)
    return reach
  }

  // A6: counts what is true of entries and bodies.
  judgeEntries(network, unplaced) {
    const [present, withdrawn] = [{ true: 'present', false: 'absent' }, network.withdrawn()]
    const entries = { canonical: 0, disputed: 0, disowned: 0, beyond_cut: 0 }
    Object.assign(entries, { unplaced: unplaced.size, newer: this.newer.size })
    const bodies = { present: 0, withdrawn: 0, present_though_withdrawn: 0, absent: 0 }
    for (const [{ header }] of unplaced.values()) bodies[present[this.holds(header)]] += 1
    const all = [...this.log.entries.values()]
    const stays = new Set(all.filter((entry) => !withdrawn.has(entry.id)).map(bodyHash))
    const disowning = new Set()
    for (const entry of all) {
      const { mark, by } = markOf(network, entry)
      entries[mark] += 1
      if (by !== undefined) disowning.add(by)
      const [hash, isHeld] = [bodyHash(entry), this.holds(entry.header)]
      if (isHeld && this.malformed.has(hash)) this.find('note', 'B5', 'its body cannot be read', entry.id)
      const isWithdrawn = withdrawn.has(entry.id)
      const isLeft = isWithdrawn && isHeld && !stays.has(hash)
      if (isLeft) this.find('note', 'B3', 'its body was withdrawn, and is here', entry.id)
      bodies[isLeft ? 'present_though_withdrawn' : isWithdrawn ? 'withdrawn' : present[isHeld]] += 1
    }
    for (const id of disowning) this.find('note', 'S5', 'this rotation disowns entries', id)
    return { entries, bodies }
  }

  // A7: bodies that belong to no entry. An entry of another version could name any.
  judgeBodies(scope) {
    for (const [hash, length] of this.newer.size > 0 ? [] : this.bodies) {
      const lengths = this.named.get(hash)
      if (lengths?.has(length)) continue
      const [severity, rule] = lengths !== undefined || scope !== 'journal' ? ['forged', 'A7'] : ['note', 'A8']
      this.find(severity, rule, `the body ${hash} belongs to no entry`)
    }
  }

  report(network, author, entries, [shown, witnessed] = [null, null]) {
    const [last, status] = network.heads.get(author)
    if (status !== 'ok') this.find('note', status === 'forked' ? 'S3' : 'S1', `the log is ${status}`, last.id)
    const [cut, closed] = [network.cut(author) ?? null, network.isClosed(author)]
    return { author, seq: last.seq, id: last.id, status, entries, cut, closed, shown_to: shown, witnessed_to: witnessed }
  }
}

const reportMember = ([author, { place, level }]) => ({ author, place: place ?? null, level: level ?? null })

// Returns what a map of lists holds under a key, an empty one where it held nothing.
function listed(map, key, make) {
  if (!map.has(key)) map.set(key, make())
  return map.get(key)
}

// A6, S5: what is true of an entry, and the rotation that disowns it.
function markOf(network, entry) {
  const cut = isNetworkKind(entry.kind) ? network.cut(entry.author) : network.recordsCut(entry.author)
  if (cut !== undefined && entry.seq > cut) return { mark: 'beyond_cut' }
  if (network.canonical.has(entry.id)) return { mark: 'canonical' }
  const shared = Log.path(entry).find((above) => network.canonical.has(above.id))
  const by = network.paths.get(entry.author).slice(shared.seq + 1).find((later) => later.kind === 'rotate')
  return by === undefined ? { mark: 'disputed' } : { mark: 'disowned', by: by.id }
}

// --- items -----------------------------------------------------------------------------------------

// Returns where the item at `at` ends, its number, and what follows the number.
function readItem(data, at) {
  const [major, length, inner] = head(data, at)
  if (major !== 4 || length === 0) throw new Broken('A5')
  const [type, number, second] = head(data, inner)
  if (type !== 0 || (at === 0) !== (number === START)) throw new Broken('A5')
  if ((number === BODY || number === ENVELOPE) && length === 2) {
    const [type, size, begin] = head(data, second)
    if (type !== 2) throw new Broken('A5')
    if (size > (number === BODY ? MAX_BODY : MAX_NEWER)) throw new Broken('C3')
    if (begin + size > data.length) throw new Cut()
    return { end: begin + size, number, content: data.subarray(begin, begin + size) }
  }
  if (!((number === START && length === 2) || (number === END && length === 4))) throw new Broken('A5')
  const limit = number === START ? MAX_START : MAX_END
  const item = data.subarray(at, at + limit + 1)
  let end
  try {
    end = scan(item)
  } catch (error) {
    if (!(error instanceof Cut) || item.length <= limit) throw error
    throw new Broken('C3')
  }
  if (end > limit) throw new Broken('C3')
  const content = canonical(item.subarray(0, end), limit).slice(1)
  if (number === START) return { end: at + end, number, content: content[0] }
  if (!content.slice(0, 2).every(isCount) || !isHash(content[2])) throw new Broken('A5')
  return { end: at + end, number, content }
}

function readStart(start) {
  const version = start instanceof Map ? start.get('bundle') : undefined
  if (Number.isInteger(version) && version !== 1) throw new Undecided('A5')
  const form = { net: isHash, made: isCount, scope: isText, bundle: Number.isInteger }
  if (start instanceof Map && start.has('about')) form.about = isHash
  if (!fields(form)(start) || SCOPES[start.get('scope')] !== start.has('about')) throw new Broken('A5')
  return start
}

// --- the command -----------------------------------------------------------------------------------

if (process.argv.length < 3) {
  console.error('usage: node verify.mjs FILE...')
  process.exit(2)
}
const verdicts = new Set()
for (const name of process.argv.slice(2)) {
  let data
  try {
    data = new Uint8Array(readFileSync(name))
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
  const audit = new Audit()
  audit.read(data)
  const report = audit.judge()
  console.log(JSON.stringify(report))
  verdicts.add(report.verdict)
}
process.exitCode = verdicts.has('forged') ? 3 : verdicts.has('undecided') ? 4 : 0
