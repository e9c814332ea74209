//! A bundle is read the same in pieces of any size, and what its audit finds does not depend on the
//! order or repetition of its items (A5, A7).

use multaqa_protocol::audit::{Auditor, Report};
use multaqa_protocol::bundle::{BundleError, Ending, Item, Reader, Start, Writer};

pub(crate) fn check(data: &[u8]) {
    let (items, ending) = read(data, data.len());
    // The size of the pieces is part of the input, so that the fuzzer finds the one that matters.
    let piece = usize::from(data.last().copied().unwrap_or(0)).max(1);
    for piece in [1, piece] {
        assert_eq!(read(data, piece), (items.clone(), ending.clone()), "in pieces of {piece} bytes");
    }
    let mut at = 0;
    for (offset, item) in &items {
        assert_eq!(*offset, at as u64, "items follow each other");
        let bytes = item.encode();
        assert_eq!(data[at..at + bytes.len()], bytes, "C3: another encoding");
        at += bytes.len();
    }
    match ending {
        Ok(Ending::Closed | Ending::Open) => assert_eq!(at, data.len()),
        Ok(Ending::Torn { at: whole, len }) => {
            assert_eq!((whole, whole + len), (at as u64, data.len() as u64))
        }
        Err(_) => {}
    }
    let report = audit(data, data.len());
    assert_eq!(shown(&audit(data, piece)), shown(&report), "an audit in pieces of {piece} bytes");
    check_order(&items);
}

/// Reads a bundle in pieces.
fn read(data: &[u8], piece: usize) -> (Vec<(u64, Item)>, Result<Ending, BundleError>) {
    let mut reader = Reader::new();
    let mut items = Vec::new();
    for piece in data.chunks(piece.max(1)) {
        reader.push(piece);
        items.extend(std::iter::from_fn(|| reader.next_item()));
    }
    (items, reader.finish())
}

fn audit(data: &[u8], piece: usize) -> Report {
    let mut auditor = Auditor::new(1);
    for piece in data.chunks(piece.max(1)) {
        auditor.push(piece);
    }
    auditor.finish()
}

fn shown(report: &Report) -> String {
    serde_json::to_string(report).expect("a report is plain data")
}

/// Closes what could be read, so that the audit sees past the hash at the end, which no fuzzer
/// repairs; then tells the same items in another order, twice.
fn check_order(items: &[(u64, Item)]) {
    let Some((_, Item::Start(start))) = items.first() else { return };
    let rest: Vec<&Item> = items[1..].iter().map(|(_, item)| item).collect();
    let once = audit(&write(start, rest.iter().copied()), usize::MAX);
    let twice = rest.iter().rev().chain(&rest).copied();
    let twice = audit(&write(start, twice), usize::MAX);
    assert_eq!(once.verdict, twice.verdict, "A5: order and repetition decide something");
    assert_eq!(once.authors, twice.authors, "A5: of authors");
    assert_eq!(once.members, twice.members, "A5: of members");
    assert_eq!(once.entries, twice.entries, "A5: of entries");
    assert_eq!(once.bodies, twice.bodies, "A5: of bodies");
}

fn write<'a>(start: &Start, items: impl Iterator<Item = &'a Item>) -> Vec<u8> {
    let (mut writer, mut out) = Writer::begin(start);
    for item in items {
        match item {
            Item::Body(body) => out.extend(writer.body(body)),
            Item::Envelope(envelope) => out.extend(writer.envelope(envelope)),
            Item::Start(_) | Item::End(_) => {}
        }
    }
    out.extend(writer.finish());
    out
}
