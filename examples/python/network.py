"""What a network makes of its logs: who decides, who belongs, what is withdrawn, what was witnessed.

Written from docs/protocol.md (N1 to N8, B2, A1 to A3). All of it is a function of the entries and
bodies at hand. Nothing here makes an entry valid or invalid: that is log.py's part.
"""

from collections import Counter

from log import MAX_INT, is_hash, is_text, within

LAST = 2**32 - 1  # the greatest number of an entry
MAX_HEADS = 3_000


def record(required, optional=()):
    """Returns a check for a map with these fields, whatever else it holds (V8)."""
    optional = dict(optional)
    return lambda value: (
        type(value) is dict
        and all(name in value and check(value[name]) for name, check in required.items())
        and all(check(value[name]) for name, check in optional.items() if name in value)
    )


def array(check, least=0, most=MAX_INT):
    return lambda value: type(value) is list and least <= len(value) <= most and all(map(check, value))


def is_words(value):
    return type(value) is dict and bool(value) and all(map(is_text, value.values()))


def is_head(row):
    return array(lambda _: True, 4, 4)(row) and all(
        check(value) for check, value in zip((is_hash, within(0, LAST), is_hash, within(0, 2)), row)
    )


def is_heads(rows):
    if not array(is_head, 0, MAX_HEADS)(rows):
        return False
    return all(before[0] < after[0] for before, after in zip(rows, rows[1:]))


def is_charter(said):
    """The CDDL, and what N2 asks of a charter by itself."""
    form = {"names": is_words, "text": is_words, "principles": array(is_text, 1), "licence": is_text}
    form |= {"stewards": array(is_hash, 1, 64), "k": UINT, "versions": array(UINT, 1), "version": UINT}
    if not record(form, {"prev": is_hash})(said):
        return False
    stewards = said["stewards"]
    if stewards != sorted(set(stewards)) or not said["k"] <= len(stewards) < 2 * said["k"]:
        return False
    return ("prev" in said) is (said["version"] > 0)


UINT = within(0, MAX_INT)
IN_LOG = record({"author": is_hash, "seq": UINT, "id": is_hash})
ENTRY = record({"author": is_hash, "seq": within(0, LAST), "id": is_hash})
ADMISSION = record(
    {"author": is_hash},
    {"place": is_text, "level": is_text, "stands": is_hash, "succeeds": array(is_hash, 1)},
)
FORMS = {
    "admit": record({"net": is_hash, "items": array(ADMISSION, 1, 2_048)}),
    "charter": is_charter,
    "checkpoint": record({"net": is_hash, "charter": is_hash, "heads": is_heads}),
    "close": record({"reason": is_text, "successors": array(is_hash)}, {"note": is_words}),
    "join": record({"net": is_hash, "charter": is_hash}),
    "leave": record({"net": is_hash}),
    "suspend": record(
        {"net": is_hash, "author": is_hash, "upto": UINT, "reason": is_text}, {"note": is_words}
    ),
    "withdraw": record(
        {"entries": array(IN_LOG, 1, 64), "reason": is_text}, {"net": is_hash, "basis": is_text}
    ),
    "witness": record({"net": is_hash, "checkpoint": ENTRY, "except": array(is_hash, 0, MAX_HEADS)}),
}


def agreed(values, k):
    """Returns the value that at least k share, None where there is none; since n < 2k there is at most one."""
    return next((value for value, count in Counter(values).items() if count >= k), None)


class Opinion:
    """What one steward says of one author (N4)."""

    def __init__(self):
        self.admits, self.upto = None, None  # the latest statement: an admission, or where a suspension cuts
        self.has_admitted, self.stands = False, None


class Standing:
    """What the stewards in force say of one author (N5 to N7)."""

    def __init__(self, opinions, k):
        admits = [opinion.admits for opinion in opinions if opinion.admits]
        cuts = [opinion.upto for opinion in opinions if opinion.upto is not None]
        self.listed = sum(opinion.has_admitted for opinion in opinions) >= k
        self.admitted = len(admits) >= k
        self.pin = agreed((opinion.stands for opinion in opinions if opinion.stands), k)
        self.cut = min(max(cuts), LAST) if cuts and self.listed and not self.admitted else None
        self.place = agreed((item["place"] for item in admits if "place" in item), k)
        self.level = agreed((item["level"] for item in admits if "level" in item), k)


