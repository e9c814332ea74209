//! Networks made of namespaces: a switch with hosts on it, and homes behind a router that translates
//! addresses.
//!
//! Addresses of the internet are public ones, since a node treats documentation's and private ones as
//! what they are. Nothing leaves the namespaces.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::line::{Laid, Line};
use crate::space::{Program, Space};
use crate::upnp;

/// The bridge of a switch.
const BRIDGE: &str = "switch0";
/// A router's port to the internet; a host's only one is called the same.
const OUTSIDE: &str = "eth0";

/// How a router translates addresses. Either way it drops what comes in unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// A port inside has one port outside, whomever it writes to: holes can be punched.
    Steady,
    /// A port inside has another port outside for everyone that it writes to: only a relay helps.
    Symmetrical,
}

/// A local network: the internet as one switch, or a home's.
#[derive(Debug)]
pub struct Switch {
    space: Space,
    /// The first three parts of its addresses.
    prefix: [u8; 3],
    /// The router's way out, where there is one.
    way_out: Option<WayOut>,
    hosts: AtomicU8,
}

/// What makes a router of a switch.
#[derive(Debug)]
struct WayOut {
    address: Ipv4Addr,
    _line: Laid,
    upnp: Option<Program>,
}

/// A machine on a switch.
#[derive(Debug)]
pub struct Host {
    space: Space,
    /// Its port of the switch.
    port: String,
    /// Its address.
    pub address: Ipv4Addr,
    _line: Laid,
}

impl Switch {
    /// Makes a local network whose addresses begin with `prefix`.
    #[must_use]
    pub fn new(name: &str, prefix: [u8; 3]) -> Self {
        let space = Space::new(name);
        space.ip(&format!("link add {BRIDGE} type bridge"));
        space.ip(&format!("link set {BRIDGE} up"));
        Self { space, prefix, way_out: None, hosts: AtomicU8::new(10) }
    }

    /// Makes the internet: a switch of public addresses on which nobody finds another by multicast.
    #[must_use]
    pub fn internet() -> Self {
        let internet = Self::new("internet", [41, 92, 7]);
        internet.space.nft(
            "table bridge internet {
                chain forward { type filter hook forward priority 0; udp dport { 1900, 5353 } drop; }
            }",
        );
        internet
    }

    /// Makes a home: a local network behind a router that has one address on this one.
    #[must_use]
    pub fn home(&self, name: &str, prefix: [u8; 3], nat: Nat) -> Self {
        let mut home = Self::new(name, prefix);
        let line = self.connect(&home.space, Line::Cable);
        home.space.ip(&format!("address add {}/24 dev {BRIDGE}", home.router()));
        home.space.forward();
        let mapping = if nat == Nat::Symmetrical { "fully-random" } else { "" };
        home.space.nft(&format!(
            "table ip home {{
                chain outgoing {{
                    type nat hook postrouting priority srcnat;
                    oifname {OUTSIDE} masquerade {mapping};
                }}
                chain through {{
                    type filter hook forward priority filter; policy drop;
                    iifname {BRIDGE} accept;
                    ct state established,related accept;
                    ct status dnat accept;
                }}
                chain itself {{
                    type filter hook input priority filter; policy drop;
                    iifname != {OUTSIDE} accept;
                    ct state established,related accept;
                }}
            }}"
        ));
        home.way_out = Some(WayOut { address: line.address, _line: line.laid, upnp: None });
        home
    }

    /// Connects a new machine.
    #[must_use]
    pub fn host(&self, name: &str, line: Line) -> Host {
        let space = Space::new(name);
        let Connected { address, port, laid } = self.connect(&space, line);
        if self.way_out.is_some() {
            space.ip(&format!("route add default via {}", self.router()));
        }
        Host { space, port, address, _line: laid }
    }

    /// Returns the router's address outside, where there is a router.
    #[must_use]
    pub fn outside(&self) -> Option<Ipv4Addr> {
        self.way_out.as_ref().map(|way| way.address)
    }

    /// Has the router pass ports on for those who ask by UPnP; its files are in `dir`.
    ///
    /// # Panics
    ///
    /// If there is no router, or it does not start.
    pub fn offer_upnp(&mut self, dir: &Path) {
        let way = self.way_out.as_mut().expect("a home has a router");
        way.upnp = Some(upnp::offer(&self.space, OUTSIDE, BRIDGE, dir));
    }

    /// Drops this many of a hundred frames, at random.
    pub fn lose(&self, percent: u8) {
        self.space.nft(&format!(
            "table bridge loss {{
                chain forward {{ type filter hook forward priority 0; numgen random mod 100 < {percent} counter drop; }}
            }}"
        ));
    }

    /// Returns how many frames [`Switch::lose`] has dropped.
    ///
    /// # Panics
    ///
    /// If it was not told to drop any.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let rules = self.space.nft("list table bridge loss");
        let mut words = rules.split_whitespace().skip_while(|word| *word != "packets").skip(1);
        words.next().and_then(|count| count.parse().ok()).expect("the rule counts")
    }

    /// Drops all that comes from a machine or goes to it; its own port stays up, so it notices nothing.
    pub fn cut(&self, host: &Host) {
        let port = &host.port;
        self.space.nft(&format!(
            "table bridge cut_{port} {{
                chain forward {{ type filter hook forward priority 0; iifname {port} drop; oifname {port} drop; }}
            }}"
        ));
    }

    /// Ends what [`Switch::cut`] did.
    pub fn mend(&self, host: &Host) {
        self.space.nft(&format!("delete table bridge cut_{}", host.port));
    }

    fn connect(&self, space: &Space, line: Line) -> Connected {
        let number = self.hosts.fetch_add(1, Ordering::Relaxed);
        let port = format!("port{number}");
        let laid = line.lay(&self.space, &port, space);
        self.space.ip(&format!("link set {port} master {BRIDGE} up"));
        let address = self.address(number);
        space.ip(&format!("address add {address}/24 dev {OUTSIDE}"));
        space.ip(&format!("link set {OUTSIDE} up"));
        Connected { address, port, laid }
    }

    const fn address(&self, last: u8) -> Ipv4Addr {
        let [first, second, third] = self.prefix;
        Ipv4Addr::new(first, second, third, last)
    }

    const fn router(&self) -> Ipv4Addr {
        self.address(1)
    }
}

/// A port of the switch, and what hangs on it.
struct Connected {
    address: Ipv4Addr,
    port: String,
    laid: Laid,
}

impl Host {
    /// Returns its namespace.
    #[must_use]
    pub const fn space(&self) -> &Space {
        &self.space
    }
}
