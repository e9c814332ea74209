//! A garbler answers a frame with any frames: those of other sessions, questions before `hello`,
//! answers to what was not asked. It tries to bring a session into a state that was not foreseen.

use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::BodyHash;
use multaqa_protocol::sync::{Frame, Want};
use rand::prelude::*;

use crate::world::{Event, World};

impl World {
    pub(super) fn garble(&mut self, stream: u64, end: usize) {
        for _ in 0..self.rng.random_range(0..3) {
            let frame = match self.rng.random_range(0..8) {
                0 => Frame::Ask(vec![BodyHash(self.rng.random())]),
                1 => Frame::Done,
                2 => {
                    let author = self.authors.choose(&mut self.rng).expect("some").id;
                    Frame::Want(Want { tip: None, have: Vec::new(), author })
                }
                _ => {
                    let heard = self.heard.choose(&mut self.rng).cloned();
                    heard.and_then(|bytes| Frame::decode(&bytes).ok()).unwrap_or(Frame::Done)
                }
            };
            self.send(stream, end, &frame);
        }
    }

    /// Two entries as the proof of a fork, in either order, related or not.
    pub(super) fn garble_gossip(&mut self, peer: usize) {
        let envelopes = [(); 2].map(|()| {
            let id = self.made_in_order.choose(&mut self.rng).expect("logs begin with entries");
            self.made[id].signed.envelope().to_vec()
        });
        let to = self.some_honest();
        let bytes = Message::Fork(envelopes).encode().into();
        self.at(1, Event::Message { to, from: peer, bytes });
    }
}
