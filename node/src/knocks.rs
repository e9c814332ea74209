//! Who comes too often, by address: one token bucket for each that knocks, in a table that does not grow.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use multaqa_protocol::engine::quota::{Bucket, Rate};
use multaqa_protocol::id::Millis;

/// Addresses whose knocks are counted; some 300 KB. Where there are more, those that have been quiet
/// longest are forgotten first.
pub(crate) const MAX_KNOCKERS: usize = 4_096;

/// How often each address may still come.
#[derive(Debug)]
pub(crate) struct Knocks {
    rate: Rate,
    buckets: BTreeMap<IpNet, Bucket>,
}

impl Knocks {
    /// Returns a table in which nobody has come yet.
    pub(crate) const fn new(rate: Rate) -> Self {
        Self { rate, buckets: BTreeMap::new() }
    }

    /// Tells whether an address (for IPv6 its /64, which one owner has) may come once more now.
    pub(crate) fn take(&mut self, address: IpAddr, now: Millis) -> bool {
        let knocker = neighbourhood(address, 32, 64);
        if !self.buckets.contains_key(&knocker) && self.buckets.len() >= MAX_KNOCKERS {
            self.forget_quiet(now);
        }
        self.buckets.entry(knocker).or_insert_with(|| Bucket::full(self.rate, now)).take(1, now)
    }

    /// Makes room for another knocker: those that lack nothing are forgotten without loss, and where all
    /// lack something the lists begin anew.
    fn forget_quiet(&mut self, now: Millis) {
        self.buckets.retain(|_, bucket| !bucket.is_full(now));
        if self.buckets.len() >= MAX_KNOCKERS {
            self.buckets.clear();
        }
    }
}

/// Returns the network of an address with a prefix of `v4` or `v6` bits.
pub(crate) fn neighbourhood(address: IpAddr, v4: u8, v6: u8) -> IpNet {
    match address {
        IpAddr::V4(address) => Ipv4Net::new_assert(address, v4).trunc().into(),
        IpAddr::V6(address) => Ipv6Net::new_assert(address, v6).trunc().into(),
    }
}
