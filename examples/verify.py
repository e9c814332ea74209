"""An auditor's check of bundles, offline, written from docs/protocol.md (A5 to A9).

    multaqa export bundle --out all.bundle
    python verify.py all.bundle

Prints one JSON object for each file, and ends with A7's code: 0 verified, 3 forged, 4 cannot be decided
(of several files the gravest), 1 could not run. The report is that of `multaqa --json verify`, without
the words: form, every entry and body, what the scope promises, who is a member, what is disowned,
withdrawn and cut, and how far checkpoints and witnesses reach. It reads the whole file into memory.
"""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "python"))

from log import MAX_BODY, MAX_INT, MAX_NEWER, Broken, Cut, Log, Undecided
from log import canonical, fields, head, is_hash, is_signed, is_text, read_body, read_entry, scan
from log import sha256, within
from network import FORMS, Network

START, BODY, ENVELOPE, END = 0, 1, 2, 9
MAX_START, MAX_END = 65_536, 64
SCOPES = {"network": False, "author": True, "entry": True, "journal": False}  # whether it is about something
TORN = 300 * 1_024  # a torn end leaves at most this (A8)
MAX_FINDINGS = 1_000  # of one severity: a hostile file must not fill the memory
SAYING = {"net", "stewards", "successors", "entries"}  # every network kind has one of these fields
COUNTS = within(0, MAX_INT)


