//! A Multaqa node: the I/O around the protocol.
//!
//! [`Node`] is the handle that the API and the command line hold. Behind it one task, the
//! [`driver`], owns the protocol's engine: inputs in, effects out. Signatures are checked on all cores
//! before an entry reaches it; what it accepts is written by one thread ([`store`]), and only then
//! announced ([`net`]). Nothing here decides what is valid or who belongs.

pub mod api;
mod attachment;
pub mod backup;
pub mod ban;
mod clock;
pub mod config;
mod dialogue;
pub mod digest;
pub mod doctor;
pub mod driver;
pub mod folder;
pub mod gazetteer;
pub mod hidden;
mod index;
mod ingest;
pub mod invitation;
pub mod keys;
mod knocks;
pub mod mirror;
pub mod net;
mod node;
pub mod office;
pub mod recent;
pub mod sheet;
pub mod store;
mod ui;
pub mod view;
pub mod vocabulary;

pub use clock::Clock;
pub use node::{Config, EnterError, FoundError, HidingError, Limits, NetConfig, Node, StartError};
pub use view::follow_up::today;
