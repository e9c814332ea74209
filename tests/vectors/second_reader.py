#!/usr/bin/env python3
"""A second reader of the vectors, written from docs/protocol.md with Python's standard library alone.

It judges every case in data/ and compares the verdict, rule by rule. It shares no code with the
crates, so a mistake in the codec would have to be made twice to stay hidden.
"""

import datetime
import hashlib
import json
import pathlib
import re
import sys

MAX_INT = 2**53 - 1
NETWORK_KINDS = {"admit", "charter", "checkpoint", "close", "join", "leave", "suspend", "withdraw", "witness"}


class Broken(Exception):
    """A rule that is broken."""


class Undecided(Exception):
    """A rule by which an entry is neither valid nor invalid."""


def sha256(data):
    return hashlib.sha256(data).digest()


# --- C1 to C3 ------------------------------------------------------------------------------------


def text(data):
    try:
        return data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Broken("C2") from None


class Reader:
    """Reads canonical CBOR into Python values; text is str, bytes are bytes."""

    def __init__(self, data):
        self.data, self.at, self.items = data, 0, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Broken("C2")
        self.at += count
        return self.data[self.at - count : self.at]

    def head(self):
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info
        if info > 27:
            raise Broken("C2")
        argument = int.from_bytes(self.take(1 << info - 24), "big")
        if argument < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24] or major == 7:
            raise Broken("C2")
        return major, argument

    def count(self):
        self.items += 1
        if self.items > 65_536:
            raise Broken("C3")


    def item(self, depth=1):
        self.count()
        major, argument = self.head()
        if major == 0 and argument <= MAX_INT:
            return argument
        if major == 1 and argument < MAX_INT:
            return -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            return text(self.take(argument))
        if major in (4, 5):
            if depth > 16 or argument > 65_536:
                raise Broken("C3")
            return self.array(argument, depth) if major == 4 else self.map(argument, depth)
        if major == 7 and argument in (20, 21):
            return argument == 21
        raise Broken("C2")

    def array(self, length, depth):
        return [self.item(depth + 1) for _ in range(length)]

    def map(self, length, depth):
        pairs, before = {}, None
        for _ in range(length):
            self.count()
            major, argument = self.head()
            if major != 3:
                raise Broken("C1")
            key = self.take(argument)
            order = (argument, key)
            if before is not None and order <= before:
                raise Broken("C2" if order == before else "C1")
            name, before = text(key), order
            pairs[name] = self.item(depth + 1)
        return pairs


def scan(data, limit):
    if len(data) > limit:
        raise Broken("C3")
    reader = Reader(data)
    value = reader.item()
    if reader.at != len(data):
        raise Broken("C2")
    return value


def is_int(value, low, high):
    return type(value) is int and low <= value <= high


def is_bytes(value, length=32):
    return type(value) is bytes and length in (None, len(value))


# --- C4: Ed25519 ---------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def decompress(data):
    """Returns the point in extended coordinates, None where `data` is not canonical."""
    y, sign = int.from_bytes(data, "little") & 2**255 - 1, data[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def compress(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress(bytes([0x58]) + bytes([0x66]) * 31)
NEUTRAL = bytes([1]) + bytes(31)


def is_small(point):
    return compress(multiply(8, point)) == NEUTRAL


def admits_key(key):
    point = decompress(key)
    return point is not None and not is_small(point)


def is_signed(header, signature, key):
    big_r, s, a = decompress(signature[:32]), int.from_bytes(signature[32:], "little"), decompress(key)
    if big_r is None or a is None or s >= L or is_small(big_r) or is_small(a):
        return False
    signed = b"\x84\x6aSignature1\x43\xa1\x01\x27\x40" + bstr(header)
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + signed).digest(), "little") % L
    minus_a = (P - a[0], a[1], a[2], P - a[3])
    return compress(add(multiply(s, BASE), multiply(k, minus_a))) == signature[:32]


# --- C5 and V2 -----------------------------------------------------------------------------------


