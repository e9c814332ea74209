//! Real nodes in network namespaces that the test makes itself: a local network, homes behind routers
//! that translate addresses, poor lines, and cuts. It shows how nodes find and reach each other; what
//! they say to each other is shown elsewhere.
//!
//! A [`Switch`] is a network, a [`Host`] a machine on it, a [`Member`] a node on a machine. All are
//! namespaces named after this process and removed when dropped; interfaces, addresses and packet
//! filters of the machine itself are never touched. A test that is killed leaves its namespaces, whose
//! names begin with `multaqa-` and its process id; `ip netns del NAME` removes one.
//!
//! It needs root, iproute2, nftables, miniupnpd, strace, Python 3 and `/dev/net/tun`, and fails where they are missing.

mod line;
mod member;
mod space;
mod switch;
mod upnp;
mod wait;

pub use line::Line;
pub use member::Member;
pub use space::Space;
pub use switch::{Host, Nat, Switch};
pub use wait::{Limit, figure, tell};
