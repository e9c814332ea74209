//! A deterministic simulation of a network of engines: it acts as the reactor of up to two hundred
//! nodes, but without doing any I/O.
//!
//! One seeded generator decides everything: who is hostile and how, when links delay, lose, repeat,
//! reorder and partition, when streams break, when a node crashes between an append and its
//! confirmation and how much of its index survives, when a disk refuses, a backup is restored or a
//! clock jumps, what stewards and members publish. Frames and gossip messages are encoded and decoded
//! with the real formats, and entries are really signed. After every step the invariants of `check`
//! hold, and when the faults end all honest nodes come to rest in the state that `model` computes, by
//! the rules read out one after the other, from the union of what they hold. The same seed gives the
//! same trace, so a failure replays from its seed.
//!
//! It is no test of the node: disk, sockets and threads have their own.

mod acts;
mod adversary;
mod author;
mod check;
mod effects;
mod faults;
mod model;
mod node;
mod orders;
mod profile;
mod report;
mod rest;
mod schedule;
mod stewards;
mod store;
mod wire;
mod world;

pub use orders::{Orders, any_order};
pub use profile::Size;
pub use report::{Failure, Quality, Report};

/// Runs one seed to its end.
///
/// # Errors
///
/// The first invariant that does not hold, with the end of the trace.
pub fn run(seed: u64, size: Size) -> Result<Report, Box<Failure>> {
    let mut world = world::World::new(seed, size);
    world.run();
    world.finish()
}
