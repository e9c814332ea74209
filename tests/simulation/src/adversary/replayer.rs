//! A replayer sends again what honest nodes once sent, shows the logs of another network, and says that
//! its node is of that one. It tries to make a statement count where, or when, it was not made.

use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::BodyHash;
use multaqa_protocol::network::{Admit, Body, Join, Suspend};
use rand::prelude::*;

use super::message_of;
use crate::stewards::admission;
use crate::world::{Event, World};

impl World {
    pub(super) fn replay(&mut self, peer: usize) {
        for _ in 0..4 {
            let Some(bytes) = self.overheard.choose(&mut self.rng).cloned() else { break };
            let to = self.some_honest();
            let bytes = match Message::decode(&bytes) {
                // The same entry in another message: without its body, or with another one.
                Ok(Message::Entry { envelope, body }) if self.rng.random_bool(0.3) => {
                    let body = if self.rng.random_bool(0.5) { None } else { body.map(|_| self.record()) };
                    Message::Entry { envelope, body }.encode().into()
                }
                _ => bytes,
            };
            self.at(1, Event::Message { to, from: peer, bytes });
        }
        self.show_stranger(peer);
    }

    /// Shows the log of a steward of another network, who admits and suspends members of this one.
    fn show_stranger(&mut self, peer: usize) {
        let net = if self.rng.random_bool(0.5) { self.other_net } else { self.net };
        let author = self.authors.choose(&mut self.rng).expect("some").id;
        let maps = [
            ("join", Join { act: None, net, charter: BodyHash(net.0) }.to_map()),
            ("admit", Admit { net, items: vec![admission(author, None)] }.to_map()),
            ("suspend", Suspend { net, note: None, upto: 0, author, reason: "replayed".to_owned() }.to_map()),
        ];
        let to = self.some_nodes();
        let inception = self.hostile(peer).stranger.inception.clone();
        let mut shown = vec![self.made(inception)];
        for (kind, map) in maps {
            let body = self.body(&map);
            let now = self.now;
            let stranger = &mut self.hostile(peer).stranger;
            let last = stranger.last();
            let arriving = stranger.write(last.era, stranger.after(last, now), kind, body);
            stranger.stand_by(&arriving.signed, last.era);
            shown.push(self.made(arriving));
        }
        for arriving in shown {
            let bytes = message_of(&arriving);
            for to in &to {
                self.at(1, Event::Message { to: *to, from: peer, bytes: bytes.clone() });
            }
        }
    }
}
