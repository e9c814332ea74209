//! V1: the three forms of a header, closed to every other field.

use super::author::{begin, body_ref, commitment, key, plain, public, rotation};
use super::cbor::{Pairs, bstr, head, tstr, uint};
use super::{Cases, Expect, Input, Made, broken, hash_of, whole};

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    good(&mut cases);
    fields(&mut cases);
    values(&mut cases);
    bytes(&mut cases);
    ("Headers by themselves; a good one has the entry's id.", cases.0)
}

struct Forms {
    inception: Pairs,
    plain: Pairs,
    rotation: Pairs,
}

fn forms() -> Forms {
    let first = begin("header");
    let entry = plain(&first, "practice", b"a body of the header's vectors");
    let sign = public(&key("header/sign 2"));
    let reveal = key("header/rotation 1");
    let next = commitment(&key("header/rotation 2"));
    let rotation = rotation(&first, &sign, &public(&reveal), &next);
    Forms { inception: first.pairs, plain: entry, rotation }
}

fn good(cases: &mut Cases) {
    let Forms { inception, plain, rotation } = forms();
    let longest = format!("a{}", "-".repeat(63));
    for (name, pairs, note) in [
        ("an inception", &inception, ""),
        ("a plain entry", &plain, ""),
        ("a rotation", &rotation, ""),
        ("kind of one letter", &plain.with("kind", tstr("a")), ""),
        ("kind of 64 letters", &plain.with("kind", tstr(&longest)), ""),
        ("kind of an extension", &plain.with("kind", tstr("org.example.water-2")), ""),
        ("kind that only begins like inception", &plain.with("kind", tstr("inceptions")), ""),
        ("largest seq", &plain.with("seq", uint(4_294_967_295)), ""),
        ("time 0", &plain.with("time", uint(0)), ""),
        ("largest time", &plain.with("time", uint((1 << 53) - 1)), ""),
        ("shortest body", &plain.with("body", body_ref(19, &[1; 32])), ""),
        ("longest body", &plain.with("body", body_ref(262_144, &[1; 32])), ""),
        (
            "inception with a longer body",
            &inception.with("body", body_ref(20, &[1; 32])),
            "A body's content never decides (V8).",
        ),
        ("next of zeros", &with_key(&rotation, "next", &[0; 32]), "A hash may be anything."),
    ] {
        let bytes = pairs.encode();
        cases.add("V1", name, Input::Header(whole(&bytes)), Expect::Id(hash_of(&bytes)), note);
    }
}

/// Returns `header` with one of its keys replaced.
pub(super) fn with_key(header: &Pairs, name: &str, bytes: &[u8]) -> Pairs {
    let keys = &header.0.iter().find(|(key, _)| key == "keys").expect("an establishment entry").1;
    // Three pairs of a head of five bytes, a head of two and 32 bytes; `reveal` has two bytes more.
    let mut pairs = Pairs::default();
    let mut at = 1;
    while at < keys.len() {
        let end = at + 1 + usize::from(keys[at] & 0x1f);
        let key = String::from_utf8(keys[at + 1..end].to_vec()).expect("keys are text");
        pairs.0.push((key, keys[end..end + 34].to_vec()));
        at = end + 34;
    }
    header.with("keys", pairs.with(name, bstr(bytes)).encode())
}

fn fields(cases: &mut Cases) {
    let Forms { inception, plain, rotation } = forms();
    let mut add = |name: &str, pairs: &Pairs, note: &str| {
        cases.add("V1", name, Input::Header(whole(&pairs.encode())), broken("V1"), note);
    };
    for (form, pairs) in [("inception", &inception), ("plain", &plain), ("rotation", &rotation)] {
        for (field, _) in &pairs.0 {
            add(&format!("{form} without {field}"), &pairs.without(field), "");
        }
        add(&format!("{form} with an unknown field"), &pairs.with("note", tstr("x")), "Headers are closed.");
    }
    let field = |pairs: &Pairs, name: &str| {
        pairs
            .0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .expect("the field is there")
    };
    add("inception with prev", &inception.with("prev", field(&plain, "prev")), "");
    add("inception with author", &inception.with("author", field(&plain, "author")), "");
    add("inception with seq 1", &inception.with("seq", uint(1)), "");
    add("inception with reveal", &inception.with("keys", field(&rotation, "keys")), "");
    add("plain entry with keys", &plain.with("keys", field(&inception, "keys")), "");
    add("rotation without reveal", &rotation.with("keys", field(&inception, "keys")), "");
    add("plain entry of kind inception", &plain.with("kind", tstr("inception")), "");
    add("plain entry of kind rotate", &plain.with("kind", tstr("rotate")), "");
    add("inception of another kind", &inception.with("kind", tstr("practice")), "");
    add("rotation of another kind", &rotation.with("kind", tstr("practice")), "");
    add("keys with a fourth field", &extra(&rotation, "keys", 3, "zz"), "");
    add("body with a third field", &extra(&plain, "body", 2, "z"), "");
    add("body without hash", &plain.with("body", Pairs::new([("len", uint(20))]).encode()), "");
    add("header without fields", &Pairs::default(), "");
}

