//! What stewards and members sign that contradicts the rest, decides otherwise, or says nothing.

use multaqa_protocol::bundle::Item;
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry;
use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, NetworkId, sha256};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Admission, Admit, Body, Join, Leave, Ref, Suspend};
use multaqa_protocol::witness::{Checkpoint, Witness};

use super::corpus::Corpus;
use super::network::{Network, charter, false_row, reference, row, salt, text, withdraw};

const OTHER: NetworkId = NetworkId([9; 32]);

impl Corpus {
    /// Adds everything that the network's own statements can be.
    pub(crate) fn statements(&mut self) {
        self.checkpoints();
        self.witnesses();
        self.decisions();
        self.withdrawals();
        self.charters();
    }

    fn checkpoints(&mut self) {
        let network = self.network.clone();
        let (log, net) = (&network.rotated, network.net);
        let (author, last) = (log.id(), log.last());
        let heads = [
            vec![row(&log.written[2].entry, Status::Ok)],
            vec![row(last, Status::Contested)],
            vec![false_row(author, last.seq(), [1; 32])],
            vec![false_row(author, last.seq() + 1, [1; 32])],
            vec![false_row(author, 1, last.id().0)],
            vec![false_row(AuthorId([1; 32]), 1, [1; 32])],
            vec![false_row(network.forked.id(), last.seq(), last.id().0)],
            vec![row(last, Status::Ok), row(last, Status::Ok)],
            Vec::new(),
        ];
        for heads in heads {
            for (steward, named) in [(0, net), (1, net), (1, OTHER)] {
                let says = Checkpoint { net: named, heads: heads.clone(), charter: BodyHash(net.0) };
                self.changed("a checkpoint altered", |network| {
                    network.stewards[steward].say(&says);
                });
            }
            let says = Checkpoint { net, heads, charter: BodyHash(net.0) };
            self.changed("a checkpoint by who is no steward", |network| {
                network.cut.say(&says);
            });
        }
        for (name, value) in [
            ("heads", Value::Int(1)),
            ("heads", Value::Array(vec![Value::Array(vec![Value::Int(1)])])),
            ("net", Value::Bytes(vec![1; 31])),
            ("charter", Value::Text("none".into())),
            ("more", Value::Bool(true)),
        ] {
            let says = Checkpoint { net, heads: vec![row(last, Status::Ok)], charter: BodyHash(net.0) };
            let mut map = says.to_map();
            map.insert(name, value);
            self.changed("a checkpoint in another form", |network| {
                network.stewards[0].write(Checkpoint::KIND, &map);
            });
        }
        for author in 0..5 {
            self.changed("a log cut off before a checkpoint", |network| {
                let members = [
                    &mut network.rotated,
                    &mut network.forked,
                    &mut network.contested,
                    &mut network.cut,
                    &mut network.disowning,
                ];
                members.into_iter().nth(author).expect("there are five").written.truncate(2);
            });
        }
        // The body of a checkpoint that another entry names with another length.
        let body = network.stewards[0].written.last().expect("it has written").body.clone();
        let honest = entry::write(
            network.stewards[0].after(network.stewards[0].last()),
            Checkpoint::KIND,
            &body,
            &network.stewards[0].signing_key(),
        );
        self.changed("a checkpoint whose length is wrong", |network| {
            let mut header = honest.header().clone();
            header.body.len += 1;
            let bytes = multaqa_protocol::codec::encode(&header);
            let sealed = multaqa_protocol::envelope::seal(&bytes, &network.stewards[0].signing_key());
            let forged = entry::Entry::decode(&sealed).expect("it has its form");
            let written =
                super::network::Written { entry: forged, body, key: network.stewards[0].signing_key() };
            network.stewards[0].written.push(written);
        });
    }

