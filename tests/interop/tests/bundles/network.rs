//! A network in which everything happens that an audit tells apart: a charter and its stewards, a log
//! that rotated, one that forked, one contested and pinned, one cut by a suspension, one that disowned
//! what a thief wrote, withdrawals, a malformed body, checkpoints and witnesses.
//!
//! Keys, salts and times come from names and numbers alone, so every run makes the same bytes.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use multaqa_protocol::bundle::{Item, Scope, Start, VERSION, Writer};
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry::{self, Entry, Position, SALT_LEN};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, NetworkId, Seq, sha256};
use multaqa_protocol::log::{Head, Status};
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join, Ref, Suspend, Withdraw};
use multaqa_protocol::sync::Row;
use multaqa_protocol::witness::{Checkpoint, Witness};

pub(crate) const MADE: u64 = 1_790_000_000_000;

/// An entry as its author made it.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) entry: Entry,
    pub(crate) body: Vec<u8>,
    /// What signed it.
    pub(crate) key: SigningKey,
}

/// An author with all its keys, and what it has written.
#[derive(Clone)]
pub(crate) struct Author {
    name: &'static str,
    rotations: u8,
    pub(crate) written: Vec<Written>,
}

impl Author {
    pub(crate) fn new(name: &'static str) -> Self {
        let key = key(name, 0, "sign");
        let (entry, body) = entry::incept(&key, next(name, 0), MADE, salt(name, 0));
        Self { name, rotations: 0, written: vec![Written { entry, body, key }] }
    }

    pub(crate) fn id(&self) -> AuthorId {
        self.written[0].entry.author()
    }

    pub(crate) fn last(&self) -> &Entry {
        &self.written[self.written.len() - 1].entry
    }

    pub(crate) fn signing_key(&self) -> SigningKey {
        key(self.name, self.rotations, "sign")
    }

    pub(crate) fn rotation_key(&self) -> SigningKey {
        key(self.name, self.rotations, "rotation")
    }

    pub(crate) fn say<B: Body>(&mut self, says: &B) -> Entry {
        self.write(B::KIND, &says.to_map())
    }

    pub(crate) fn write(&mut self, kind: &str, map: &Map) -> Entry {
        self.write_after(&self.last().clone(), kind, map)
    }

    pub(crate) fn write_after(&mut self, parent: &Entry, kind: &str, map: &Map) -> Entry {
        let body = entry::encode_body(salt(self.name, self.written.len()), map);
        self.write_body(parent, kind, body)
    }

    pub(crate) fn write_body(&mut self, parent: &Entry, kind: &str, body: Vec<u8>) -> Entry {
        let key = self.signing_key();
        let entry = entry::write(self.after(parent), kind, &body, &key);
        self.push(entry, body, key)
    }

    /// Rotates, and goes on with the new key.
    pub(crate) fn rotate_after(&mut self, parent: &Entry) -> Entry {
        let reveal = self.rotation_key();
        self.rotations += 1;
        let body = entry::encode_body(salt(self.name, self.written.len()), &text("reason", "theft"));
        let sign = PublicKey::from(&self.signing_key());
        let entry = entry::rotate(self.after(parent), &sign, next(self.name, self.rotations), &reveal, &body);
        self.push(entry, body, reveal)
    }

    /// Returns to the keys before the last rotation, as a thief holds them.
    pub(crate) const fn with_old_keys(mut self) -> Self {
        self.rotations -= 1;
        self
    }

    pub(crate) fn after(&self, parent: &Entry) -> Position {
        let seq = parent.seq() + 1;
        let time = MADE + 60_000 * u64::from(seq);
        Position { author: self.id(), seq, prev: parent.id(), time }
    }

    fn push(&mut self, entry: Entry, body: Vec<u8>, key: SigningKey) -> Entry {
        self.written.push(Written { entry: entry.clone(), body, key });
        entry
    }
}

fn key(name: &str, generation: u8, role: &str) -> SigningKey {
    SigningKey::from_bytes(&sha256(format!("{name} {generation} {role}").as_bytes()))
}

