//! A Multaqa node: store, network and HTTP around the protocol.

pub mod keys;
pub mod store;
