//! Frames of the exchange and messages of gossip: their forms, not what a node does with them.

use multaqa_protocol::id::sha256;

use super::author::{NEW_YEAR, empty_body};
use super::cbor::{Pairs, array, bstr, head, tstr, uint};
use super::chain::Log;
use super::{Cases, Expect, Input, Made, broken, filled, hash_of, whole};

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    frames(&mut cases);
    bad_frames(&mut cases);
    messages(&mut cases);
    (
        "Frames of /multaqa/sync/1 without their length, and gossip messages. A good one has the SHA-256 of its \
         bytes, for a message its id (G2). Broken Y7: canonical, but not a frame. Broken G1: canonical, but not a \
         message.",
        cases.0,
    )
}

fn frame(number: u64, rest: &[Vec<u8>]) -> Vec<u8> {
    [head(4, rest.len() as u64 + 1), uint(number), rest.concat()].concat()
}

fn row(author: &[u8; 32], seq: u64, id: &[u8; 32], status: u64) -> Vec<u8> {
    array(&[bstr(author), uint(seq), bstr(id), uint(status)])
}

/// The 256 hashes of a node that holds `rows`, all in bucket 0 (Y2).
fn buckets(rows: &[Vec<u8>]) -> Vec<[u8; 32]> {
    let mut hashes = vec![sha256(&array(&[])); 256];
    hashes[0] = sha256(&array(rows));
    hashes
}

fn root(hashes: &[[u8; 32]]) -> [u8; 32] {
    sha256(&hashes.concat())
}

fn hello(root: &[u8]) -> Pairs {
    Pairs::new([("net", bstr(&[0x11; 32])), ("root", bstr(root)), ("time", uint(NEW_YEAR))])
}

fn want() -> Pairs {
    Pairs::new([("have", array(&[bstr(&[2; 32]), bstr(&[1; 32])])), ("author", bstr(&[1; 32]))])
}

fn frames(cases: &mut Cases) {
    let log = Log::new("frames");
    let one = log.plain(&log.first, "profile", 0);
    let rows = [row(&[0; 32], 7, &[7; 32], 0), row(&[0xff; 32], 4_294_967_295, &[8; 32], 2)];
    let hashes = |rows: &[Vec<u8>]| array(&buckets(rows).iter().map(|hash| bstr(hash)).collect::<Vec<_>>());
    let candidates = hello(&[0; 32]).with("candidates", array(&[bstr(&[3; 32])]));
    let entries =
        array(&[array(&[bstr(&log.first.envelope), bstr(&empty_body())]), array(&[bstr(&one.envelope)])]);
    for (rule, name, number, rest, note) in [
        (
            "Y1",
            "hello of a node that holds nothing",
            0,
            vec![hello(&root(&buckets(&[]))).encode()],
            "The root of 256 empty buckets.",
        ),
        (
            "Y1",
            "hello of a node that holds one head",
            0,
            vec![hello(&root(&buckets(&rows[..1]))).encode()],
            "",
        ),
        ("Y1", "hello with a candidate", 0, vec![candidates.encode()], ""),
        (
            "Y1",
            "stewards",
            1,
            vec![Pairs::new([("heads", array(&rows)), ("charter", bstr(&[9; 32]))]).encode()],
            "",
        ),
        (
            "Y2",
            "buckets of a node that holds nothing",
            2,
            vec![hashes(&[])],
            "Each is the SHA-256 of 80, the empty array.",
        ),
        ("Y2", "buckets of a node that holds one head", 2, vec![hashes(&rows[..1])], "The first differs."),
        ("Y2", "rows", 3, vec![array(&rows)], "By author; ok and contested."),
        ("Y2", "no rows", 3, vec![array(&[])], ""),
        ("Y3", "want", 4, vec![want().encode()], ""),
        ("Y3", "want all of a log", 4, vec![want().with("have", array(&[])).encode()], ""),
        ("Y6", "want with a tip", 4, vec![want().with("tip", bstr(&[4; 32])).encode()], ""),
        ("Y4", "entries", 5, vec![entries], "The first with its body, the second without."),
        (
            "Y3",
            "end",
            6,
            vec![Pairs::new([("code", uint(0)), ("author", bstr(&[1; 32]))]).encode()],
            "All was sent.",
        ),
        ("Y4", "ask", 7, vec![array(&[bstr(&[5; 32])])], ""),
        ("Y4", "body-is", 8, vec![bstr(&sha256(&empty_body())), bstr(&empty_body())], ""),
        ("Y4", "body-is not held", 8, vec![bstr(&[5; 32])], ""),
        ("Y7", "done", 9, vec![], "No more questions."),
    ] {
        let bytes = frame(number, &rest);
        cases.add(rule, name, Input::Frame(whole(&bytes)), Expect::Hash(hash_of(&bytes)), note);
    }
}

