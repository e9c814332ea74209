//! Who works in the office, and what each may do.

use std::fmt;

use multaqa_protocol::id::{EntryId, Millis};
use serde::{Deserialize, Serialize};

/// Tells accounts of one office apart; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u32);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an account may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads what waits.
    Reader,
    /// Writes drafts.
    Author,
    /// Has the node sign what was drafted.
    Publisher,
    /// Looks after accounts and settings.
    Administrator,
}

impl Role {
    /// All roles, from the one that may do least.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Author, Self::Publisher, Self::Administrator];

    /// Returns the role with a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Returns the code by which requests and files name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Author => "author",
            Self::Publisher => "publisher",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name under which it signs in, as it is shown.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was here the time before this one.
    pub visited_before: Option<Millis>,
    /// The entry that had arrived here last when it looked last before this visit.
    pub seen_before: Option<EntryId>,
}
