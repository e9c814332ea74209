"""A reader of a Multaqa network on py-libp2p, written from docs/protocol.md.

Given an invitation it connects to a node, subscribes to the network's gossip, fetches the logs
over the sync protocol, checks every entry, and shows what came as one JSON object a line. It
stores nothing and signs nothing: a network needs no permission to be read.

    python client.py 'multaqa:...' --author 488f59c9 --listen 1
"""

import argparse
import base64
import json
import secrets
import sys
import time

import cbor2
import libp2p.identity.identify.identify as identify
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub.gossipsub import PROTOCOL_ID_V11, PROTOCOL_ID_V12, GossipSub
from libp2p.pubsub.pubsub import Pubsub
from libp2p.tools.anyio_service import background_trio_service
from multiaddr import Multiaddr

from log import Broken, Log, Undecided, canonical, matches, read_body, sha256

SYNC = "/multaqa/sync/1"
HELLO, STEWARDS, BUCKETS, ROWS, WANT, ENTRIES, END, ASK, BODY_IS, DONE = range(10)
MAX_FRAME, MAX_MESSAGE, MAX_ASK, MAX_CARRIED = 1 << 20, 51_200, 64, 48 * 1_024
EMPTY_BUCKET = sha256(b"\x80")
STATUS = ["ok", "forked", "contested"]


def show(event, **found):
    """Prints one line: a JSON object, bytes as hex."""
    print(json.dumps({"event": event, **found}, default=bytes.hex, ensure_ascii=False), flush=True)


def show_entry(event, entry, body, **found):
    """Prints an entry that passed every check, and what its body says."""
    said = None if body is None else read_body(body)
    title = said.get("title") or said.get("names") if said else None
    header = {name: entry.header[name] for name in ("kind", "seq", "time")}
    show(event, id=entry.id, author=entry.author, **header, body=body is not None, title=title, **found)


def read_invitation(line):
    """N11: `multaqa:`, then in URL-safe base64 a map and four bytes of its SHA-256."""
    coded = "".join(line.split()).removeprefix("multaqa:")
    data = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    content, checksum = data[:-4], data[-4:]
    if sha256(content)[:4] != checksum:
        raise SystemExit("The invitation was not copied whole.")
    return canonical(content, 2_900)


class Session:
    """One sync session of a side that holds nothing and asks for all it wants to see (Y1 to Y7)."""

    def __init__(self, stream, net):
        self.stream, self.net, self.buffer = stream, net, b""
        self.inbox = {number: [] for number in range(10)}

    async def send(self, number, *content):
        frame = cbor2.dumps([number, *content], canonical=True)
        await self.stream.write(len(frame).to_bytes(4, "big") + frame)

    async def _bytes(self, count):
        while len(self.buffer) < count:
            more = await self.stream.read(65_536)
            if not more:
                raise Broken("Y7")
            self.buffer += more
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    async def take(self, number):
        """Returns the next frame of a kind. What both sides send at once may come in between."""
        while not self.inbox[number]:
            length = int.from_bytes(await self._bytes(4), "big")
            if length > MAX_FRAME:
                raise Broken("C3")
            frame = canonical(await self._bytes(length), MAX_FRAME)
            kind = frame[0]
            if kind == WANT:  # this side holds nothing
                await self.send(END, {"code": 1, "author": frame[1]["author"]})
            elif kind == ASK:
                for body_hash in frame[1]:
                    await self.send(BODY_IS, body_hash)
            else:  # entries and their end keep their order
                self.inbox[ENTRIES if kind == END else kind].append(frame)
        return self.inbox[number].pop(0)

    async def fetch(self, log, author):
        """Y3: pulls one author's log into `log`; returns its bodies by entry id."""
        await self.send(WANT, {"have": [], "author": author})
        bodies, lacking = {}, {}
        while (frame := await self.take(ENTRIES))[0] == ENTRIES:
            for envelope, *body in frame[1]:
                entry = log.add(envelope)
                if entry.author != author or (body and not matches(entry, body[0])):
                    raise Broken("Y3")
                if body:
                    bodies[entry.id] = body[0]
                else:
                    lacking.setdefault(entry.header["body"]["hash"], []).append(entry)
        await self._fetch_bodies(lacking, bodies)
        return bodies, frame[1]["code"]

    async def _fetch_bodies(self, lacking, bodies):
        """Y4: bodies over 48 KiB do not travel along; those not held or withdrawn stay away."""
        hashes = sorted(lacking)
        for start in range(0, len(hashes), MAX_ASK):
            asked = hashes[start : start + MAX_ASK]
            await self.send(ASK, asked)
            for expected in asked:
                _, body_hash, *body = await self.take(BODY_IS)
                if body_hash != expected or (body and sha256(body[0]) != expected):
                    raise Broken("Y7")
                bodies |= {e.id: body[0] for e in lacking[expected] if body and matches(e, body[0])}

    async def run(self, log, is_wanted):
        """The whole session: hello, stewards, the charter, buckets, rows, the logs, done."""
        # The root of a side that holds nothing (Y1, Y2).
        root = sha256(256 * EMPTY_BUCKET)
        await self.send(HELLO, {"net": self.net, "root": root, "time": int(time.time() * 1000)})
        hello = (await self.take(HELLO))[1]
        if hello["net"] != self.net:
            raise Broken("Y1")
        if hello["root"] != root:
            await self.send(STEWARDS, {"heads": [], "charter": self.net})
            stewards = (await self.take(STEWARDS))[1]["heads"]
            fetched = {row[0]: await self.fetch(log, row[0]) for row in stewards}
            self._check_charter(log, fetched)
            await self.send(BUCKETS, 256 * [EMPTY_BUCKET])
            await self.take(BUCKETS)
            await self.send(ROWS, [])
            for row in (await self.take(ROWS))[1]:
                if is_wanted(row[0]):
                    again = fetched.get(row[0]) or await self.fetch(log, row[0])
                    self._show_log(log, row, *again)
        await self.send(DONE)
        await self.take(DONE)
        await self.stream.close()

    def _check_charter(self, log, fetched):
        """N1: the network's id is the hash of its first charter, which names the steward who signed it."""
        for author, (bodies, _) in fetched.items():
            for entry in log.entries.values():
                body = bodies.get(entry.id, b"")
                if entry.header["kind"] == "charter" and sha256(body) == self.net:
                    charter = read_body(body)
                    if author in charter["stewards"]:
                        names = ("names", "stewards", "k", "licence")
                        return show("charter", **{name: charter[name] for name in names})
        raise Broken("N1")

    @staticmethod
    def _show_log(log, row, bodies, code):
        author, seq, entry_id, status = row
        if author not in log.entries:
            return show("log", author=author, code=code)
        head, own_status = log.head(author)
        agrees = (head.id, head.header["seq"], own_status) == (entry_id, seq, STATUS[status])
        path = list(head.path())[::-1]
        for entry in path:
            show_entry("entry", entry, bodies.get(entry.id))
        found = {"head": head.id, "seq": head.header["seq"], "status": own_status, "agrees": agrees}
        show("log", author=author, entries=len(path), code=code, **found)