def bstr(data):
    length = len(data)
    if length < 24:
        return bytes([0x40 + length]) + data
    return (bytes([0x58, length]) if length < 256 else b"\x59" + length.to_bytes(2, "big")) + data


def general(envelope):
    """Returns protected, header and signature of an envelope of V2's form, else None."""
    reader = Reader(envelope)
    try:
        parts, start = [], reader.take(2)
        for before in (b"", b"\xa0", b""):
            if reader.take(len(before)) != before:
                return None
            major, length = reader.head()
            if major != 2:
                return None
            parts.append(reader.take(length))
    except Broken:
        return None
    return parts if start == b"\xd2\x84" and reader.at == len(envelope) else None


def unsigned(header):
    return b"\xd2\x84\x43\xa1\x01\x27\xa0" + bstr(header) + bstr(bytes(64))


def open_envelope(envelope):
    parts = general(envelope) if len(envelope) <= 65_536 else None
    if parts:
        try:
            header = scan(parts[1], 65_536)
        except Broken:
            header = None
        if type(header) is dict and type(header.get("v")) is int and header["v"] != 1:
            raise Undecided("V2")
    if len(envelope) > 1_100:
        raise Broken("C3")
    if not parts or parts[0] != b"\xa1\x01\x27" or len(parts[2]) != 64:
        raise Broken("C5")
    return parts[1], parts[2]


# --- V1 and V4's form ----------------------------------------------------------------------------


def fits(value, fields):
    return type(value) is dict and value.keys() == fields.keys() and all(fields[k](v) for k, v in value.items())


def read_header(data):
    header = scan(data, 1_024)
    if type(header) is not dict:
        raise Broken("V1")
    body = lambda v: fits(v, {"len": lambda n: is_int(n, 19, 262_144), "hash": is_bytes})
    keys = {"next": is_bytes, "sign": is_bytes}
    fields = {
        "v": lambda v: is_int(v, 1, 1),
        "seq": lambda v: is_int(v, 1, 4_294_967_295),
        "body": body,
        "kind": lambda v: type(v) is str and re.fullmatch("[a-z][a-z0-9.-]{0,63}", v) is not None,
        "prev": is_bytes,
        "time": lambda v: is_int(v, 0, MAX_INT),
        "author": is_bytes,
    }
    if header.get("kind") == "inception":
        fields |= {"seq": lambda v: is_int(v, 0, 0), "keys": lambda v: fits(v, keys)}
        del fields["prev"], fields["author"]
    elif header.get("kind") == "rotate":
        fields["keys"] = lambda v: fits(v, keys | {"reveal": is_bytes})
    if not fits(header, fields):
        raise Broken("V1")
    for name in ("sign", "reveal"):
        if name in header.get("keys", {}) and not admits_key(header["keys"][name]):
            raise Broken("V4")
    return header


# --- V3 to V6 ------------------------------------------------------------------------------------


def check_among(path, header, data, signature):
    """Checks an entry against `path`, the headers from the inception to its parent."""
    parent_id, parent = path[-1]
    if header["kind"] == "inception" or header["author"] != path[0][0] or header["seq"] != parent["seq"] + 1:
        raise Broken("V3")
    turns = [h for _, h in path if "keys" in h]
    if header["kind"] != "rotate":
        if parent["kind"] == "close":
            raise Broken("V6")
        signer = turns[-1]["keys"]["sign"]
    else:
        signer = header["keys"]["reveal"]
        if sha256(signer) != turns[-1]["keys"]["next"]:
            raise Broken("V5")
        check_keys([h["keys"] for h in turns], header["keys"])
    if not is_signed(data, signature, signer):
        raise Broken("V5")


def check_keys(before, keys):
    shown = [k[name] for k in [*before, keys] for name in ("sign", "reveal") if name in k]
    if len(set(shown)) < len(shown):
        raise Broken("V4")
    if keys["next"] in [k["next"] for k in before] or keys["next"] in map(sha256, shown):
        raise Broken("V4")


