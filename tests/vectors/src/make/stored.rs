//! V7, V8 and B5: what a body has to do with its entry.

use super::author::{NEW_YEAR, begin, body_ref, empty_body, key, plain, sign};
use super::cbor::{Pairs, array, bstr, head, tstr, uint};
use super::chain::{Log, chain, id};
use super::{Cases, Expect, Input, Made, broken, filled, hash_of, whole};

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    network_kinds(&mut cases);
    nothing_else(&mut cases);
    bodies(&mut cases);
    (
        "Bodies by themselves (a good one has the SHA-256 of its bytes), and entries with and without them. Broken \
         V7: not to be stored like this, though the entry is valid.",
        cases.0,
    )
}

fn body(pairs: &Pairs) -> Vec<u8> {
    array(&[bstr(&[0x5a; 16]), pairs.encode()])
}

fn join() -> Vec<u8> {
    body(&Pairs::new([("net", bstr(&[0x11; 32])), ("charter", bstr(&[0x22; 32]))]))
}

fn network_kinds(cases: &mut Cases) {
    let first = begin("bodies");
    let by = key("bodies/sign");
    let entry = sign(&plain(&first, "join", &join()), &by);
    let mut add = |name: &str, made: &super::author::Made, body: Option<Vec<u8>>, good: bool, note: &str| {
        let input = Input::Stored { hex: hex::encode(&made.envelope), body: body.map(hex::encode) };
        cases.add("V7", name, input, if good { id(made) } else { broken("V7") }, note);
    };
    add("a network kind with its body", &entry, Some(join()), true, "");
    add("a network kind without its body", &entry, None, false, "");
    let mut altered = join();
    altered[20] ^= 1;
    add("a network kind with a body of another hash", &entry, Some(altered), false, "");
    add("a network kind with a body of another length", &entry, Some([&*join(), &[0]].concat()), false, "");
    let hash = multaqa_protocol::id::sha256(&join());
    let longer = plain(&first, "join", &join()).with("body", body_ref(join().len() as u64 + 1, &hash));
    add(
        "a network kind whose len is not its body's",
        &sign(&longer, &by),
        Some(join()),
        false,
        "The hash alone agrees.",
    );
    let practice = sign(&plain(&first, "practice", &join()), &by);
    add("another kind without its body", &practice, None, true, "Its body may come later or never.");
    for kind in ["admit", "charter", "checkpoint", "close", "leave", "suspend", "withdraw", "witness"] {
        let entry = sign(&plain(&first, kind, &join()), &by);
        add(&format!("{kind} without its body"), &entry, None, false, "");
    }
    let malformed = [&[0x82, 0x50], &[0x5a; 16][..], &[0xf6]].concat();
    let entry = sign(&plain(&first, "join", &malformed), &by);
    add(
        "a network kind with a malformed body",
        &entry,
        Some(malformed),
        true,
        "It is its body (B5), and has no effect.",
    );
}

fn nothing_else(cases: &mut Cases) {
    let log = Log::new("bodies");
    let first = &log.first;
    let by = log.sign_key(0);
    let one = log.plain(first, "profile", 0);
    let mut add = |name: &str, pairs: &Pairs, note: &str| {
        let made = sign(pairs, &by);
        cases.add("V8", name, chain(&[first, &one, &made]), id(&made), note);
    };
    let entry = |kind: &str| plain(&one, kind, &empty_body());
    add("an unknown kind", &entry("org.example.water"), "Kept, forwarded and counted.");
    add("a time before the parent's", &entry("practice").with("time", uint(NEW_YEAR - 1)), "");
    add("time 0 after 2026", &entry("practice").with("time", uint(0)), "");
    add("a time in 2099", &entry("practice").with("time", uint(4_070_908_800_000)), "");
    add("the last time there is", &entry("practice").with("time", uint((1 << 53) - 1)), "");
    add("a body that nobody has", &entry("practice").with("body", body_ref(4_711, &[0xee; 32])), "");
    add("a network kind outside every network", &entry("admit"), "Its effect is the network's affair.");
    let malformed = [&[0x82, 0x50], &[0x5a; 16][..], &[0xf6]].concat();
    add("a malformed body", &plain(&one, "practice", &malformed), "B5 is about the body, not the entry.");
    let unknown = entry("practice").with("lang", tstr("ar")).encode();
    let note = "Unknown fields are ignored in bodies only; a header is closed (V1).";
    cases.add("V8", "an unknown field in a header", Input::Header(whole(&unknown)), broken("V1"), note);
    let note = "Of a practice: the entry above stays valid, the body is shown as unreadable.";
    let twice = [&[0x82, 0x50], &[0x5a; 16][..], b"\xa2\x61a\x00\x61a\x00"].concat();
    cases.add("V8", "a body with a key twice", Input::Body(whole(&twice)), broken("C2"), note);
}

fn bodies(cases: &mut Cases) {
    let salt = bstr(&[0x5a; 16]);
    let words = Pairs::new([("ar", tstr("بئر")), ("fr", tstr("puits"))]).encode();
    let whole_body = body(&Pairs::new([("title", words)]));
    for (name, bytes, note) in [
        ("the shortest body", empty_body(), "19 bytes: what an inception has."),
        ("a body with words", whole_body.clone(), ""),
        ("a body with unknown fields", body(&Pairs::new([("x", array(&[]))])), "Kept and ignored."),
        ("a body of a join", join(), ""),
    ] {
        cases.add("B5", name, Input::Body(whole(&bytes)), Expect::Hash(hash_of(&bytes)), note);
    }
    let map = Pairs::default().encode();
    for (name, bytes) in [
        ("no salt", array(std::slice::from_ref(&map))),
        ("a salt alone", array(std::slice::from_ref(&salt))),
        ("salt of 15 bytes", array(&[bstr(&[0; 15]), map.clone()])),
        ("salt of 17 bytes", array(&[bstr(&[0; 17]), map.clone()])),
        ("salt as text", array(&[tstr("0123456789abcdef"), map.clone()])),
        ("an array for a map", array(&[salt.clone(), array(&[])])),
        ("a third item", array(&[salt.clone(), map.clone(), uint(0)])),
        ("the map first", array(&[map.clone(), salt.clone()])),
        ("a map outside", Pairs::new([("salt", salt.clone())]).encode()),
        ("an integer", uint(7)),
    ] {
        cases.add("B5", &format!("body: {name}"), Input::Body(whole(&bytes)), broken("B5"), "");
    }
    let start = [&[0x82][..], &salt].concat();
    for (rule, name, rest) in [
        ("C1", "keys out of order", &b"\xa2\x61b\x00\x61a\x00"[..]),
        ("C1", "an integer key", b"\xa1\x01\x00"),
        ("C2", "null", b"\xa1\x61a\xf6"),
        ("C2", "a float", b"\xa1\x61a\xf9\x3c\x00"),
        ("C2", "a longer form", b"\xb8\x00"),
        ("C2", "a byte after it", b"\xa0\x00"),
        ("C2", "its end missing", b""),
        ("C2", "text that is not UTF-8", b"\xa1\x61a\x61\xff"),
    ] {
        let bytes = [&start, rest].concat();
        cases.add("B5", &format!("body: {name}"), Input::Body(whole(&bytes)), broken(rule), "");
    }
    // {"a": bytes} of 262,145 bytes in all.
    let lead = [&start[..], b"\xa1\x61a"].concat();
    let len = 262_145 - lead.len() - 5;
    let long = filled(&[lead, head(2, len as u64)].concat(), &[0], len);
    cases.add("C3", "body of 262,145 bytes", Input::Body(long), broken("C3"), "");
}
