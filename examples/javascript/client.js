// A reader of a Multaqa network on js-libp2p, written from docs/protocol.md.
//
// Given an invitation it connects to a node, subscribes to the network's gossip, fetches the logs
// over the sync protocol, checks every entry, and shows what came as one JSON object a line. It
// stores nothing and signs nothing: a network needs no permission to be read.
//
//     node client.js 'multaqa:...' --author 488f59c9 --listen 1

import { parseArgs } from 'node:util'
import { noise } from '@chainsafe/libp2p-noise'
import { gossipsub, StrictNoSign, TopicValidatorResult } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { byteStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { encode } from 'cborg'
import { createLibp2p } from 'libp2p'
import { Broken, canonical, hex, isBytes, Log, matches, readBody, same, sha256, Undecided } from './log.js'

const SYNC = '/multaqa/sync/1'
const [HELLO, STEWARDS, BUCKETS, ROWS, WANT, ENTRIES, END, ASK, BODY_IS, DONE] = Array(10).keys()
const MAX_FRAME = 1 << 20
const MAX_MESSAGE = 51_200
const MAX_ASK = 64
const MAX_CARRIED = 48 * 1_024
const EMPTY_BUCKET = sha256(Uint8Array.of(0x80))
const STATUS = ['ok', 'forked', 'contested']

// js-libp2p asks for Node 22, which has this; it is all that keeps it from running on Node 20.
Promise.withResolvers ??= function () {
  const parts = {}
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
  return parts
}

// Prints one line: a JSON object, bytes as hex.
function show(event, found = {}) {
  const plain = (value) => (isBytes(value) ? hex(value) : value instanceof Map ? Object.fromEntries(value) : value)
  console.log(JSON.stringify({ event, ...found }, (_, value) => plain(value)))
}

// Prints an entry that passed every check, and what its body says.
function showEntry(event, entry, body, found = {}) {
  const said = body === undefined ? new Map() : readBody(body)
  const [kind, seq, time] = ['kind', 'seq', 'time'].map((name) => entry.header.get(name))
  const title = said.get('title') ?? said.get('names') ?? null
  show(event, { id: entry.id, author: entry.author, kind, seq, time, body: body !== undefined, title, ...found })
}

// N11: `multaqa:`, then in URL-safe base64 a map and four bytes of its SHA-256.
function readInvitation(line) {
  const data = Uint8Array.from(Buffer.from(line.replace(/\s/g, '').replace(/^multaqa:/, ''), 'base64url'))
  const [content, checksum] = [data.subarray(0, -4), data.subarray(-4)]
  if (!same(sha256(content).subarray(0, 4), checksum)) throw new Error('The invitation was not copied whole.')
  return canonical(content, 2_900)
}

// One sync session of a side that holds nothing and asks for all it wants to see (Y1 to Y7).
class Session {
  constructor(stream, net) {
    this.stream = stream
    this.bytes = byteStream(stream)
    this.net = net
    this.inbox = new Map()
  }

  async send(number, ...content) {
    const frame = encode([number, ...content])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(frame.length)
    await this.bytes.write(Buffer.concat([length, frame]))
  }

  async read(count) {
    const read = await this.bytes.read({ bytes: count, signal: AbortSignal.timeout(60_000) })
    if (read?.length !== count) throw new Broken('Y7')
    return read.subarray()
  }

  // Returns the next frame of a kind. What both sides send at once may come in between.
  async take(number) {
    while (!this.inbox.get(number)?.length) {
      const length = Buffer.from(await this.read(4)).readUInt32BE()
      if (length > MAX_FRAME) throw new Broken('C3')
      const frame = canonical(await this.read(length), MAX_FRAME)
      const [kind, content] = frame
      if (kind === WANT) {
        await this.send(END, { code: 1, author: content.get('author') }) // this side holds nothing
      } else if (kind === ASK) {
        for (const hash of content) await this.send(BODY_IS, hash)
      } else {
        const place = kind === END ? ENTRIES : kind // entries and their end keep their order
        this.inbox.set(place, [...(this.inbox.get(place) ?? []), frame])
      }
    }
    return this.inbox.get(number).shift()
  }

  // Y3: pulls one author's log into `log`; returns its bodies by entry id, and the end's code.
  async fetch(log, author) {
    await this.send(WANT, { have: [], author })
    const [bodies, lacking] = [new Map(), []]
    for (;;) {
      const [kind, content] = await this.take(ENTRIES)
      if (kind === END) {
        await this.fetchBodies(lacking, bodies)
        return [bodies, content.get('code')]
      }
      for (const [envelope, body] of content) {
        const entry = log.add(envelope)
        if (entry.author !== hex(author) || (body && !matches(entry, body))) throw new Broken('Y3')
        if (body) bodies.set(entry.id, body)
        else lacking.push(entry)
      }
    }
  }

  // Y4: bodies over 48 KiB do not travel along; those not held or withdrawn stay away.
  async fetchBodies(lacking, bodies) {
    for (let start = 0; start < lacking.length; start += MAX_ASK) {
      const asked = lacking.slice(start, start + MAX_ASK)
      await this.send(ASK, asked.map((entry) => entry.header.get('body').get('hash')))
      for (const entry of asked) {
        const [, hash, body] = await this.take(BODY_IS)
        if (!same(hash, entry.header.get('body').get('hash'))) throw new Broken('Y7')
        if (body && !same(hash, sha256(body))) throw new Broken('Y7')
        if (body && matches(entry, body)) bodies.set(entry.id, body)
      }
    }
  }

  // The whole session: hello, stewards, the charter, buckets, rows, the logs, done.
  async run(log, isWanted) {
    const empty = Array(256).fill(EMPTY_BUCKET)
    const root = sha256(Buffer.concat(empty)) // of a side that holds nothing (Y1, Y2)
    await this.send(HELLO, { net: this.net, root, time: Date.now() })
    const [, hello] = await this.take(HELLO)
    if (!same(hello.get('net'), this.net)) throw new Broken('Y1')
    if (!same(hello.get('root'), root)) {
      await this.send(STEWARDS, { heads: [], charter: this.net })
      const [, stewards] = await this.take(STEWARDS)
      const fetched = new Map()
      for (const [author] of stewards.get('heads')) fetched.set(hex(author), await this.fetch(log, author))
      this.checkCharter(log, fetched)
      await this.send(BUCKETS, empty)
      await this.take(BUCKETS)
      await this.send(ROWS, [])
      for (const row of (await this.take(ROWS))[1]) {
        const author = hex(row[0])
        if (isWanted(author)) showLog(log, row, ...(fetched.get(author) ?? (await this.fetch(log, row[0]))))
      }
    }
    await this.send(DONE)
    await this.take(DONE)
    await this.stream.close()
  }

  // N1: the network's id is the hash of its first charter, which names the steward who signed it.
  checkCharter(log, fetched) {
    for (const [author, [bodies]] of fetched) {
      for (const [id, body] of bodies) {
        if (log.entries.get(id).header.get('kind') !== 'charter' || !same(sha256(body), this.net)) continue
        const charter = readBody(body)
        if (!charter.get('stewards').some((steward) => hex(steward) === author)) continue
        const [names, stewards, k] = ['names', 'stewards', 'k'].map((name) => charter.get(name))
        return show('charter', { names, stewards, k, licence: charter.get('licence') })
      }
    }
    throw new Broken('N1')
  }
}

function showLog(log, [rawAuthor, seq, id, status], bodies, code) {
  const author = hex(rawAuthor)
  if (!log.entries.has(author)) return show('log', { author, code })
  const [head, ownStatus] = log.head(author)
  const agrees = head.id === hex(id) && head.header.get('seq') === seq && ownStatus === STATUS[status]
  const path = Log.path(head).reverse()
  for (const entry of path) showEntry('entry', entry, bodies.get(entry.id))
  show('log', { author, entries: path.length, code, head: head.id, seq, status: ownStatus, agrees })
}

// G1 and G3: returns the entry of a gossip message, and its body.
function checkMessage(log, data) {
  const message = canonical(data, MAX_MESSAGE)
  const isMessage = Array.isArray(message) && message.slice(1).every(isBytes)
  if (isMessage && message[0] === 2 && message.length === 3) throw new Undecided('S3') // a fork's proof
  if (!isMessage || message[0] !== 1 || message.length < 2 || message.length > 3) throw new Broken('G1')
  const [, envelope, body] = message
  const entry = log.add(envelope)
  if (entry.header.get('body').get('len') <= MAX_CARRIED !== (body !== undefined)) throw new Broken('G1')
  if (body && !matches(entry, body)) throw new Broken('V7')
  return [entry, body]
}

// G3: accept what is valid and new, ignore what cannot be judged, reject what breaks a rule.
function judge(log, data, onEntry) {
  const known = log.entries.size
  try {
    const [entry, body] = checkMessage(log, data)
    if (log.entries.size === known) return TopicValidatorResult.Ignore
    showEntry('gossip', entry, body, { head: log.head(entry.author)[0].id })
    onEntry()
    return TopicValidatorResult.Accept
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    const isUndecided = error instanceof Undecided
    show(isUndecided ? 'ignored' : 'rejected', { rule: error.rule })
    return isUndecided ? TopicValidatorResult.Ignore : TopicValidatorResult.Reject
  }
}

function startNode(topic) {
  // Nodes let go of whoever tells another protocol version than the topic; js-libp2p has no setting for it.
  const identifyAs = (components) => {
    const service = identify()(components)
    service.host.protocolVersion = topic
    return service
  }
  // G2: the id is the hash of the whole message; messages carry no sender and no signature of libp2p's.
  const gossip = gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: (message) => sha256(message.data),
    allowedTopics: [topic]
  })
  return createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identifyAs, ping: ping(), gossip }
  })
}

