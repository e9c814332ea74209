//! Real signed logs, and bundles of them.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use crate::audit::{Auditor, Report};
use crate::bundle::{Item, Scope, Start, VERSION, Writer};
use crate::codec::{self, Map, Value};
use crate::entry::{self, Entry, Header, Position, SALT_LEN};
use crate::envelope::{self, PublicKey};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, NetworkId, Seq, sha256};
use crate::network::{Admission, Admit, Body, Charter, Join, Ref, Suspend, Withdraw, Words};

pub(super) const MADE: u64 = 1_790_000_000_000;

/// An author with all its keys, and what it has written.
#[derive(Clone)]
pub(super) struct Author {
    seed: u8,
    rotations: u8,
    pub(super) written: Vec<(Entry, Vec<u8>)>,
}

impl Author {
    pub(super) fn new(seed: u8) -> Self {
        let next = PublicKey::from(&key(seed, 0, "rotation")).to_bytes();
        let inception = entry::incept(&key(seed, 0, "sign"), Bytes32(sha256(&next.0)), MADE, salt(seed, 0));
        Self { seed, rotations: 0, written: vec![inception] }
    }

    pub(super) fn id(&self) -> AuthorId {
        self.written[0].0.author()
    }

    pub(super) fn head(&self) -> EntryId {
        self.written.last().unwrap().0.id()
    }

    pub(super) fn entry(&self, id: EntryId) -> &(Entry, Vec<u8>) {
        self.written.iter().find(|(entry, _)| entry.id() == id).unwrap()
    }

    pub(super) fn reference(&self, id: EntryId) -> Ref {
        Ref { author: self.id(), seq: self.entry(id).0.seq(), id }
    }

    /// Writes after the entry written last.
    pub(super) fn write(&mut self, kind: &str, map: &Map) -> EntryId {
        self.write_after(self.head(), kind, map)
    }

    pub(super) fn write_after(&mut self, parent: EntryId, kind: &str, map: &Map) -> EntryId {
        let body = self.body(map);
        self.write_body(parent, kind, body)
    }

    pub(super) fn write_body(&mut self, parent: EntryId, kind: &str, body: Vec<u8>) -> EntryId {
        let key = key(self.seed, self.rotations, "sign");
        let entry = entry::write(self.position(parent), kind, &body, &key);
        self.push(entry, body)
    }

    /// Writes an entry with this header, whatever body it names; no body comes with it.
    pub(super) fn write_header(&mut self, header: &Header) -> EntryId {
        let key = key(self.seed, self.rotations, "sign");
        let entry = Entry::decode(&envelope::seal(&codec::encode(header), &key)).unwrap();
        self.push(entry, Vec::new())
    }

    pub(super) fn say<B: Body>(&mut self, says: &B) -> EntryId {
        self.write(B::KIND, &says.to_map())
    }

    pub(super) fn rotate_after(&mut self, parent: EntryId) -> EntryId {
        let reveal = key(self.seed, self.rotations, "rotation");
        self.rotations += 1;
        let sign = PublicKey::from(&key(self.seed, self.rotations, "sign"));
        let next = PublicKey::from(&key(self.seed, self.rotations, "rotation")).to_bytes();
        let body = self.body(&text("reason", "theft"));
        let next = Bytes32(sha256(&next.0));
        let entry = entry::rotate(self.position(parent), &sign, next, &reveal, &body);
        self.push(entry, body)
    }

    /// Returns to the keys before the last rotation, as a thief holds them.
    pub(super) fn with_old_keys(mut self) -> Self {
        self.rotations -= 1;
        self
    }

    fn position(&self, parent: EntryId) -> Position {
        let (prev, seq) = (parent, self.entry(parent).0.seq() + 1);
        Position { author: self.id(), seq, prev, time: MADE + u64::from(seq) }
    }

    fn body(&self, map: &Map) -> Vec<u8> {
        entry::encode_body(salt(self.seed, self.written.len()), map)
    }

    fn push(&mut self, entry: Entry, body: Vec<u8>) -> EntryId {
        let id = entry.id();
        self.written.push((entry, body));
        id
    }

    pub(super) fn items(&self) -> Vec<Item> {
        let bodies = |body: &Vec<u8>| (!body.is_empty()).then(|| Item::Body(body.clone()));
        self.written
            .iter()
            .flat_map(|(entry, body)| [Some(envelope(entry)), bodies(body)])
            .flatten()
            .collect()
    }
}

fn key(seed: u8, generation: u8, role: &str) -> SigningKey {
    SigningKey::from_bytes(&sha256(format!("{seed} {generation} {role}").as_bytes()))
}

