//! The steps that every entry takes, one by one, each beside its primitive.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use ed25519_dalek::{Signer, SigningKey};
use multaqa_bench::{Log, PRACTICE, batch, logs};
use multaqa_node::store::{Options, Store};
use multaqa_protocol::codec::{self, MAX_HEADER};
use multaqa_protocol::entry::{Entry, Header, decode_body};
use multaqa_protocol::envelope::Envelope;
use multaqa_protocol::id::sha256;
use multaqa_protocol::record;

fn main() {
    divan::main();
}

/// Returns a log of `records` records.
fn one(records: u32) -> Log {
    logs(1, records).pop().expect("one author")
}

#[divan::bench]
fn decode_header(bencher: Bencher<'_, '_>) {
    let log = one(1);
    let header = Envelope::parse(log.entries[1].entry.envelope()).expect("our own").header;
    bencher.counter(BytesCount::new(header.len())).bench(|| codec::decode::<Header>(header, MAX_HEADER));
}

#[divan::bench]
fn decode_practice(bencher: Bencher<'_, '_>) {
    let log = one(1);
    let body = Arc::clone(&log.entries[1].body);
    bencher.counter(BytesCount::new(body.len())).bench(|| {
        let map = decode_body(black_box(&body)).expect("our own");
        record::read(PRACTICE, &map).expect("our own")
    });
}

#[divan::bench]
fn sha256_of_a_body(bencher: Bencher<'_, '_>) {
    let log = one(1);
    let body = Arc::clone(&log.entries[1].body);
    bencher.counter(BytesCount::new(body.len())).bench(|| sha256(black_box(&body)));
}

#[divan::bench]
fn verify_entry(bencher: Bencher<'_, '_>) {
    let log = one(1);
    let (envelope, body) = (log.entries[1].entry.envelope(), &log.entries[1].body);
    bencher.bench(|| {
        let entry = Entry::decode(black_box(envelope)).expect("our own");
        assert!(entry.is_signed_by(&log.key) && entry.has_body(body));
    });
}

#[divan::bench]
fn verify_strict(bencher: Bencher<'_, '_>) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let (public, message) = (key.verifying_key(), [5; 250]);
    let signature = key.sign(&message);
    bencher.bench(|| public.verify_strict(black_box(&message), &signature));
}

#[divan::bench]
fn sign(bencher: Bencher<'_, '_>) {
    let key = SigningKey::from_bytes(&[7; 32]);
    bencher.bench(|| key.sign(black_box(&[5; 250])));
}

#[divan::bench(args = [1, 64, 512], sample_count = 20, sample_size = 1)]
fn append(bencher: Bencher<'_, '_>, each: u32) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let options = Options { floor: Some(0), ..Options::default() };
    let (store, _) = Store::open(dir.path(), options).expect("an empty folder");
    store.finish_replay();
    let log = one(each * 21);
    let mut batches: Vec<_> = log.entries.chunks(each as usize).map(batch).collect();
    batches.reverse();
    bencher
        .counter(ItemsCount::new(each))
        .with_inputs(|| batches.pop().expect("a batch for each sample"))
        .bench_local_values(|batch| store.append(&batch).expect("a working disk"));
}