class Network:
    """One network by what is in `log`, and in `said`: what a body that is held says, by its hash."""

    def __init__(self, net, log, said, holds):
        self.net, self.log, self.said, self.holds = net, log, said, holds
        self.authors = sorted(entry_id for entry_id, entry in log.entries.items() if not entry.parent)
        self.sizes = Counter(entry.author for entry in log.entries.values())
        self.heads = {author: log.head(author) for author in self.authors}
        self.paths = {author: self._path(author) for author in self.authors}
        self.charters, self.standings = self._charters(), {}  # without pins and cuts: N6, N7
        self.stewards_ever = {steward for charter in self.charters for steward in charter["stewards"]}
        self.stewards = self.charters[-1]["stewards"] if self.charters else []
        if self.charters:
            self._count()
        for author, standing in self.standings.items():
            if author in self.heads and author not in self.stewards_ever:
                pin = log.entries.get(standing.pin)
                pin = pin if pin and pin.author == author else None
                cut = LAST if standing.cut is None else standing.cut
                self.heads[author] = log.head(author, pin, cut)
                self.paths[author] = self._path(author)
        self.canonical = {entry.id for path in self.paths.values() for entry in path}

    def _path(self, author):
        return list(self.heads[author][0].path())[::-1]

    def cut(self, author):
        """N7: where a log is cut, None where it is not; a steward's never is."""
        return None if author in self.stewards_ever else self.records_cut(author)

    def records_cut(self, author):
        """N7: where what is shown of an author's records is cut, a steward's too."""
        standing = self.standings.get(author)
        return standing.cut if standing else None

    def says(self, entry):
        """Returns what an entry of a network kind says, None where that is not held or says nothing (V8)."""
        said = self.said.get(entry.header["body"]["hash"]) if self.holds(entry) else None
        return said if said is not None and FORMS[entry.kind](said) else None

    def statements(self, author, kind):
        """Returns the canonical entries of a kind that say something, and what they say, by number."""
        found = ((entry, self.says(entry)) for entry in self.paths.get(author, ()) if entry.kind == kind)
        return [(entry, said) for entry, said in found if said is not None]

    def _charters(self):
        """N1 to N3: the adopted versions, from the first to the one in force."""
        founding = (e for e in self.log.entries.values() if e.kind == "charter")
        said = next((self.says(e) for e in founding if e.header["body"]["hash"] == self.net and self.says(e)), None)
        if said is None or said["version"] != 0:
            return []
        adopted, current = [said], self.net
        while True:
            votes = Counter()
            for steward in adopted[-1]["stewards"]:
                for entry, said in self.statements(steward, "charter"):
                    if said["version"] == len(adopted) and said["prev"] == current:
                        votes[entry.header["body"]["hash"]] += 1
                        break
            counted = [body_hash for body_hash, count in votes.items() if count >= adopted[-1]["k"]]
            if not counted:
                return adopted
            current = counted[0]
            adopted.append(self.said[current])

    def _count(self):
        """N4: what the stewards in force say of each author."""
        opinions = {}
        for steward in self.stewards:
            said = {}
            for entry in self.paths.get(steward, ()):
                if entry.kind not in ("admit", "suspend") or not (says := self.says(entry)):
                    continue
                if says["net"] != self.net:
                    continue
                for item in says.get("items", ()) if entry.kind == "admit" else ():
                    opinion = said.setdefault(item["author"], Opinion())
                    opinion.admits, opinion.upto, opinion.has_admitted = item, None, True
                    opinion.stands = item.get("stands", opinion.stands)
                if entry.kind == "suspend":
                    opinion = said.setdefault(says["author"], Opinion())
                    opinion.admits, opinion.upto = None, says["upto"]
            for author, opinion in said.items():
                opinions.setdefault(author, []).append(opinion)
        k = self.charters[-1]["k"]
        self.standings = {author: Standing(found, k) for author, found in opinions.items()}

    def replicated(self):
        """N7: the authors whose logs belong to the network."""
        return self.stewards_ever | {author for author, found in self.standings.items() if found.listed}

    def is_decided(self):
        """Whether everything is held that says who is a member: all stewards' logs and what they say."""
        if not self.charters or not all(steward in self.heads for steward in self.stewards_ever):
            return False
        said = (entry for steward in self.stewards_ever for entry in self.paths[steward])
        deciding = FORMS.keys() - {"checkpoint", "witness"}
        return all(self.holds(entry) for entry in said if entry.kind in deciding)

    def members(self):
        """N5: the members with what k stewards confirm of them, by author; None where that is not decided."""
        if not self.is_decided():
            return None
        found = {}
        for author in self.authors:
            standing = self.standings.get(author)
            if standing and standing.admitted and self._has_joined(author) and not self.is_closed(author):
                found[author] = standing
        return found

    def _has_joined(self, author):
        joined = False
        for entry in self.paths[author]:
            if entry.kind in ("join", "leave") and (said := self.says(entry)) and said["net"] == self.net:
                joined = entry.kind == "join"
        return joined

    def is_closed(self, author):
        """N5: the last canonical entry that is no rotation is a `close`."""
        last = next(entry for entry in reversed(self.paths[author]) if entry.kind != "rotate")
        return last.kind == "close"

    def withdrawn(self):
        """B2: the ids of the entries whose bodies are withdrawn."""
        found, orders = set(), {}
        for by in self.authors:
            for _, said in self.statements(by, "withdraw"):
                is_order = said.get("net") == self.net and by in self.stewards
                for ref in said["entries"]:
                    entry = self.log.entries.get(ref["id"])
                    if not entry or (entry.author, entry.seq) != (ref["author"], ref["seq"]) or entry.kind in FORMS:
                        continue
                    if entry.author == by:
                        found.add(entry.id)
                    if is_order:
                        orders.setdefault(entry.id, set()).add(by)
        return found | {entry_id for entry_id, by in orders.items() if len(by) >= self.charters[-1]["k"]}

    def checkpoints(self):
        """A3: the checkpoints that count, and what they say, the latest claim last."""
        found = [
            (entry, said)
            for steward in self.stewards
            for entry, said in self.statements(steward, "checkpoint")
            if said["net"] == self.net
        ]
        return sorted(found, key=lambda one: (one[0].header["time"], one[0].id))

    def witnesses(self, members):
        """A3: by checkpoint, what each member's confirmation leaves out."""
        found = {}
        for member in members:
            for _, said in self.statements(member, "witness"):
                if said["net"] == self.net:
                    found.setdefault(said["checkpoint"]["id"], []).append(said["except"])
        return found