// Connects to the first node of the invitation that answers by TCP.
async function connect(node, addresses) {
  for (const address of addresses.filter((address) => address.includes('/tcp/'))) {
    try {
      const connection = await node.dial(multiaddr(address))
      show('connected', { own: node.peerId.toString(), peer: connection.remotePeer.toString(), address })
      return connection
    } catch (error) {
      console.error(`${address}: ${error.message}`)
    }
  }
  throw new Error('No node of the invitation answers.')
}

async function main(invitation, options) {
  const content = readInvitation(invitation)
  const net = content.get('net')
  const topic = `/multaqa/1/${hex(net)}`
  const log = new Log()
  let left = Number(options.listen)
  const heard = Promise.withResolvers()
  const onEntry = () => --left === 0 && heard.resolve()
  const node = await startNode(topic)
  try {
    node.services.gossip.topicValidators.set(topic, (_, message) => judge(log, message.data, onEntry))
    node.services.gossip.subscribe(topic)
    const connection = await connect(node, content.get('addresses'))
    const stream = await connection.newStream(SYNC)
    await new Session(stream, net).run(log, (author) => author.startsWith(options.author))
    show('listening')
    if (left > 0) await heard.promise
  } finally {
    await node.stop()
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    author: { type: 'string', default: '' }, // show only the logs whose author's id begins so
    listen: { type: 'string', default: '0' }, // end when so many entries came by gossip
    timeout: { type: 'string', default: '300' } // seconds for all of it
  }
})
const end = (code, event, found) => {
  show(event, found)
  process.exit(code)
}
setTimeout(() => end(7, 'too-slow'), 1_000 * Number(values.timeout)).unref()
await main(positionals[0] ?? '', values).catch((error) => {
  if (error instanceof Broken) end(3, 'broken', { rule: error.rule })
  throw error
})
