//! A flooder publishes many valid entries at once, in its own log: small ones, statements that decide
//! nothing, and headers whose bodies it never supplies. It tries to fill memory, and the list of
//! missing bodies, so that other authors' records are not asked for.

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::network::{Admit, Body};
use rand::prelude::*;

use crate::stewards::admission;
use crate::world::World;

impl World {
    pub(super) fn flood_entries(&mut self, peer: usize) {
        let len = self.flood_len();
        let mut shown = Vec::new();
        for _ in 0..len {
            let (kind, body) = match self.rng.random_range(0..8) {
                0 => ("practice", self.body_too_large_to_travel()),
                1 => {
                    let items = (0..20)
                        .map(|_| admission(self.authors.choose(&mut self.rng).expect("some").id, None));
                    let items = items.collect();
                    ("admit", self.body(&Admit { net: self.net, items }.to_map()))
                }
                2 => ("org.example.unknown", self.record()),
                _ => ("practice", self.record()),
            };
            shown.push(self.write(peer, kind, body));
        }
        let to = self.some_nodes();
        self.note(format_args!("n{peer} floods {to:?} with {len} entries"));
        self.show(peer, &shown, &to);
    }

    fn body_too_large_to_travel(&mut self) -> Vec<u8> {
        let mut map = Map::default();
        map.insert("text", Value::Text("m".repeat(49_200)));
        self.body(&map)
    }
}
