//! The network: charter, stewards, admission, pins and cuts (N1 to N10), and withdrawals (B2).
//!
//! All of it is computed from logs: [`Governance::compute`] reads the charter's versions and the
//! stewards' canonical statements, [`Governance::members`] adds what each author says of itself, and
//! [`withdrawals`] what must no longer be shown. These are pure functions of the set of known
//! entries, never of the order in which they came; nothing here is validity, which needs no
//! membership (V8). What a record says is not looked at.
//!
//! There is no circle: stewards, past and present, have neither pin nor cut (N6, N7), so their logs
//! are decided by themselves, and every other log by theirs.

mod body;
mod governance;
mod membership;
mod statement;
mod withdrawal;

#[cfg(test)]
mod tests;

pub use body::{
    Admission, Admit, Body, Charter, CharterError, Close, Join, Leave, MAX_ADMISSIONS, MAX_STEWARDS,
    MAX_WITHDRAWN, Ref, Suspend, Withdraw, Words,
};
pub use governance::{Governance, Standing, Suspension, Version};
pub use membership::{Declared, Difference, Joining, Member, Membership, Totals};
pub use statement::{Known, Says, Statement};
pub use withdrawal::{Order, Withdrawal, withdrawals};
