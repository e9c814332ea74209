"""Holds examples/python/log.py against the frozen vectors; says how many it agrees with."""

import json
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "examples/python"))

import cbor2
from log import Broken, Log, Undecided, canonical, is_key, is_signed, open_envelope, read_body, read_header, sha256


def judge(case):
    """Returns the verdict on a case: what kind it is, and the id or hash, or the rule that is named."""
    fill = case.get("fill", {"hex": "", "times": 0})
    given = bytes.fromhex(case.get("hex", "")) + bytes.fromhex(fill["hex"]) * fill["times"]
    try:
        if case["kind"] == "cbor":
            canonical(given, 262_144)
            return "hash", sha256(given).hex()
        if case["kind"] == "body":
            read_body(given)
            return "hash", sha256(given).hex()
        if case["kind"] == "chain":
            log = Log()
            return "id", [log.add(bytes.fromhex(envelope)) for envelope in case["chain"]][-1].id.hex()
        if case["kind"] == "signature":
            key = bytes.fromhex(case["key"])
            header = open_envelope(given)
            if not is_key(key):
                raise Broken("V4")
            if not is_signed(given, key):
                raise Broken("C4")
            return "id", sha256(header).hex()
        if case["kind"] in ("envelope", "header"):
            header = open_envelope(given if case["kind"] == "envelope" else wrap(given))
            read_header(header)
            return "id", sha256(header).hex()
        return None
    except Broken as rule:
        return "broken", str(rule)
    except Undecided as rule:
        return "undecided", str(rule)


def wrap(header):
    """Returns an envelope of the header, with a signature that nobody made."""
    return b"\xd2\x84\x43\xa1\x01\x27\xa0" + cbor2.dumps(header) + b"\x58\x40" + bytes(64)


def main():
    agreed = failed = 0
    for file in sorted((TOP / "tests/vectors/data").iterdir()):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            verdict = judge(case)
            expected = next(iter(case["expect"].items()))
            if verdict == expected:
                agreed += 1
            elif verdict is not None:
                failed += 1
                print(f"{file.name}: {case['name']}: expected {expected}, got {verdict}", file=sys.stderr)
    print(agreed)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
