//! The record layer: what bodies say.
//!
//! Three kinds have typed bodies: [`profile`], [`practice`] and [`plan`]. Every other kind is
//! carried as the [`Map`] that it is. Nothing here decides whether an entry is valid (V8): a body
//! that breaks its schema makes its record unreadable and changes nothing else, and fields and codes
//! that this version does not know stay in the map, untouched (R3).
//!
//! Reading asks little: exact types, and a title. Writing asks much: see [`mod@draft`].

pub mod code;
pub mod date;
pub mod draft;
pub mod evidence;
pub mod link;
pub mod party;
pub mod place;
pub mod plan;
pub mod practice;
pub mod profile;
mod schema;
#[cfg(test)]
mod tests;
pub mod version;
pub mod words;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use code::{OgpValue, Outcome, Principle, Status};
pub use date::{Date, Period};
pub use draft::{FieldError, Problem, draft, take_kind};
pub use link::Ref;
pub use place::Place;
pub use plan::Plan;
pub use practice::Practice;
pub use profile::Profile;
pub use version::{Chain, Version, chains};
pub use words::Words;

use crate::codec::{Map, Value, ValueError};
use draft::Findings;

/// Kind of a record that says who its author is.
pub const PROFILE: &str = "profile";
/// Kind of a record about a good practice.
pub const PRACTICE: &str = "practice";
/// Kind of a record that holds a programme of openness.
pub const PLAN: &str = "plan";

/// The field that every record can have (R2).
const REPLACES: &str = "replaces";
/// The Sustainable Development Goals are numbered from 1 to this.
const GOALS: u64 = 17;

/// A body, typed where its kind is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// Who the author is.
    Profile(Box<Profile>),
    /// A good practice.
    Practice(Box<Practice>),
    /// A programme of openness.
    Plan(Box<Plan>),
    /// A kind that this version carries without reading it.
    Other,
}

/// Why a body cannot be shown as a record of its kind (R3).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// R3: a field is of another type than the kind's schema says.
    #[error("R3: the body is not a {kind}")]
    Schema {
        /// The kind whose schema it breaks.
        kind: &'static str,
        /// How.
        #[source]
        source: ValueError,
    },
    /// R3: nothing by which the record could be shown.
    #[error("R3: the {kind} has no title")]
    NoTitle {
        /// The kind whose schema it breaks.
        kind: &'static str,
    },
}

/// Reads the body of an entry of `kind`.
///
/// # Errors
///
/// When the body breaks the schema of a kind that this version knows; the entry is valid all the
/// same (V8).
pub fn read(kind: &str, body: &Map) -> Result<Record, ReadError> {
    let (kind, record) = match kind {
        PROFILE => (PROFILE, Record::Profile(Box::new(typed(PROFILE, body)?))),
        PRACTICE => (PRACTICE, Record::Practice(Box::new(typed(PRACTICE, body)?))),
        PLAN => (PLAN, Record::Plan(Box::new(typed(PLAN, body)?))),
        _ => return Ok(Record::Other),
    };
    if record.title().is_some_and(Words::is_empty) { Err(ReadError::NoTitle { kind }) } else { Ok(record) }
}

fn typed<T: DeserializeOwned>(kind: &'static str, body: &Map) -> Result<T, ReadError> {
    body.to().map_err(|source| ReadError::Schema { kind, source })
}

/// Returns the body that a typed record encodes to, its text in NFC (W5).
///
/// # Panics
///
/// Never for the types of this module: they hold nothing that a body cannot carry.
#[must_use]
pub fn body<T: Serialize>(record: &T) -> Map {
    draft::encode(record)
}

/// Returns what a body of any kind says that it replaces (R2); `None` also where that is no `ref`.
#[must_use]
pub fn replaces(body: &Map) -> Option<Ref> {
    body.get(REPLACES)?.to().ok()
}

/// Sets what a body of any kind replaces (R2).
pub fn set_replaces(body: &mut Map, target: Ref) {
    body.insert(REPLACES, Value::Map(draft::encode(&target)));
}

impl Record {
    /// Returns what the record, or its author in a profile, is called.
    #[must_use]
    pub fn title(&self) -> Option<&Words> {
        match self {
            Self::Profile(profile) => Some(&profile.names),
            Self::Practice(practice) => Some(&practice.title),
            Self::Plan(plan) => Some(&plan.title),
            Self::Other => None,
        }
    }

    /// Returns the summary, where there is one.
    #[must_use]
    pub fn summary(&self) -> Option<&Words> {
        let summary = match self {
            Self::Profile(profile) => &profile.summary,
            Self::Practice(practice) => &practice.summary,
            Self::Plan(plan) => &plan.summary,
            Self::Other => return None,
        };
        (!summary.is_empty()).then_some(summary)
    }

    /// Returns the place that the record itself names: the author's claim, not what stewards confirm.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Profile(profile) => profile.code.as_ref(),
            Self::Practice(practice) => practice.place.as_ref(),
            Self::Plan(plan) => plan.place.as_ref(),
            Self::Other => None,
        }
    }

    /// Returns the principles that the record serves; a profile names none.
    #[must_use]
    pub fn principles(&self) -> &[Principle] {
        match self {
            Self::Practice(practice) => &practice.principles,
            Self::Plan(plan) => &plan.principles,
            Self::Profile(_) | Self::Other => &[],
        }
    }

    /// Returns the outcomes at which the record aims.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        match self {
            Self::Practice(practice) => &practice.outcomes,
            Self::Plan(plan) => &plan.outcomes,
            Self::Profile(_) | Self::Other => &[],
        }
    }

    /// Returns the policy areas of the record.
    #[must_use]
    pub fn themes(&self) -> &[String] {
        match self {
            Self::Practice(practice) => &practice.themes,
            Self::Plan(plan) => &plan.themes,
            Self::Profile(_) | Self::Other => &[],
        }
    }

    /// Returns how far it has come, as its author says.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Practice(practice) => practice.status.as_ref(),
            Self::Plan(plan) => plan.status.as_ref(),
            Self::Profile(_) | Self::Other => None,
        }
    }

    /// Returns the time that the record is about.
    #[must_use]
    pub fn period(&self) -> Option<&Period> {
        match self {
            Self::Practice(practice) => Some(&practice.period),
            Self::Plan(plan) => Some(&plan.period),
            Self::Profile(_) | Self::Other => None,
        }
    }
}

/// What practices, plans and commitments share for the rules over several fields.
trait Aims {
    fn principles(&self) -> &[Principle];
    fn sdgs(&self) -> &[u64];
}

macro_rules! aims {
    ($($name:ty),*) => {$(
        impl Aims for $name {
            fn principles(&self) -> &[Principle] {
                &self.principles
            }

            fn sdgs(&self) -> &[u64] {
                &self.sdgs
            }
        }
    )*};
}

aims!(Practice, Plan, plan::Commitment);

/// Every record names at least one of the five principles.
fn names_a_principle(record: &impl Aims, found: &mut Findings) {
    if !record.principles().iter().any(Principle::is_known) {
        found.within("principles", |found| found.report(Problem::NoPrinciple { known: Principle::KNOWN }));
    }
}

fn check_goals(record: &impl Aims, found: &mut Findings) {
    for (at, goal) in record.sdgs().iter().enumerate() {
        if !(1..=GOALS).contains(goal) {
            found.within("sdgs", |found| {
                found.within_item(at, |found| {
                    found.report(Problem::OutOfRange { min: 1, max: GOALS.cast_signed() });
                });
            });
        }
    }
}
