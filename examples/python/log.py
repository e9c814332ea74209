"""The log of one author: is every entry what it claims to be, and which of them count?

Written from docs/protocol.md; the names in capitals (C5, V3, S1 ...) are its rules. CBOR is
cbor2's, COSE is pycose's, Ed25519 is libsodium's (PyNaCl), whose idea of a valid signature is C4's.
"""

import hashlib
import re
from dataclasses import dataclass

import cbor2
import nacl.bindings as sodium
from nacl.exceptions import BadSignatureError
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import Sign1Message

MAX_INT = 2**53 - 1
MAX_HEADER, MAX_ENVELOPE, MAX_BODY, MAX_NEWER = 1_024, 1_100, 262_144, 65_536
MAX_DEPTH, MAX_ITEMS = 16, 65_536
NETWORK_KINDS = {"admit", "charter", "checkpoint", "close", "join", "leave", "suspend", "withdraw", "witness"}


class Broken(Exception):
    """A rule is broken: `str()` names it."""


class Undecided(Exception):
    """Neither valid nor invalid: another version (V2), or a parent that is not held (V3)."""


def sha256(data):
    return hashlib.sha256(data).digest()


# --- bytes: C1 to C3 -----------------------------------------------------------------------------


def decode(data):
    """Decodes CBOR. The library is lenient; what it let through is for `canonical` to find."""
    try:
        return cbor2.loads(data)
    except Exception as error:  # it raises many kinds, also those of its tags' content
        raise Broken("C2") from error


def count_items(value, depth=1):
    """Counts containers, keys and values; refuses what no Multaqa value is made of."""
    if type(value) in (bytes, str, bool):
        return 1
    if type(value) is int:
        if abs(value) > MAX_INT:
            raise Broken("C2")
        return 1
    if type(value) not in (list, dict):
        raise Broken("C2")
    if depth > MAX_DEPTH:
        raise Broken("C3")
    if type(value) is list:
        return 1 + sum(count_items(item, depth + 1) for item in value)
    if not all(type(key) is str for key in value):
        raise Broken("C1")
    return 1 + len(value) + sum(count_items(item, depth + 1) for item in value.values())


def canonical(data, limit):
    """Returns the value of canonical CBOR: encoded again, it must give the same bytes (C3)."""
    if len(data) > limit:
        raise Broken("C3")
    value = decode(data)
    if count_items(value) > MAX_ITEMS:
        raise Broken("C3")
    if cbor2.dumps(value, canonical=True) != data:
        raise Broken("C2")
    return value


# --- keys and signatures: C4, C5 -----------------------------------------------------------------


def is_key(key):
    """V4: a canonically encoded point of the curve, not of small order."""
    if int.from_bytes(key, "little") % 2**255 >= 2**255 - 19:
        return False
    try:
        point = key
        for _ in range(3):
            point = sodium.crypto_core_ed25519_add(point, point)
    except RuntimeError:  # not on the curve
        return False
    return point != bytes([1]) + bytes(31)


def is_signed(envelope, key):
    """C4. pycose and OpenSSL would take keys and R of small order, which libsodium refuses."""
    message = Sign1Message.decode(envelope)
    message.key = OKPKey(crv=Ed25519, x=key)
    signed = cbor2.dumps(["Signature1", message.phdr_encoded, b"", message.payload])
    try:
        sodium.crypto_sign_open(message.signature + signed, key)
    except BadSignatureError:
        return False
    return message.verify_signature()


def open_envelope(envelope):
    """Returns the bytes of the header of an envelope (C5)."""
    parts = None
    if len(envelope) <= MAX_NEWER:
        tag = decode(envelope)
        if type(tag) is cbor2.CBORTag and tag.tag == 18 and type(tag.value) is list and len(tag.value) == 4:
            protected, unprotected, header, signature = tag.value
            strings = [part for part in (protected, header, signature) if type(part) is bytes]
            if len(strings) == 3 and unprotected == {}:
                again = [cbor2.dumps(part) for part in strings]
                if envelope == b"\xd2\x84" + again[0] + b"\xa0" + again[1] + again[2]:
                    parts = strings
    if parts:
        try:
            header = canonical(parts[1], MAX_NEWER)
        except Broken:
            header = None
        if type(header) is dict and type(header.get("v")) is int and header["v"] != 1:
            raise Undecided("V2")
    if len(envelope) > MAX_ENVELOPE:
        raise Broken("C3")
    if not parts or parts[0] != b"\xa1\x01\x27" or len(parts[2]) != 64:
        raise Broken("C5")
    return parts[1]


# --- entries: V1 to V6 ---------------------------------------------------------------------------


def within(low, high):
    return lambda value: type(value) is int and low <= value <= high


def is_hash(value):
    return type(value) is bytes and len(value) == 32


def fields(**checks):
    """Returns a check for a map with exactly these fields."""
    return lambda value: (
        type(value) is dict and value.keys() == checks.keys() and all(checks[k](value[k]) for k in checks)
    )


