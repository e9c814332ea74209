//! Real nodes find and reach each other: on a local network, through routers, over poor lines, after a
//! cut. Each test has networks of its own.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod book;
mod cut;
mod lab;
mod lan;
mod nat;
mod offline;
mod poor_line;

/// Official codes of places.
const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
const AMMELNE: &str = "09.581.09.05";
const TANGER: &str = "01.511.01.0";

/// The times wanted are for a machine that does nothing else; the tests run beside others.
const BUSY: u64 = 3;