/// Returns `header` with one pair more in its inner map `field` of `pairs` pairs.
fn extra(header: &Pairs, field: &str, pairs: u8, key: &str) -> Pairs {
    let inner = &header.0.iter().find(|(name, _)| name == field).expect("the field is there").1;
    header.with(field, [&[0xa1 + pairs], &*tstr(key), &[0], &inner[1..]].concat())
}

fn values(cases: &mut Cases) {
    let Forms { inception, plain, rotation } = forms();
    let mut add = |name: &str, pairs: &Pairs, note: &str| {
        cases.add("V1", name, Input::Header(whole(&pairs.encode())), broken("V1"), note);
    };
    add("v as text", &plain.with("v", tstr("1")), "An integer other than 1 would be V2's.");
    add("seq 0 in a plain entry", &plain.with("seq", uint(0)), "");
    add("seq 0 in a rotation", &rotation.with("seq", uint(0)), "");
    add("seq 2^32", &plain.with("seq", uint(1 << 32)), "");
    add("seq -1", &plain.with("seq", vec![0x20]), "");
    add("seq true", &plain.with("seq", vec![0xf5]), "Types are exact: true is not 1.");
    add("time -1", &plain.with("time", vec![0x20]), "");
    add("time as text", &plain.with("time", tstr("2026-01-01")), "");
    add("body of 18 bytes", &plain.with("body", body_ref(18, &[1; 32])), "");
    add("body of 262,145 bytes", &plain.with("body", body_ref(262_145, &[1; 32])), "");
    add("body hash of 31 bytes", &plain.with("body", body_ref(20, &[1; 31])), "");
    add("body hash of 33 bytes", &plain.with("body", body_ref(20, &[1; 33])), "");
    add(
        "body hash as hex text",
        &plain.with(
            "body",
            [&[0xa2], &*tstr("len"), &uint(20), &*tstr("hash"), &*tstr(&"01".repeat(32))].concat(),
        ),
        "",
    );
    add("body as an array", &plain.with("body", [&[0x82], &*uint(20), &*bstr(&[1; 32])].concat()), "");
    add("prev of 31 bytes", &plain.with("prev", bstr(&[1; 31])), "");
    add("prev as text", &plain.with("prev", tstr(&"01".repeat(32))), "");
    add("author of 20 bytes", &plain.with("author", bstr(&[1; 20])), "");
    add("sign of 33 bytes", &with_key(&inception, "sign", &[1; 33]), "");
    add("next of 31 bytes", &with_key(&inception, "next", &[1; 31]), "");
    let longer = format!("a{}", "-".repeat(64));
    for (name, kind) in [
        ("empty", ""),
        ("with a capital", "Practice"),
        ("that begins with a digit", "2practice"),
        ("that begins with a dot", ".practice"),
        ("that begins with a hyphen", "-practice"),
        ("with an underscore", "good_practice"),
        ("with a space", "good practice"),
        ("with a line end", "practice\n"),
        ("with a letter that is not ASCII", "pratiqué"),
        ("of 65 letters", &longer),
    ] {
        add(&format!("kind {name}"), &plain.with("kind", tstr(kind)), "The whole text has to match.");
    }
    add("kind as bytes", &plain.with("kind", bstr(b"practice")), "");
}

/// Headers that break C1 to C3: V1 demands those rules, and they are what is reported.
fn bytes(cases: &mut Cases) {
    let Forms { plain, .. } = forms();
    let encoded = plain.encode();
    let mut add = |rule: &str, name: &str, bytes: &[u8], note: &str| {
        cases.add("V1", name, Input::Header(whole(bytes)), broken(rule), note);
    };
    let mut swapped = plain.clone();
    swapped.0.swap(0, 1);
    add("C1", "header's keys out of order", &swapped.encode(), "");
    let mut twice = plain.clone();
    twice.0.insert(1, twice.0[0].clone());
    add("C2", "header with v twice", &twice.encode(), "");
    add("C2", "header with prev null", &plain.with("prev", vec![0xf6]).encode(), "");
    add(
        "C2",
        "header with a float as time",
        &plain.with("time", [vec![0xfb], 1.5_f64.to_be_bytes().to_vec()].concat()).encode(),
        "",
    );
    add("C2", "header with time 2^53", &plain.with("time", uint(1 << 53)).encode(), "");
    add("C2", "header with seq in a longer form", &plain.with("seq", vec![0x18, 0x01]).encode(), "");
    add("C2", "header with a byte after it", &[&*encoded, &[0]].concat(), "");
    add("C2", "header cut", &encoded[..encoded.len() - 1], "");
    add("C2", "header with a tagged time", &plain.with("time", [head(6, 1), uint(0)].concat()).encode(), "");
    add("C2", "header of indefinite length", &[&[0xbf], &encoded[1..], &[0xff]].concat(), "");
    add(
        "V1",
        "header as an array of its values",
        &[vec![0x87], plain.0.iter().flat_map(|(_, value)| value.clone()).collect()].concat(),
        "",
    );
}
