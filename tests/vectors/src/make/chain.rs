//! V3, V5, V6: an entry among its ancestors.

use ed25519_dalek::SigningKey;

use super::author::{
    Made, NEW_YEAR, begin, commitment, empty_body, inception, key, keys, plain, public, rotation, sign,
};
use super::cbor::{bstr, uint};
use super::{Cases, Expect, Input, broken};

pub(super) fn group() -> super::Made {
    let mut cases = Cases(vec![]);
    let log = Log::new("chain");
    good(&mut cases, &log);
    v3(&mut cases, &log);
    v5(&mut cases, &log);
    v6(&mut cases, &log);
    (
        "Envelopes of one log in order of arrival. All but the last are valid; the verdict is on the last, given \
         those before it and nothing else.",
        cases.0,
    )
}

/// A log's inception and the keys of its first rotations.
pub(super) struct Log {
    name: &'static str,
    pub(super) first: Made,
}

impl Log {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, first: begin(name) }
    }

    /// Returns the key that signs after `turn` rotations.
    pub(super) fn sign_key(&self, turn: u32) -> SigningKey {
        match turn {
            0 => key(&format!("{}/sign", self.name)),
            _ => key(&format!("{}/sign {turn}", self.name)),
        }
    }

    /// Returns the key that rotation number `turn` reveals.
    pub(super) fn rotation_key(&self, turn: u32) -> SigningKey {
        key(&format!("{}/rotation {turn}", self.name))
    }

    /// Returns a plain entry after `parent`, signed as it should be after `turn` rotations.
    pub(super) fn plain(&self, parent: &Made, kind: &str, turn: u32) -> Made {
        sign(&plain(parent, kind, &empty_body()), &self.sign_key(turn))
    }

    /// Returns rotation number `turn` after `parent`.
    pub(super) fn rotation(&self, parent: &Made, turn: u32) -> Made {
        let next = commitment(&self.rotation_key(turn + 1));
        let reveal = self.rotation_key(turn);
        sign(&rotation(parent, &public(&self.sign_key(turn)), &public(&reveal), &next), &reveal)
    }
}

pub(super) fn chain(entries: &[&Made]) -> Input {
    Input::Chain { chain: entries.iter().map(|made| hex::encode(&made.envelope)).collect() }
}

pub(super) fn id(made: &Made) -> Expect {
    Expect::Id(hex::encode(made.id))
}

fn good(cases: &mut Cases, log: &Log) {
    let first = &log.first;
    let one = log.plain(first, "profile", 0);
    let two = log.plain(&one, "practice", 0);
    let turn = log.rotation(&two, 1);
    let after = log.plain(&turn, "practice", 1);
    let again = log.rotation(&after, 2);
    let later = log.plain(&again, "practice", 2);
    let mut add = |rule: &str, name: &str, entries: &[&Made], note: &str| {
        let last = entries.last().expect("a chain has an entry");
        cases.add(rule, name, chain(entries), id(last), note);
    };
    add("V5", "an inception", &[first], "Signed by its own sign.");
    add("V3", "a plain entry after the inception", &[first, &one], "");
    add("V3", "three entries", &[first, &one, &two], "");
    add("V5", "a rotation", &[first, &one, &two, &turn], "Signed by the revealed key.");
    add("V5", "a rotation right after the inception", &[first, &log.rotation(first, 1)], "");
    add(
        "V5",
        "a plain entry after a rotation",
        &[first, &one, &two, &turn, &after],
        "Signed by the new key.",
    );
    add("V5", "two rotations and an entry", &[first, &one, &two, &turn, &after, &again, &later], "");
    let back = log.rotation(&one, 1);
    add(
        "V3",
        "a rotation that steps back",
        &[first, &one, &two, &back],
        "It names the last entry its owner stands by.",
    );
    let reused = log.plain(&back, "practice", 1);
    add("V3", "a seq used again after a step back", &[first, &one, &two, &back, &reused], "");
    let fork = log.plain(&one, "challenge", 0);
    add(
        "V3",
        "a second child of one parent",
        &[first, &one, &two, &fork],
        "A fork is valid; S1 decides what counts.",
    );
    let contest = log.rotation(first, 1);
    add(
        "V3",
        "a second rotation of one key",
        &[first, &one, &turn_after(log, &one), &contest],
        "A contest is valid.",
    );
    let disowned = log.plain(&two, "practice", 0);
    add(
        "V5",
        "an entry on a disowned branch",
        &[first, &one, &two, &back, &disowned],
        "By the key of its own path.",
    );
    let straight = log.rotation(&turn, 2);
    add("V5", "a rotation right after a rotation", &[first, &one, &two, &turn, &straight], "");
}

fn turn_after(log: &Log, parent: &Made) -> Made {
    log.rotation(parent, 1)
}

