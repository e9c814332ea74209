//! The record layer: what bodies say.
//!
//! The kinds that the specification names have typed bodies, one module each; every other kind is
//! carried as the [`Map`] that it is. Nothing here decides whether an entry is valid (V8): a body
//! that breaks its schema makes its record unreadable and changes nothing else, and fields and codes
//! that this version does not know stay in the map, untouched (R3).
//!
//! Reading asks little: exact types, and what a record is nothing without, as a title. Writing asks
//! much: see [`mod@draft`].

pub mod adoption;
pub mod challenge;
pub mod code;
pub mod date;
pub mod draft;
pub mod endorse;
pub mod evaluation;
pub mod event;
pub mod evidence;
pub mod link;
pub mod party;
pub mod place;
pub mod plan;
pub mod practice;
pub mod profile;
pub mod progress;
pub mod proposal;
pub mod reference;
pub mod reply;
mod schema;
#[cfg(test)]
mod tests;
pub mod version;
pub mod words;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use adoption::Adoption;
pub use challenge::Challenge;
pub use code::{OgpValue, Outcome, Principle, Status};
pub use date::{Date, Period};
pub use draft::{FieldError, Problem, draft, take_kind};
pub use endorse::Endorse;
pub use evaluation::Evaluation;
pub use event::Event;
pub use link::Ref;
pub use place::Place;
pub use plan::Plan;
pub use practice::Practice;
pub use profile::Profile;
pub use progress::Progress;
pub use proposal::Proposal;
pub use reference::{Pointer, pointers};
pub use reply::Reply;
pub use version::{Chain, Version, chains};
pub use words::Words;

use crate::codec::{Map, Value, ValueError};
use draft::Findings;
use schema::Field;

/// The field that every record can have (R2).
const REPLACES: &str = "replaces";
/// The Sustainable Development Goals are numbered from 1 to this.
const GOALS: u64 = 17;

