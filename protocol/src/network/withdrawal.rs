//! What is withdrawn (B2): by its author, or by order of k current stewards.
//!
//! A withdrawal stands under the exact [`Ref`] that it names, so it applies to an entry when author,
//! seq and id all agree. It does not know the target's header: entries of a network kind cannot be
//! withdrawn, and it is the caller, who has the header, that leaves those alone. When a body is
//! erased, and which bodies other entries share, is the caller's part too (B3).

use std::collections::BTreeMap;

use super::body::Ref;
use super::governance::Governance;
use super::statement::{Known, Says};
use crate::id::{AuthorId, EntryId, Millis};
use crate::log::Choice;

/// One canonical `withdraw` entry's word about one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Who withdraws.
    pub by: AuthorId,
    /// The `withdraw` entry.
    pub entry: EntryId,
    /// The claim of when.
    pub time: Millis,
    /// Why.
    pub reason: String,
    /// The legal basis.
    pub basis: Option<String>,
}

/// Why an entry is withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawal {
    /// The author's own, the first.
    pub own: Option<Order>,
    /// The stewards' first ones, by steward; empty, or at least k.
    pub orders: Vec<Order>,
}

impl Withdrawal {
    /// Tells whether k stewards order it: then the body is erased at once (B3).
    #[must_use]
    pub const fn is_ordered(&self) -> bool {
        !self.orders.is_empty()
    }

    /// Returns all that withdraw it, its author first.
    pub fn by(&self) -> impl Iterator<Item = &Order> {
        self.own.iter().chain(&self.orders)
    }
}

/// Returns all withdrawals in force, by what they name. `choose` gives the choice of a log under
/// today's pin and cut.
#[must_use]
pub fn withdrawals(
    logs: &BTreeMap<AuthorId, Known>,
    governance: &Governance,
    mut choose: impl FnMut(AuthorId, &Known) -> Choice,
) -> BTreeMap<Ref, Withdrawal> {
    let mut found: BTreeMap<Ref, Withdrawal> = BTreeMap::new();
    for (&by, known) in logs {
        let Some(limit) = governance.limit(by) else { continue };
        if !known.statements.iter().any(|statement| matches!(statement.says, Says::Withdraw { .. })) {
            continue;
        }
        for statement in known.canonical(&choose(by, known), limit) {
            let Says::Withdraw { entries, reason, net, basis } = &statement.says else { continue };
            let is_order = *net == Some(governance.net()) && governance.is_steward(by);
            for target in entries {
                let order = || Order {
                    by,
                    entry: statement.id,
                    time: statement.time,
                    reason: reason.clone(),
                    basis: basis.clone(),
                };
                let is_own = target.author == by;
                if !is_own && !is_order {
                    continue;
                }
                let withdrawal = found.entry(*target).or_default();
                if is_own && withdrawal.own.is_none() {
                    withdrawal.own = Some(order());
                }
                // Logs come one after the other, so a steward's own earlier order is the last one.
                if is_order && withdrawal.orders.last().is_none_or(|last| last.by != by) {
                    withdrawal.orders.push(order());
                }
            }
        }
    }
    found.retain(|_, withdrawal| {
        if (withdrawal.orders.len() as u64) < governance.k() {
            withdrawal.orders.clear();
        }
        withdrawal.own.is_some() || withdrawal.is_ordered()
    });
    found
}
