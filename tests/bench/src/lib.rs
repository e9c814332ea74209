//! What the benches share: records of some 4 KB in the logs of several authors, and the raw primitives
//! that every figure is compared with.
//!
//! Nothing here judges a figure: machines are noisy, so the benches print what they measured beside
//! the primitive of the same run, and the reader compares the ratio with the design's target.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use multaqa_node::store::{Batch, NewEntry};
use multaqa_protocol::bundle;
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{Bytes32, NetworkId, sha256};
use multaqa_protocol::log::Place;
use multaqa_protocol::record;

pub mod network;
pub mod raw;

/// Why a bench cannot go on.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Kind of the records.
pub const PRACTICE: &str = "practice";
/// When the first record was written, in milliseconds since 1970: November 2026.
const BEGIN: u64 = 1_795_500_000_000;
/// Characters of each of the four long texts of a record, so that its body takes some 4 KB.
const TEXT: usize = 750;

/// An entry with its body.
#[derive(Clone, Debug)]
pub struct Written {
    /// The entry.
    pub entry: Entry,
    /// Its body.
    pub body: Arc<[u8]>,
}

/// One author's log.
#[derive(Clone, Debug)]
pub struct Log {
    /// The key that signs it.
    pub key: PublicKey,
    /// Its inception, then records.
    pub entries: Vec<Written>,
}

/// Returns the map of a record's body; every `number` gives another text.
///
/// # Panics
///
/// Never: the draft is a valid one.
#[must_use]
pub fn practice(number: u64) -> Map {
    let latin = text(number, &["budget", "participatif", "atelier", "quartier", "commune", "suivi", "bilan"]);
    let arabic = text(number, &["ميزانية", "مشاركة", "ورشة", "جماعة", "شفافية", "تقرير"]);
    let draft = serde_json::json!({
        "title": { "fr": format!("Pratique {number}"), "ar": format!("ممارسة {number}") },
        "summary": { "fr": latin, "ar": arabic },
        "context": { "fr": latin },
        "actions": { "fr": latin },
        "principles": ["transparency", "participation"],
        "themes": ["public_participation"],
        "status": "complete",
        "period": { "start": "2024-03-21", "end": "2024-11-12" },
        "milestones": [{ "title": { "fr": "Atelier" }, "date": "2024-03-21" }],
        "partners": [{ "name": { "fr": "Société civile" } }],
    });
    let draft: Value = serde_json::from_value(draft).expect("JSON without floats");
    record::draft(PRACTICE, draft).expect("a valid draft")
}

/// Returns text in which no two records are alike.
fn text(number: u64, words: &[&str]) -> String {
    let mut state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut out = String::new();
    while out.chars().count() < TEXT {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        out.push_str(words[usize::try_from(state >> 40).unwrap_or(0) % words.len()]);
        out.push_str(if state >> 63 == 0 { " " } else { ", " });
    }
    out
}

/// Returns `authors` logs of an inception and `records` records each.
#[must_use]
pub fn logs(authors: u16, records: u32) -> Vec<Log> {
    (0..authors).map(|author| log(author, records)).collect()
}

fn log(author: u16, records: u32) -> Log {
    let seed = sha256(&author.to_be_bytes());
    let sign = SigningKey::from_bytes(&seed);
    let salt = [1; entry::SALT_LEN];
    let (first, body) = entry::incept(&sign, Bytes32(seed), BEGIN, salt);
    let (key, _) = *first.keys().expect("an inception names keys");
    let author_id = first.author();
    let mut entries = vec![Written { entry: first, body: body.into() }];
    for seq in 1..=records {
        let body = entry::encode_body(salt, &practice(u64::from(author) << 32 | u64::from(seq)));
        let prev = entries[entries.len() - 1].entry.id();
        let position = Position { author: author_id, seq, prev, time: BEGIN + u64::from(seq) };
        entries.push(Written { entry: entry::write(position, PRACTICE, &body, &sign), body: body.into() });
    }
    Log { key, entries }
}

/// Returns the bytes of headers, envelopes and bodies together.
#[must_use]
pub fn payload<'a>(entries: impl IntoIterator<Item = &'a Written>) -> u64 {
    entries.into_iter().map(|written| (written.entry.envelope().len() + written.body.len()) as u64).sum()
}

/// Returns what the engine would hand to the store for these entries.
#[must_use]
pub fn batch(entries: &[Written]) -> Batch {
    let new = |Written { entry, body }: &Written| NewEntry {
        author: entry.author(),
        place: Place { branch: 0, seq: entry.seq() },
        entry: entry.clone(),
        body: Some(Arc::clone(body)),
        at: None,
    };
    Batch { entries: entries.iter().map(new).collect(), ..Batch::default() }
}

/// Returns a bundle that holds these entries.
#[must_use]
pub fn bundle(net: NetworkId, entries: &[Written]) -> Vec<u8> {
    let start = bundle::Start {
        net,
        made: BEGIN,
        about: None,
        scope: bundle::Scope::Network,
        bundle: bundle::VERSION,
    };
    let (mut writer, mut out) = bundle::Writer::begin(&start);
    for Written { entry, body } in entries {
        out.extend(writer.body(body));
        out.extend(writer.envelope(entry.envelope()));
    }
    out.extend(writer.finish());
    out
}