/// Declares the kinds with typed bodies: the type's name, the kind's constant and text, and the
/// fields without which a reader can do nothing with it.
macro_rules! kinds {
    ($($(#[$about:meta])* $name:ident $constant:ident $kind:literal needs [$($needed:ident),*];)*) => {
        $($(#[$about])* pub const $constant: &str = $kind;)*

        /// The kinds with typed bodies.
        pub const KINDS: &[&str] = &[$($constant),*];

        /// A body, typed where its kind is known.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Record {
            $($(#[$about])* $name(Box<$name>),)*
            /// A kind that this version carries without reading it.
            Other,
        }

        /// Reads the body of an entry of `kind`.
        ///
        /// # Errors
        ///
        /// When the body breaks the schema of a kind that this version knows; the entry is valid all
        /// the same (V8).
        pub fn read(kind: &str, body: &Map) -> Result<Record, ReadError> {
            match kind {
                $($constant => {
                    let record: $name = typed($constant, body)?;
                    $(if record.$needed.is_absent() {
                        return Err(ReadError::Lacks { kind: $constant, field: stringify!($needed) });
                    })*
                    Ok(Record::$name(Box::new(record)))
                })*
                _ => Ok(Record::Other),
            }
        }

        impl Record {
            /// Returns the body that the record encodes to, `None` for a kind that this version does
            /// not read. Fields that it does not know are not among it.
            #[must_use]
            pub fn to_body(&self) -> Option<Map> {
                match self {
                    $(Self::$name(record) => Some(body(&**record)),)*
                    Self::Other => None,
                }
            }
        }

        /// Reads `value` as a draft of `kind`, `None` for a kind that this version does not read.
        fn draft_typed(kind: &str, value: &Value, found: &mut Findings) -> Option<Option<Map>> {
            match kind {
                $($constant => Some(draft::typed::<$name>(value.clone(), found)),)*
                _ => None,
            }
        }
    };
}

kinds! {
    /// Kind of a record that says who its author is.
    Profile PROFILE "profile" needs [names];
    /// Kind of a record about a good practice.
    Practice PRACTICE "practice" needs [title];
    /// Kind of a record about a difficulty for which experience is sought.
    Challenge CHALLENGE "challenge" needs [title];
    /// Kind of a record that holds a programme of openness.
    Plan PLAN "plan" needs [title];
    /// Kind of a record of an idea, and what became of it.
    Proposal PROPOSAL "proposal" needs [title];
    /// Kind of a record of what was done for a commitment.
    Progress PROGRESS "progress" needs [plan, commitment];
    /// Kind of a record of a verdict on a plan or commitment.
    Evaluation EVALUATION "evaluation" needs [about];
    /// Kind of a record by which a practice is taken up.
    Adoption ADOPTION "adoption" needs [practice, state];
    /// Kind of a record that answers another.
    Reply REPLY "reply" needs [to, text];
    /// Kind of a record of a meeting.
    Event EVENT "event" needs [title];
    /// Kind of a record by which an author co-signs another's.
    Endorse ENDORSE "endorse" needs [endorses];
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
    /// R3: a field without which the record is nothing.
    #[error("R3: the {kind} has no {field}")]
    Lacks {
        /// The kind whose schema it breaks.
        kind: &'static str,
        /// The field that it lacks.
        field: &'static str,
    },
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

/// Returns a field of a record, of the kinds that have it.
macro_rules! field_of {
    ($record:expr, $field:ident of $($kind:ident)|+) => {
        match $record {
            $(Record::$kind(record) => Some(&record.$field),)+
            _ => None,
        }
    };
}

impl Record {
    /// Returns what the record, or its author in a profile, is called; what is about another record
    /// has no name of its own, save an evaluation.
    #[must_use]
    pub fn title(&self) -> Option<&Words> {
        if let Self::Profile(profile) = self {
            return Some(&profile.names);
        }
        let title = field_of!(self, title of Practice | Challenge | Plan | Proposal | Evaluation | Event);
        title.filter(|title| !title.is_empty())
    }

    /// Returns what it says in short, where there is that: of a reply all that it says.
    #[must_use]
    pub fn summary(&self) -> Option<&Words> {
        let summary = match self {
            Self::Reply(reply) => Some(&reply.text),
            Self::Adoption(adoption) => Some(&adoption.adaptation),
            Self::Endorse(endorse) => Some(&endorse.note),
            _ => field_of!(
                self,
                summary of Profile | Practice | Challenge | Plan | Proposal | Progress | Evaluation | Event
            ),
        };
        summary.filter(|summary| !summary.is_empty())
    }

    /// Returns the place that the record itself names: the author's claim, not what stewards confirm.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        if let Self::Profile(profile) = self {
            return profile.code.as_ref();
        }
        field_of!(self, place of Practice | Challenge | Plan | Proposal | Adoption | Event)?.as_ref()
    }

    /// Returns the principles that the record serves; a profile names none, and what is about another
    /// record shares that one's.
    #[must_use]
    pub fn principles(&self) -> &[Principle] {
        field_of!(self, principles of Practice | Challenge | Plan | Proposal | Event)
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the outcomes at which the record aims.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        field_of!(self, outcomes of Practice | Challenge | Plan | Proposal | Event).map_or(&[], Vec::as_slice)
    }

    /// Returns the policy areas of the record.
    #[must_use]
    pub fn themes(&self) -> &[String] {
        field_of!(self, themes of Practice | Challenge | Plan | Proposal | Event).map_or(&[], Vec::as_slice)
    }

    /// Returns how far it has come, as its author says.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        field_of!(self, status of Practice | Plan)?.as_ref()
    }

    /// Returns the time that the record is about.
    #[must_use]
    pub fn period(&self) -> Option<&Period> {
        field_of!(self, period of Practice | Plan | Evaluation | Adoption | Event)
    }
}

/// What the records that stand by themselves, and commitments, share for the rules over several fields.
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

aims!(Practice, Challenge, Plan, Proposal, Event, plan::Commitment);

/// Every record that stands by itself names at least one of the five principles.
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
