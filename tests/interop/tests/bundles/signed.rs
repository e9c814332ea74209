//! Alterations by who has a key, or pretends to: headers, signatures and logs that are wrong where they
//! stand. What statements say is in [`super::statements`].

use multaqa_protocol::bundle::Item;
use multaqa_protocol::codec::{self, Map, Value};
use multaqa_protocol::entry::{self, Entry};
use multaqa_protocol::envelope::{self, Envelope};
use multaqa_protocol::id::sha256;

use super::corpus::Corpus;
use super::network::{Network, text};

/// Encodings of points that no key may be (V4): of small order, in another form, or none.
const BAD_KEYS: [&str; 6] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0200000000000000000000000000000000000000000000000000000000000000",
];
/// The order of the group, in the bytes of a signature's s.
const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

impl Corpus {
    /// Adds everything that takes a key.
    pub(crate) fn sign_all(&mut self) {
        self.fields();
        self.keys();
        self.encodings();
        self.envelopes();
        self.signatures();
        self.versions();
        self.places();
        self.rotations();
        self.bodies();
        self.statements();
    }

    /// Adds the network after a change.
    pub(crate) fn changed(&mut self, kind: &'static str, change: impl FnOnce(&mut Network)) {
        let mut network = self.network.clone();
        change(&mut network);
        let items = network.items();
        self.items(kind, &items);
    }

    /// Adds the network with more envelopes and bodies.
    pub(crate) fn more(&mut self, kind: &'static str, envelopes: &[Vec<u8>], bodies: &[Vec<u8>]) {
        let bodies = bodies.iter().cloned().map(Item::Body);
        let envelopes = envelopes.iter().cloned().map(Item::Envelope);
        let items: Vec<Item> = self.whole.iter().cloned().chain(bodies).chain(envelopes).collect();
        self.items(kind, &items);
    }

    /// Adds the network with another envelope in the place of an entry's.
    pub(crate) fn instead(&mut self, kind: &'static str, entry: &Entry, envelope: Vec<u8>) {
        let own = Item::Envelope(entry.envelope().to_vec());
        let mut items = self.whole.clone();
        for item in items.iter_mut().filter(|item| **item == own) {
            *item = Item::Envelope(envelope.clone());
        }
        self.items(kind, &items);
    }

    fn fields(&mut self) {
        let log = self.network.rotated.clone();
        let other = self.network.forked.clone();
        let plain = &log.written[2];
        let last = log.written.last().expect("it has written").clone();
        let int = Value::Int;
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let changes = [
            ("seq", Some(int(0))),
            ("seq", Some(int(1))),
            ("seq", Some(int(77))),
            ("seq", Some(int(1 << 32))),
            ("seq", Some(Value::Text("2".into()))),
            ("time", Some(int(0))),
            ("time", Some(int(codec::MAX_INT as i64))),
            ("time", Some(int(-1))),
            ("kind", Some(Value::Text("reply".into()))),
            ("kind", Some(Value::Text("Practice".into()))),
            ("kind", Some(Value::Text("rotate".into()))),
            ("kind", Some(Value::Text("inception".into()))),
            ("kind", Some(Value::Text("close".into()))),
            ("kind", Some(Value::Text("a".repeat(65)))),
            ("author", Some(bytes(&other.id().0))),
            ("author", Some(bytes(&[1; 32]))),
            ("author", Some(bytes(&[1; 31]))),
            ("author", None),
            ("prev", Some(bytes(&log.written[0].entry.id().0))),
            ("prev", Some(bytes(&other.written[1].entry.id().0))),
            ("prev", Some(bytes(&[3; 32]))),
            ("prev", None),
            ("body", None),
            ("body", Some(int(19))),
            ("keys", header(&log.written[0].entry).get("keys").cloned()),
            ("more", Some(int(1))),
            ("v", None),
        ];
        for (name, value) in changes {
            for written in [plain, &last] {
                let kept = header(&written.entry);
                let kept = kept.iter().filter(|(field, _)| *field != name).map(owned);
                let map = kept.chain(value.clone().map(|value| (name.to_owned(), value))).collect();
                let sealed = envelope::seal(&codec::encode(&Value::Map(map)), &written.key);
                let signature = &written.entry.envelope()[written.entry.envelope().len() - 64..];
                let forged = [&sealed[..sealed.len() - 64], signature].concat();
                self.instead("a field altered and signed", &written.entry, sealed);
                self.instead("a field altered, not signed", &written.entry, forged);
            }
        }
        for (name, value) in
            [("len", int(18)), ("len", int(19)), ("len", int(262_145)), ("hash", bytes(&[1; 31]))]
        {
            for written in [plain, &last] {
                let mut map = header(&written.entry);
                let Some(Value::Map(mut body)) = map.get("body").cloned() else { unreachable!("it has one") };
                body.insert(name, value.clone());
                map.insert("body", Value::Map(body));
                let sealed = envelope::seal(&codec::encode(&Value::Map(map)), &written.key);
                self.instead("another length or hash of a body", &written.entry, sealed);
            }
        }
    }

