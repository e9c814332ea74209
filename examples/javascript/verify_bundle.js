// An auditor's check of a bundle, offline, written from docs/protocol.md (A5 to A8).
//
//     multaqa export bundle --out all.bundle
//     node verify_bundle.js all.bundle
//
// Prints one JSON object and ends with A7's code: 0 verified, 3 forged, 4 cannot be decided, 1 could
// not run. It checks A5 and V1 to V6 of all entries, every body's hash and length, and that what the
// scope promises is there. It computes the charter in force (N1 to N4) and who is listed (N5), without
// pins (N6), cuts (N7), withdrawals (B2) or dates (A3): it says who wrote what, not what stands.

import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { decodeFirst, encode } from 'cborg'
import { Broken, Log, Undecided, fields, hex, isBytes, isHash, openEnvelope } from './log.js'
import { readBody, readHeader, same, sha256, within } from './log.js'

const NETWORK_KINDS = ['admit', 'charter', 'checkpoint', 'close', 'join', 'leave', 'suspend', 'withdraw', 'witness']
const SCOPES = { network: false, author: true, entry: true, journal: false } // whether it is about something
const TORN = 300 * 1_024 // a torn end leaves less (A8)
const MAX_BODY = 262_144
const STRICT = { strict: true, allowIndefinite: false, rejectDuplicateMapKeys: true, useMaps: true }
const isCount = within(0, Number.MAX_SAFE_INTEGER)
const isText = (value) => typeof value === 'string'

// What the items of one bundle say, and what was found.
class Audit {
  start = new Map()
  log = new Log()
  bodies = new Map() // hash -> length, of those in the bundle
  said = new Map() // hash -> what it says, of those that could be of a network kind
  named = new Map() // hash -> the lengths that headers name
  waiting = new Map() // parent -> envelopes that wait for it
  newer = 0
  findings = []

  find(verdict, rule, text, entry) {
    this.findings.push({ verdict, rule, text, entry })
  }

  // --- A5: the items -----------------------------------------------------------------------------

  // Reads all items; each must be canonical, and the last one agree with those before it.
  read(data) {
    const counts = { 1: 0, 2: 0 }
    let [at, ended] = [0, false]
    while (at < data.length) {
      const begin = at
      let item
      try {
        const [value, rest] = decodeFirst(data.subarray(at), STRICT)
        ;[item, at] = [value, data.length - rest.length]
      } catch {
        return this.findEnd(data.length - begin, ended)
      }
      try {
        if (!Array.isArray(item) || !same(encode(item), data.subarray(begin, at))) throw new Broken('A5')
        if (ended || (begin === 0) !== (item[0] === 0)) throw new Broken('A5')
        this.take(item, counts)
      } catch (error) {
        if (!(error instanceof Broken)) throw error
        return this.find('forged', error.rule, `the item at byte ${begin}`)
      }
      if (item[0] === 9) {
        ended = true
        const agrees = item[1] === counts[2] && item[2] === counts[1] && same(item[3], sha256(data.subarray(0, begin)))
        if (!agrees) this.find('forged', 'A7', 'the last item disagrees with those before it')
      }
    }
    if (!ended) this.findEnd(0, ended)
  }

  take(item, counts) {
    const [number, ...content] = item
    if (number === 0 && content.length === 1) {
      this.takeStart(content[0])
    } else if ((number === 1 || number === 2) && content.length === 1 && isBytes(content[0])) {
      counts[number] += 1
      if (number === 1) this.takeBody(content[0])
      else this.takeEnvelope(content[0])
    } else if (!(number === 9 && content.length === 3 && content.slice(0, 2).every(isCount) && isHash(content[2]))) {
      throw new Broken('A5')
    }
  }

  takeStart(start) {
    const version = start instanceof Map ? start.get('bundle') : undefined
    if (Number.isInteger(version) && version !== 1) return this.find('undecided', 'A5', 'a bundle of another version')
    const form = { net: isHash, made: isCount, scope: isText, bundle: Number.isInteger }
    if (start instanceof Map && start.has('about')) form.about = isHash
    if (!fields(form)(start) || SCOPES[start.get('scope')] !== start.has('about')) throw new Broken('A5')
    this.start = start
  }