fn next(name: &str, generation: u8) -> Bytes32 {
    Bytes32(sha256(&key(name, generation, "rotation").verifying_key().to_bytes()))
}

pub(crate) fn salt(name: &str, index: usize) -> [u8; SALT_LEN] {
    let hash = sha256(format!("{name} {index}").as_bytes());
    std::array::from_fn(|at| hash[at])
}

pub(crate) fn text(name: &str, value: &str) -> Map {
    [(name.to_owned(), Value::Text(value.to_owned()))].into_iter().collect()
}

pub(crate) fn reference(entry: &Entry) -> Ref {
    Ref { author: entry.author(), seq: entry.seq(), id: entry.id() }
}

/// The network, by author.
#[derive(Clone)]
pub(crate) struct Network {
    pub(crate) net: NetworkId,
    /// Three, by id; two decide.
    pub(crate) stewards: Vec<Author>,
    /// Rotated, withdrew an entry, confirms the checkpoint.
    pub(crate) rotated: Author,
    pub(crate) forked: Author,
    /// Two rotations reveal one key; the stewards stand by the first.
    pub(crate) contested: Author,
    /// Suspended from its third entry on.
    pub(crate) cut: Author,
    /// Stepped back before what a thief wrote.
    pub(crate) disowning: Author,
    /// Bodies that were withdrawn and erased.
    pub(crate) erased: Vec<Vec<u8>>,
    pub(crate) checkpoint: Entry,
}

impl Network {
    pub(crate) fn new() -> Self {
        let mut stewards = ["steward one", "steward two", "steward three"].map(Author::new).to_vec();
        stewards.sort_by_key(Author::id);
        let charter = charter(0, None, stewards.iter().map(Author::id).collect());
        let body = entry::encode_body(salt("charter", 0), &charter.to_map());
        let net = BodyHash(sha256(&body)).as_network();
        for steward in &mut stewards {
            let inception = steward.last().clone();
            steward.write_body(&inception, "charter", body.clone());
        }
        let mut members = ["rotated", "forked", "contested", "cut", "disowning"].map(Author::new);
        for member in &mut members {
            member.say(&Join { act: None, net, charter: BodyHash(net.0) });
            member.write("practice", &text("title", "One"));
        }
        let [mut rotated, mut forked, mut contested, mut cut, mut disowning] = members;

        let withdrawn = rotated.write("practice", &text("title", "Regretted"));
        let mut erased = vec![rotated.written.last().expect("it was written").body.clone()];
        rotated.say(&withdraw(None, vec![reference(&withdrawn)]));
        rotated.rotate_after(&rotated.last().clone());
        rotated.write_body(&rotated.last().clone(), "practice", b"no body, but bytes".repeat(3));

        let common = forked.last().clone();
        erased.push(forked.written[2].body.clone());
        forked.write_after(&common, "practice", &text("title", "Left"));
        forked.write_after(&common, "practice", &text("title", "Right"));

        let common = contested.last().clone();
        let pinned = contested.rotate_after(&common);
        let mut thief = contested.clone().with_old_keys();
        thief.rotate_after(&common);
        contested.written.extend(thief.written.pop());

        for title in ["Two", "Three", "Four"] {
            cut.write("practice", &text("title", title));
        }

        let common = disowning.last().clone();
        let stolen = disowning.write("practice", &text("title", "Not ours"));
        disowning.write_after(&stolen, "practice", &text("title", "Nor this"));
        disowning.rotate_after(&common);
        disowning.write("practice", &text("title", "Ours again"));

        let admission = |author: &Author, stands| Admission {
            place: Some("06.461.01.15".into()),
            level: Some("commune".into()),
            author: author.id(),
            stands,
            succeeds: None,
        };
        let mut items: Vec<Admission> =
            [&rotated, &forked, &cut, &disowning].map(|author| admission(author, None)).to_vec();
        items.push(admission(&contested, Some(pinned.id())));
        for steward in &mut stewards[..2] {
            steward.say(&Admit { net, items: items.clone() });
            let author = cut.id();
            steward.say(&Suspend { net, note: None, upto: 2, author, reason: "dispute".into() });
            steward.say(&withdraw(Some(net), vec![reference(&forked.written[2].entry)]));
        }
        let heads = [
            (&rotated, rotated.last(), Status::Ok),
            (&forked, &forked.written[2].entry, Status::Forked),
            (&contested, &pinned, Status::Ok),
            (&cut, &cut.written[2].entry, Status::Ok),
            (&disowning, &stolen, Status::Ok),
        ];
        let mut rows: Vec<(AuthorId, Row)> = heads
            .iter()
            .map(|(author, entry, status)| (author.id(), row(entry, *status)))
            .chain(stewards.iter().map(|steward| (steward.id(), row(steward.last(), Status::Ok))))
            .collect();
        rows.sort_by_key(|(author, _)| *author);
        let heads = rows.into_iter().map(|(_, row)| row).collect();
        let checkpoint = stewards[0].say(&Checkpoint { net, heads, charter: BodyHash(net.0) });
        for member in [&mut rotated, &mut disowning] {
            member.say(&Witness { net, except: Vec::new(), checkpoint: reference(&checkpoint) });
        }
        Self { net, stewards, rotated, forked, contested, cut, disowning, erased, checkpoint }
    }

