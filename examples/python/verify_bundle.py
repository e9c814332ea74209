"""An auditor's check of a bundle, offline, written from docs/protocol.md (A5 to A7).

    multaqa export bundle --out all.bundle
    python verify_bundle.py all.bundle

Prints one JSON object and ends with A7's code: 0 verified, 3 forged, 4 cannot be decided, 1 could
not run. It checks A5 and V1 to V6 of all entries, every body's hash and length, and that what the
scope promises is there. It computes the charter in force (N1 to N4) and who is listed (N5), without
pins (N6), cuts (N7), withdrawals (B2) or dates (A3): it says who wrote what, not what stands.
"""

import argparse
import io
import json
import pathlib
import sys

import cbor2

from log import NETWORK_KINDS, Broken, Log, Undecided, canonical, fields, is_hash, read_body, sha256, within

SCOPES = {"network": False, "author": True, "entry": True, "journal": False}  # whether it is about something
TORN = 300 * 1_024  # a torn end leaves less (A8)


class Audit:
    """What the items of one bundle say, and what was found."""

    def __init__(self):
        self.start, self.log = {}, Log()
        self.bodies = {}  # hash -> length, of those in the bundle
        self.said = {}  # hash -> what it says, of those that could be of a network kind
        self.named = {}  # hash -> the lengths that headers name
        self.waiting = {}  # parent -> envelopes that wait for it
        self.newer = 0
        self.findings = []

    def find(self, verdict, rule, text, entry=None):
        self.findings.append({"verdict": verdict, "rule": rule, "text": text, "entry": entry})

    # --- A5: the items ---------------------------------------------------------------------------

    def read(self, data):
        """Reads all items; each must be canonical, and the last one agree with those before it."""
        decoder, at, counts, ended = cbor2.CBORDecoder(io.BytesIO(data)), 0, {1: 0, 2: 0}, False
        while at < len(data):
            begin = at
            try:
                item = decoder.decode()
                again = cbor2.dumps(item, canonical=True)
                if data[at : at + len(again)] != again or type(item) is not list or not item:
                    raise Broken("A5")
                if ended or (at == 0) != (item[0] == 0):
                    raise Broken("A5")
                at += len(again)
                self._take(item, counts)
                if item[0] == 9:
                    ended = True
                    if item[1:] != [counts[2], counts[1], sha256(memoryview(data)[:begin])]:
                        self.find("forged", "A7", "the last item disagrees with those before it")
            except Broken as rule:
                return self.find("forged", str(rule), f"the item at byte {begin}")
            except Exception:  # whatever the library says of bytes that are no CBOR
                return self._find_end(len(data) - begin, ended)
        if not ended:
            self._find_end(0, ended)

    def _take(self, item, counts):
        number, content = item[0], item[1:]
        if type(number) is not int:
            raise Broken("A5")
        if number == 0 and len(content) == 1:
            self._take_start(content[0])
        elif number in (1, 2) and len(content) == 1 and type(content[0]) is bytes:
            counts[number] += 1
            (self._take_body if number == 1 else self._take_envelope)(content[0])
        elif not (number == 9 and len(content) == 3 and is_hash(content[2])):
            raise Broken("A5")
        elif not all(within(0, 2**53 - 1)(count) for count in content[:2]):
            raise Broken("A5")

    def _take_start(self, start):
        form = {"net": is_hash, "made": within(0, 2**53 - 1), "bundle": lambda v: type(v) is int}
        form |= {"scope": lambda v: type(v) is str}
        if type(start) is dict and type(start.get("bundle")) is int and start["bundle"] != 1:
            return self.find("undecided", "A5", "a bundle of another version")
        if type(start) is dict and "about" in start:
            form["about"] = is_hash
        if not fields(**form)(start) or SCOPES.get(start["scope"]) is not ("about" in start):
            raise Broken("A5")
        self.start = start

    def _take_body(self, body):
        body_hash = sha256(body)
        if body_hash in self.bodies:
            return
        self.bodies[body_hash] = len(body)
        if len(body) > 262_144:
            raise Broken("C3")
        try:
            said = read_body(body)
        except Broken as rule:  # B5: about its author, not a forgery
            return self.find("noted", str(rule), f"the body {body_hash.hex()} cannot be read")
        if "net" in said or "stewards" in said:
            self.said[body_hash] = said

    def _take_envelope(self, envelope):
        """Checks an entry and, once it is in, those that waited for it: order decides nothing."""
        ready = [envelope]
        while ready:
            envelope = ready.pop()
            try:
                entry = self.log.add(envelope)
                ready += self.waiting.pop(entry.id, [])
                self._name(entry.header["body"])
            except Broken as rule:
                self.find("forged", str(rule), "an entry breaks this rule", sha256(envelope).hex())
            except Undecided as rule:
                if str(rule) == "V2":
                    self.newer += 1
                    self.find("undecided", "V2", "an entry of another version")
                else:
                    header = canonical(cbor2.loads(envelope).value[2], 1_024)
                    self.waiting.setdefault(header["prev"], []).append(envelope)
                    self._name(header["body"])

    def _name(self, body):
        self.named.setdefault(body["hash"], set()).add(body["len"])

    def _find_end(self, torn, ended):
        """The last item is absent: right in a journal, where it may end inside an item (A8)."""
        if ended:
            self.find("forged", "A5", "bytes follow the last item")
        elif not self.start:
            self.find("forged", "A5", "it does not begin with its first item")
        elif self.start.get("scope") != "journal":
            self.find("forged", "A7", "the last item is absent, or an item makes no sense")
        elif torn > TORN:
            self.find("undecided", "A8", f"the last {torn} bytes make no sense")
        elif torn:
            self.find("noted", "A8", f"it ends inside an item, {torn} bytes of it")

    # --- A7: what is missing, and what belongs to nothing ----------------------------------------

    def judge(self):
        scope, about = self.start.get("scope"), self.start.get("about")
        for parent in self.waiting:
            self.find("undecided", "A7", f"the parent {parent.hex()} is not in this bundle")
        if about and about not in self.log.entries:
            self.find("undecided", "A7", f"what it is about is not in this bundle: {about.hex()}")
        for body_hash, length in self.bodies.items():
            lengths = self.named.get(body_hash)
            if self.newer or (lengths and length in lengths):
                continue
            if lengths or scope != "journal":
                self.find("forged", "A7", f"the body {body_hash.hex()} belongs to no entry")
            else:
                self.find("noted", "A8", f"the body {body_hash.hex()} belongs to no entry")
        logs = {entry_id: self.log.head(entry_id) for entry_id, e in self.log.entries.items() if not e.parent}
        if scope in ("network", "journal"):
            self._judge_network(logs)
        for author, (head, status) in logs.items():
            if status != "ok":
                rule = "S3" if status == "forked" else "S1"
                self.find("noted", rule, f"the log of {author.hex()} is {status}", head.id.hex())
        return self._report(scope, logs)

    def _judge_network(self, logs):
        """N1 to N5: the charter, stewards' and listed authors' logs, canonical network bodies are needed."""
        paths = {author: list(head.path())[::-1] for author, (head, _) in logs.items()}
        charters = self._charters(paths)
        if not charters:
            return self.find("undecided", "A7", "the charter is not in this bundle")
        needed = {steward for charter in charters for steward in charter["stewards"]}
        needed |= self._listed(paths, charters[-1])
        for author in sorted(needed):
            if author not in logs:
                self.find("undecided", "A7", f"the log of {author.hex()} is not in this bundle")
            for entry in paths.get(author, []):
                if entry.header["kind"] in NETWORK_KINDS and entry.header["body"]["hash"] not in self.bodies:
                    self.find("undecided", "A7", "the body of a network entry is absent", entry.id.hex())

    def _statements(self, path, kind):
        """Returns what the entries of a kind in a path say, and their bodies' hashes, in order."""
        hashes = [entry.header["body"]["hash"] for entry in path if entry.header["kind"] == kind]
        return [(self.said[body_hash], body_hash) for body_hash in hashes if body_hash in self.said]

    def _charters(self, paths):
        """N1 to N3: the adopted versions, from the first to the one in force."""
        net = self.start["net"]
        headers = [entry.header for entry in self.log.entries.values()]
        is_held = any(header["kind"] == "charter" and header["body"]["hash"] == net for header in headers)
        charter = self.said.get(net)
        if not is_held or not is_charter(charter) or charter["version"] != 0:
            return []
        adopted, current = [charter], net
        while True:
            votes = {}
            for steward in adopted[-1]["stewards"]:
                for said, body_hash in self._statements(paths.get(steward, []), "charter"):
                    if is_charter(said) and said["version"] == len(adopted) and said.get("prev") == current:
                        votes.setdefault(body_hash, []).append(said)
                        break
            counted = [(h, said) for h, said in votes.items() if len(said) >= adopted[-1]["k"]]
            if not counted:
                return adopted
            current, said = counted[0]
            adopted.append(said[0])

    def _listed(self, paths, charter):
        """N5: the authors whom at least k of the stewards in force have at some point admitted."""
        admitted = {}
        for steward in charter["stewards"]:
            for said, _ in self._statements(paths.get(steward, []), "admit"):
                if said.get("net") == self.start["net"] and type(said.get("items")) is list:
                    for item in said["items"]:
                        if type(item) is dict and is_hash(item.get("author")):
                            admitted.setdefault(item["author"], set()).add(steward)
        return {author for author, stewards in admitted.items() if len(stewards) >= charter["k"]}

    def _report(self, scope, logs):
        verdicts = {finding["verdict"] for finding in self.findings}
        verdict = next((v for v in ("forged", "undecided") if v in verdicts), "verified")
        authors = [
            {"author": author.hex(), "head": head.id.hex(), "seq": head.header["seq"], "status": status}
            for author, (head, status) in sorted(logs.items())
        ]
        counts = {"entries": len(self.log.entries), "bodies": len(self.bodies)}
        return {"verdict": verdict, "scope": scope, **counts, "authors": authors, "findings": self.findings}


def is_charter(said):
    """The parts of a charter's form (N2) that the count of votes needs."""
    if type(said) is not dict or not within(1, 64)(said.get("k")) or type(said.get("version")) is not int:
        return False
    stewards = said.get("stewards")
    if type(stewards) is not list or not stewards or not all(map(is_hash, stewards)):
        return False
    return stewards == sorted(set(stewards)) and said["k"] <= len(stewards) < 2 * said["k"]


def audit(data):
    """Returns the report on a bundle's bytes."""
    found = Audit()
    found.read(data)
    return found.judge()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("bundle", help="the file that `multaqa export bundle` wrote")
    try:
        data = pathlib.Path(parser.parse_args().bundle).read_bytes()
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    report = audit(data)
    print(json.dumps(report))
    return {"verified": 0, "forged": 3, "undecided": 4}[report["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
