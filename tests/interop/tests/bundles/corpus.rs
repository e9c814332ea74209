//! The corpus of altered bundles: what anyone can do to a file, with the last item as it was or made
//! again so that only what lies beneath can tell. What an author can sign is in [`super::signed`].

use std::slice;

use multaqa_protocol::bundle::{End, Item, Scope};
use multaqa_protocol::codec::{self, Value};
use multaqa_protocol::id::{Bytes32, NetworkId, sha256};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::network::{Network, bundle, start};

/// A bundle, and which kind of alteration made it.
pub(crate) struct Altered {
    pub(crate) kind: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Makes altered bundles of one network; the same seed makes the same.
pub(crate) struct Corpus {
    pub(crate) network: Network,
    /// What an honest writer puts into a bundle of the whole network.
    pub(crate) whole: Vec<Item>,
    pub(crate) random: ChaCha8Rng,
    pub(crate) made: Vec<Altered>,
}

impl Corpus {
    /// Makes all of it.
    pub(crate) fn new(seed: u64) -> Self {
        let network = Network::new();
        let whole = network.items();
        let mut corpus = Self { network, whole, random: ChaCha8Rng::seed_from_u64(seed), made: Vec::new() };
        corpus.unaltered();
        corpus.bits_and_ends();
        corpus.first_and_last_items();
        corpus.items_in_another_form();
        corpus.bits_within();
        corpus.order_and_absence();
        corpus.journals();
        corpus.hostile();
        corpus.sign_all();
        corpus
    }

    pub(crate) fn file(&mut self, kind: &'static str, bytes: Vec<u8>) {
        self.made.push(Altered { kind, bytes });
    }

    /// Adds a bundle of the whole network with these items.
    pub(crate) fn items(&mut self, kind: &'static str, items: &[Item]) {
        let bytes = bundle(&start(self.network.net, Scope::Network, None), items);
        self.file(kind, bytes);
    }

    fn honest(&self) -> Vec<u8> {
        bundle(&start(self.network.net, Scope::Network, None), &self.whole)
    }

    fn unaltered(&mut self) {
        self.file("nothing", self.honest());
        let (net, about) = (self.network.net, self.network.rotated.id());
        let log: Vec<Item> =
            super::network::items(slice::from_ref(&self.network.rotated), &self.network.erased);
        let author = start(net, Scope::Author, Some(Bytes32(about.0)));
        self.file("nothing", bundle(&author, &log));
        let entry = self.network.rotated.written[2].entry.id();
        let scope = start(net, Scope::Entry, Some(Bytes32(entry.0)));
        self.file("nothing", bundle(&scope, &log[..6]));
        self.file("nothing", bundle(&start(net, Scope::Journal, None), &self.whole));
    }

    fn bits_and_ends(&mut self) {
        let bytes = self.honest();
        for _ in 0..40 {
            let mut flipped = bytes.clone();
            let at = self.random.random_range(0..bytes.len());
            flipped[at] ^= 1 << self.random.random_range(0..8);
            self.file("a bit flipped in the file", flipped);
        }
        for _ in 0..24 {
            let at = self.random.random_range(0..bytes.len());
            self.file("the file cut anywhere", bytes[..at].to_vec());
        }
        let first = bundle(&start(self.network.net, Scope::Journal, None), &[]).len() + 2;
        for at in (1..first).step_by(9) {
            self.file("the file cut in its first item", bytes[..at].to_vec());
        }
        for at in 1..8 {
            self.file("the file cut in its last item", bytes[..bytes.len() - at * 5].to_vec());
        }
        for count in (0..self.whole.len()).step_by(5) {
            let open = bundle(&start(self.network.net, Scope::Journal, None), &self.whole[..count]);
            // The first item of a network is as long as that of a journal.
            let begin = bytes[..open.len()].to_vec();
            self.file("the file cut between two items", begin);
        }
        for more in [&b"\0"[..], b"\xf6", b"\x82\x01\x41\x00", &bytes[..1], &bytes, &[0; 70_000]] {
            self.file("bytes after the end", [&bytes, more].concat());
        }
    }