def read_chain(envelopes):
    paths = {}
    for envelope in envelopes:
        data, signature = open_envelope(envelope)
        header, entry_id = read_header(data), sha256(data)
        if not paths:
            if header["kind"] != "inception":
                raise Broken("V3")
            check_keys([], header["keys"])
            if not is_signed(data, signature, header["keys"]["sign"]):
                raise Broken("V5")
            paths[entry_id] = [(entry_id, header)]
            continue
        path = paths.get(header.get("prev"))
        if path is None:
            raise Undecided("V3")
        check_among(path, header, data, signature)
        paths[entry_id] = [*path, (entry_id, header)]
    return entry_id


# --- bodies --------------------------------------------------------------------------------------


def read_body(data):
    value = scan(data, 262_144)
    if not (type(value) is list and len(value) == 2 and is_bytes(value[0], 16) and type(value[1]) is dict):
        raise Broken("B5")


# --- records -------------------------------------------------------------------------------------

# What a kind is nothing without; its fields are read out of the specification's own CDDL.
NEEDED = {
    "profile": ["names"],
    "practice": ["title"],
    "challenge": ["title"],
    "plan": ["title"],
    "proposal": ["title"],
    "progress": ["plan", "commitment"],
    "evaluation": ["about"],
    "adoption": ["practice", "state"],
    "reply": ["to", "text"],
    "event": ["title"],
    "endorse": ["endorses"],
}
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def is_text(value):
    return type(value) is str


def is_date(value):
    parts = DATE.fullmatch(value) if is_text(value) and value.isascii() else None
    if parts is None:
        return False
    try:
        datetime.date(*(int(part or 1) for part in parts.groups()))
    except ValueError:
        return False
    return True


def is_words(value):
    return type(value) is dict and all(map(is_text, value.values()))


def is_ref(value):
    if type(value) is not dict:
        return False
    return is_bytes(value.get("id")) and is_bytes(value.get("author")) and is_int(value.get("seq"), 0, 2**32 - 1)


PLAIN = {
    "address": is_text,
    "bytes32": is_bytes,
    "code": is_text,
    "date": is_date,
    "figure": lambda v: is_text(v) or type(v) is int,
    "place": is_text,
    "ref": is_ref,
    "true": lambda v: type(v) is bool,
    "tstr": is_text,
    "uint": lambda v: is_int(v, 0, MAX_INT),
    "words": is_words,
}


