// What a network makes of its logs: who decides, who belongs, what is withdrawn, what was witnessed.
//
// Written from docs/protocol.md (N1 to N8, B2, A1 to A3). All of it is a function of the entries and
// bodies at hand. Nothing here makes an entry valid or invalid: that is log.js's part.

import { hex, isBytes, isHash, isText, Log, within } from './log.js'

const LAST = 2 ** 32 - 1 // the greatest number of an entry
const MAX_HEADS = 3_000
const isCount = within(0, Number.MAX_SAFE_INTEGER)

// Returns a check for a map with these fields, whatever else it holds (V8).
const record = (required, optional = {}) => (value) =>
  value instanceof Map &&
  Object.entries(required).every(([name, check]) => value.has(name) && check(value.get(name))) &&
  Object.entries(optional).every(([name, check]) => !value.has(name) || check(value.get(name)))

const array = (check, least = 0, most = Infinity) => (value) =>
  Array.isArray(value) && least <= value.length && value.length <= most && value.every(check)

const isWords = (value) => value instanceof Map && value.size > 0 && [...value.values()].every(isText)
const isSorted = (list, key) => list.every((item, at) => at === 0 || Buffer.compare(key(list[at - 1]), key(item)) < 0)

const ROW = [isHash, within(0, LAST), isHash, within(0, 2)]
const isRow = (row) => Array.isArray(row) && row.length === 4 && ROW.every((check, at) => check(row[at]))
const isHeads = (rows) => array(isRow, 0, MAX_HEADS)(rows) && isSorted(rows, (row) => row[0])

const CHARTER = record(
  {
    names: isWords,
    text: isWords,
    principles: array(isText, 1),
    licence: isText,
    stewards: array(isHash, 1, 64),
    k: isCount,
    versions: array(isCount, 1),
    version: isCount
  },
  { prev: isHash }
)

// The CDDL, and what N2 asks of a charter by itself.
function isCharter(said) {
  if (!CHARTER(said)) return false
  const [k, stewards] = [said.get('k'), said.get('stewards')]
  if (!isSorted(stewards, (steward) => steward) || k > stewards.length || stewards.length >= 2 * k) return false
  return said.has('prev') === said.get('version') > 0
}

const ref = (last) => record({ author: isHash, seq: within(0, last), id: isHash })
const ADMISSION = record({ author: isHash }, { place: isText, level: isText, stands: isHash, succeeds: array(isHash, 1) })
const FORMS = {
  admit: record({ net: isHash, items: array(ADMISSION, 1, 2_048) }),
  charter: isCharter,
  checkpoint: record({ net: isHash, charter: isHash, heads: isHeads }),
  close: record({ reason: isText, successors: array(isHash) }, { note: isWords }),
  join: record({ net: isHash, charter: isHash }),
  leave: record({ net: isHash }),
  suspend: record({ net: isHash, author: isHash, upto: isCount, reason: isText }, { note: isWords }),
  withdraw: record(
    { entries: array(ref(Number.MAX_SAFE_INTEGER), 1, 64), reason: isText },
    { net: isHash, basis: isText }
  ),
  witness: record({ net: isHash, checkpoint: ref(LAST), except: array(isHash, 0, MAX_HEADS) })
}

export const isNetworkKind = (kind) => Object.hasOwn(FORMS, kind)
export const bodyHash = (entry) => hex(entry.header.get('body').get('hash'))

// Returns the value that at least k share; since n < 2k there is at most one.
function agreed(values, k) {
  const counts = new Map()
  for (const value of values) {
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts].find(([, count]) => count >= k)?.[0]
}

