//! C5 and V2: the one form of an envelope, and what is left to later versions.

use super::author::{begin, key, seal};
use super::cbor::{Pairs, bstr, uint, wide};
use super::{Bytes, Cases, Expect, Input, Made, broken, filled, hash_of, whole};

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    form(&mut cases);
    newer(&mut cases);
    ("Envelopes by themselves, their signatures not checked.", cases.0)
}

fn form(cases: &mut Cases) {
    let made = begin("envelope");
    let header = made.pairs.encode();
    let good = made.envelope;
    let signature = &good[good.len() - 64..];
    let id = Expect::Id(hash_of(&header));
    cases.add("C5", "an envelope", Input::Envelope(whole(&good)), id.clone(), "");
    let other = seal(&header, &key("somebody else"));
    let note = "Its id is that of the header; whether the signature counts is V5's question.";
    cases.add("C5", "another signature over the same header", Input::Envelope(whole(&other)), id, note);

    let around = |start: &[u8], header: &[u8], end: &[u8]| [start, header, end].concat();
    let (head, body, tail) = (&good[..7], &*bstr(&header), &*bstr(signature));
    for (name, bytes, note) in [
        ("no tag", good[1..].to_vec(), "Untagged COSE_Sign1 is another form."),
        ("tag 98", around(&[0xd8, 98, 0x84, 0x43, 0xa1, 1, 0x27, 0xa0], body, tail), "COSE_Sign."),
        ("tag 18 in a longer form", around(&[0xd8, 18, 0x84, 0x43, 0xa1, 1, 0x27, 0xa0], body, tail), ""),
        ("self-described CBOR before it", [&[0xd9, 0xd9, 0xf7], &*good].concat(), ""),
        ("another algorithm", around(&[0xd2, 0x84, 0x43, 0xa1, 1, 0x26, 0xa0], body, tail), "-7, ES256."),
        (
            "a second protected field",
            around(&[0xd2, 0x84, 0x46, 0xa2, 1, 0x27, 4, 0x41, 0x31, 0xa0], body, tail),
            "",
        ),
        ("nothing protected", around(&[0xd2, 0x84, 0x40, 0xa0], body, tail), ""),
        ("the protected map not wrapped", around(&[0xd2, 0x84, 0xa1, 1, 0x27, 0xa0], body, tail), ""),
        (
            "an unprotected field",
            around(&[0xd2, 0x84, 0x43, 0xa1, 1, 0x27, 0xa1, 4, 0x41, 0x31], body, tail),
            "",
        ),
        ("algorithm unprotected", around(&[0xd2, 0x84, 0x40, 0xa1, 1, 0x27], body, tail), ""),
        ("payload detached", around(head, &[0xf6], tail), ""),
        ("payload as text", around(head, &[&[0x79], &body[1..]].concat(), tail), ""),
        (
            "payload's length in a longer form",
            around(head, &[wide(2, header.len() as u64, 4), header.clone()].concat(), tail),
            "",
        ),
        ("array of five", around(&[0xd2, 0x85, 0x43, 0xa1, 1, 0x27, 0xa0], body, &[tail, &[0]].concat()), ""),
        (
            "array of indefinite length",
            around(&[0xd2, 0x9f, 0x43, 0xa1, 1, 0x27, 0xa0], body, &[tail, &[0xff]].concat()),
            "",
        ),
        ("signature of 63 bytes", around(head, body, &bstr(&signature[1..])), ""),
        ("signature of 65 bytes", around(head, body, &bstr(&[signature, &[0]].concat())), ""),
        (
            "signature's length in a longer form",
            around(head, body, &[wide(2, 64, 2), signature.to_vec()].concat()),
            "",
        ),
        ("signature cut", good[..good.len() - 1].to_vec(), ""),
        ("a byte after the envelope", [&*good, &[0]].concat(), ""),
        ("nothing", vec![], ""),
    ] {
        cases.add("C5", &format!("envelope: {name}"), Input::Envelope(whole(&bytes)), broken("C5"), note);
    }
    let long = seal(&[0xa0; 1_025], &key("envelope/sign"));
    cases.add("C3", "envelope of 1,101 bytes", Input::Envelope(whole(&long)), broken("C3"), "");
}

/// An envelope of V2's form.
fn general(protected: &[u8], header: &[u8], signature: &[u8]) -> Vec<u8> {
    [&[0xd2, 0x84], &*bstr(protected), &[0xa0], &*bstr(header), &*bstr(signature)].concat()
}

