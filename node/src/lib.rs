//! A Multaqa node: the I/O around the protocol.
//!
//! [`Node`] is the handle that the API and the command line hold. Behind it one task, the
//! [`driver`], owns the protocol's engine: inputs in, effects out. Signatures are checked on all cores
//! before an entry reaches it ([`ingest`]); what it accepts is written by one thread ([`store`]), and
//! only then announced ([`net`]). Nothing here decides what is valid or who belongs.

<<<<<<< HEAD
pub mod driver;
pub mod folder;
mod ingest;
=======
pub mod gazetteer;
>>>>>>> records
pub mod net;
mod node;
pub mod store;

pub use node::{Config, NetConfig, Node};