class AnonymousGossip(GossipSub):
    """py-libp2p's router, but for one check that takes two messages without `from` for a contradiction."""

    def _check_equivocation(self, msg):
        return True


def check_message(log, data):
    """G1 and G3: returns the entry of a gossip message, and its body."""
    message = canonical(data, MAX_MESSAGE)
    form = [type(part) for part in message] if type(message) is list else []
    if form == [int, bytes, bytes] and message[0] == 2:
        raise Undecided("S3")  # a fork's proof: nothing for a reader without a store
    if form not in ([int, bytes], [int, bytes, bytes]) or message[0] != 1:
        raise Broken("G1")
    _, envelope, *body = message
    entry = log.add(envelope)
    if (entry.header["body"]["len"] <= MAX_CARRIED) != bool(body):
        raise Broken("G1")
    if body and not matches(entry, body[0]):
        raise Broken("V7")
    return entry, body[0] if body else None


async def listen(subscription, log, count):
    """Shows what arrives by gossip until so many good entries have come."""
    show("listening")
    for _ in range(count):
        entry, body = check_message(log, (await subscription.get()).data)
        show_entry("gossip", entry, body, head=log.head(entry.author)[0].id)


async def main(options):
    invitation = read_invitation(options.invitation)
    net = invitation["net"]
    topic = f"/multaqa/1/{net.hex()}"
    # Nodes let go of whoever tells another protocol version than the topic; py-libp2p has no setting for it.
    identify.PROTOCOL_VERSION = topic
    host = new_host(key_pair=create_new_key_pair(secrets.token_bytes(32)), muxer_preference="YAMUX")
    router = AnonymousGossip(
        [PROTOCOL_ID_V12, PROTOCOL_ID_V11], degree=6, degree_low=4, degree_high=12, heartbeat_interval=1
    )
    # G2: the id is the hash of the whole message; messages carry no sender and no signature of libp2p's.
    pubsub = Pubsub(host, router, strict_signing=False, msg_id_constructor=lambda m: sha256(m.data))
    log = Log()

    def is_forwarded(_, message):
        """G3: only what is valid and new is passed on (and, in py-libp2p, reaches the subscription)."""
        known = len(log.entries)
        try:
            check_message(log, message.data)
        except (Broken, Undecided) as rule:
            show("ignored" if isinstance(rule, Undecided) else "rejected", rule=str(rule))
        return len(log.entries) > known

    pubsub.set_topic_validator(topic, is_forwarded, False)
    with trio.fail_after(options.timeout):
        async with host.run(listen_addrs=[]), background_trio_service(pubsub):
            async with background_trio_service(router):
                await pubsub.wait_until_ready()
                subscription = await pubsub.subscribe(topic)
                peer = await connect(host, invitation["addresses"])
                stream = await host.new_stream(peer, [SYNC])
                await Session(stream, net).run(log, lambda author: author.hex().startswith(options.author))
                await listen(subscription, log, options.listen)


async def connect(host, addresses):
    """Connects to the first node of the invitation that answers by TCP."""
    for address in addresses:
        if "/tcp/" not in address:
            continue
        node = info_from_p2p_addr(Multiaddr(address))
        try:
            await host.connect(node)
        except Exception as error:  # py-libp2p has no common kind of error for this
            print(f"{address}: {error}", file=sys.stderr)
            continue
        show("connected", own=host.get_id().to_string(), peer=node.peer_id.to_string(), address=address)
        return node.peer_id
    raise SystemExit("No node of the invitation answers.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("invitation", help="the line that `multaqa invite` printed")
    parser.add_argument("--author", default="", help="show only the logs whose author's id begins so")
    parser.add_argument("--listen", type=int, default=0, help="end when so many entries came by gossip")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for all of it")
    try:
        trio.run(main, parser.parse_args())
    except* Broken as broken:
        show("broken", rule=str(broken.exceptions[0]))
        sys.exit(3)
    except* trio.TooSlowError:
        show("too-slow")
        sys.exit(7)