  takeBody(body) {
    const hash = hex(sha256(body))
    if (this.bodies.has(hash)) return
    this.bodies.set(hash, body.length)
    if (body.length > MAX_BODY) throw new Broken('C3')
    let said
    try {
      said = readBody(body)
    } catch (error) {
      // B5: about its author, not a forgery.
      return this.find('noted', error.rule, `the body ${hash} cannot be read`)
    }
    if (said.has('net') || said.has('stewards')) this.said.set(hash, said)
  }

  // Checks an entry and, once it is in, those that waited for it: order decides nothing.
  takeEnvelope(envelope) {
    const ready = [envelope]
    while (ready.length > 0) {
      const envelope = ready.pop()
      try {
        const entry = this.log.add(envelope)
        ready.push(...(this.waiting.get(entry.id) ?? []))
        this.waiting.delete(entry.id)
        this.name(entry.header.get('body'))
      } catch (error) {
        if (!(error instanceof Broken)) throw error
        this.notTaken(envelope, error)
      }
    }
  }

  notTaken(envelope, error) {
    if (!(error instanceof Undecided)) {
      this.find('forged', error.rule, 'an entry breaks this rule', hex(sha256(envelope)))
    } else if (error.rule === 'V2') {
      this.newer += 1
      this.find('undecided', 'V2', 'an entry of another version')
    } else {
      const header = readHeader(openEnvelope(envelope).header)
      const parent = hex(header.get('prev'))
      this.waiting.set(parent, [...(this.waiting.get(parent) ?? []), envelope])
      this.name(header.get('body'))
    }
  }

  name(body) {
    const hash = hex(body.get('hash'))
    this.named.set(hash, (this.named.get(hash) ?? new Set()).add(body.get('len')))
  }

  // The last item is absent: right in a journal, where it may end inside an item (A8).
  findEnd(torn, ended) {
    if (ended) this.find('forged', 'A5', 'bytes follow the last item')
    else if (this.start.size === 0) this.find('forged', 'A5', 'it does not begin with its first item')
    else if (this.start.get('scope') !== 'journal') this.find('forged', 'A7', 'the last item is absent')
    else if (torn > TORN) this.find('undecided', 'A8', `the last ${torn} bytes make no sense`)
    else if (torn > 0) this.find('noted', 'A8', `it ends inside an item, ${torn} bytes of it`)
  }

  // --- A7: what is missing, and what belongs to nothing --------------------------------------------

  judge() {
    const [scope, about] = [this.start.get('scope'), this.start.get('about')]
    for (const parent of this.waiting.keys()) {
      this.find('undecided', 'A7', `the parent ${parent} is not in this bundle`)
    }
    if (about !== undefined && !this.log.entries.has(hex(about))) {
      this.find('undecided', 'A7', `what it is about is not in this bundle: ${hex(about)}`)
    }
    for (const [hash, length] of this.bodies) {
      const lengths = this.named.get(hash)
      if (this.newer > 0 || lengths?.has(length)) continue
      const [verdict, rule] = lengths !== undefined || scope !== 'journal' ? ['forged', 'A7'] : ['noted', 'A8']
      this.find(verdict, rule, `the body ${hash} belongs to no entry`)
    }
    const inceptions = [...this.log.entries.values()].filter((entry) => entry.parent === undefined)
    const logs = new Map(inceptions.map((entry) => [entry.id, this.log.head(entry.id)]))
    if (scope === 'network' || scope === 'journal') this.judgeNetwork(logs)
    for (const [author, [head, status]] of logs) {
      if (status === 'ok') continue
      this.find('noted', status === 'forked' ? 'S3' : 'S1', `the log of ${author} is ${status}`, head.id)
    }
    return this.report(scope, logs)
  }

  // N1 to N5: the charter, stewards' and listed authors' logs, canonical network bodies are needed.
  judgeNetwork(logs) {
    const paths = new Map([...logs].map(([author, [head]]) => [author, Log.path(head).reverse()]))
    const charters = this.charters(paths)
    if (charters.length === 0) return this.find('undecided', 'A7', 'the charter is not in this bundle')
    const needed = new Set(charters.flatMap((charter) => charter.get('stewards').map(hex)))
    for (const author of this.listed(paths, charters.at(-1))) needed.add(author)
    for (const author of [...needed].sort()) {
      if (!logs.has(author)) this.find('undecided', 'A7', `the log of ${author} is not in this bundle`)
    }
    for (const entry of [...paths.values()].flat()) {
      const isNetwork = NETWORK_KINDS.includes(entry.header.get('kind'))
      if (isNetwork && !this.bodies.has(hex(entry.header.get('body').get('hash')))) {
        this.find('undecided', 'A7', 'the body of a network entry is absent', entry.id)
      }
    }
  }

