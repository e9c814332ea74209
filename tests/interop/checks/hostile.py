"""Sends every bad message, envelope and header of the vectors to a node as gossip.

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

from client import MAX_MESSAGE, read_invitation, show

GOSSIP = "/meshsub/1.1.0"
AT_ONCE = 16  # a node takes 32 connections that others open


def bad_messages():
    """Returns the messages, and the rule that each breaks first."""
    found = {}
    for file in sorted((TOP / "tests/vectors/data").iterdir()):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            if "fill" in case or "broken" not in case["expect"]:
                continue
            rule, given = case["expect"]["broken"], bytes.fromhex(case.get("hex", ""))
            if case["kind"] == "message":
                found[given] = "G1"
            elif case["kind"] == "envelope":
                found[cbor2.dumps([1, given])] = rule
            elif case["kind"] == "header":
                envelope = b"\xd2\x84\x43\xa1\x01\x27\xa0" + cbor2.dumps(given) + b"\x58\x40" + bytes(64)
                found[cbor2.dumps([1, envelope])] = rule
    return {message: rule for message, rule in found.items() if len(message) <= MAX_MESSAGE}


async def ignore(stream):
    """Takes what the node says, to no avail."""
    while await stream.read(65_536):
        pass


async def send(address, topic, message, over, task_status):
    """Connects as a new peer, sends one message, and stays until all is over."""
    host = new_host(key_pair=create_new_key_pair(secrets.token_bytes(32)), muxer_preference="YAMUX")
    host.set_stream_handler(GOSSIP, ignore)  # a node listens only to who lets it talk
    async with host.run(listen_addrs=[]):
        node = info_from_p2p_addr(Multiaddr(address))
        await host.connect(node)
        stream = await host.new_stream(node.peer_id, [GOSSIP])
        rpc = rpc_pb2.RPC(publish=[rpc_pb2.Message(data=message, topicIDs=[topic])])
        await stream.write(encode_varint_prefixed(rpc.SerializeToString()))
        task_status.started()
        await over.wait()
        await host.disconnect(node.peer_id)


async def main(line):
    invitation = read_invitation(line)
    topic = f"/multaqa/1/{invitation['net'].hex()}"
    identify.PROTOCOL_VERSION = topic
    rules = bad_messages()
    messages = list(rules)
    for start in range(0, len(messages), AT_ONCE):
        batch = messages[start : start + AT_ONCE]
        over = trio.Event()
        async with trio.open_nursery() as nursery:
            async with trio.open_nursery() as starting:
                for message in batch:
                    starting.start_soon(nursery.start, send, invitation["addresses"][0], topic, message, over)
            show("sent", rules=collections.Counter(rules[message] for message in batch))
            await trio.to_thread.run_sync(sys.stdin.readline)
            over.set()
    show("all")


trio.run(main, sys.argv[1])
