//! Which records are asked for.

use std::collections::BTreeSet;

use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::PROFILE;
use multaqa_protocol::record::party::Party;

use super::body::Shown;
use super::snapshot::is_record_kind;
use crate::api::types::Status;
use crate::gazetteer;

/// Which versions of a record are listed (R2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// The one that counts now, or at the date asked for.
    #[default]
    Current,
    /// All of them.
    All,
}

/// Of whom records ask something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// Of anybody in particular.
    Anybody,
    /// Of a collectivity, by its log and by the official code of its place, as far as these are known.
    One {
        /// Its log.
        author: Option<AuthorId>,
        /// Its place.
        place: Option<String>,
    },
}

impl Addressee {
    /// Tells whether one of these parties is meant.
    pub(super) fn is_among(&self, parties: &[Party]) -> bool {
        parties.iter().any(|party| match self {
            Self::Anybody => party.author.is_some() || party.place.is_some(),
            Self::One { author, place } => {
                let code = party.place.as_ref().map(|code| official(code.as_str()));
                (author.is_some() && party.author == *author) || (place.is_some() && code == *place)
            }
        })
    }
}

/// Returns the official code of a place; what it is called where the table does not have it.
pub(crate) fn official(code: &str) -> String {
    gazetteer::find(code).map_or_else(|| code.to_owned(), |found| found.code.clone())
}

/// Which records are listed. Of a set that is empty anything is wanted, of another one of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Kinds; where empty, all kinds of records but profiles, which the member table shows.
    pub kinds: BTreeSet<String>,
    /// The official code of a place; those within it count too.
    pub place: Option<String>,
    /// Levels of the author's place.
    pub levels: BTreeSet<String>,
    /// The author.
    pub author: Option<AuthorId>,
    /// Principles of openness that the record names.
    pub principles: BTreeSet<String>,
    /// Policy areas that it names.
    pub themes: BTreeSet<String>,
    /// Tags of languages in which it can be read.
    pub languages: BTreeSet<String>,
    /// How far it has come, as its author says.
    pub progress: BTreeSet<String>,
    /// Years in which it ran.
    pub years: BTreeSet<String>,
    /// Entries of which they name one, beyond what they replace (R1).
    pub refers_to: BTreeSet<EntryId>,
    /// Records of which they are about one ([`crate::api::types::About`]), in any version.
    pub about: BTreeSet<EntryId>,
    /// Of whom they ask something.
    pub asked: Option<Addressee>,
    /// The official code of a place that they address in their texts.
    pub mentions: Option<String>,
    /// Kinds that are not wanted.
    pub but_kinds: BTreeSet<String>,
    /// The earliest claimed time.
    pub since: Option<Millis>,
    /// The moment at which the list is as it was: what was written later is not part of it.
    pub as_of: Option<Millis>,
    /// How they stand; where empty, canonical and withdrawn.
    pub statuses: BTreeSet<Status>,
    /// Which versions.
    pub versions: Versions,
}

impl Filter {
    /// Tells whether records that stand so are wanted.
    #[must_use]
    pub fn wants_status(&self, status: Status) -> bool {
        match self.statuses.is_empty() {
            true => matches!(status, Status::Canonical | Status::Withdrawn),
            false => self.statuses.contains(&status),
        }
    }

    /// Tells whether records of a kind are wanted.
    #[must_use]
    pub(crate) fn wants_kind(&self, kind: &str) -> bool {
        let is_one_of = match self.kinds.is_empty() {
            true => is_record_kind(kind) && kind != PROFILE,
            false => self.kinds.contains(kind),
        };
        is_one_of && !self.but_kinds.contains(kind)
    }

    /// Tells whether entries off the canonical path can be among what is asked for.
    #[must_use]
    pub fn wants_off_path(&self) -> bool {
        [Status::Disputed, Status::Disowned, Status::BeyondCut]
            .iter()
            .any(|status| self.wants_status(*status))
    }

    /// Tells whether the filter asks for something that only a body says.
    pub(super) fn asks_bodies(&self) -> bool {
        let sets = [&self.principles, &self.themes, &self.languages, &self.progress, &self.years];
        let ids = [&self.refers_to, &self.about];
        sets.iter().any(|wanted| !wanted.is_empty())
            || ids.iter().any(|wanted| !wanted.is_empty())
            || self.asked.is_some()
            || self.mentions.is_some()
    }

    /// Tells whether a body of an entry of `kind` says what is asked for.
    pub(super) fn wants_body(&self, kind: &str, shown: &Shown) -> bool {
        any(&self.principles, || shown.principles_within())
            && any(&self.themes, || shown.themes_within())
            && any(&self.languages, || shown.languages())
            && any(&self.progress, || shown.progress())
            && any(&self.years, || shown.years())
            && any(&self.refers_to, || shown.references(kind).map(|(_, target)| target.id).collect())
            && any(&self.about, || shown.subject().map(|subject| subject.target.id).into_iter().collect())
            && self.asked.as_ref().is_none_or(|asked| asked.is_among(shown.addressees()))
            && self.mentions.as_ref().is_none_or(|place| shown.mentions().contains(place.as_str()))
    }
}

fn any<T: Ord>(wanted: &BTreeSet<T>, values: impl FnOnce() -> BTreeSet<T>) -> bool {
    wanted.is_empty() || !wanted.is_disjoint(&values())
}
