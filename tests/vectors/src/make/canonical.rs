//! C1 to C3: canonical bytes, and each way of leaving them.

use super::cbor::{Pairs, array, bstr, head, tstr, uint, wide};
use super::{Cases, Expect, Input, Made, broken, filled, hash_of, whole};

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    good(&mut cases);
    bad_maps(&mut cases);
    bad_forms(&mut cases);
    limits(&mut cases);
    ("Single CBOR items of at most 262,144 bytes; a good one has the SHA-256 of its bytes.", cases.0)
}

fn good(cases: &mut Cases) {
    let many = Pairs((0..24).map(|n| (format!("{n:02}"), uint(n))).collect());
    for (rule, name, bytes, note) in [
        (
            "C1",
            "keys by length, then bytes",
            hex("a4 61 62 01 61 63 02 62 6161 03 63 616161 04"),
            "b, c, aa, aaa",
        ),
        ("C1", "the empty key", hex("a2 60 01 61 61 02"), "Empty text is text, and the shortest."),
        ("C1", "a map in a map starts a new order", hex("a2 61 61 a1 61 7a 00 61 62 a1 61 61 00"), ""),
        ("C1", "a map of 24 pairs", many.encode(), "Its head has two bytes."),
        (
            "C1",
            "keys by bytes, not by letters",
            hex("a2 62 c3a9 01 62 d8a8 02"),
            "Two letters of two bytes each.",
        ),
        (
            "C2",
            "all types in use",
            hex("86 00 20 41ff 61 7a f4 a0"),
            "Integers, bytes, text, false, containers.",
        ),
        ("C2", "both booleans", hex("82 f4 f5"), ""),
        (
            "C2",
            "shortest heads at each width",
            hex("88 17 1818 18ff 190100 19ffff 1a00010000 1affffffff 1b0000000100000000"),
            "",
        ),
        ("C2", "largest integer", uint((1 << 53) - 1), "2^53 - 1"),
        ("C2", "smallest integer", head(1, (1 << 53) - 2), "-(2^53 - 1)"),
        ("C2", "text of each length of UTF-8", tstr("aéب𐌊"), ""),
        (
            "C2",
            "text is not normalised by a reader",
            tstr("e\u{301}"),
            "W5 binds writers; validity does not look.",
        ),
        ("C2", "a byte string that is not UTF-8", bstr(&[0xff, 0xc0]), ""),
    ] {
        cases.add(rule, name, Input::Cbor(whole(&bytes)), Expect::Hash(hash_of(&bytes)), note);
    }
}

fn bad_maps(cases: &mut Cases) {
    for (rule, name, text, note) in [
        ("C1", "keys of one length out of order", "a2 61 62 01 61 61 02", ""),
        ("C1", "longer key first", "a2 62 6161 01 61 62 02", "Alphabetical order is not the order of C1."),
        ("C1", "order broken in an inner map", "81 a2 61 62 01 61 61 02", ""),
        (
            "C1",
            "order broken after an inner map",
            "a2 61 62 a0 61 61 00",
            "The key before is the outer one's.",
        ),
        ("C1", "an integer key", "a1 01 02", ""),
        ("C1", "a negative integer key", "a1 20 02", ""),
        ("C1", "a byte string as key", "a1 41 61 02", ""),
        ("C1", "an array as key", "a1 80 02", ""),
        ("C1", "a boolean key", "a1 f5 02", ""),
        ("C2", "a key twice", "a2 61 61 01 61 61 02", ""),
        ("C2", "a key twice with the same value", "a2 61 61 01 61 61 01", ""),
        ("C2", "the empty key twice", "a2 60 01 60 01", ""),
    ] {
        cases.add(rule, name, Input::Cbor(whole(&hex(text))), broken(rule), note);
    }
}

