//! The read model: what is held here, as people ask for it.
//!
//! Every answer is made from a [`Snapshot`] of the engine's decisions, the [`Store`]'s rows and, for
//! what only bodies say (who an author is, which entry replaces which), a [`Library`] that is derived,
//! kept in memory and filled when it is first asked for. Nothing here decides validity or membership,
//! and nothing is written. Its calls block.
//!
//! Invariants: a withdrawn body is not read for an answer (B3); an answer loads the bodies that it
//! shows and a bounded number of those that a filter must look into; what is not canonical is shown
//! with its mark or not at all (S5).

mod arrivals;
mod author;
mod body;
mod cursor;
mod dating;
mod export;
mod filter;
pub(crate) mod follow;
pub(crate) mod follow_up;
pub(crate) mod found;
mod hiding;
mod library;
mod list;
mod listing;
mod marked;
mod member;
mod mirrored;
mod named;
mod network;
mod opened;
mod pointing;
mod show;
mod similar;
mod snapshot;
mod statistics;
pub(crate) mod testimony;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use std::sync::Arc;

use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::log::Place;

pub use cursor::{Cursor, CursorError};
pub use export::Exported;
pub(crate) use filter::official;
pub use filter::{Addressee, Filter, Versions};
pub use library::Library;
pub use list::{LogFilter, MAX_BODIES_READ, MAX_PAGE, MAX_ROWS_READ};
pub use member::{Table, last_by};
pub(crate) use mirrored::{Told, is_readable, told};
pub(crate) use network::Adopted;
pub(crate) use opened::Opened;
pub(crate) use pointing::Checked;
pub use show::KeysInForce;
pub(crate) use snapshot::is_record_kind;
pub use snapshot::{Held, Snapshot};
pub use text::{Part, Says, Text};

use crate::api::types::BodyStatus;
use crate::store::{MAX_FOUND, MIN_PREFIX, ReadError, Store};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Not an id or a prefix of one.
    #[error("`{text}` is not an id of 64 hexadecimal digits, nor the first {MIN_PREFIX} or more of one")]
    BadId {
        /// What was given.
        text: String,
    },
    /// Nothing of this id is held here.
    #[error("nothing with the id {text} is held here")]
    NotFound {
        /// What was given.
        text: String,
    },
    /// Several ids begin so.
    #[error("{} ids begin with {text}", matches.len())]
    Ambiguous {
        /// What was given.
        text: String,
        /// What it could mean, at most [`MAX_FOUND`].
        matches: Vec<Found>,
    },
    /// The record is of another kind than the one that was asked for.
    #[error("the record {id} is of the kind {kind}, not a {wanted}")]
    OtherKind {
        /// The entry.
        id: EntryId,
        /// Its kind.
        kind: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// The record has no body from which anything could be derived.
    #[error("the body of {id} {}", follow_up::lacks(*body))]
    NoBody {
        /// The entry.
        id: EntryId,
        /// What there is of its body.
        body: BodyStatus,
    },
    /// The cursor is not one that a list gave.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The store cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// An entry found by the beginning of its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The entry.
    pub id: EntryId,
    /// Whose it is.
    pub author: AuthorId,
    /// Where it lies in its author's tree.
    pub place: Place,
    /// Its kind; empty where its row is gone meanwhile.
    pub kind: String,
}

/// What is held, ready to be asked.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    snapshot: &'a Snapshot,
    store: &'a Store,
    library: &'a Library,
}

impl<'a> View<'a> {
    /// Joins a snapshot with the store that it was taken beside, and brings the library up to it.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn new(
        snapshot: &'a Arc<Snapshot>,
        store: &'a Store,
        library: &'a Library,
    ) -> Result<Self, ViewError> {
        library.refresh(snapshot, store)?;
        Ok(Self { snapshot, store, library })
    }

    /// Returns the decisions that the answers rest on.
    #[must_use]
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// Returns the store.
    #[must_use]
    pub const fn store(&self) -> &'a Store {
        self.store
    }

    /// Finds one entry by its id or the first [`MIN_PREFIX`] or more digits of it.
    ///
    /// # Errors
    ///
    /// [`ViewError::BadId`], [`ViewError::NotFound`], [`ViewError::Ambiguous`], [`ViewError::Read`].
    pub fn find(&self, text: &str) -> Result<Found, ViewError> {
        let prefix = prefix(text)?;
        let mut matches = Vec::new();
        for (id, author, place) in self.store.find(&prefix)? {
            let row = self.store.rows(author, place.branch, place.seq..=place.seq)?.pop();
            matches.push(Found { id, author, place, kind: row.map(|row| row.kind).unwrap_or_default() });
        }
        one(matches, prefix)
    }

    /// Finds an author who is held, named by stewards, or a candidate.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub fn find_author(&self, text: &str) -> Result<AuthorId, ViewError> {
        let prefix = prefix(text)?;
        let known = self.snapshot.authors_known();
        let matches = known.into_iter().filter(|author| author.to_string().starts_with(&prefix));
        let found = matches.take(MAX_FOUND).map(|author| Found {
            id: author.inception(),
            author,
            place: Place { branch: 0, seq: 0 },
            kind: multaqa_protocol::entry::INCEPTION.to_owned(),
        });
        one(found.collect(), prefix).map(|found| found.author)
    }
}

fn one(mut matches: Vec<Found>, text: String) -> Result<Found, ViewError> {
    match matches.len() {
        0 => Err(ViewError::NotFound { text }),
        1 => Ok(matches.remove(0)),
        _ => Err(ViewError::Ambiguous { text, matches }),
    }
}

/// Reads an id or its beginning; capitals are taken for small letters.
fn prefix(text: &str) -> Result<String, ViewError> {
    let prefix = text.trim().to_ascii_lowercase();
    let fits = (MIN_PREFIX..=64).contains(&prefix.len());
    if fits && prefix.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(prefix)
    } else {
        Err(ViewError::BadId { text: text.chars().take(80).collect() })
    }
}