// What the stewards in force say of one author (N5 to N7). An opinion is what one of them says:
// { admits or upto: the latest statement, hasAdmitted, stands }.
class Standing {
  constructor(opinions, k) {
    const admits = opinions.map((opinion) => opinion.admits).filter((item) => item !== undefined)
    const cuts = opinions.map((opinion) => opinion.upto).filter((upto) => upto !== undefined)
    this.listed = opinions.filter((opinion) => opinion.hasAdmitted).length >= k
    this.admitted = admits.length >= k
    this.pin = agreed(opinions.map((opinion) => opinion.stands), k)
    this.cut = cuts.length > 0 && this.listed && !this.admitted ? Math.min(Math.max(...cuts), LAST) : undefined
    this.place = agreed(admits.map((item) => item.get('place')), k)
    this.level = agreed(admits.map((item) => item.get('level')), k)
  }
}

// One network by what is in `log`, and in `said`: what a body that is held says, by its hash.
export class Network {
  standings = new Map()

  constructor(net, log, said, holds) {
    Object.assign(this, { net: net && hex(net), log, said, holds })
    const entries = [...log.entries.values()]
    this.authors = entries.filter((entry) => entry.parent === undefined).map((entry) => entry.id).sort()
    this.heads = new Map(this.authors.map((author) => [author, log.head(author)]))
    this.paths = new Map(this.authors.map((author) => [author, this.path(author)]))
    this.charters = this.adopted(entries) // without pins and cuts: N6, N7
    this.stewardsEver = new Set(this.charters.flatMap((charter) => charter.get('stewards').map(hex)))
    this.stewards = this.charters.at(-1)?.get('stewards').map(hex) ?? []
    this.k = this.charters.at(-1)?.get('k')
    this.count()
    for (const [author, standing] of this.standings) {
      if (!this.heads.has(author) || this.stewardsEver.has(author)) continue
      const pin = log.entries.get(standing.pin)
      this.heads.set(author, log.head(author, pin?.author === author ? pin : undefined, standing.cut ?? LAST))
      this.paths.set(author, this.path(author))
    }
    this.canonical = new Set([...this.paths.values()].flat().map((entry) => entry.id))
  }

  path(author) {
    return Log.path(this.heads.get(author)[0]).reverse()
  }

  // N7: where a log is cut, undefined where it is not; a steward's never is.
  cut(author) {
    return this.stewardsEver.has(author) ? undefined : this.recordsCut(author)
  }

  // N7: where what is shown of an author's records is cut, a steward's too.
  recordsCut(author) {
    return this.standings.get(author)?.cut
  }

  // Returns what an entry of a network kind says, undefined where that is not held or says nothing (V8).
  says(entry) {
    const said = this.holds(entry) ? this.said.get(bodyHash(entry)) : undefined
    return said !== undefined && FORMS[entry.kind](said) ? said : undefined
  }

  isHere(said) {
    return said.has('net') && hex(said.get('net')) === this.net
  }

  // Returns the canonical entries of some kinds that say something, and what they say, by number.
  statements(author, ...kinds) {
    const found = (this.paths.get(author) ?? []).filter((entry) => kinds.includes(entry.kind))
    return found.map((entry) => [entry, this.says(entry)]).filter(([, said]) => said !== undefined)
  }

  // N1 to N3: the adopted versions, from the first to the one in force.
  adopted(entries) {
    const isFounding = (entry) => entry.kind === 'charter' && bodyHash(entry) === this.net
    const said = entries.filter(isFounding).map((entry) => this.says(entry)).find((found) => found !== undefined)
    if (said === undefined || said.get('version') !== 0) return []
    const adopted = [said]
    for (let current = this.net; ; ) {
      const [before, votes] = [adopted.at(-1), []]
      const follows = ([, said]) => said.get('version') === adopted.length && hex(said.get('prev')) === current
      for (const steward of before.get('stewards').map(hex)) {
        const vote = this.statements(steward, 'charter').find(follows)
        if (vote !== undefined) votes.push(bodyHash(vote[0]))
      }
      const next = agreed(votes, before.get('k'))
      if (next === undefined) return adopted
      current = next
      adopted.push(this.said.get(next))
    }
  }

