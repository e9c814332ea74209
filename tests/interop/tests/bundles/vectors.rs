//! The frozen vectors as bundles: chains as they are, envelopes and headers as the only entry, bodies
//! under an entry that names them. Frames and messages are no part of a bundle.

use std::fs;
use std::slice;

use ed25519_dalek::SigningKey;
use multaqa_interop::repository;
use multaqa_protocol::bundle::{Item, Scope};
use multaqa_protocol::codec::{self, Value as Cbor};
use multaqa_protocol::entry::{self, Entry};
use multaqa_protocol::id::{Bytes32, NetworkId};
use serde_json::Value;

use super::corpus::Altered;
use super::network::{Author, bundle, start};
use super::signed::unhex;

/// Returns a bundle for each case, whose kind is the vector's.
pub(crate) fn bundles() -> Vec<Altered> {
    let mut found = Vec::new();
    for group in fs::read_dir(repository().join("tests/vectors/data")).unwrap() {
        let group: Value = serde_json::from_str(&fs::read_to_string(group.unwrap().path()).unwrap()).unwrap();
        found.extend(group["cases"].as_array().unwrap().iter().filter_map(as_bundle));
    }
    found
}

fn as_bundle(case: &Value) -> Option<Altered> {
    let bytes = given(case);
    let (kind, items) = match case["kind"].as_str()? {
        "chain" => ("the vectors' chains", chain(case)),
        "envelope" => ("the vectors' envelopes", vec![Item::Envelope(bytes)]),
        "signature" => ("the vectors' signatures", vec![Item::Envelope(bytes)]),
        "header" => ("the vectors' headers", vec![Item::Envelope(wrapped(&bytes))]),
        "cbor" => ("the vectors' encodings as bodies", with_body(bytes)),
        "body" | "record" => ("the vectors' bodies", with_body(bytes)),
        "stored" => {
            let body = case["body"].as_str().map(|body| Item::Body(unhex(body)));
            ("the vectors' entries with bodies", [Item::Envelope(bytes)].into_iter().chain(body).collect())
        }
        _ => return None,
    };
    // What it is about is the first entry's author, where that can be read.
    let first = items.iter().find_map(|item| match item {
        Item::Envelope(envelope) => Entry::decode(envelope).ok(),
        _ => None,
    });
    let about = Bytes32(first.map_or([0; 32], |entry| entry.author().0));
    let start = start(NetworkId([7; 32]), Scope::Author, Some(about));
    Some(Altered { kind, bytes: bundle(&start, &items) })
}

fn given(case: &Value) -> Vec<u8> {
    let mut bytes = unhex(case["hex"].as_str().unwrap_or_default());
    if let Some(fill) = case["fill"]["hex"].as_str() {
        bytes.extend(unhex(fill).repeat(usize::try_from(case["fill"]["times"].as_u64().unwrap()).unwrap()));
    }
    bytes
}

fn chain(case: &Value) -> Vec<Item> {
    let envelopes = case["chain"].as_array().unwrap().iter();
    envelopes.map(|hex| Item::Envelope(unhex(hex.as_str().unwrap()))).collect()
}

/// Returns an envelope of the header with a signature that nobody made.
fn wrapped(header: &[u8]) -> Vec<u8> {
    let header = codec::encode(&Cbor::Bytes(header.to_vec()));
    [b"\xd2\x84\x43\xa1\x01\x27\xa0", &header[..], b"\x58\x40", &[0; 64]].concat()
}

/// Returns a log whose second entry names the body, where one can: a body has 19 bytes or more.
fn with_body(body: Vec<u8>) -> Vec<Item> {
    let author = Author::new("vectors");
    let mut items = super::network::items(slice::from_ref(&author), &[]);
    if (19..=codec::MAX_BODY).contains(&body.len()) {
        let key: SigningKey = author.signing_key();
        let entry = entry::write(author.after(author.last()), "practice", &body, &key);
        items.push(Item::Envelope(entry.envelope().to_vec()));
    }
    items.push(Item::Body(body));
    items
}
