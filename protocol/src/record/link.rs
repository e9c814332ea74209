//! How records point at each other (R1).

use serde::{Deserialize, Serialize};

use super::draft::Findings;
use super::schema::Field;
use crate::id::{AuthorId, EntryId, Seq};

/// An exact entry of an author's log; it may not have arrived yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ref {
    /// Its place in the log.
    pub seq: Seq,
    /// The entry.
    pub id: EntryId,
    /// Whose log.
    pub author: AuthorId,
}

impl Field for Ref {
    fn is_absent(&self) -> bool {
        false
    }

    fn check(&self, _: &mut Findings) {}
}
