//! V4: the form of keys, and that none is used twice on one path.

use ed25519_dalek::SigningKey;

use super::author::{Made, NEW_YEAR, commitment, inception, key, keys, public, rotation, sign};
use super::chain::{Log, chain, id};
use super::signature::{mixed_inception, refused_encodings, small_points, with_sign};
use super::{Cases, Expect, Input, broken, hash_of, whole};

pub(super) fn group() -> super::Made {
    let mut cases = Cases(vec![]);
    form(&mut cases);
    reuse(&mut cases, &Log::new("keys"));
    paths(&mut cases, &Log::new("keys"));
    ("Keys: their encoding in a header, and their use along one path.", cases.0)
}

fn form(cases: &mut Cases) {
    let log = Log::new("keys");
    let header = &log.first.pairs;
    for (n, point) in small_points().iter().enumerate() {
        let name = format!("sign of small order, number {n}");
        let bytes = with_sign(header, point).encode();
        cases.add("V4", &name, Input::Header(whole(&bytes)), broken("V4"), "");
    }
    for (name, point) in refused_encodings() {
        let bytes = with_sign(header, &point).encode();
        cases.add("V4", &format!("sign: {name}"), Input::Header(whole(&bytes)), broken("V4"), "");
    }
    let turn = log.rotation(&log.first, 1).pairs;
    let zero = super::header::with_key(&turn, "reveal", &[0; 32]).encode();
    cases.add("V4", "reveal of small order", Input::Header(whole(&zero)), broken("V4"), "");
    let (mixed, envelope) = mixed_inception(false);
    let note = "A key with a small-order component passes where C4 holds.";
    let input = Input::Chain { chain: vec![hex::encode(&envelope)] };
    cases.add("V4", "a key of mixed order", input, Expect::Id(hash_of(&mixed)), note);
    let (_, envelope) = mixed_inception(true);
    let input = Input::Chain { chain: vec![hex::encode(&envelope)] };
    let note = "The key is admitted; this signature holds with the cofactor only.";
    cases.add("V5", "a key of mixed order, equation with the cofactor", input, broken("V5"), note);
}

/// A rotation after `parent` with the keys given, signed as its `reveal` demands.
fn turned(parent: &Made, sign_key: &SigningKey, reveal: &SigningKey, next: &[u8]) -> Made {
    sign(&rotation(parent, &public(sign_key), &public(reveal), next), reveal)
}

fn reuse(cases: &mut Cases, log: &Log) {
    let first = &log.first;
    let (s0, s1, s2) = (log.sign_key(0), log.sign_key(1), log.sign_key(2));
    let (r1, r2, r3) = (log.rotation_key(1), log.rotation_key(2), log.rotation_key(3));
    let mut add = |name: &str, entries: &[&Made], note: &str| {
        cases.add("V4", name, chain(entries), broken("V4"), note);
    };
    let own = sign(&inception(&keys(&public(&s0), &commitment(&s0)), NEW_YEAR), &s0);
    add("inception whose next is the hash of its sign", &[&own], "A key shown beside it.");
    let announced = commitment(&r2);
    add(
        "sign is reveal",
        &[first, &turned(first, &r1, &r1, &announced)],
        "The rotation key never becomes a signing key.",
    );
    add("sign of the inception again", &[first, &turned(first, &s0, &r1, &announced)], "");
    add(
        "next is the hash of reveal",
        &[first, &turned(first, &s1, &r1, &commitment(&r1))],
        "It is also the next before.",
    );
    add("next is the hash of sign beside it", &[first, &turned(first, &s1, &r1, &commitment(&s1))], "");
    add("next is the hash of the inception's sign", &[first, &turned(first, &s1, &r1, &commitment(&s0))], "");
    let turn = turned(first, &s1, &r1, &announced);
    let later = commitment(&r3);
    add("sign of the inception after two rotations", &[first, &turn, &turned(&turn, &s0, &r2, &later)], "");
    add("sign of the rotation before again", &[first, &turn, &turned(&turn, &s1, &r2, &later)], "");
    add("sign is a reveal of before", &[first, &turn, &turned(&turn, &r1, &r2, &later)], "");
    add("next of before again", &[first, &turn, &turned(&turn, &s2, &r2, &announced)], "");
    add("next of the inception again", &[first, &turn, &turned(&turn, &s2, &r2, &commitment(&r1))], "");
    add(
        "next is the hash of a sign of before",
        &[first, &turn, &turned(&turn, &s2, &r2, &commitment(&s1))],
        "",
    );
    // A key revealed after it was a signing key: announced by the first rotation, used as `sign` by it.
    let shown = turned(first, &s1, &r1, &commitment(&s2));
    add(
        "reveal is sign beside it, two rotations on",
        &[first, &shown, &turned(&shown, &s2, &s2, &later)],
        "",
    );
}

fn paths(cases: &mut Cases, log: &Log) {
    let first = &log.first;
    let (s1, r1, r2) = (log.sign_key(1), log.rotation_key(1), log.rotation_key(2));
    let one = log.plain(first, "profile", 0);
    let turn = turned(&one, &s1, &r1, &commitment(&r2));
    let mut add = |name: &str, entries: &[&Made], note: &str| {
        let last = entries.last().expect("a chain has an entry");
        cases.add("V4", name, chain(entries), id(last), note);
    };
    let rival = turned(first, &s1, &r1, &commitment(&r2));
    add(
        "the same keys on two paths",
        &[first, &one, &turn, &rival],
        "V4 looks at one path; this is a contest.",
    );
    let swapped = turned(first, &key("keys/rival"), &r1, &commitment(&s1));
    let note = "On its own path that key was never shown.";
    add("next is the hash of a key shown on another path", &[first, &one, &turn, &swapped], note);
    let fresh = log.rotation(&turn, 2);
    add("new keys each time", &[first, &one, &turn, &fresh], "");
}
