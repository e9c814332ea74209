"""Holds examples/python/log.py against the frozen vectors; says how many it agrees with."""

import json
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "examples/python"))

from log import Broken, Log, Undecided, canonical, is_key, is_signed, open_envelope, read_body, read_header, sha256


def judge(case):
    """Returns the verdict on a case: what kind it is, and the id or hash of what is valid."""
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
            if not is_key(key) or not is_signed(given, key):
                raise Broken("C4")
            return "id", sha256(header).hex()
        if case["kind"] == "envelope":
            header = open_envelope(given)
            read_header(header)
            return "id", sha256(header).hex()
        return None
    except Broken:
        return ("broken",)
    except Undecided as rule:
        return "undecided", str(rule)


def main():
    agreed = failed = 0
    for file in sorted((TOP / "tests/vectors/data").iterdir()):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            verdict = judge(case)
            kind, value = next(iter(case["expect"].items()))
            # Which of several broken rules is named first is free (docs/protocol.md, "Which rule is named").
            expected = ("broken",) if kind == "broken" else (kind, value)
            if verdict == expected:
                agreed += 1
            elif verdict is not None:
                failed += 1
                print(f"{file.name}: {case['name']}: expected {expected}, got {verdict}", file=sys.stderr)
    print(agreed)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
