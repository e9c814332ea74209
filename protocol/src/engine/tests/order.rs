//! S6: the same entries in any order give the same heads, governance and withdrawals.

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::rig::{Net, Rig, admit, gossip, suspend, withdraw};
use crate::codec::Map;
use crate::engine::{Arriving, Input};

/// Orders tried.
const ORDERS: u64 = 200;

/// Entries with a fork that is healed, one that is not, a suspension, a step back and withdrawals.
pub(super) fn history() -> (Net, Vec<Arriving>) {
    let mut net = Net::new();
    let founding = net.clone();
    let mut entries = Vec::new();
    let id = net.id;
    let member = net.member.id;
    for _ in 0..3 {
        entries.push(net.member.write("practice", &Map::default()));
    }
    let target = net.member.reference(2);
    entries.push(net.member.write("withdraw", &withdraw(target)));
    entries.push(net.member.beside(3, "practice", &Map::default()));
    let last = net.member.log.len() - 1;
    entries.push(net.member.rotate(last));
    entries.push(net.member.write("practice", &Map::default()));
    entries.push(net.stewards[0].write("suspend", &suspend(id, member, 5)));
    entries.push(net.stewards[1].write("suspend", &suspend(id, member, 7)));
    entries.push(net.stewards[1].beside(2, "admit", &admit(id, &[member])));
    entries.push(net.stewards[2].write("practice", &Map::default()));
    entries.push(net.stewards[2].rotate(2));
    entries.push(net.stewards[2].write("withdraw", &withdraw(target)));
    (founding, entries)
}

#[test]
fn any_order_of_the_same_entries_gives_the_same_state() {
    let (founding, entries) = history();
    let state = |rig: &Rig| {
        let heads: Vec<_> = rig.engine.heads().iter().collect();
        (heads, rig.engine.governance().clone(), rig.engine.withdrawals().clone())
    };
    let mut wanted = None;
    for seed in 0..ORDERS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut rig: Rig = founding.rig();
        let mut left = entries.clone();
        // What lies beyond a frozen head or a cut is refused at first and comes again.
        for _ in 0..4 {
            left.shuffle(&mut rng);
            for entry in &left {
                if rng.random_bool(0.5) {
                    rig.settle(gossip(entry))
                } else {
                    rig.put(gossip(entry))
                };
            }
            rig.confirm();
        }
        // The branch that a rotation crowns comes with it, as a session would bring it.
        rig.settle(Input::Import { token: 9, entries: entries.clone() });
        let found = state(&rig);
        assert_eq!(wanted.get_or_insert_with(|| found.clone()), &found, "seed {seed}");
    }
}