class Audit:
    """What the items of one bundle say, and what was found."""

    def __init__(self):
        self.start, self.log = {}, Log()
        self.bodies = {}  # hash -> length, of those in the bundle
        self.said = {}  # hash -> what it says, of those that could be of a network kind
        self.malformed = set()  # hashes
        self.named = {}  # hash -> the lengths that headers name
        self.waiting = {}  # parent -> {envelope: (id, header)}
        self.invalid = set()  # ids
        self.newer = set()  # hashes of envelopes of another version
        self.findings = {"forged": [], "undecided": [], "note": []}
        self.unlisted = 0

    def find(self, severity, rule, text, entry=None):
        if len(self.findings[severity]) < MAX_FINDINGS:
            entry = entry and entry.hex()
            self.findings[severity].append({"rule": rule, "severity": severity, "entry": entry, "text": text})
        else:
            self.unlisted += 1

    # --- A5: the items ---------------------------------------------------------------------------

    def read(self, data):
        """Reads items until one makes no sense; what stands before is judged all the same."""
        at, counts, ended = 0, {BODY: 0, ENVELOPE: 0}, False
        while at < len(data):
            try:
                if ended:
                    raise Broken("A5")
                end, number, content = read_item(data, at)
                if number == START:
                    self.start = read_start(content)
                elif number == END:
                    ended = True
                    if content != [counts[ENVELOPE], counts[BODY], sha256(memoryview(data)[:at])]:
                        return self.find("forged", "A7", f"the last item, at byte {at}, disagrees")
                else:
                    counts[number] += 1
                    (self._take_body if number == BODY else self._take_envelope)(content)
            except Cut:
                break
            except Undecided as rule:
                return self.find("undecided", str(rule), "a bundle of another version")
            except Broken as rule:
                if self.start.get("scope") == "journal" and not ended:
                    break
                return self.find("forged", str(rule), f"the item at byte {at}")
            at = end
        if not ended:
            self._find_end(len(data) - at)

    def _find_end(self, torn):
        """The last item is absent: right in a journal, where it may end inside an item (A8)."""
        if not self.start:
            self.find("forged", "A5", "it does not begin with its first item")
        elif self.start["scope"] != "journal":
            self.find("forged", "A7", "the last item is absent")
        elif torn > TORN:
            self.find("undecided", "A8", f"the last {torn} bytes make no sense")
        elif torn:
            self.find("note", "A8", f"it ends inside an item, {torn} bytes of it")

    def _take_body(self, body):
        body_hash = sha256(body)
        if body_hash in self.bodies:
            return
        self.bodies[body_hash] = len(body)
        try:
            said = read_body(body)
        except Broken:  # B5: about its author, not a forgery
            self.malformed.add(body_hash)
            return
        if SAYING & said.keys():
            self.said[body_hash] = said

    def _take_envelope(self, envelope):
        """Checks an entry and, once it is in, those that waited for it: order decides nothing."""
        try:
            entry_id, header = read_entry(envelope)
        except Undecided:
            if sha256(envelope) not in self.newer:
                self.newer.add(sha256(envelope))
                self.find("undecided", "V2", "an entry of another version")
            return
        except Broken as rule:
            return self.find("forged", str(rule), "an envelope that is no entry")
        body = header["body"]
        self.named.setdefault(body["hash"], set()).add(body["len"])
        ready = [(envelope, (entry_id, header))]
        while ready:
            envelope, (entry_id, header) = ready.pop()
            try:
                self.log.place(envelope, entry_id, header)
                ready += self.waiting.pop(entry_id, {}).items()
            except Undecided:
                self.waiting.setdefault(header["prev"], {})[envelope] = entry_id, header
            except Broken as rule:
                self.invalid.add(entry_id)
                self.find("forged", str(rule), "an entry breaks this rule", entry_id)

    # --- A6, A7: what it all shows -----------------------------------------------------------------

    def judge(self):
        scope, about = self.start.get("scope"), self.start.get("about")
        unplaced = self._judge_waiting()
        network = Network(self.start.get("net"), self.log, self.said, self.holds)
        included = network.heads if scope == "author" else self.log.entries.keys() | unplaced.keys()
        if about and about not in included:
            self.find("undecided", "A7", "what it is about is not in this bundle")
        if scope in ("network", "journal"):
            self._judge_scope(network)
        members = network.members()
        reach = {} if members is None else self._judge_checkpoints(network, members)
        entries, bodies = self._judge_entries(network, unplaced)
        self._judge_bodies(scope)
        return {
            "verdict": next((v for v in ("forged", "undecided") if self.findings[v]), "verified"),
            "scope": scope,
            "network": self.start["net"].hex() if self.start else None,
            "made": self.start.get("made"),
            "about": about and about.hex(),
            "authors": [self._report(network, author, reach) for author in network.authors],
            "members": members_report(members),
            "entries": entries,
            "bodies": bodies,
            "findings": [found for severity in self.findings.values() for found in severity],
            "unlisted": self.unlisted,
        }

    def holds(self, entry):
        return self.bodies.get(entry.header["body"]["hash"]) == entry.header["body"]["len"]

    def _judge_waiting(self):
        """Judges what has no parent here, from the top: forged where it breaks a rule all the same, or
        hangs on what does. Returns the rest, *unplaced*, by id."""
        ids = {entry_id for children in self.waiting.values() for entry_id, _ in children.values()}
        roots = sorted(self.waiting.keys() - ids)
        unplaced, ready = {}, [(root, root in self.invalid) for root in roots]
        while ready:
            parent, is_broken = ready.pop()
            sound = {}
            for envelope, (entry_id, header) in self.waiting.get(parent, {}).items():
                reveal = header.get("keys", {}).get("reveal")
                rule = "V3" if is_broken else "V5" if reveal and not is_signed(envelope, reveal) else None
                if rule:
                    self.find("forged", rule, "an entry breaks this rule", entry_id)
                sound[entry_id] = sound.get(entry_id, False) or not rule
                if not rule:
                    unplaced.setdefault(entry_id, []).append((envelope, header))
            ready += [(entry_id, not good) for entry_id, good in sound.items()]
        for root in (root for root in roots if root not in self.invalid):
            children = {entry_id for entry_id, _ in self.waiting[root].values()} & unplaced.keys()
            if children:
                self.find("undecided", "A7", f"the parent {root.hex()} is not in this bundle", min(children))
        for entry_id, found in unplaced.items():
            turns = self.log.establishments.get(found[0][1]["author"], ())
            keys = {turn.header["keys"]["sign"] for turn in turns}
            for envelope, _ in found:
                if any(is_signed(envelope, key) for key in keys):
                    self.find("note", "A6", "signed by a key of the author, but not placed", entry_id)
        return {entry_id: found[0][1] for entry_id, found in unplaced.items()}

    def _judge_scope(self, network):
        if not network.charters:
            self.find("undecided", "A7", "the charter is not in this bundle")
        for author in network.replicated():
            if author not in network.heads:
                self.find("undecided", "A7", f"the log of {author.hex()} is not in this bundle")
        for path in network.paths.values():
            for entry in path:
                if entry.kind in FORMS and not self.holds(entry):
                    self.find("undecided", "A7", "the body of a network entry is absent", entry.id)

    def _judge_checkpoints(self, network, members):
        """A4: heads that checkpoints name and nobody finds here. Returns how far each log was shown and
        witnessed."""
        reach, lacking = {}, {}
        witnesses = network.witnesses(members)
        for checkpoint, said in network.checkpoints():
            for author, seq, entry_id, _ in said["heads"]:
                if author not in network.heads:
                    continue
                entry = self.log.entries.get(entry_id)
                if not entry or (entry.author, entry.seq) != (author, seq):
                    lacking[author] = checkpoint.id
                    continue
                shared = next(above for above in entry.path() if above.id in network.canonical).seq
                shown, witnessed = reach.get(author, (-1, -1))
                if any(author not in excepted for excepted in witnesses.get(checkpoint.id, ())):
                    witnessed = max(witnessed, shared)
                reach[author] = max(shown, shared), witnessed
        for checkpoint in lacking.values():
            self.find("note", "A4", "it names a head that is not in this bundle", checkpoint)
        return reach

    def _judge_entries(self, network, unplaced):
        """A6: counts what is true of entries and bodies."""
        entries = dict.fromkeys(("canonical", "disputed", "disowned", "beyond_cut"), 0)
        entries |= {"unplaced": len(unplaced), "newer": len(self.newer)}
        bodies = dict.fromkeys(("present", "withdrawn", "present_though_withdrawn", "absent"), 0)
        for header in unplaced.values():
            is_present = self.bodies.get(header["body"]["hash"]) == header["body"]["len"]
            bodies["present" if is_present else "absent"] += 1
        withdrawn = network.withdrawn()
        stays = {e.header["body"]["hash"] for e in self.log.entries.values() if e.id not in withdrawn}
        disowning = set()
        for entry in self.log.entries.values():
            mark, by = self._mark(network, entry)
            entries[mark] += 1
            if by:
                disowning.add(by)
            body_hash, state = entry.header["body"]["hash"], "present" if self.holds(entry) else "absent"
            if state == "present" and body_hash in self.malformed:
                self.find("note", "B5", "its body cannot be read", entry.id)
            if entry.id in withdrawn:
                is_kept = state == "present" and body_hash not in stays
                state = "present_though_withdrawn" if is_kept else "withdrawn"
                if is_kept:
                    self.find("note", "B3", "its body was withdrawn, and is here", entry.id)
            bodies[state] += 1
        for entry_id in disowning:
            self.find("note", "S5", "this rotation disowns entries", entry_id)
        return entries, bodies

    @staticmethod
    def _mark(network, entry):
        """A6, S5: what is true of an entry, and the rotation that disowns it."""
        is_network = entry.kind in FORMS
        cut = (network.cut if is_network else network.records_cut)(entry.author)
        if cut is not None and entry.seq > cut:
            return "beyond_cut", None
        if entry.id in network.canonical:
            return "canonical", None
        shared = next(above for above in entry.path() if above.id in network.canonical)
        after = network.paths[entry.author][shared.seq + 1 :]
        by = next((later.id for later in after if later.kind == "rotate"), None)
        return ("disowned", by) if by else ("disputed", None)

    def _judge_bodies(self, scope):
        """A7: bodies that belong to no entry. An entry of another version could name any."""
        for body_hash, length in () if self.newer else self.bodies.items():
            lengths = self.named.get(body_hash, ())
            if length in lengths:
                continue
            if lengths or scope != "journal":
                self.find("forged", "A7", f"the body {body_hash.hex()} belongs to no entry")
            else:
                self.find("note", "A8", f"the body {body_hash.hex()} belongs to no entry")

    def _report(self, network, author, reach):
        head, status = network.heads[author]
        if status != "ok":
            self.find("note", "S3" if status == "forked" else "S1", f"the log is {status}", head.id)
        shown, witnessed = reach.get(author, (-1, -1))
        return {
            "author": author.hex(),
            "seq": head.seq,
            "id": head.id.hex(),
            "status": status,
            "entries": network.sizes[author],
            "cut": network.cut(author),
            "closed": network.is_closed(author),
            "shown_to": None if shown < 0 else shown,
            "witnessed_to": None if witnessed < 0 else witnessed,
        }