    fn witnesses(&mut self) {
        let network = self.network.clone();
        let (net, checkpoint) = (network.net, reference(&network.checkpoint));
        let unknown = Ref { id: EntryId([1; 32]), ..checkpoint };
        for (net, except, checkpoint) in [
            (net, vec![network.rotated.id(), network.disowning.id()], checkpoint),
            (net, vec![network.cut.id()], checkpoint),
            (net, Vec::new(), unknown),
            (net, Vec::new(), Ref { seq: 1, ..checkpoint }),
            (OTHER, Vec::new(), checkpoint),
        ] {
            let says = Witness { net, except, checkpoint };
            for author in 0..4 {
                self.changed("a witness altered", |network| {
                    let log = match author {
                        0 => &mut network.rotated,
                        1 => &mut network.forked,
                        2 => &mut network.cut,
                        _ => &mut network.stewards[1],
                    };
                    log.say(&says);
                });
            }
        }
        for seq in [1 << 32, -1] {
            let says = Witness { net, except: Vec::new(), checkpoint };
            let mut map = says.to_map();
            let mut named = map.get("checkpoint").and_then(Value::as_map).cloned().expect("it names one");
            named.insert("seq", Value::Int(seq));
            map.insert("checkpoint", Value::Map(named));
            self.changed("a witness in another form", |network| {
                network.rotated.write(Witness::KIND, &map);
            });
        }
    }

    fn decisions(&mut self) {
        let network = self.network.clone();
        let net = network.net;
        let admission = |author: AuthorId, stands, place: Option<&str>| Admission {
            place: place.map(str::to_owned),
            level: None,
            author,
            stands,
            succeeds: None,
        };
        let stranger = AuthorId([8; 32]);
        let pins: Vec<EntryId> = network.contested.written.iter().map(|one| one.entry.id()).collect();
        let mut admits = vec![
            (net, admission(stranger, None, None)),
            (OTHER, admission(stranger, None, None)),
            (net, admission(network.cut.id(), None, None)),
            (net, admission(network.rotated.id(), None, Some("06"))),
            (net, admission(network.rotated.id(), Some(network.rotated.written[1].entry.id()), None)),
            (net, admission(network.stewards[2].id(), Some(network.stewards[2].last().id()), None)),
        ];
        admits.extend(pins.iter().map(|pin| (net, admission(network.contested.id(), Some(*pin), None))));
        for (net, item) in admits {
            for stewards in [0..1, 0..2, 1..3] {
                self.changed("an admission or a pin", |network| {
                    for steward in &mut network.stewards[stewards] {
                        steward.say(&Admit { net, items: vec![item.clone()] });
                    }
                });
            }
        }
        for (author, upto) in [
            (network.rotated.id(), 3),
            (network.rotated.id(), 0),
            (network.rotated.id(), 1 << 40),
            (network.forked.id(), 2),
            (network.contested.id(), 2),
            (network.disowning.id(), 3),
            (network.stewards[2].id(), 0),
            (network.cut.id(), 4),
            (stranger, 0),
        ] {
            for stewards in [0..1, 0..2, 2..3] {
                let says = Suspend { net, note: None, upto, author, reason: "dispute".into() };
                self.changed("a suspension", |network| {
                    for steward in &mut network.stewards[stewards] {
                        steward.say(&says);
                    }
                });
            }
        }
        for says in
            [Leave { net }.to_map(), Leave { net: OTHER }.to_map(), Map::default(), text("net", "none")]
        {
            self.changed("a member leaves", |network| {
                network.rotated.write(Leave::KIND, &says);
            });
        }
        for (net, kind) in [(net, Join::KIND), (OTHER, Join::KIND), (net, "leave")] {
            let says = Join { act: Some(Value::Bool(true)), net, charter: BodyHash([1; 32]) };
            self.changed("a member joins again", |network| {
                network.rotated.write("leave", &Leave { net: network.net }.to_map());
                network.rotated.write(kind, &says.to_map());
            });
        }
        for (name, value) in [
            ("items", Value::Array(Vec::new())),
            ("items", Value::Bytes(vec![1])),
            ("net", Value::Int(1)),
            ("items", Value::Array(vec![Value::Map(text("author", "somebody"))])),
        ] {
            let says = Admit { net, items: vec![admission(stranger, None, None)] };
            let mut map = says.to_map();
            map.insert(name, value);
            self.changed("a statement of other types", |network| {
                for steward in &mut network.stewards[..2] {
                    steward.write(Admit::KIND, &map);
                }
            });
        }
    }

