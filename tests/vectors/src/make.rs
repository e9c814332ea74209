//! How the vectors came about: every case is made here from fixed seeds, so that the files can be
//! reviewed as what they are meant to be.
//!
//! The bytes are written by `cbor`, not by the codec under test; an expected id is the SHA-256 of
//! those bytes, and a broken rule is named by hand.

use multaqa_protocol::id::sha256;

use crate::{Bytes, Case, Expect, Fill, Group, Input};

mod author;
mod canonical;
mod cbor;
mod chain;
mod chain_keys;
mod envelope;
mod frame;
mod header;
mod record;
mod signature;
mod stored;

/// Returns every group with the name of its file.
#[must_use]
pub fn groups() -> Vec<(&'static str, Group)> {
    [
        ("C1-C3-canonical.json", canonical::group()),
        ("C4-signature.json", signature::group()),
        ("C5-V2-envelope.json", envelope::group()),
        ("R1-R3-record.json", record::group()),
        ("V1-header.json", header::group()),
        ("V3-V5-V6-chain.json", chain::group()),
        ("V4-keys.json", chain_keys::group()),
        ("V7-V8-body.json", stored::group()),
        ("Y-G-frame.json", frame::group()),
    ]
    .map(|(file, (about, cases))| (file, Group { about: about.into(), cases }))
    .into()
}

/// What a group's module returns: what its cases have in common, and the cases.
type Made = (&'static str, Vec<Case>);

/// Collects the cases of one group.
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, rule: &str, name: &str, input: Input, expect: Expect, note: &str) {
        self.0.push(Case { name: name.into(), rule: rule.into(), input, expect, note: note.into() });
    }
}

fn whole(bytes: &[u8]) -> Bytes {
    Bytes { hex: hex::encode(bytes), fill: None }
}

fn filled(bytes: &[u8], fill: &[u8], times: usize) -> Bytes {
    Bytes { hex: hex::encode(bytes), fill: Some(Fill { hex: hex::encode(fill), times }) }
}

fn hash_of(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

fn broken(rule: &str) -> Expect {
    Expect::Broken(rule.into())
}