    fn keys(&mut self) {
        let log = self.network.rotated.clone();
        let establishments = [log.written[0].clone(), log.written[5].clone()];
        let hash = |bytes: &[u8]| sha256(bytes).to_vec();
        let first_sign = log.written[0].key.verifying_key().to_bytes();
        let mut changes: Vec<(&'static str, &'static str, Vec<u8>)> = vec![
            ("next", "a key announced that was shown", hash(&first_sign)),
            ("sign", "a key used again", first_sign.to_vec()),
            ("reveal", "another key revealed", first_sign.to_vec()),
            ("next", "a field of the keys of another length", vec![1; 31]),
            ("sign", "a field of the keys of another length", vec![1; 33]),
            ("more", "a field of the keys too many", vec![1; 32]),
        ];
        let Some(Value::Map(keys)) = header(&log.written[0].entry).get("keys").cloned() else {
            unreachable!("an inception has keys")
        };
        if let Some(Value::Bytes(next)) = keys.get("next") {
            changes.push(("next", "a `next` used again", next.clone()));
        }
        for bad in BAD_KEYS {
            changes.push(("sign", "a key that is none", unhex(bad)));
        }
        for written in &establishments {
            for (field, kind, value) in &changes {
                let mut map = header(&written.entry);
                let Some(Value::Map(mut keys)) = map.get("keys").cloned() else {
                    unreachable!("it has keys")
                };
                keys.insert(*field, Value::Bytes(value.clone()));
                map.insert("keys", Value::Map(keys));
                let sealed = envelope::seal(&codec::encode(&Value::Map(map)), &written.key);
                self.instead(kind, &written.entry, sealed);
            }
        }
    }

    fn signatures(&mut self) {
        let logs = [self.network.rotated.clone(), self.network.cut.clone()];
        let stranger = self.network.forked.signing_key();
        for log in &logs {
            for written in [&log.written[0], &log.written[2], &log.written[log.written.len() - 1]] {
                let honest = written.entry.envelope().to_vec();
                let (front, signature) = honest.split_at(honest.len() - 64);
                let (r, s) = signature.split_at(32);
                let more = add(s, &unhex(ORDER));
                let forms: Vec<(&'static str, Vec<u8>)> = vec![
                    ("s beyond the order", [front, r, &more].concat()),
                    ("s beyond the order", [front, r, &[0xff; 32]].concat()),
                    ("R of small order", [front, &unhex(BAD_KEYS[0]), s].concat()),
                    ("R of small order", [front, &unhex(BAD_KEYS[2]), &[0; 32]].concat()),
                    ("a signature of zeros", [front, &[0; 64]].concat()),
                    ("the signature of another entry", {
                        let other = log.written[1].entry.envelope();
                        [front, &other[other.len() - 64..]].concat()
                    }),
                ];
                for (kind, form) in forms {
                    self.instead(kind, &written.entry, form.clone());
                    self.more("a bad signature beside a good one", &[form], &[]);
                }
                let header = Envelope::parse(&honest).expect("it is one").header.to_vec();
                for key in [&stranger, &log.signing_key(), &log.rotation_key(), &log.written[0].key] {
                    if key != &written.key {
                        self.instead("signed by another key", &written.entry, envelope::seal(&header, key));
                    }
                }
            }
        }
    }

    fn versions(&mut self) {
        let last = self.network.rotated.written.last().expect("it has written").clone();
        let values =
            [Value::Int(2), Value::Int(0), Value::Int(-1), Value::Text("1".into()), Value::Bool(true)];
        for value in values {
            let mut map = header(&last.entry);
            map.insert("v", value);
            let sealed = envelope::seal(&codec::encode(&Value::Map(map)), &last.key);
            self.instead("another version", &last.entry, sealed);
        }
        for (len, signature) in [(1usize, 1u8), (2_000, 64), (65_500, 8), (65_536, 64)] {
            let mut map = Map::default();
            map.insert("v", Value::Int(7));
            map.insert("more", Value::Bytes(vec![0; len.saturating_sub(40)]));
            let header = codec::encode(&Value::Map(map));
            let parts =
                [Value::Bytes(vec![9]), Value::Bytes(header), Value::Bytes(vec![1; signature.into()])];
            let [protected, header, signature] = parts.map(|part| codec::encode(&part));
            let envelope = [&[0xd2, 0x84], &protected[..], &[0xa0], &header, &signature].concat();
            self.more("a later version of another size", &[envelope], &[vec![7; 40]]);
        }
    }