def read_tables():
    """Returns the tables of the specification: name to field to type, as they stand in its CDDL."""
    document = pathlib.Path(__file__).parents[2] / "docs" / "protocol.md"
    blocks = re.findall(r"```cddl\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    block = next(block for block in blocks if block.startswith("profile "))
    tables = {}
    for name, fields in re.findall(r"^([a-z-]+) *= \{(.*?)\}", block, re.DOTALL | re.MULTILINE):
        tables[name] = dict(re.findall(r'"([a-z_]+)": ([^,]+),', fields))
    return tables


def is_of(kind, value, tables):
    if kind.startswith("[+ "):
        return type(value) is list and all(is_of(kind[3:-1], item, tables) for item in value)
    if ".." in kind:
        return is_int(value, 0, MAX_INT)
    if kind in PLAIN:
        return PLAIN[kind](value)
    if type(value) is not dict:
        return False
    return all(is_of(of, value[field], tables) for field, of in tables[kind].items() if field in value)


def says_nothing(value):
    return value.strip() == "" if is_text(value) else not value


def read_record(data, kind, tables):
    read_body(data)
    value = scan(data, 262_144)[1]
    if kind not in NEEDED:
        return
    if not is_of(kind, value, tables) or any(says_nothing(value.get(field)) for field in NEEDED[kind]):
        raise Broken("R3")


# --- frames and messages -------------------------------------------------------------------------


def read_message(data):
    value = scan(data, 51_200)
    forms = {1: (2, 3), 2: (3,)}
    if not (type(value) is list and value and type(value[0]) is int and len(value) in forms.get(value[0], ())):
        raise Broken("G1")
    if not all(is_bytes(part, None) for part in value[1:]):
        raise Broken("G1")


def is_list(of, low, high):
    return lambda v: type(v) is list and low <= len(v) <= high and all(map(of, v))


def is_heads(value):
    def is_row(row):
        if not (type(row) is list and len(row) == 4 and is_bytes(row[0]) and is_bytes(row[2])):
            return False
        return is_int(row[1], 0, 4_294_967_295) and is_int(row[3], 0, 2)

    ordered = is_list(is_row, 0, 3_000)(value)
    return ordered and all(a[0] < b[0] for a, b in zip(value, value[1:]))


def is_map(needed, optional):
    return lambda v: type(v) is dict and fits(v, needed | {k: c for k, c in optional.items() if k in v})


def read_frame(data):
    frame = scan(data, 1 << 20)
    if data == bytes([0x81, 9]):  # done; `true` and other forms of nine are other bytes
        return
    time = lambda v: is_int(v, 0, MAX_INT)
    entry = lambda v: is_list(lambda part: is_bytes(part, None), 1, 2)(v)
    forms = [
        is_map({"net": is_bytes, "root": is_bytes, "time": time}, {"candidates": is_list(is_bytes, 1, 100)}),
        is_map({"heads": is_heads, "charter": is_bytes}, {}),
        is_list(is_bytes, 256, 256),
        is_heads,
        is_map({"have": is_list(is_bytes, 0, 64), "author": is_bytes}, {"tip": is_bytes}),
        is_list(entry, 1, 65_536),
        is_map({"code": lambda v: is_int(v, 0, 3), "author": is_bytes}, {}),
        is_list(is_bytes, 1, 64),
        is_bytes,
    ]
    if not (type(frame) is list and len(frame) >= 2 and is_int(frame[0], 0, 8) and forms[frame[0]](frame[1])):
        raise Broken("Y7")
    if len(frame) > 2 and not (frame[0] == 8 and len(frame) == 3 and is_bytes(frame[2], None)):
        raise Broken("Y7")


# --- the cases -----------------------------------------------------------------------------------


def judge(case, tables):
    """Returns the verdict on a case in the form of its `expect`."""
    kind, given = case["kind"], bytes.fromhex(case.get("hex", ""))
    if "fill" in case:
        given += bytes.fromhex(case["fill"]["hex"]) * case["fill"]["times"]
    try:
        if kind in ("cbor", "body", "frame", "message"):
            readers = {"body": read_body, "frame": read_frame, "message": read_message}
            readers.get(kind, lambda data: scan(data, 262_144))(given)
            return {"hash": sha256(given).hex()}
        if kind == "record":
            read_record(given, case["of"], tables)
            return {"hash": sha256(given).hex()}
        if kind == "chain":
            return {"id": read_chain(map(bytes.fromhex, case["chain"])).hex()}
        if kind == "signature":
            key = bytes.fromhex(case["key"])
            if not admits_key(key):
                raise Broken("V4")
            header, signature = open_envelope(given)
            if not is_signed(header, signature, key):
                raise Broken("C4")
            return {"id": sha256(header).hex()}
        data, _ = open_envelope(unsigned(given) if kind == "header" else given)
        header = read_header(data)
        if kind == "stored" and header["kind"] in NETWORK_KINDS:
            body = bytes.fromhex(case["body"] or "")
            if header["body"] != {"len": len(body), "hash": sha256(body)}:
                raise Broken("V7")
        elif kind not in ("header", "envelope", "stored"):
            raise ValueError(f"unknown kind {kind}")
        return {"id": sha256(data).hex()}
    except Broken as rule:
        return {"broken": str(rule)}
    except Undecided as rule:
        return {"undecided": str(rule)}


def main():
    tables = read_tables()
    passed = failed = 0
    for file in sorted((pathlib.Path(__file__).parent / "data").iterdir()):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            verdict = judge(case, tables)
            if verdict == case["expect"]:
                passed += 1
            else:
                failed += 1
                print(f"{file.name}: {case['name']}: expected {case['expect']}, got {verdict}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
