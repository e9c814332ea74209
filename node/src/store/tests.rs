//! Tests of the store on real files.

mod crash;
mod damage;
mod erasure;
mod full;
mod properties;
mod round_trip;
mod upgrade;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use multaqa_protocol::codec::Value;
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::id::{AuthorId, Bytes32, Seq};
use multaqa_protocol::log::Place;

use super::*;

/// An entry and its body.
type Written = (Entry, Arc<[u8]>);

/// Returns the options of most tests: no floor, an immediate retry.
fn options() -> Options {
    Options { segment_size: 1 << 20, floor: Some(0), retry: Duration::ZERO }
}

/// Returns a log of `len` entries whose bodies hold `text` bytes.
fn log(seed: u8, len: Seq, text: usize) -> Vec<Written> {
    let sign = SigningKey::from_bytes(&[seed; 32]);
    let (first, body) = entry::incept(&sign, Bytes32([seed; 32]), 1_000, [seed; 16]);
    let author = first.author();
    let mut log = vec![(first, body.into())];
    for seq in 1..len {
        let salt: [u8; 16] = std::array::from_fn(|at| seq.to_be_bytes()[at % 4] ^ seed);
        let words: String = format!("{seed}/{seq} ").chars().cycle().take(text).collect();
        let map = [("text".to_owned(), Value::Text(words))].into_iter().collect();
        let body = entry::encode_body(salt, &map);
        let prev = log[log.len() - 1].0.id();
        let position = Position { author, seq, prev, time: 1_000 + u64::from(seq) };
        log.push((entry::write(position, "practice", &body, &sign), body.into()));
    }
    log
}

fn new_entry((entry, body): &Written) -> NewEntry {
    NewEntry {
        author: entry.author(),
        place: place(entry.seq()),
        entry: entry.clone(),
        body: Some(Arc::clone(body)),
        at: None,
    }
}

fn batch(entries: &[Written]) -> Batch {
    Batch { entries: entries.iter().map(new_entry).collect(), ..Batch::default() }
}

const fn place(seq: Seq) -> Place {
    Place { branch: 0, seq }
}

/// Opens the store and replays as the driver does, everything on branch 0.
fn open(dir: &Path) -> (Store, Vec<Finding>, usize) {
    open_with(dir, options())
}

fn open_with(dir: &Path, options: Options) -> (Store, Vec<Finding>, usize) {
    let (store, recovered) = Store::open(dir, options).unwrap();
    let mut findings = recovered.damage;
    let mut replayed = 0;
    let mut waiting = Batch::default();
    for step in recovered.replay {
        match step.unwrap() {
            Replayed::Entry { entry, at } => {
                let (author, place) = (entry.author(), place(entry.seq()));
                waiting.entries.push(NewEntry { author, place, entry: *entry, body: None, at: Some(at) });
                replayed += 1;
            }
            Replayed::Damage(finding) => findings.push(finding),
        }
        if waiting.entries.len() == 7 {
            store.append(&std::mem::take(&mut waiting)).unwrap();
        }
    }
    if replayed > 0 {
        store.append(&waiting).unwrap();
    }
    store.finish_replay();
    (store, findings, replayed)
}

/// Returns how many of the entries are there with their bodies; the rest must be absent or missing
/// their body, never wrong.
fn intact(store: &Store, log: &[Written]) -> usize {
    log.iter()
        .filter(|(entry, body)| {
            let Some(stored) = store.entry(entry.author(), place(entry.seq())).unwrap() else { return false };
            assert_eq!(stored.entry.envelope(), entry.envelope());
            match stored.body {
                BodyState::Present(bytes) => bytes == **body,
                BodyState::Missing => false,
                BodyState::Withdrawn => panic!("nothing was withdrawn"),
            }
        })
        .count()
}

/// Returns every file below a folder with its bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, bytes).unwrap();
    }
}

fn author(log: &[Written]) -> AuthorId {
    log[0].0.author()
}