    fn first_and_last_items(&mut self) {
        let net = self.network.net;
        for scope in [Scope::Author, Scope::Entry] {
            for about in [[7; 32], self.network.forked.id().0, self.network.checkpoint.id().0] {
                let whole = self.whole.clone();
                self.file("another scope", bundle(&start(net, scope, Some(Bytes32(about))), &whole));
            }
        }
        let whole = self.whole.clone();
        let other = NetworkId([9; 32]);
        self.file("another network", bundle(&start(other, Scope::Network, None), &whole));
        self.file("another network", bundle(&start(other, Scope::Journal, None), &whole));
        let other = self.network.stewards[0].written[0].entry.header().body.hash.as_network();
        self.file("another network", bundle(&start(other, Scope::Network, None), &whole));

        let rest = self.honest().split_off(bundle(&start(net, Scope::Network, None), &[]).len() - END_LEN);
        let int = Value::Int;
        let fields = [
            ("bundle", Some(int(2))),
            ("bundle", Some(int(0))),
            ("bundle", Some(int(-1))),
            ("bundle", Some(Value::Bool(true))),
            ("bundle", None),
            ("made", Some(int(-1))),
            ("made", None),
            ("net", Some(Value::Bytes(vec![5; 31]))),
            ("net", Some(Value::Text("5".repeat(32)))),
            ("scope", Some(Value::Text("all".into()))),
            ("scope", Some(Value::Text("author".into()))),
            ("scope", None),
            ("about", Some(Value::Bytes(vec![5; 32]))),
            ("about", Some(int(1))),
            ("more", Some(int(1))),
        ];
        for (name, value) in fields {
            let honest = codec::encode(&start(net, Scope::Network, None));
            let Ok(Value::Map(map)) = codec::decode(&honest, 1_024) else { unreachable!("it is a map") };
            let kept = map.iter().filter(|(field, _)| *field != name);
            let kept = kept.map(|(field, value)| (field.to_owned(), value.clone()));
            let map = kept.chain(value.map(|value| (name.to_owned(), value))).collect();
            let first = codec::encode(&Value::Array(vec![int(0), Value::Map(map)]));
            self.file("the first item altered", [first, rest.clone()].concat());
        }
        let honest = self.honest();
        let first = honest.len() - rest.len();
        self.file("the first item absent", rest);
        self.file("the first item twice", [&honest[..first], &honest].concat());
        self.file("the first item after others", [&honest[first..], &honest[..first]].concat());

        let before = honest.len() - END_LEN;
        let (mut bodies, mut envelopes) = (0, 0);
        for item in &self.whole {
            *if matches!(item, Item::Body(_)) { &mut bodies } else { &mut envelopes } += 1;
        }
        let hash = Bytes32(sha256(&honest[..before]));
        let ends = [
            End { envelopes: envelopes + 1, bodies, hash },
            End { envelopes, bodies: bodies - 1, hash },
            End { envelopes: bodies, bodies: envelopes, hash },
            End { envelopes, bodies, hash: Bytes32([0; 32]) },
            End { envelopes: codec::MAX_INT, bodies: codec::MAX_INT, hash },
        ];
        for end in ends {
            self.file("the last item altered", [&honest[..before], &Item::End(end).encode()].concat());
        }
        let end = &honest[before..];
        self.file("the last item twice", [&honest, end].concat());
        self.file("the last item in the middle", [&honest[..first], end, &honest[first..]].concat());
    }