    fn places(&mut self) {
        let log = self.network.rotated.clone();
        let title = text("title", "Another");
        for at in 0..log.written.len() {
            let parent = log.written[at].entry.clone();
            // The key of that stretch, which is not always the one in force.
            let writer = if at < 5 { log.clone().with_old_keys() } else { log.clone() };
            let title = title.clone();
            self.changed("a fork at each height", move |network| {
                let mut writer = writer;
                writer.write_after(&parent, "practice", &title);
                network.rotated = writer;
            });
        }
        for (field, value) in [("seq", 1), ("seq", 9), ("time", 1), ("time", 9_000_000_000_000)] {
            let parent = log.last();
            let body = entry::encode_body([3; 16], &title);
            let mut map = header(&entry::write(log.after(parent), "practice", &body, &log.signing_key()));
            map.insert(field, Value::Int(value));
            let kind = if field == "seq" { "an entry with a wrong number" } else { "a time far off" };
            let sealed = envelope::seal(&codec::encode(&Value::Map(map)), &log.signing_key());
            self.more(kind, &[sealed], &[body]);
        }
        let closed = |network: &mut Network, then: &[&str]| {
            let mut close = Map::default();
            close.insert("reason", Value::Text("merged".into()));
            close.insert("successors", Value::Array(Vec::new()));
            network.rotated.write("close", &close);
            for kind in then {
                match *kind {
                    "rotate" => network.rotated.rotate_after(&network.rotated.last().clone()),
                    kind => network.rotated.write(kind, &text("title", "After the end")),
                };
            }
        };
        for then in [&[][..], &["practice"], &["rotate"], &["rotate", "practice"], &["close", "rotate"]] {
            self.changed("after a close", |network| closed(network, then));
        }
        // What follows an entry that is not valid, or that is not there.
        for (kind, forged, drop) in [
            ("after a forged entry", true, false),
            ("after a forged entry", true, true),
            ("after an entry left out", false, true),
        ] {
            let mut writer = log.clone();
            let parent = writer.last().clone();
            let first = writer.write_after(&parent, "practice", &title);
            writer.write("practice", &text("title", "Child"));
            writer.rotate_after(&writer.last().clone());
            writer.write("practice", &text("title", "Grandchild"));
            let tail = &writer.written[log.written.len()..];
            let mut envelopes: Vec<Vec<u8>> = tail.iter().map(|one| one.entry.envelope().to_vec()).collect();
            if forged {
                let header = Envelope::parse(first.envelope()).expect("it is one").header.to_vec();
                envelopes[0] = envelope::seal(&header, &self.network.forked.signing_key());
            }
            if drop {
                envelopes.remove(usize::from(forged));
            }
            let bodies: Vec<Vec<u8>> = tail.iter().map(|one| one.body.clone()).collect();
            self.more(kind, &envelopes, &bodies);
            envelopes.reverse();
            self.more(kind, &envelopes, &bodies);
        }
    }

    fn rotations(&mut self) {
        for at in [1, 4, 5, 6] {
            self.changed("a rotation that steps back", |network| {
                let parent = network.rotated.written[at].entry.clone();
                if at < 5 {
                    network.rotated = network.rotated.clone().with_old_keys();
                }
                network.rotated.rotate_after(&parent);
            });
        }
        let log = self.network.cut.clone();
        for (kind, signer, missing) in [
            ("a rotation forged", self.network.forked.rotation_key(), false),
            ("a rotation forged", log.signing_key(), false),
            ("a rotation forged", self.network.forked.rotation_key(), true),
            ("a rotation forged", log.signing_key(), true),
        ] {
            let mut thief = log.clone();
            let parent = thief.written[if missing { 3 } else { 5 }].entry.clone();
            let honest = thief.rotate_after(&parent);
            let child = thief.write("practice", &text("title", "On it"));
            let header = Envelope::parse(honest.envelope()).expect("it is one").header.to_vec();
            let envelopes = [envelope::seal(&header, &signer), child.envelope().to_vec()];
            let bodies: Vec<Vec<u8>> = thief.written[6..].iter().map(|one| one.body.clone()).collect();
            if missing {
                let mut items = self.whole.clone();
                items.retain(|item| *item != Item::Envelope(parent.envelope().to_vec()));
                items.extend(
                    envelopes.into_iter().map(Item::Envelope).chain(bodies.into_iter().map(Item::Body)),
                );
                self.items(kind, &items);
            } else {
                self.more(kind, &envelopes, &bodies);
            }
        }
        for author in ["disowning", "forked", "steward"] {
            self.changed("two rotations with one key", |network| {
                let log = match author {
                    "disowning" => &mut network.disowning,
                    "forked" => &mut network.forked,
                    _ => &mut network.stewards[1],
                };
                let parent = log.last().clone();
                log.rotate_after(&parent);
                let mut thief = log.clone().with_old_keys();
                thief.rotate_after(&log.written[1].entry.clone());
                log.written.extend(thief.written.pop());
            });
        }
    }
}

fn owned((name, value): (&str, &Value)) -> (String, Value) {
    (name.to_owned(), value.clone())
}

/// Returns a header as a map.
fn header(entry: &Entry) -> Map {
    let header = Envelope::parse(entry.envelope()).expect("it is one").header.to_vec();
    match codec::decode(&header, codec::MAX_HEADER) {
        Ok(Value::Map(map)) => map,
        _ => unreachable!("an entry's header is a map"),
    }
}

fn add(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let sum = a.iter().zip(b).map(|(a, b)| {
        let sum = u16::from(*a) + u16::from(*b) + carry;
        carry = sum >> 8;
        (sum & 0xff) as u8
    });
    sum.collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).filter_map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