def members_report(members):
    if members is None:
        return None
    return [{"author": a.hex(), "place": found.place, "level": found.level} for a, found in members.items()]


# --- items ---------------------------------------------------------------------------------------


def read_item(data, at):
    """Returns where the item at `at` ends, its number, and what follows the number."""
    major, length, inner = head(data, at)
    if major != 4 or length == 0:
        raise Broken("A5")
    major, number, inner = head(data, inner)
    if major != 0 or (at == 0) != (number == START):
        raise Broken("A5")
    if number in (BODY, ENVELOPE) and length == 2:
        major, size, inner = head(data, inner)
        if major != 2:
            raise Broken("A5")
        if size > (MAX_BODY if number == BODY else MAX_NEWER):
            raise Broken("C3")
        if inner + size > len(data):
            raise Cut
        return inner + size, number, bytes(data[inner : inner + size])
    if (number, length) not in ((START, 2), (END, 4)):
        raise Broken("A5")
    limit = MAX_START if number == START else MAX_END
    item = data[at : at + limit + 1]
    try:
        end = scan(item)
    except Cut:
        end = limit + 1
        if len(item) <= limit:
            raise
    if end > limit:
        raise Broken("C3")
    content = canonical(item[:end], limit)[1:]
    if number == END and not (all(map(COUNTS, content[:2])) and is_hash(content[2])):
        raise Broken("A5")
    return at + end, number, content[0] if number == START else content


def read_start(start):
    if type(start) is dict and type(start.get("bundle")) is int and start["bundle"] != 1:
        raise Undecided("A5")
    form = {"net": is_hash, "made": COUNTS, "scope": is_text, "bundle": within(1, 1)}
    if type(start) is dict and "about" in start:
        form["about"] = is_hash
    if not fields(**form)(start) or SCOPES.get(start["scope"]) is not ("about" in start):
        raise Broken("A5")
    return start


def audit(data):
    """Returns the report on a bundle's bytes."""
    found = Audit()
    found.read(data)
    return found.judge()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("bundles", nargs="+", metavar="FILE", help="a file that `multaqa export bundle` wrote")
    verdicts = set()
    for name in parser.parse_args().bundles:
        try:
            data = pathlib.Path(name).read_bytes()
        except OSError as error:
            print(error, file=sys.stderr)
            return 1
        report = audit(data)
        print(json.dumps(report), flush=True)
        verdicts.add(report["verdict"])
    return next((code for verdict, code in (("forged", 3), ("undecided", 4)) if verdict in verdicts), 0)


if __name__ == "__main__":
    sys.exit(main())