    pub(crate) fn authors(&self) -> Vec<&Author> {
        let members = [&self.rotated, &self.forked, &self.contested, &self.cut, &self.disowning];
        self.stewards.iter().chain(members).collect()
    }

    pub(crate) fn items(&self) -> Vec<Item> {
        let authors: Vec<Author> = self.authors().into_iter().cloned().collect();
        items(&authors, &self.erased)
    }
}

pub(crate) fn row(entry: &Entry, status: Status) -> Row {
    Row::new(entry.author(), Head { seq: entry.seq(), id: entry.id(), status })
}

pub(crate) fn charter(version: u64, prev: Option<BodyHash>, stewards: Vec<AuthorId>) -> Charter {
    let words = |text: &str| BTreeMap::from([("en".to_owned(), text.to_owned())]);
    Charter {
        k: stewards.len() as u64 / 2 + 1,
        prev,
        text: words("We publish what we do."),
        names: words("Openness"),
        licence: "CC-BY-4.0".into(),
        version,
        stewards,
        versions: vec![1],
        principles: vec!["transparency".into()],
    }
}

pub(crate) fn withdraw(net: Option<NetworkId>, entries: Vec<Ref>) -> Withdraw {
    Withdraw { net, basis: None, reason: "error".into(), entries }
}

/// Returns what a writer puts into a bundle of these logs: each body once, save those erased.
pub(crate) fn items(authors: &[Author], erased: &[Vec<u8>]) -> Vec<Item> {
    let mut items = Vec::new();
    for written in authors.iter().flat_map(|author| &author.written) {
        let body = Item::Body(written.body.clone());
        if !erased.contains(&written.body) && !items.contains(&body) {
            items.push(body);
        }
        items.push(Item::Envelope(written.entry.envelope().to_vec()));
    }
    items
}

pub(crate) const fn start(net: NetworkId, scope: Scope, about: Option<Bytes32>) -> Start {
    Start { net, made: MADE, about, scope, bundle: VERSION }
}

/// Returns a bundle that is whole as a file, whatever it holds; a journal has no last item.
pub(crate) fn bundle(start: &Start, items: &[Item]) -> Vec<u8> {
    let (mut writer, mut bytes) = Writer::begin(start);
    for item in items {
        bytes.extend(match item {
            Item::Body(body) => writer.body(body),
            Item::Envelope(envelope) => writer.envelope(envelope),
            Item::Start(_) | Item::End(_) => unreachable!("they are added here"),
        });
    }
    if start.scope != Scope::Journal {
        bytes.extend(writer.finish());
    }
    bytes
}

/// Returns a head as a checkpoint that lies names it.
pub(crate) fn false_row(author: AuthorId, seq: Seq, id: [u8; 32]) -> Row {
    Row::new(author, Head { seq, id: EntryId(id), status: Status::Ok })
}
