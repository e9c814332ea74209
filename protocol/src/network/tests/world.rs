//! Authors that write signed logs, and nodes that receive them.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use crate::codec::{Map, Value};
use crate::entry::{self, Entry, Position, SALT_LEN, Signed};
use crate::envelope::PublicKey;
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, NetworkId, Seq, sha256};
use crate::log::{Choice, Log, Place};
use crate::network::{
    Admission, Admit, Body, Charter, Close, Governance, Join, Known, Leave, Ref, Says, Statement, Suspend,
    Withdraw,
};

/// An entry, its signature checked, with what its body says.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) signed: Signed,
    pub(super) says: Option<Says>,
}

/// The writer of one log: its head can be set back, to fork or to step back by a rotation.
#[derive(Clone)]
pub(super) struct Writer {
    name: String,
    generation: u32,
    salt: u64,
    pub(super) author: AuthorId,
    pub(super) entries: Vec<Written>,
    head: usize,
    pub(super) now: Millis,
}

impl Writer {
    pub(super) fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let next = Bytes32(sha256(&key(&name, "rotate", 0).verifying_key().to_bytes()));
        let sign = key(&name, "sign", 0);
        let (entry, _) = entry::incept(&sign, next, 1, [0; SALT_LEN]);
        let author = entry.author();
        let signed = Signed::check(entry, &PublicKey::from(&sign));
        let entries = vec![Written { signed, says: None }];
        Self { name, generation: 0, salt: 0, author, entries, head: 0, now: 1 }
    }

    /// Goes on after an earlier entry.
    pub(super) fn back_to(&mut self, id: EntryId) {
        self.head = self.entries.iter().position(|written| written.signed.id() == id).unwrap();
    }

    pub(super) fn head(&self) -> EntryId {
        self.entries[self.head].signed.id()
    }

    pub(super) fn seq(&self) -> Seq {
        self.entries[self.head].signed.seq()
    }

    pub(super) fn head_ref(&self) -> Ref {
        Ref { author: self.author, seq: self.seq(), id: self.head() }
    }

    fn position(&mut self) -> Position {
        self.now += 1;
        Position { author: self.author, seq: self.seq() + 1, prev: self.head(), time: self.now }
    }

    fn push(&mut self, entry: Entry, key: &SigningKey, body: &[u8]) -> EntryId {
        assert!(entry.is_signed_by(&PublicKey::from(key)));
        let says = Says::read(entry.kind(), entry.header().body.hash, body);
        let id = entry.id();
        self.entries.push(Written { signed: Signed::check(entry, &PublicKey::from(key)), says });
        self.head = self.entries.len() - 1;
        id
    }

    pub(super) fn salted(&mut self, map: &Map) -> Vec<u8> {
        self.salt += 1;
        let mut salt = [0; SALT_LEN];
        salt[..8].copy_from_slice(&self.salt.to_be_bytes());
        salt[8..].copy_from_slice(&self.author.0[..8]);
        entry::encode_body(salt, map)
    }

    pub(super) fn write_bytes(&mut self, kind: &str, body: &[u8]) -> EntryId {
        let sign = key(&self.name, "sign", self.generation);
        let entry = entry::write(self.position(), kind, body, &sign);
        self.push(entry, &sign, body)
    }

    pub(super) fn write_map(&mut self, kind: &str, map: &Map) -> EntryId {
        let body = self.salted(map);
        self.write_bytes(kind, &body)
    }

    fn say<B: Body>(&mut self, body: &B) -> EntryId {
        self.write_map(B::KIND, &body.to_map())
    }

    pub(super) fn note(&mut self) -> EntryId {
        let map = Map::from_iter([("text".to_owned(), Value::Int(i64::try_from(self.salt).unwrap()))]);
        self.write_map("reply", &map)
    }

    /// Rotates after the head; from there on the new key signs.
    pub(super) fn rotate(&mut self) -> EntryId {
        let reveal = key(&self.name, "rotate", self.generation);
        self.generation += 1;
        let sign = key(&self.name, "sign", self.generation);
        let next = key(&self.name, "rotate", self.generation);
        let next = Bytes32(sha256(&next.verifying_key().to_bytes()));
        let body = self.salted(&Map::default());
        let entry = entry::rotate(self.position(), &PublicKey::from(&sign), next, &reveal, &body);
        self.push(entry, &reveal, &body)
    }

    pub(super) fn join(&mut self, net: NetworkId) -> EntryId {
        self.say(&Join { act: None, net, charter: BodyHash(net.0) })
    }

    pub(super) fn leave(&mut self, net: NetworkId) -> EntryId {
        self.say(&Leave { net })
    }

    pub(super) fn close(&mut self) -> EntryId {
        self.say(&Close { note: None, reason: "merged".into(), successors: Vec::new() })
    }

    pub(super) fn admit(&mut self, net: NetworkId, items: &[Admission]) -> EntryId {
        self.say(&Admit { net, items: items.to_vec() })
    }

    pub(super) fn suspend(&mut self, net: NetworkId, author: AuthorId, upto: Seq) -> EntryId {
        self.say(&Suspend { note: None, net, upto: upto.into(), author, reason: "keys".into() })
    }

    pub(super) fn withdraw(&mut self, net: Option<NetworkId>, entries: &[Ref]) -> EntryId {
        self.say(&Withdraw { net, basis: None, reason: "privacy".into(), entries: entries.to_vec() })
    }
}