fn bad_frames(cases: &mut Cases) {
    let ids = |n: usize| array(&vec![bstr(&[5; 32]); n]);
    let end = |code: u64| Pairs::new([("code", uint(code)), ("author", bstr(&[1; 32]))]).encode();
    let a_row = row(&[1; 32], 1, &[7; 32], 0);
    for (rule, name, bytes, note) in [
        ("Y7", "unknown number", frame(10, &[array(&[])]), ""),
        ("Y7", "done with a second part", frame(9, &[array(&[])]), ""),
        ("Y7", "number as text", array(&[tstr("0"), array(&[])]), ""),
        ("Y7", "no array", hello(&[0; 32]).encode(), ""),
        ("Y7", "a frame without content", frame(0, &[]), ""),
        ("Y7", "a frame with a third part", frame(7, &[ids(1), uint(0)]), ""),
        ("Y7", "hello without root", frame(0, &[hello(&[0; 32]).without("root").encode()]), ""),
        (
            "Y7",
            "hello with an unknown field",
            frame(0, &[hello(&[0; 32]).with("x", uint(0)).encode()]),
            "Frames are closed.",
        ),
        (
            "Y7",
            "hello with no candidates",
            frame(0, &[hello(&[0; 32]).with("candidates", array(&[])).encode()]),
            "An absent list is absent.",
        ),
        (
            "Y7",
            "hello with 101 candidates",
            frame(0, &[hello(&[0; 32]).with("candidates", ids(101)).encode()]),
            "",
        ),
        ("Y7", "255 buckets", frame(2, &[ids(255)]), ""),
        ("Y7", "257 buckets", frame(2, &[ids(257)]), ""),
        ("Y7", "rows out of order", frame(3, &[array(&[row(&[2; 32], 1, &[7; 32], 0), a_row.clone()])]), ""),
        ("Y7", "an author in two rows", frame(3, &[array(&[a_row.clone(), a_row.clone()])]), ""),
        ("Y7", "a row of status 3", frame(3, &[array(&[row(&[1; 32], 1, &[7; 32], 3)])]), ""),
        ("Y7", "a row of seq 2^32", frame(3, &[array(&[row(&[1; 32], 1 << 32, &[7; 32], 0)])]), ""),
        ("Y7", "want with 65 ids", frame(4, &[want().with("have", ids(65)).encode()]), ""),
        ("Y7", "want without have", frame(4, &[want().without("have").encode()]), ""),
        ("Y7", "entries without an entry", frame(5, &[array(&[])]), ""),
        (
            "Y7",
            "an entry of three parts",
            frame(5, &[array(&[array(&[bstr(&[1]), bstr(&[2]), bstr(&[3])])])]),
            "",
        ),
        ("Y7", "end with code 4", frame(6, &[end(4)]), ""),
        ("Y7", "ask for nothing", frame(7, &[ids(0)]), ""),
        ("Y7", "ask for 65 bodies", frame(7, &[ids(65)]), ""),
        (
            "C1",
            "want's keys out of order",
            frame(4, &[Pairs(want().0.into_iter().rev().collect()).encode()]),
            "",
        ),
        (
            "C2",
            "end with its code null",
            frame(6, &[Pairs::new([("code", vec![0xf6]), ("author", bstr(&[1; 32]))]).encode()]),
            "",
        ),
        ("C2", "a byte after the frame", [frame(7, &[ids(1)]), vec![0]].concat(), ""),
    ] {
        cases.add(rule, name, Input::Frame(whole(&bytes)), broken(rule), note);
    }
    let start = [head(4, 3), uint(8), bstr(&[5; 32])].concat();
    let len = (1 << 20) - start.len() - 5;
    let largest = |len: usize| filled(&[start.clone(), head(2, len as u64)].concat(), &[0], len);
    let hash = Expect::Hash(hash_of(&largest(len).read()));
    cases.add("C3", "a frame of 1 MiB", Input::Frame(largest(len)), hash, "");
    cases.add("C3", "a frame of 1 MiB and a byte", Input::Frame(largest(len + 1)), broken("C3"), "");
}

fn messages(cases: &mut Cases) {
    let log = Log::new("frames");
    let one = log.plain(&log.first, "profile", 0);
    let other = log.plain(&log.first, "practice", 0);
    let (low, high) = if one.id < other.id { (&one, &other) } else { (&other, &one) };
    let (a, b) = (bstr(&low.envelope), bstr(&high.envelope));
    for (name, bytes, note) in [
        ("an entry with its body", array(&[uint(1), bstr(&one.envelope), bstr(&empty_body())]), ""),
        ("an entry without its body", array(&[uint(1), bstr(&one.envelope)]), "For one over 48 KiB."),
        ("a fork", array(&[uint(2), a.clone(), b.clone()]), "The smaller entry id first."),
    ] {
        cases.add(
            "G1",
            &format!("message: {name}"),
            Input::Message(whole(&bytes)),
            Expect::Hash(hash_of(&bytes)),
            note,
        );
    }
    for (rule, name, bytes) in [
        ("G1", "unknown number", array(&[uint(3), a.clone()])),
        ("G1", "number alone", array(&[uint(1)])),
        ("G1", "a fork of one", array(&[uint(2), a.clone()])),
        ("G1", "a fork of three", array(&[uint(2), a.clone(), b.clone(), b])),
        ("G1", "an envelope not wrapped", array(&[uint(1), array(&[])])),
        ("G1", "body as text", array(&[uint(1), a.clone(), tstr("body")])),
        ("C2", "body null", array(&[uint(1), a.clone(), vec![0xf6]])),
        ("C2", "a byte after it", [array(&[uint(1), a]), vec![0]].concat()),
    ] {
        cases.add("G1", &format!("message: {name}"), Input::Message(whole(&bytes)), broken(rule), "");
    }
    let start = [head(4, 2), uint(1)].concat();
    let len = 51_201 - start.len() - 3;
    let long = filled(&[start, head(2, len as u64)].concat(), &[0], len);
    cases.add("C3", "message: 51,201 bytes", Input::Message(long), broken("C3"), "");
}