fn salt(seed: u8, index: usize) -> [u8; SALT_LEN] {
    let hash = sha256(format!("{seed} {index}").as_bytes());
    hash[..SALT_LEN].try_into().unwrap()
}

pub(super) fn text(name: &str, value: &str) -> Map {
    [(name.to_owned(), Value::Text(value.into()))].into_iter().collect()
}

pub(super) fn envelope(entry: &Entry) -> Item {
    Item::Envelope(entry.envelope().to_vec())
}

/// Three stewards of whom two decide, and a member.
#[derive(Clone)]
pub(super) struct Network {
    pub(super) net: NetworkId,
    pub(super) stewards: Vec<Author>,
    pub(super) member: Author,
    /// An entry of the member that says nothing of the network.
    pub(super) practice: EntryId,
}

impl Network {
    pub(super) fn new() -> Self {
        let mut stewards = vec![Author::new(1), Author::new(2), Author::new(3)];
        stewards.sort_by_key(Author::id);
        let charter = Charter {
            k: 2,
            prev: None,
            text: words("We publish what we do."),
            names: words("Openness"),
            licence: "CC-BY-4.0".into(),
            version: 0,
            stewards: stewards.iter().map(Author::id).collect(),
            versions: vec![1],
            principles: vec!["transparency".into()],
        };
        let body = entry::encode_body(salt(0, 0), &charter.to_map());
        let hash = BodyHash(sha256(&body));
        let net = hash.as_network();
        for steward in &mut stewards {
            steward.write_body(steward.head(), "charter", body.clone());
        }
        let mut member = Author::new(4);
        member.say(&Join { act: None, net, charter: hash });
        let practice = member.write("practice", &text("title", "Budget in the open"));
        let mut network = Self { net, stewards, member, practice };
        network.admit(2, network.member.id(), None);
        network
    }

    /// Lets the first `count` stewards admit `author`.
    pub(super) fn admit(&mut self, count: usize, author: AuthorId, stands: Option<EntryId>) {
        let item = Admission {
            place: Some("MA-RSK".into()),
            level: Some("region".into()),
            author,
            stands,
            succeeds: None,
        };
        let admit = Admit { net: self.net, items: vec![item] };
        self.stewards[..count].iter_mut().for_each(|steward| {
            steward.say(&admit);
        });
    }

    /// Lets the first `count` stewards suspend `author`.
    pub(super) fn suspend(&mut self, count: usize, author: AuthorId, upto: Seq) {
        let suspend =
            Suspend { net: self.net, note: None, upto: upto.into(), author, reason: "theft".into() };
        self.stewards[..count].iter_mut().for_each(|steward| {
            steward.say(&suspend);
        });
    }

    pub(super) fn withdraw(&mut self, count: usize, entry: Ref) {
        let withdraw =
            Withdraw { net: Some(self.net), basis: None, reason: "order".into(), entries: vec![entry] };
        self.stewards[..count].iter_mut().for_each(|steward| {
            steward.say(&withdraw);
        });
    }

    pub(super) fn items(&self) -> Vec<Item> {
        self.stewards.iter().chain([&self.member]).flat_map(Author::items).collect()
    }

    pub(super) fn bundle(&self, scope: Scope) -> Vec<u8> {
        bundle(self.net, scope, self.items())
    }
}

fn words(words: &str) -> Words {
    BTreeMap::from([("en".to_owned(), words.to_owned())])
}

/// Returns a bundle of these items, each body once as writers do.
pub(super) fn bundle(net: NetworkId, scope: Scope, items: Vec<Item>) -> Vec<u8> {
    bundle_about(net, scope, None, items)
}

pub(super) fn bundle_about(
    net: NetworkId,
    scope: Scope,
    about: Option<Bytes32>,
    items: Vec<Item>,
) -> Vec<u8> {
    let (mut writer, mut bytes) = Writer::begin(&Start { net, made: MADE, about, scope, bundle: VERSION });
    for item in items {
        bytes.extend(match item {
            Item::Body(body) => writer.body(&body),
            Item::Envelope(envelope) => writer.envelope(&envelope),
            Item::Start(_) | Item::End(_) => unreachable!("bodies and envelopes only"),
        });
    }
    if scope != Scope::Journal {
        bytes.extend(writer.finish());
    }
    bytes
}

pub(super) fn audit(bytes: &[u8]) -> Report {
    let mut auditor = Auditor::new(1);
    auditor.push(bytes);
    auditor.finish()
}