fn key(name: &str, role: &str, generation: u32) -> SigningKey {
    SigningKey::from_bytes(&sha256(format!("{name} {role} {generation}").as_bytes()))
}

/// An `admit`'s item that says nothing but the author.
pub(super) fn item(author: AuthorId) -> Admission {
    Admission { place: None, level: None, author, stands: None, succeeds: None }
}

pub(super) fn charter(k: u64, stewards: &[AuthorId]) -> Charter {
    let mut stewards = stewards.to_vec();
    stewards.sort();
    let words = |text: &str| BTreeMap::from([("fr".to_owned(), text.to_owned())]);
    Charter {
        k,
        prev: None,
        text: words("Les collectivités s'engagent."),
        names: words("Réseau"),
        licence: "CC-BY-4.0".into(),
        version: 0,
        stewards,
        versions: vec![1],
        principles: vec!["transparency".into()],
    }
}

/// A charter's body with its salt, and the hash by which it is known.
pub(super) fn seal(charter: &Charter, salt: u8) -> (Vec<u8>, BodyHash) {
    let body = entry::encode_body([salt; SALT_LEN], &charter.to_map());
    let hash = BodyHash(sha256(&body));
    (body, hash)
}

/// Stewards `0..n` that have signed version 0, and further authors behind them, ordered by id within
/// both groups.
pub(super) struct World {
    pub(super) net: NetworkId,
    pub(super) charter: Charter,
    pub(super) n: usize,
    pub(super) writers: Vec<Writer>,
}

impl World {
    pub(super) fn new(name: &str, stewards: usize, k: u64, others: usize) -> Self {
        let mut writers: Vec<_> = (0..stewards).map(|i| Writer::new(format!("{name} s{i}"))).collect();
        writers.sort_by_key(|writer| writer.author);
        let ids: Vec<_> = writers.iter().map(|writer| writer.author).collect();
        let charter = charter(k, &ids);
        let (body, hash) = seal(&charter, 7);
        for writer in &mut writers {
            writer.write_bytes("charter", &body);
        }
        let mut rest: Vec<_> = (0..others).map(|i| Writer::new(format!("{name} a{i}"))).collect();
        rest.sort_by_key(|writer| writer.author);
        writers.extend(rest);
        Self { net: hash.as_network(), charter, n: stewards, writers }
    }

    /// Three stewards of whom two decide, and `others`.
    pub(super) fn small(others: usize) -> Self {
        Self::new("small", 3, 2, others)
    }