    fn withdrawals(&mut self) {
        let network = self.network.clone();
        let net = network.net;
        let target = reference(&network.rotated.written[1].entry);
        let record = reference(&network.cut.written[2].entry);
        let far = reference(&network.disowning.written[3].entry);
        let kept = reference(&network.rotated.written[6].entry);
        for named in
            [target, record, far, kept, Ref { seq: 9, ..record }, Ref { author: target.author, ..record }]
        {
            let own = withdraw(None, vec![named]);
            self.changed("a withdrawal by the author or another", |network| {
                network.rotated.say(&own);
            });
            self.changed("a withdrawal by the author or another", |network| {
                network.disowning.say(&own);
            });
            for (net, stewards) in [(net, 0..1), (net, 0..2), (OTHER, 0..2), (net, 1..3)] {
                let order = withdraw(Some(net), vec![named]);
                self.changed("a withdrawal by stewards", |network| {
                    for steward in &mut network.stewards[stewards] {
                        steward.say(&order);
                    }
                });
            }
        }
        let mut map = withdraw(None, vec![kept]).to_map();
        let mut wide = Value::from(&kept).expect("it is a map").as_map().cloned().expect("it is a map");
        wide.insert("seq", Value::Int(1 << 40));
        let refs = map.get("entries").cloned().map(|refs| match refs {
            Value::Array(refs) => Value::Array(refs.into_iter().chain([Value::Map(wide)]).collect()),
            other => other,
        });
        map.insert("entries", refs.expect("it names some"));
        self.changed("a withdrawal of what cannot be", |network| {
            network.rotated.write("withdraw", &map);
        });
        map.insert("entries", Value::Array(Vec::new()));
        self.changed("a withdrawal of what cannot be", |network| {
            network.rotated.write("withdraw", &map);
        });
    }

    fn charters(&mut self) {
        let network = self.network.clone();
        let ids: Vec<AuthorId> = network.stewards.iter().map(|steward| steward.id()).collect();
        let first = BodyHash(network.net.0);
        let mut with_stranger = ids.clone();
        with_stranger.push(AuthorId([0xff; 32]));
        let mut with_member = vec![ids[0], ids[1], network.rotated.id()];
        with_member.sort();
        let mut low = charter(1, Some(first), ids.clone());
        low.k = 1;
        let versions = [
            charter(1, Some(first), ids[..2].to_vec()),
            charter(1, Some(first), with_stranger),
            charter(1, Some(first), with_member),
            charter(1, Some(first), ids.iter().rev().copied().collect()),
            charter(2, Some(first), ids.clone()),
            charter(1, Some(BodyHash([1; 32])), ids.clone()),
            charter(1, None, ids.clone()),
            charter(0, None, ids),
            low,
        ];
        for (number, version) in versions.iter().enumerate() {
            let body = entry::encode_body(salt("charter", number + 1), &version.to_map());
            for votes in 1..=3 {
                self.changed("a charter amended", |network| vote(network, votes, &body));
            }
        }
        let bodies: Vec<Vec<u8>> = versions[..3]
            .iter()
            .enumerate()
            .map(|(number, version)| entry::encode_body(salt("vote", number), &version.to_map()))
            .collect();
        self.changed("a charter amended", |network| {
            vote(network, 1, &bodies[0]);
            vote(network, 3, &bodies[1]);
            vote(network, 3, &bodies[2]);
        });
        let hash = BodyHash(sha256(&bodies[0]));
        let second = charter(2, Some(hash), network.stewards.iter().map(|steward| steward.id()).collect());
        let body = entry::encode_body(salt("vote", 9), &second.to_map());
        self.changed("a charter amended", |network| {
            vote(network, 2, &bodies[0]);
            vote(network, 3, &body);
        });
        self.changed("a charter's vote taken back", |network| {
            vote(network, 2, &bodies[0]);
            let before = network.stewards[1].written[network.stewards[1].written.len() - 2].entry.clone();
            network.stewards[1].rotate_after(&before);
        });
        // A charter that another's entry holds founds the network as well (N1); a malformed one does not.
        let founding = Item::Body(network.stewards[0].written[1].body.clone());
        let items: Vec<Item> = self.whole.iter().filter(|item| **item != founding).cloned().collect();
        self.items("the charter left out", &items);
        let start = super::network::start(
            NetworkId(sha256(&network.rotated.written[1].body)),
            multaqa_protocol::bundle::Scope::Entry,
            Some(Bytes32(network.rotated.last().id().0)),
        );
        let whole = self.whole.clone();
        self.file("the charter left out", super::network::bundle(&start, &whole));
    }
}

fn vote(network: &mut Network, votes: usize, body: &[u8]) {
    for steward in &mut network.stewards[..votes] {
        let parent = steward.last().clone();
        steward.write_body(&parent, "charter", body.to_vec());
    }
}
