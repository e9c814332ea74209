//! A deterministic simulation of a network of engines: it acts as the reactor of ten nodes, but
//! without doing any I/O.
//!
//! One seeded generator decides everything: when links delay, lose, repeat, reorder and partition,
//! when streams break, when a node crashes between an append and its confirmation and how much of its
//! index survives, what stewards and members publish, whom a thief of a key and an equivocating author
//! show which branch. Frames and gossip messages are encoded and decoded with the real formats, and
//! entries are really signed. After every step the invariants of `check` hold, and when the faults
//! end all honest nodes come to rest in the state that a model computes from the union of what they
//! hold. The same seed gives the same trace, so a failure replays from its seed.
//!
//! It is no test of the node: disk, sockets and threads have their own.

mod acts;
mod adversary;
mod author;
mod check;
mod effects;
mod node;
mod report;
mod store;
mod wire;
mod world;

pub use report::{Failure, Quality, Report};

/// Runs one seed to its end.
///
/// # Errors
///
/// The first invariant that does not hold, with the end of the trace.
pub fn run(seed: u64) -> Result<Report, Box<Failure>> {
    let mut world = world::World::new(seed);
    world.run();
    world.finish()
}