    pub(super) fn id(&self, writer: usize) -> AuthorId {
        self.writers[writer].author
    }

    /// The first of the authors that are no stewards.
    pub(super) fn other(&self) -> AuthorId {
        self.id(self.n)
    }

    pub(super) fn admit(&mut self, stewards: &[usize], item: &Admission) {
        for &steward in stewards {
            self.writers[steward].admit(self.net, std::slice::from_ref(item));
        }
    }

    pub(super) fn suspend(&mut self, stewards: &[usize], author: AuthorId, upto: Seq) {
        for &steward in stewards {
            self.writers[steward].suspend(self.net, author, upto);
        }
    }

    /// Lets `voters` sign one body of `next` as the successor of the version with hash `prev`.
    pub(super) fn amend(
        &mut self,
        voters: &[usize],
        mut next: Charter,
        prev: BodyHash,
        salt: u8,
    ) -> BodyHash {
        next.prev = Some(prev);
        let (body, hash) = seal(&next, salt);
        for &voter in voters {
            self.writers[voter].write_bytes("charter", &body);
        }
        hash
    }

    /// The founding charter with other stewards, as version 1.
    pub(super) fn successor(&self, k: u64, stewards: &[usize]) -> Charter {
        let ids: Vec<_> = stewards.iter().map(|&i| self.id(i)).collect();
        Charter { version: 1, ..charter(k, &ids) }
    }

    pub(super) fn founding(&self) -> BodyHash {
        BodyHash(self.net.0)
    }

    pub(super) fn entries(&self) -> Vec<Written> {
        self.writers.iter().flat_map(|writer| writer.entries.clone()).collect()
    }

    pub(super) fn node(&self) -> Node {
        Node::receive(self.entries())
    }

    pub(super) fn governance(&self) -> Governance {
        Governance::compute(self.net, &self.node().logs)
    }
}

/// What a node knows after it has received entries.
#[derive(Default)]
pub(super) struct Node {
    pub(super) logs: BTreeMap<AuthorId, Known>,
    places: BTreeMap<EntryId, Place>,
}

impl Node {
    /// Takes entries in the order given, keeping back those whose parent has not arrived.
    pub(super) fn receive(entries: Vec<Written>) -> Self {
        let mut node = Self::default();
        let mut waiting: BTreeMap<EntryId, Vec<Written>> = BTreeMap::new();
        for written in entries {
            let mut ready = vec![written];
            while let Some(written) = ready.pop() {
                match written.signed.prev() {
                    Some(prev) if !node.places.contains_key(&prev) => {
                        waiting.entry(prev).or_default().push(written);
                    }
                    _ => {
                        ready.extend(waiting.remove(&written.signed.id()).unwrap_or_default());
                        node.take(written);
                    }
                }
            }
        }
        assert!(waiting.is_empty());
        node
    }

    fn take(&mut self, Written { signed, says }: Written) {
        let place = match signed.prev() {
            None => {
                self.logs.insert(signed.author(), Known::new(Log::begin(&signed).unwrap()));
                Place { branch: 0, seq: 0 }
            }
            Some(prev) => {
                let known = self.logs.get_mut(&signed.author()).unwrap();
                known.log.extend(self.places[&prev], &signed).unwrap()
            }
        };
        self.places.insert(signed.id(), place);
        if let Some(says) = says {
            let statement =
                Statement { place, id: signed.id(), seq: signed.seq(), time: signed.header().time, says };
            self.logs.get_mut(&signed.author()).unwrap().statements.push(statement);
        }
    }

    /// The choice of a log under the pin and the cut that `governance` gives it.
    pub(super) fn choose(&self, governance: &Governance, author: AuthorId) -> Choice {
        let pin = governance.pin(author).and_then(|pin| self.places.get(&pin).copied());
        self.logs[&author].log.tree().choose(pin, governance.cut(author))
    }
}
