//! Where fuzzing starts from: the frozen vectors, good and bad, and a small network.
//!
//! Seeds are made, not kept: the corpus holds only what was found from them.

use std::path::Path;

use ed25519_dalek::SigningKey;
use multaqa_protocol::bundle::{Scope, Start, VERSION, Writer};
use multaqa_protocol::codec::Map;
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, NetworkId, Seq, sha256};
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join, Ref, Suspend, Withdraw};
use multaqa_protocol::sync::{Carried, Frame};
use multaqa_vectors::{Group, Input};

/// Longest input that the fuzzer makes; longer seeds are replayed and not handed to it.
pub const MAX_SEED: usize = 4_096;

/// Returns the seeds of a target.
///
/// # Panics
///
/// Where the vectors or the examples are not where they belong.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = vectors().iter().flat_map(|input| parts(target, input)).collect();
    let log = log();
    match target {
        "bundle" => {
            let scopes = [Scope::Network, Scope::Author, Scope::Entry, Scope::Journal];
            seeds.extend(scopes.map(|scope| bundle(scope, &log)));
            seeds.extend(vectors().iter().filter_map(chain));
        }
        "body" => seeds.extend(log.iter().map(|(_, body)| body.clone())),
        "draft" => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            files(&root.join("examples/records"), &mut seeds);
            files(&root.join("cli/templates"), &mut seeds);
        }
        "envelope" | "entry" => seeds.extend(log.iter().map(|(entry, _)| entry.envelope().to_vec())),
        "frame" => {
            let carry = |(entry, body): &(Entry, Vec<u8>)| Carried {
                envelope: entry.envelope().to_vec(),
                body: Some(body.clone()),
            };
            seeds.push(Frame::Entries(log.iter().map(carry).collect()).encode());
        }
        "message" => seeds.extend(log.iter().map(|(entry, body)| {
            Message::Entry { envelope: entry.envelope().to_vec(), body: Some(body.clone()) }.encode()
        })),
        #[cfg(feature = "node")]
        "invitation" => seeds.extend(crate::invitation::seeds()),
        _ => {}
    }
    seeds
}

fn vectors() -> Vec<Input> {
    let mut texts = Vec::new();
    files(&multaqa_vectors::folder(), &mut texts);
    let groups = texts.iter().map(|text| serde_json::from_slice::<Group>(text).expect("a group of vectors"));
    groups.flat_map(|group| group.cases).map(|case| case.input).collect()
}

/// Returns what a vector has for a target.
fn parts(target: &str, input: &Input) -> Vec<Vec<u8>> {
    let wanted = matches!(
        (target, input),
        ("cbor", Input::Cbor(_) | Input::Header(_) | Input::Body(_) | Input::Frame(_) | Input::Message(_),)
            | ("entry", Input::Header(_))
            | ("entry" | "envelope", Input::Envelope(_) | Input::Signature { .. } | Input::Chain { .. })
            | ("body", Input::Body(_) | Input::Record { .. } | Input::Stored { .. })
            | ("frame", Input::Frame(_))
            | ("message", Input::Message(_))
    );
    if wanted { input.parts() } else { Vec::new() }
}

/// Returns a chain as an author's bundle.
fn chain(input: &Input) -> Option<Vec<u8>> {
    let Input::Chain { chain } = input else { return None };
    let about = Entry::decode(&input.parts()[0]).ok()?.author();
    let (mut writer, mut out) = Writer::begin(&start(Scope::Author, Some(Bytes32(about.0))));
    input.parts().iter().for_each(|envelope| out.extend(writer.envelope(envelope)));
    out.extend(writer.finish());
    (!chain.is_empty()).then_some(out)
}

fn files(folder: &Path, out: &mut Vec<Vec<u8>>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder that can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
    }
}

const NET: NetworkId = NetworkId([7; 32]);

fn start(scope: Scope, about: Option<Bytes32>) -> Start {
    Start { net: NET, made: 1, about, scope, bundle: VERSION }
}

fn bundle(scope: Scope, log: &[(Entry, Vec<u8>)]) -> Vec<u8> {
    let net = NetworkId(log[1].0.header().body.hash.0);
    let about = match scope {
        Scope::Author => Some(log[0].0.author().0),
        Scope::Entry => Some(log[log.len() - 1].0.id().0),
        Scope::Network | Scope::Journal => None,
    };
    let (mut writer, mut out) = Writer::begin(&Start { net, ..start(scope, about.map(Bytes32)) });
    for (entry, body) in log {
        out.extend(writer.body(body));
        out.extend(writer.envelope(entry.envelope()));
    }
    if scope != Scope::Journal {
        out.extend(writer.finish());
    }
    out
}

/// Returns the log of a network's one steward: a statement of each kind that decides something, then a
/// rotation.
fn log() -> Vec<(Entry, Vec<u8>)> {
    let key = |what: &[u8]| SigningKey::from_bytes(&sha256(what));
    let hash_of = |key: &SigningKey| Bytes32(sha256(&key.verifying_key().to_bytes()));
    let (sign, reveal) = (key(b"sign"), key(b"reveal"));
    let first = entry::incept(&sign, hash_of(&reveal), 1, [1; entry::SALT_LEN]);
    let author = first.0.author();
    let mut log = vec![first];
    let words = || [("fr".to_owned(), "x".to_owned())].into();
    let charter = Charter {
        k: 1,
        prev: None,
        text: words(),
        names: words(),
        licence: "CC-BY-4.0".to_owned(),
        version: 0,
        stewards: vec![author],
        versions: vec![1],
        principles: vec!["transparency".to_owned()],
    };
    write(&mut log, Charter::KIND, &charter.to_map(), &sign);
    let net = NetworkId(log[1].0.header().body.hash.0);
    write(&mut log, Join::KIND, &Join { act: None, net, charter: BodyHash(net.0) }.to_map(), &sign);
    let item = |author| Admission { place: None, level: None, author, stands: None, succeeds: None };
    let items = vec![item(author), item(AuthorId([255; 32]))];
    write(&mut log, Admit::KIND, &Admit { net, items }.to_map(), &sign);
    write(&mut log, "note", &Map::default(), &sign);
    let target = Ref { author, seq: Seq::from(4_u8), id: log[4].0.id() };
    let reason = || "error".to_owned();
    let withdraw = Withdraw { net: None, basis: None, reason: reason(), entries: vec![target] };
    write(&mut log, Withdraw::KIND, &withdraw.to_map(), &sign);
    let suspend = Suspend { net, note: None, upto: 1, author: AuthorId([255; 32]), reason: reason() };
    write(&mut log, Suspend::KIND, &suspend.to_map(), &sign);
    let next = key(b"next");
    let body = entry::encode_body([2; entry::SALT_LEN], &Map::default());
    let rotation = entry::rotate(position(&log), &(&next).into(), hash_of(&key(b"last")), &reveal, &body);
    log.push((rotation, body));
    log
}

fn position(log: &[(Entry, Vec<u8>)]) -> Position {
    let (last, _) = &log[log.len() - 1];
    Position { author: last.author(), seq: last.seq() + 1, prev: last.id(), time: 1 }
}

fn write(log: &mut Vec<(Entry, Vec<u8>)>, kind: &str, map: &Map, sign: &SigningKey) {
    let body = entry::encode_body([3; entry::SALT_LEN], map);
    log.push((entry::write(position(log), kind, &body, sign), body));
}