fn newer(cases: &mut Cases) {
    let version = |v: Vec<u8>| Pairs::new([("v", v)]);
    let two = version(uint(2)).encode();
    let undecided = || Expect::Undecided("V2".into());
    let many = Pairs((0..23).map(|n| (format!("f{n:02}"), uint(n))).collect()).with("v", uint(2));
    let like_ours = begin("newer").pairs.with("v", uint(2)).encode();
    let eddsa = [0xa1, 0x01, 0x27];
    for (name, bytes, note) in [
        ("fields of version 1 under v 2", general(&eddsa, &like_ours, &[7; 64]), ""),
        ("v alone", general(&eddsa, &two, &[7; 64]), ""),
        (
            "another algorithm and a longer signature",
            general(&[0xa1, 1, 0x38, 0x30], &two, &[7; 3_309]),
            "The size of ML-DSA-65.",
        ),
        ("protected and signature empty", general(&[], &two, &[]), "Whatever its algorithm and size."),
        ("v 0", general(&eddsa, &version(uint(0)).encode(), &[7; 64]), ""),
        ("v -1", general(&eddsa, &version(vec![0x20]).encode(), &[7; 64]), ""),
        ("v 2^53 - 1", general(&eddsa, &version(uint((1 << 53) - 1)).encode(), &[7; 64]), ""),
        (
            "v after other fields of one letter",
            general(&eddsa, &version(uint(2)).with("a", vec![0xa0]).encode(), &[]),
            "",
        ),
        ("a map of 24 fields", general(&eddsa, &many.encode(), &[]), "The map's head has two bytes."),
    ] {
        cases.add("V2", &format!("newer: {name}"), Input::Envelope(whole(&bytes)), undecided(), note);
    }
    // 65,536 bytes in all, and one more.
    let start = |len: usize| {
        [
            general(&eddsa, &two, &[])[..].split_last().map_or(&[][..], |(_, start)| start),
            &wide(2, len as u64, 2),
        ]
        .concat()
    };
    let room = 65_536 - start(0).len();
    let at = |len: usize| -> Bytes { filled(&start(len), &[7], len) };
    cases.add("V2", "newer: 65,536 bytes", Input::Envelope(at(room)), undecided(), "");
    cases.add("V2", "newer: 65,537 bytes", Input::Envelope(at(room + 1)), broken("C3"), "No longer V2's.");

    for (name, header, note) in [
        ("no v", Pairs::new([("u", uint(2))]).encode(), ""),
        ("v as text", version(vec![0x61, 0x32]).encode(), ""),
        ("v true", version(vec![0xf5]).encode(), ""),
        ("v in an inner map only", Pairs::new([("a", two.clone())]).encode(), ""),
        ("an array", [&[0x81], &*two].concat(), ""),
        ("v twice", Pairs::new([("v", uint(2)), ("v", uint(3))]).encode(), "Breaks C2."),
        ("keys out of order", Pairs::new([("v", uint(2)), ("a", uint(0))]).encode(), "Breaks C1."),
        ("v in a longer form", version(vec![0x18, 0x02]).encode(), "Breaks C2."),
        ("v beyond 2^53 - 1", version(uint(1 << 53)).encode(), "Breaks C2."),
        ("null in a field", version(uint(2)).with("w", vec![0xf6]).encode(), "Breaks C2."),
        ("a byte after the header", [&*two, &[0]].concat(), "Breaks C2."),
        ("v 1", version(uint(1)).encode(), "Of our version, so C5 judges it."),
    ] {
        let bytes = general(&[0xa1, 1, 0x38, 0x30], &header, &[7; 64]);
        cases.add("V2", &format!("not newer: {name}"), Input::Envelope(whole(&bytes)), broken("C5"), note);
    }
    let good = general(&[], &two, &[7; 64]);
    let mut unprotected = good.clone();
    unprotected.splice(3..4, [0xa1, 0x04, 0x00]);
    for (name, bytes) in [
        ("something unprotected", unprotected),
        ("a byte after the envelope", [&*good, &[0]].concat()),
        ("no tag", good[1..].to_vec()),
    ] {
        cases.add("V2", &format!("not newer: {name}"), Input::Envelope(whole(&bytes)), broken("C5"), "");
    }
    let canonical = general(&eddsa, &version(uint(2)).with("w", vec![0xf6]).encode(), &[7; 64]);
    let note = "The form is C5's, so the header is judged.";
    cases.add(
        "V2",
        "not newer: null in a header in our form",
        Input::Envelope(whole(&canonical)),
        broken("C2"),
        note,
    );
}