    /// Replaces one item by bytes that are none, and makes the last item again.
    fn items_in_another_form(&mut self) {
        let net = self.network.net;
        let Item::Body(body) = self.whole[0].clone() else { unreachable!("it begins with a body") };
        let len = u8::try_from(body.len()).expect("it is an inception's");
        let forms: Vec<(&'static str, Vec<u8>)> = vec![
            ("an item's number in a longer form", [&[0x82, 0x18, 1, 0x40 | len][..], &body].concat()),
            ("an item's length in a longer form", [&[0x82, 1, 0x58, len][..], &body].concat()),
            ("an item's length in a longer form", [&[0x98, 2, 1, 0x40 | len][..], &body].concat()),
            ("an item of indefinite length", [&[0x9f, 1, 0x40 | len][..], &body, &[0xff]].concat()),
            ("an item of indefinite length", [&[0x82, 1, 0x5f, 0x40 | len][..], &body, &[0xff]].concat()),
            ("an item of another type", [&[0x82, 1, 0x60 | len][..], &body].concat()),
            ("an item of another type", vec![0x82, 1, 0xf5]),
            ("an item of another type", vec![0x82, 2, 0x80]),
            ("an item of another type", vec![0x82, 0xf5, 0x41, 0]),
            ("an item of another type", vec![0x82, 0x61, b'1', 0x41, 0]),
            ("an item of another type", vec![0xc1, 0x82, 1, 0x41, 0]),
            ("an item of another type", vec![0x80]),
            ("an item of another type", vec![0xa1, 0x61, b'a', 1]),
            ("an unknown item", vec![0x82, 3, 0x41, 0]),
            ("an unknown item", vec![0x81, 1]),
            ("an unknown item", [&[0x83, 1, 0x40 | len][..], &body, &[0]].concat()),
            ("an unknown item", vec![0x83, 0x09, 0, 0]),
            ("a length that nothing follows", vec![0x82, 1, 0x5a, 0, 4, 0, 1]),
            ("a length that nothing follows", vec![0x82, 1, 0x5a, 0, 3, 0xff, 0xff]),
            ("a length that nothing follows", vec![0x82, 2, 0x5b, 0xff, 0, 0, 0, 0, 0, 0, 0]),
            ("a length that nothing follows", vec![0x82, 2, 0x5b, 0, 0, 0, 1, 0, 0, 0, 0]),
            ("ten million items in a head", vec![0x9a, 0, 0x98, 0x96, 0x80, 1]),
            ("ten million items in a head", vec![0x82, 0, 0xba, 0, 0x98, 0x96, 0x80]),
            (
                "ten million items in a head",
                [&[0x82, 0, 0x9a, 0, 0x98, 0x96, 0x80][..], &[0; 70_000]].concat(),
            ),
        ];
        let first = bundle(&start(net, Scope::Journal, None), &[]).len();
        let honest = self.honest();
        let open = &honest[..honest.len() - END_LEN];
        for (kind, form) in forms {
            for at in [first, open.len()] {
                let mut bytes = [&open[..at], &form, &open[at..]].concat();
                let hash = Bytes32(sha256(&bytes));
                bytes.extend(Item::End(End { envelopes: 1, bodies: 1, hash }).encode());
                self.file(kind, bytes);
            }
        }
    }

    fn bits_within(&mut self) {
        for _ in 0..24 {
            let mut items = self.whole.clone();
            let at = self.any(|item| matches!(item, Item::Body(_)));
            let Item::Body(body) = &mut items[at] else { unreachable!("it was picked as one") };
            let byte = self.random.random_range(0..body.len());
            body[byte] ^= 1 << self.random.random_range(0..8);
            self.items("a bit flipped in a body", &items);
        }
        for (kind, times) in [("envelope", 12), ("header", 30), ("signature", 20)] {
            for _ in 0..times {
                let mut items = self.whole.clone();
                let at = self.any(|item| matches!(item, Item::Envelope(_)));
                let Item::Envelope(envelope) = &mut items[at] else { unreachable!("it was picked as one") };
                let signature = envelope.len() - 64;
                let (kind, range) = match kind {
                    "envelope" => ("a bit flipped before the header", 0..9),
                    "header" => ("a bit flipped in a header", 9..signature - 2),
                    _ => ("a bit flipped in a signature", signature - 2..envelope.len()),
                };
                envelope[self.random.random_range(range)] ^= 1 << self.random.random_range(0..8);
                self.items(kind, &items);
            }
        }
    }

    /// Returns the index of one of the items that fit.
    fn any(&mut self, fits: impl Fn(&Item) -> bool) -> usize {
        let fitting: Vec<usize> = (0..self.whole.len()).filter(|at| fits(&self.whole[*at])).collect();
        *fitting.choose(&mut self.random).expect("some do")
    }

