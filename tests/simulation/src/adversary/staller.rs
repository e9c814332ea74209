//! A staller opens sessions and keeps them open: it says nothing, or asks one small question after the
//! other and never says that it is done. It tries to hold memory and places for sessions for good (Y7).

use multaqa_protocol::sync::{Frame, Want};
use rand::prelude::*;

use crate::world::{Event, World};

impl World {
    /// Tells whether it says hello this time; if so, it drips questions afterwards.
    pub(super) fn stalls_politely(&mut self, stream: u64, end: usize) -> bool {
        let polite = self.rng.random_bool(0.6);
        if polite {
            self.at(5_000, Event::Drip { stream, end });
        }
        polite
    }

    /// One more question, well within the time after which silence ends a session.
    pub(crate) fn drip(&mut self, stream: u64, end: usize) {
        if !self.streams.get(&stream).is_some_and(|stream| stream.open[end]) {
            return;
        }
        let author = self.authors.choose(&mut self.rng).expect("some").id;
        self.send(stream, end, &Frame::Want(Want { tip: None, have: Vec::new(), author }));
        let next = self.rng.random_range(20_000..50_000);
        self.at(next, Event::Drip { stream, end });
    }
}
