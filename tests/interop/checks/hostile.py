"""Sends a node every bad message, envelope and header of the vectors as gossip, every bad frame as sync.

Each comes from a peer of its own, since a node turns a peer away for a few such messages. After some
of them it says by which rules they are to be refused, and goes on at a line of its input.
"""

import collections
import json
import pathlib
import secrets
import sys

import cbor2
import libp2p.identity.identify.identify as identify
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub.pb import rpc_pb2
from libp2p.utils import encode_varint_prefixed
from multiaddr import Multiaddr

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "examples/python"))

from client import MAX_MESSAGE, SYNC, read_invitation, show

GOSSIP = "/meshsub/1.1.0"
AT_ONCE = 12  # a node takes 32 connections that others open
KNOCKS = 100, 3  # and lets one address open somewhat more than so many at once, then so many a second


def bad_ones():
    """Returns protocols with what is said on them, and the rule that each breaks first."""
    found = {}
    for file in sorted((TOP / "tests/vectors/data").iterdir()):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            if "fill" in case or "broken" not in case["expect"]:
                continue
            rule, given = case["expect"]["broken"], bytes.fromhex(case.get("hex", ""))
            if case["kind"] == "message":
                found[GOSSIP, given] = "G1"
            elif case["kind"] == "frame":
                found[SYNC, given] = "Y7"
            elif case["kind"] == "envelope":
                found[GOSSIP, cbor2.dumps([1, given])] = rule
            elif case["kind"] == "header":
                envelope = b"\xd2\x84\x43\xa1\x01\x27\xa0" + cbor2.dumps(given) + b"\x58\x40" + bytes(64)
                found[GOSSIP, cbor2.dumps([1, envelope])] = rule
    return {one: rule for one, rule in found.items() if len(one[1]) <= MAX_MESSAGE}


async def ignore(stream):
    """Takes what the node says, to no avail."""
    while await stream.read(65_536):
        pass


async def send(address, topic, protocol, bad, over, task_status):
    """Connects as a new peer, says one thing, and stays until all is over."""
    host = new_host(key_pair=create_new_key_pair(secrets.token_bytes(32)), muxer_preference="YAMUX")
    host.set_stream_handler(GOSSIP, ignore)  # a node listens only to who lets it talk
    async with host.run(listen_addrs=[]):
        node = info_from_p2p_addr(Multiaddr(address))
        await host.connect(node)
        stream = await host.new_stream(node.peer_id, [protocol])
        if protocol == SYNC:
            await stream.write(len(bad).to_bytes(4, "big") + bad)
        else:
            rpc = rpc_pb2.RPC(publish=[rpc_pb2.Message(data=bad, topicIDs=[topic])])
            await stream.write(encode_varint_prefixed(rpc.SerializeToString()))
        task_status.started()
        await over.wait()
        await host.disconnect(node.peer_id)


async def main(line):
    invitation = read_invitation(line)
    topic = f"/multaqa/1/{invitation['net'].hex()}"
    identify.PROTOCOL_VERSION = topic
    rules = bad_ones()
    for start in range(0, len(rules), AT_ONCE):
        batch = list(rules)[start : start + AT_ONCE]
        over = trio.Event()
        if start + len(batch) > KNOCKS[0]:
            await trio.sleep(len(batch) / KNOCKS[1])
        async with trio.open_nursery() as nursery:
            for one in batch:  # one after another: of streams that open in one moment a node drops some
                await nursery.start(send, invitation["addresses"][0], topic, *one, over)
            left = len(rules) - start - len(batch)
            show("sent", rules=collections.Counter(rules[one] for one in batch), left=left)
            await trio.to_thread.run_sync(sys.stdin.readline)
            over.set()


trio.run(main, sys.argv[1])