    fn order_and_absence(&mut self) {
        for _ in 0..8 {
            let mut items = self.whole.clone();
            items.shuffle(&mut self.random);
            self.items("items in another order", &items);
        }
        let reversed: Vec<Item> = self.whole.iter().rev().cloned().collect();
        self.items("items in another order", &reversed);
        let twice: Vec<Item> = self.whole.iter().chain(&self.whole).cloned().collect();
        self.items("items twice", &twice);
        for _ in 0..4 {
            let again = self.whole.choose(&mut self.random).expect("there are some").clone();
            let items: Vec<Item> = self.whole.iter().cloned().chain([again]).collect();
            self.items("items twice", &items);
        }
        for at in 0..self.whole.len() {
            let mut items = self.whole.clone();
            let kind = match items.remove(at) {
                Item::Body(_) => "a body left out",
                _ => "an entry left out",
            };
            self.items(kind, &items);
            if kind == "a body left out" {
                // Where a file is about one entry, that is a fault of none.
                let entry = self.network.rotated.written[2].entry.id();
                let proof = start(self.network.net, Scope::Entry, Some(Bytes32(entry.0)));
                self.file("a body left out of a proof", bundle(&proof, &items));
            }
        }
        let authors: Vec<_> = self.network.authors().into_iter().cloned().collect();
        for at in 0..authors.len() {
            let mut rest = authors.clone();
            let author = rest.remove(at);
            let items = super::network::items(&rest, &self.network.erased);
            self.items("a log left out", &items);
            for kept in [2, author.written.len() - 1] {
                let mut cut = authors.clone();
                cut[at].written.truncate(kept);
                let items = super::network::items(&cut, &self.network.erased);
                self.items("the tail of a log left out", &items);
            }
        }
        for body in self.network.erased.clone() {
            let items: Vec<Item> = self.whole.iter().cloned().chain([Item::Body(body)]).collect();
            self.items("a withdrawn body restored", &items);
        }
        for stranger in [b"whatever".to_vec(), Vec::new(), b"\x82\x50aaaaaaaaaaaaaaaa\xa0".to_vec()] {
            let items: Vec<Item> = self.whole.iter().cloned().chain([Item::Body(stranger)]).collect();
            self.items("a body of no entry", &items);
        }
    }

    fn journals(&mut self) {
        let journal = start(self.network.net, Scope::Journal, None);
        let open = bundle(&journal, &self.whole);
        for at in 1..8 {
            self.file("a journal cut anywhere", open[..open.len() - at * 37].to_vec());
        }
        for more in [1, 300 * 1_024, 300 * 1_024 + 1] {
            self.file("a journal with bytes that are no item", [open.clone(), vec![0xf6; more]].concat());
            self.file(
                "a journal with bytes that are no item",
                [&open, &b"\x82\x01\x5a"[..], &vec![0; more]].concat(),
            );
        }
        let stranger: Vec<Item> = self.whole.iter().cloned().chain([Item::Body(vec![1; 30])]).collect();
        self.file("a journal with a body of no entry", bundle(&journal, &stranger));
        let [mut closed, mut wrong] = [open.clone(), open.clone()];
        let bodies = self.whole.iter().filter(|item| matches!(item, Item::Body(_))).count() as u64;
        let envelopes = self.whole.len() as u64 - bodies;
        closed.extend(Item::End(End { envelopes, bodies, hash: Bytes32(sha256(&open)) }).encode());
        wrong.extend(Item::End(End { envelopes, bodies, hash: Bytes32([1; 32]) }).encode());
        self.file("a journal with a last item", [&closed, &b"\0"[..]].concat());
        self.file("a journal with a last item", closed);
        self.file("a journal with a last item", wrong);
    }

    fn hostile(&mut self) {
        self.file("an empty file", Vec::new());
        for len in [1, 2, 3, 64, 1_000, 70_000] {
            let mut bytes = vec![0; len];
            self.random.fill(&mut bytes[..]);
            self.file("random bytes", bytes);
        }
        for _ in 0..6 {
            let mut bytes = self.honest();
            let from = self.random.random_range(0..bytes.len() - 200);
            self.random.fill(&mut bytes[from..from + 200]);
            self.file("random bytes inside", bytes);
        }
        // More findings than a report lists.
        self.items("a hundred thousand tiny items", &vec![Item::Envelope(Vec::new()); 100_000]);
        let item = |inner: &[u8]| [&[0x82, 0x00][..], inner].concat();
        self.file("nested too deep", item(&[[0x81; 15].as_slice(), &[0]].concat()));
        self.file("nested too deep", item(&[[0x81; 14].as_slice(), &[0]].concat()));
        self.file("nested too deep", item(&[0x81; 60_000]));
    }
}

/// Length of the last item of a bundle of a few hundred items.
const END_LEN: usize = 40;