fn v3(cases: &mut Cases, log: &Log) {
    let first = &log.first;
    let one = log.plain(first, "profile", 0);
    let two = log.plain(&one, "practice", 0);
    let mut add = |name: &str, entries: &[&Made], expect: Expect, note: &str| {
        cases.add("V3", name, chain(entries), expect, note);
    };
    add("unknown parent", &[first, &two], Expect::Undecided("V3".into()), "Decided once the parent is here.");
    let by = log.sign_key(0);
    let other = begin("another log");
    let wrong = plain(&one, "practice", &empty_body()).with("author", bstr(&other.id));
    add("author of another log", &[first, &one, &sign(&wrong, &by)], broken("V3"), "");
    let wrong = plain(&one, "practice", &empty_body()).with("author", bstr(&one.id));
    add("author is the parent's id", &[first, &one, &sign(&wrong, &by)], broken("V3"), "");
    for (name, seq) in [("seq of the parent", 1), ("seq skips one", 3), ("seq far ahead", 4_294_967_295)] {
        let wrong = plain(&one, "practice", &empty_body()).with("seq", uint(seq));
        add(name, &[first, &one, &sign(&wrong, &by)], broken("V3"), "");
    }
    let skips = log.rotation(&one, 1).pairs.with("seq", uint(3));
    add("a rotation's seq skips one", &[first, &one, &sign(&skips, &log.rotation_key(1))], broken("V3"), "");
}

fn v5(cases: &mut Cases, log: &Log) {
    let first = &log.first;
    let one = log.plain(first, "profile", 0);
    let turn = log.rotation(&one, 1);
    let mut add = |name: &str, entries: &[&Made], note: &str| {
        cases.add("V5", name, chain(entries), broken("V5"), note);
    };
    add("inception signed by another key", &[&sign(&first.pairs, &key("somebody else"))], "");
    let rotation_key = log.rotation_key(1);
    add("inception signed by its rotation key", &[&sign(&first.pairs, &rotation_key)], "");
    let entry = plain(&one, "practice", &empty_body());
    add("plain entry signed by another key", &[first, &one, &sign(&entry, &key("somebody else"))], "");
    add("plain entry signed by the rotation key", &[first, &one, &sign(&entry, &rotation_key)], "");
    let entry = plain(&turn, "practice", &empty_body());
    add(
        "plain entry signed by the key before",
        &[first, &one, &turn, &sign(&entry, &log.sign_key(0))],
        "A stolen old key.",
    );
    add("plain entry signed by the revealed key", &[first, &one, &turn, &sign(&entry, &rotation_key)], "");
    let entry = plain(&one, "practice", &empty_body());
    add(
        "key of a rotation used on the branch it disowned",
        &[first, &one, &turn, &sign(&entry, &log.sign_key(1))],
        "",
    );
    add("rotation signed by the signing key", &[first, &one, &sign(&turn.pairs, &log.sign_key(0))], "");
    add("rotation signed by its new signing key", &[first, &one, &sign(&turn.pairs, &log.sign_key(1))], "");
    let unannounced = rotation(
        &one,
        &public(&log.sign_key(1)),
        &public(&log.rotation_key(7)),
        &commitment(&log.rotation_key(2)),
    );
    let note = "Its SHA-256 is not the next of the establishment entry.";
    add(
        "rotation reveals a key not announced",
        &[first, &one, &sign(&unannounced, &log.rotation_key(7))],
        note,
    );
    let early = rotation(
        &one,
        &public(&log.sign_key(2)),
        &public(&log.rotation_key(2)),
        &commitment(&log.rotation_key(3)),
    );
    let note = "The second rotation's key, before the first was used.";
    add("rotation reveals a key announced later", &[first, &one, &sign(&early, &log.rotation_key(2))], note);
    let mut forged = log.plain(&one, "practice", 0);
    let last = forged.envelope.len() - 1;
    forged.envelope[last - 40] ^= 1;
    add("a bit of the signature", &[first, &one, &forged], "");
    let mut turned = log.rotation(&one, 1);
    let last = turned.envelope.len() - 1;
    turned.envelope[last - 40] ^= 1;
    add("a bit of a rotation's signature", &[first, &one, &turned], "");
    // A signature moved from one entry to another.
    let mut moved = log.plain(&one, "practice", 0);
    let (to, from) = (moved.envelope.len() - 64, one.envelope.len() - 64);
    moved.envelope.truncate(to);
    moved.envelope.extend(&one.envelope[from..]);
    add("the signature of the entry before", &[first, &one, &moved], "");
    // The claim of another author's log: its inception, signed by our key.
    let stolen =
        inception(&keys(&public(&key("another log/sign")), &commitment(&log.rotation_key(1))), NEW_YEAR);
    add("inception with somebody else's key", &[&sign(&stolen, &log.sign_key(0))], "");
}

fn v6(cases: &mut Cases, log: &Log) {
    let first = &log.first;
    let close = log.plain(first, "close", 0);
    let more = log.plain(&close, "practice", 0);
    cases.add("V6", "a plain entry after close", chain(&[first, &close, &more]), broken("V6"), "");
    let twice = log.plain(&close, "close", 0);
    cases.add("V6", "a close after close", chain(&[first, &close, &twice]), broken("V6"), "");
    let turn = log.rotation(&close, 1);
    cases.add("V6", "a rotation after close", chain(&[first, &close, &turn]), id(&turn), "");
    let reopened = log.plain(&turn, "practice", 1);
    let note = "Its parent is the rotation, not the close.";
    cases.add(
        "V6",
        "a plain entry after close and a rotation",
        chain(&[first, &close, &turn, &reopened]),
        id(&reopened),
        note,
    );
    let sibling = log.plain(first, "practice", 0);
    let note = "V6 looks at the parent only.";
    cases.add("V6", "an entry beside a close", chain(&[first, &close, &sibling]), id(&sibling), note);
}
