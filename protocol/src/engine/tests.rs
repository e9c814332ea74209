//! What one peer does with what it is given, and two of them with each other.

mod bounds;
mod gossip;
mod order;
mod quota;
mod rig;
mod seeking;
mod session;
mod writing;
