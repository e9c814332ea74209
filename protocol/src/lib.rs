//! The Multaqa protocol: bytes and time in, decisions out.
//!
//! A collectivity writes a *log*: a chain of signed *entries*, each a small header that names its
//! parent by hash, and a detached *body* that can be erased without breaking the chain
//! ([`entry`], [`envelope`]). Bytes from outside are scanned before they are decoded, and hashes and
//! signatures cover the bytes as received ([`codec`]). One author's entries form a tree; which
//! path through it counts is a pure function of the entries known ([`log`]). Which authors belong,
//! and where each one's log is pinned or cut, is computed from the stewards' logs ([`network`]).
//! What a body says is typed in [`record`], and never decides whether an entry is valid; what follows
//! from records together, as how far a plan has come, is derived in [`follow_up`].
//!
//! Two nodes compare and exchange logs with [`sync`]; new entries spread by [`gossip`]. Both, and
//! what a member publishes itself, end in [`engine`]: one state machine without a socket, a file or
//! a clock, that takes an input and the time and answers with effects. [`bundle`] is the file format
//! in which logs travel without a network, and [`audit`] checks one offline.
//!
//! Rules have ids (C1, V3, S2 ...) that `docs/protocol.md` defines; code, tests and vectors use the
//! same ids.

pub mod attachment;
pub mod audit;
pub mod bundle;
pub mod codec;
pub mod engine;
pub mod entry;
pub mod envelope;
pub mod follow_up;
pub mod gossip;
pub mod id;
pub mod log;
pub mod network;
pub mod record;
pub mod sync;
pub mod witness;