fn bad_forms(cases: &mut Cases) {
    for (name, text, note) in [
        ("integer 0 in two bytes", "18 00", ""),
        ("integer 23 in two bytes", "18 17", ""),
        ("integer 255 in three bytes", "19 00ff", ""),
        ("integer 65,535 in five bytes", "1a 0000ffff", ""),
        ("integer 2^32 - 1 in nine bytes", "1b 00000000ffffffff", ""),
        ("negative integer in a longer form", "38 00", ""),
        ("byte string's length in a longer form", "58 01 00", ""),
        ("text's length in a longer form", "78 01 61", ""),
        ("array's length in a longer form", "98 01 00", ""),
        ("map's length in a longer form", "b8 01 61 61 00", ""),
        ("key's length in a longer form", "a1 78 01 61 00", ""),
        ("array of indefinite length", "9f 00 ff", ""),
        ("map of indefinite length", "bf 61 61 00 ff", ""),
        ("byte string of indefinite length", "5f 41 00 ff", ""),
        ("text of indefinite length", "7f 61 61 ff", ""),
        ("a break outside", "ff", ""),
        ("null", "f6", "An absent field is absent."),
        ("undefined", "f7", ""),
        ("simple value 0", "e0", ""),
        ("simple value 32", "f8 20", ""),
        ("false as a simple value of two bytes", "f8 14", ""),
        ("half float 0", "f9 0000", ""),
        ("single float 1", "fa 3f800000", ""),
        ("double float 1.1", "fb 3ff199999999999a", ""),
        ("NaN", "f9 7e00", ""),
        ("tag 0, a date", "c0 74 323032362d30312d30315430303a30303a30305a", ""),
        ("tag 2, a bignum", "c2 41 01", ""),
        ("self-described CBOR", "d9d9f7 00", ""),
        ("reserved head 28", "1c", ""),
        ("reserved head 30 of an array", "9e", ""),
        ("integer 2^53", "1b 0020000000000000", ""),
        ("integer -2^53", "3b 001fffffffffffff", ""),
        ("largest integer of 64 bits", "1b ffffffffffffffff", ""),
        ("text with a lone continuation byte", "61 80", ""),
        ("text with an overlong form", "62 c0af", ""),
        ("text with a surrogate", "63 eda080", ""),
        ("text beyond U+10FFFF", "64 f4908080", ""),
        ("text cut inside a letter", "61 c3", "The length counts bytes."),
        ("a key that is not UTF-8", "a1 61 ff 00", ""),
        ("a byte after the end", "00 00", ""),
        ("an item after the end", "a0 a0", ""),
        ("nothing at all", "", ""),
        ("head cut", "19 01", ""),
        ("byte string cut", "42 00", ""),
        ("array cut", "82 00", ""),
        ("map without its value", "a1 61 61", ""),
        ("byte string that promises 2^60 bytes", "5b 1000000000000000 00", "Nothing may be reserved for it."),
    ] {
        cases.add("C2", name, Input::Cbor(whole(&hex(text))), broken("C2"), note);
    }
}

fn limits(cases: &mut Cases) {
    let mut add = |name: &str, bytes: super::Bytes, good: bool, note: &str| {
        let expect = if good { Expect::Hash(hash_of(&bytes.read())) } else { broken("C3") };
        cases.add("C3", name, Input::Cbor(bytes), expect, note);
    };
    let nest = |depth: usize| [vec![0x81; depth - 1], vec![0x80]].concat();
    let maps = |depth: usize| [hex("a1 61 61").repeat(depth - 1), vec![0xa0]].concat();
    add("arrays 16 deep", whole(&nest(16)), true, "The outermost is 1.");
    add("arrays 17 deep", whole(&nest(17)), false, "");
    add("maps 16 deep", whole(&maps(16)), true, "");
    add("maps 17 deep", whole(&maps(17)), false, "");
    add(
        "two nests side by side",
        whole(&array(&[nest(15), nest(15)])),
        true,
        "Closed containers do not count.",
    );
    add("65,536 items", filled(&head(4, 65_535), &[0], 65_535), true, "The array and what is in it.");
    add("65,537 items", filled(&head(4, 65_536), &[0], 65_536), false, "");
    let half = [head(4, 3), head(4, 1_000), vec![0; 1_000]].concat();
    let two = |last: u64| filled(&[half.clone(), uint(0), head(4, last)].concat(), &[0], last as usize);
    add("65,536 items in two arrays", two(64_532), true, "");
    add("65,537 items in two arrays", two(64_533), false, "");
    let full = MAX - head(2, MAX as u64).len();
    add("262,144 bytes", filled(&head(2, full as u64), &[0], full), true, "The largest body.");
    add("262,145 bytes", filled(&head(2, full as u64 + 1), &[0], full + 1), false, "");
    // A longer form is refused whether or not what follows it is there.
    let wide = wide(4, 1, 4);
    cases.add(
        "C2",
        "array's length in the longest form",
        Input::Cbor(whole(&[wide, vec![0]].concat())),
        broken("C2"),
        "",
    );
}

const MAX: usize = 262_144;

fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text.replace(' ', "")).expect("cases are written in hex")
}