EVERY = {
    "v": within(1, 1),
    "time": within(0, MAX_INT),
    "body": fields(len=within(19, MAX_BODY), hash=is_hash),
    "kind": lambda kind: type(kind) is str and re.fullmatch("[a-z][a-z0-9.-]{0,63}", kind) is not None,
}
LATER = EVERY | {"seq": within(1, 2**32 - 1), "author": is_hash, "prev": is_hash}
FORMS = {
    "inception": fields(**EVERY, seq=within(0, 0), keys=fields(sign=is_hash, next=is_hash)),
    "rotate": fields(**LATER, keys=fields(sign=is_hash, next=is_hash, reveal=is_hash)),
}
PLAIN = fields(**LATER)


def read_header(data):
    """V1, and V4's form of keys."""
    header = canonical(data, MAX_HEADER)
    kind = header.get("kind") if type(header) is dict else None
    form = FORMS.get(kind, PLAIN) if type(kind) is str else PLAIN
    if not form(header):
        raise Broken("V1")
    keys = header.get("keys", {})
    if not all(is_key(keys[name]) for name in ("sign", "reveal") if name in keys):
        raise Broken("V4")
    return header


@dataclass(frozen=True, eq=False)
class Entry:
    """A valid entry, and the ids of the establishment entries from the inception to it."""

    id: bytes
    header: dict
    parent: "Entry | None"
    turns: tuple

    def path(self):
        """Returns the entries from this one back to the inception."""
        entry = self
        while entry:
            yield entry
            entry = entry.parent

    @property
    def author(self):
        return self.header.get("author", self.id)


def check_keys(turns, keys):
    """V4: within one path no key and no `next` is used twice, and none that was shown is announced."""
    shown = [k[name] for k in (*turns, keys) for name in ("sign", "reveal") if name in k]
    announced = [k["next"] for k in (*turns, keys)]
    if len(set(shown)) < len(shown) or len(set(announced)) < len(announced):
        raise Broken("V4")
    if keys["next"] in map(sha256, shown):
        raise Broken("V4")


class Log:
    """The valid entries known of one author, or of several: authors are told apart by their ids."""

    def __init__(self):
        self.entries = {}

    def add(self, envelope):
        """Checks an envelope and takes its entry. An entry taken twice is the same entry."""
        data = open_envelope(envelope)
        header, entry_id = read_header(data), sha256(data)
        kind, keys = header["kind"], header.get("keys")
        if kind == "inception":
            parent, signer = None, keys["sign"]
            check_keys([], keys)
        else:
            parent = self.entries.get(header["prev"])
            if parent is None:
                if kind == "rotate" and not is_signed(envelope, keys["reveal"]):
                    raise Broken("V5")  # whatever its ancestors are
                raise Undecided("V3")
            if header["author"] != parent.author or header["seq"] != parent.header["seq"] + 1:
                raise Broken("V3")
            before = [self.entries[turn].header["keys"] for turn in parent.turns]
            if kind == "rotate":
                signer = keys["reveal"]
                if sha256(signer) != before[-1]["next"]:
                    raise Broken("V5")
                check_keys(before, keys)
            else:
                signer = before[-1]["sign"]
                if parent.header["kind"] == "close":
                    raise Broken("V6")
        if not is_signed(envelope, signer):
            raise Broken("V5")
        turns = (*(parent.turns if parent else ()), *([entry_id] if keys else ()))
        return self.entries.setdefault(entry_id, Entry(entry_id, header, parent, turns))

    def head(self, author):
        """S1, without pins: returns the last entry that counts, and `ok`, `forked` or `contested`."""
        children = {}
        for entry in self.entries.values():
            if entry.author == author and entry.parent:
                children.setdefault(entry.parent.id, []).append(entry)
        turn = self.entries[author]
        while True:
            # All rotations whose parent's establishment entry is this one.
            rotations = [
                child
                for siblings in children.values()
                for child in siblings
                if child.header["kind"] == "rotate" and child.parent.turns[-1] == turn.id
            ]
            if not rotations:
                return self._walk(turn, children)
            if len(rotations) > 1:
                paths = [{entry.id for entry in rotation.path()} for rotation in rotations]
                common = set.intersection(*paths)
                return next(entry for entry in rotations[0].path() if entry.id in common), "contested"
            turn = rotations[0]

    @staticmethod
    def _walk(entry, children):
        while True:
            plain = [child for child in children.get(entry.id, ()) if child.header["kind"] != "rotate"]
            if len(plain) != 1:
                return entry, "forked" if plain else "ok"
            entry = plain[0]


# --- bodies --------------------------------------------------------------------------------------


def matches(entry, body):
    """V7: whether these are the bytes that the header names."""
    return entry.header["body"] == {"len": len(body), "hash": sha256(body)}


def read_body(body):
    """B5: returns what a body says, without its salt. A body that breaks this leaves its entry valid."""
    value = canonical(body, MAX_BODY)
    if not (type(value) is list and len(value) == 2 and type(value[0]) is bytes and len(value[0]) == 16):
        raise Broken("B5")
    if type(value[1]) is not dict:
        raise Broken("B5")
    return value[1]
