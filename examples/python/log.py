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

class Broken(Exception):
    """A rule is broken: `str()` names it."""


class Undecided(Exception):
    """Neither valid nor invalid: another version (V2), or a parent that is not held (V3)."""


def sha256(data):
    return hashlib.sha256(data).digest()


# --- bytes: C1 to C3 -----------------------------------------------------------------------------


class Cut(Exception):
    """The bytes end inside an item."""


def head(data, at):
    """Returns the major type of the item at `at`, its argument, and where its content begins."""
    if at >= len(data):
        raise Cut
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, at + 1
    if info > 27:  # reserved, or an indefinite length
        raise Broken("C2")
    end = at + 1 + (1 << info - 24)
    if end > len(data):
        raise Cut
    argument = int.from_bytes(data[at + 1 : end], "big")
    if major == 7 or argument < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24]:
        raise Broken("C2")
    return major, argument, end


def scan(data, at=0):
    """Returns where the item at `at` ends. It names the first rule of C1 to C3 that is broken, which no
    library's decoder tells; a decoder then has only what all libraries read alike."""
    items, open_containers = 0, []  # [items to come, whether it is a map, the key before]
    while True:
        items += 1
        if items > MAX_ITEMS:
            raise Broken("C3")
        major, argument, start = head(data, at)
        container = open_containers[-1] if open_containers else None
        is_key = bool(container) and container[1] and container[0] % 2 == 0
        if is_key and major != 3:
            raise Broken("C1")
        at = start
        if major in (2, 3):
            at = start + argument
            if at > len(data):
                raise Cut
            if is_key:
                key = argument, data[start:at]
                if container[2] and key <= container[2]:
                    raise Broken("C2" if key == container[2] else "C1")
                container[2] = key
            if major == 3:
                check_text(data[start:at])
        elif major in (4, 5):
            if len(open_containers) == MAX_DEPTH or argument > MAX_ITEMS:
                raise Broken("C3")
            if argument:
                open_containers.append([argument * (major - 3), major == 5, None])
                continue
        elif major == 6 or (major == 7 and argument not in (20, 21)) or argument + (major == 1) > MAX_INT:
            raise Broken("C2")
        while open_containers:
            open_containers[-1][0] -= 1
            if open_containers[-1][0]:
                break
            open_containers.pop()
        else:
            return at


def check_text(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Broken("C2") from error


def canonical(data, limit):
    """Returns the value of canonical CBOR: encoded again, it must give the same bytes (C3)."""
    if len(data) > limit:
        raise Broken("C3")
    try:
        end = scan(data)
    except Cut as error:
        raise Broken("C2") from error
    if end < len(data):
        raise Broken("C2")
    value = cbor2.loads(data)
    if cbor2.dumps(value, canonical=True) != data:
        raise Broken("C3")
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


def split(envelope):
    """Returns the strings of `d2 84 ‖ bstr ‖ a0 ‖ bstr ‖ bstr`, None where bytes have another form."""
    if envelope[:2] != b"\xd2\x84":
        return None
    at, strings = 2, []
    for number in range(3):
        if number == 1:
            if envelope[at : at + 1] != b"\xa0":
                return None
            at += 1
        try:
            major, length, at = head(envelope, at)
        except (Broken, Cut):
            return None
        if major != 2 or at + length > len(envelope):
            return None
        strings.append(envelope[at : at + length])
        at += length
    return strings if at == len(envelope) else None


def open_envelope(envelope):
    """Returns the bytes of the header of an envelope (C5)."""
    parts = split(envelope) if len(envelope) <= MAX_NEWER else None
    # Where the first field says 1, the whole header need not be read to know the version.
    if parts and parts[1][1:4] != b"\x61v\x01":
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


def is_text(value):
    return type(value) is str


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


def read_entry(envelope):
    """Returns the id and the header of an envelope that is an entry by its own bytes."""
    data = open_envelope(envelope)
    return sha256(data), read_header(data)


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

    @property
    def seq(self):
        return self.header["seq"]

    @property
    def kind(self):
        return self.header["kind"]


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
        self.children = {}  # parent's id -> entries
        self.rotations = {}  # establishment entry's id -> the rotations that follow under it
        self.establishments = {}  # author -> its inception and rotations

    def add(self, envelope):
        """Checks an envelope and takes its entry. An entry taken twice is the same entry."""
        return self.place(envelope, *read_entry(envelope))

    def place(self, envelope, entry_id, header):
        """Takes an entry that was read, if it is valid where it stands (V3 to V6)."""
        kind, keys = header["kind"], header.get("keys")
        if kind == "inception":
            parent, signer = None, keys["sign"]
            check_keys([], keys)
        else:
            parent = self.entries.get(header["prev"])
            if parent is None:
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
        if entry_id in self.entries:
            return self.entries[entry_id]
        entry = self.entries[entry_id] = Entry(entry_id, header, parent, turns)
        if keys:
            self.establishments.setdefault(entry.author, []).append(entry)
        if parent:
            self.children.setdefault(parent.id, []).append(entry)
            if kind == "rotate":
                self.rotations.setdefault(parent.turns[-1], []).append(entry)
        return entry

    def head(self, author, pin=None, cut=2**32 - 1):
        """S1 on entries up to `cut`: returns the last that counts, and `ok`, `forked` or `contested`."""
        turn = self.entries[author]
        pinned = {entry.id for entry in pin.path()} if pin and pin.seq <= cut else ()
        while True:
            # All rotations whose parent's establishment entry is this one.
            rotations = [rotation for rotation in self.rotations.get(turn.id, ()) if rotation.seq <= cut]
            if not rotations:
                return self._walk(turn, cut)
            decided = [rotation for rotation in rotations if rotation.id in pinned]
            if len(rotations) > 1 and not decided:
                paths = [{entry.id for entry in rotation.path()} for rotation in rotations]
                common = set.intersection(*paths)
                return next(entry for entry in rotations[0].path() if entry.id in common), "contested"
            turn = (decided or rotations)[0]

    def _walk(self, entry, cut):
        while entry.seq < cut:
            # No rotation follows here, so all children are plain.
            plain = self.children.get(entry.id, ())
            if len(plain) != 1:
                return entry, "forked" if plain else "ok"
            entry = plain[0]
        return entry, "ok"


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