  // Returns what the entries of a kind in a path say, and their bodies' hashes, in order.
  statements(path, kind) {
    const hashes = path.filter((entry) => entry.header.get('kind') === kind).map((e) => hex(e.header.get('body').get('hash')))
    return hashes.filter((hash) => this.said.has(hash)).map((hash) => [this.said.get(hash), hash])
  }

  // N1 to N3: the adopted versions, from the first to the one in force.
  charters(paths) {
    const net = hex(this.start.get('net'))
    const charter = this.said.get(net)
    const holds = ({ header }) => header.get('kind') === 'charter' && hex(header.get('body').get('hash')) === net
    const isHeld = [...this.log.entries.values()].some(holds)
    if (!isHeld || !isCharter(charter) || charter.get('version') !== 0) return []
    const adopted = [charter]
    for (let current = net; ; ) {
      const [before, votes] = [adopted.at(-1), new Map()]
      const follows = ([said]) =>
        isCharter(said) && said.get('version') === adopted.length && isHash(said.get('prev')) && hex(said.get('prev')) === current
      for (const steward of before.get('stewards').map(hex)) {
        const vote = this.statements(paths.get(steward) ?? [], 'charter').find(follows)
        if (vote !== undefined) votes.set(vote[1], [...(votes.get(vote[1]) ?? []), vote[0]])
      }
      const counted = [...votes].find(([, said]) => said.length >= before.get('k'))
      if (counted === undefined) return adopted
      current = counted[0]
      adopted.push(counted[1][0])
    }
  }

  // N5: the authors whom at least k of the stewards in force have at some point admitted.
  listed(paths, charter) {
    const admitted = new Map()
    for (const steward of charter.get('stewards').map(hex)) {
      for (const [said] of this.statements(paths.get(steward) ?? [], 'admit')) {
        const isHere = isHash(said.get('net')) && same(said.get('net'), this.start.get('net'))
        if (!isHere || !Array.isArray(said.get('items'))) continue
        for (const item of said.get('items')) {
          if (!(item instanceof Map) || !isHash(item.get('author'))) continue
          const author = hex(item.get('author'))
          admitted.set(author, (admitted.get(author) ?? new Set()).add(steward))
        }
      }
    }
    return [...admitted].filter(([, stewards]) => stewards.size >= charter.get('k')).map(([author]) => author)
  }

  report(scope, logs) {
    const verdicts = new Set(this.findings.map((finding) => finding.verdict))
    const verdict = ['forged', 'undecided'].find((gravest) => verdicts.has(gravest)) ?? 'verified'
    const authors = [...logs].sort().map(([author, [head, status]]) => {
      return { author, head: head.id, seq: head.header.get('seq'), status }
    })
    const counts = { entries: this.log.entries.size, bodies: this.bodies.size }
    return { verdict, scope, ...counts, authors, findings: this.findings }
  }
}

// The parts of a charter's form (N2) that the count of votes needs.
function isCharter(said) {
  if (!(said instanceof Map) || !within(1, 64)(said.get('k')) || !Number.isInteger(said.get('version'))) return false
  const [k, stewards] = [said.get('k'), said.get('stewards')]
  if (!Array.isArray(stewards) || stewards.length === 0 || !stewards.every(isHash)) return false
  const sorted = stewards.every((steward, index) => index === 0 || Buffer.compare(stewards[index - 1], steward) < 0)
  return sorted && k <= stewards.length && stewards.length < 2 * k
}

// Returns the report on a bundle's bytes.
export function audit(data) {
  const found = new Audit()
  found.read(data)
  return found.judge()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  let data
  try {
    data = new Uint8Array(readFileSync(process.argv[2] ?? ''))
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
  const report = audit(data)
  console.log(JSON.stringify(report))
  process.exitCode = { verified: 0, forged: 3, undecided: 4 }[report.verdict]
}