  // N4: what the stewards in force say of each author.
  count() {
    const all = new Map()
    for (const steward of this.stewards) {
      const opinions = new Map()
      for (const [entry, said] of this.statements(steward, 'admit', 'suspend')) {
        if (!this.isHere(said)) continue
        for (const item of entry.kind === 'admit' ? said.get('items') : [said]) {
          const [author, before] = [hex(item.get('author')), opinions.get(hex(item.get('author')))]
          const stands = isBytes(item.get('stands')) && entry.kind === 'admit' ? hex(item.get('stands')) : before?.stands
          const latest = entry.kind === 'admit' ? { admits: item } : { upto: said.get('upto') }
          const hasAdmitted = entry.kind === 'admit' || before?.hasAdmitted === true
          opinions.set(author, { ...latest, hasAdmitted, stands })
        }
      }
      for (const [author, opinion] of opinions) all.set(author, [...(all.get(author) ?? []), opinion])
    }
    for (const [author, opinions] of all) this.standings.set(author, new Standing(opinions, this.k))
  }

  // N7: the authors whose logs belong to the network.
  replicated() {
    const listed = [...this.standings].filter(([, standing]) => standing.listed).map(([author]) => author)
    return new Set([...this.stewardsEver, ...listed])
  }

  // Whether everything is held that says who is a member: all stewards' logs and what they say.
  isDecided() {
    const stewards = [...this.stewardsEver]
    if (this.charters.length === 0 || !stewards.every((steward) => this.heads.has(steward))) return false
    const decides = ({ kind }) => isNetworkKind(kind) && kind !== 'checkpoint' && kind !== 'witness'
    const said = stewards.flatMap((steward) => this.paths.get(steward)).filter(decides)
    return said.every((entry) => this.holds(entry))
  }

  // N5: the members with what k stewards confirm of them, by author; undefined where that is not decided.
  members() {
    if (!this.isDecided()) return undefined
    const isMember = (author) =>
      this.standings.get(author)?.admitted === true && this.hasJoined(author) && !this.isClosed(author)
    return new Map(this.authors.filter(isMember).map((author) => [author, this.standings.get(author)]))
  }

  hasJoined(author) {
    const words = this.statements(author, 'join', 'leave').filter(([, said]) => this.isHere(said))
    return words.at(-1)?.[0].kind === 'join'
  }

  // N5: the last canonical entry that is no rotation is a `close`.
  isClosed(author) {
    return this.paths.get(author).findLast((entry) => entry.kind !== 'rotate').kind === 'close'
  }

  // B2: the ids of the entries whose bodies are withdrawn.
  withdrawn() {
    const [found, orders] = [new Set(), new Map()]
    for (const by of this.authors) {
      for (const [, said] of this.statements(by, 'withdraw')) {
        const isOrder = this.isHere(said) && this.stewards.includes(by)
        for (const named of said.get('entries')) {
          const entry = this.log.entries.get(hex(named.get('id')))
          if (entry?.author !== hex(named.get('author')) || entry.seq !== named.get('seq')) continue
          if (isNetworkKind(entry.kind)) continue
          if (entry.author === by) found.add(entry.id)
          if (isOrder) orders.set(entry.id, (orders.get(entry.id) ?? new Set()).add(by))
        }
      }
    }
    for (const [id, by] of orders) {
      if (by.size >= this.k) found.add(id)
    }
    return found
  }

  // A3: the checkpoints that count, and what they say, the latest claim last.
  checkpoints() {
    const found = this.stewards.flatMap((steward) => this.statements(steward, 'checkpoint'))
    const order = ([{ header, id }], [other]) => header.get('time') - other.header.get('time') || (id < other.id ? -1 : 1)
    return found.filter(([, said]) => this.isHere(said)).sort(order)
  }

  // A3: by checkpoint, what each member's confirmation leaves out.
  witnesses(members) {
    const found = new Map()
    for (const [, said] of [...members.keys()].flatMap((member) => this.statements(member, 'witness'))) {
      if (!this.isHere(said)) continue
      const checkpoint = hex(said.get('checkpoint').get('id'))
      found.set(checkpoint, [...(found.get(checkpoint) ?? []), new Set(said.get('except').map(hex))])
    }
    return found
  }
}
