//! "We take up that practice": how far an adopter has come with another's practice, and what it changed.

use super::code::AdoptionState;
use super::date::Period;
use super::evidence::{Attachment, Collected, Measure, Source, Translation};
use super::link::Ref;
use super::party::{Contact, Partner};
use super::place::Place;
use super::practice::Resources;
use super::schema::schema;
use super::words::Words;

schema! {
    /// The body of an `adoption`.
    pub struct Adoption requires [practice, state] rules [] {
        /// The exact version of the practice that is taken up.
        pub practice: Option<Ref>,
        /// How far the adopter has come.
        pub state: AdoptionState,
        /// Where, if not the author's own place.
        pub place: Option<Place>,
        /// When it is or was taken up.
        pub period: Period,
        /// What was changed to fit, and why.
        pub adaptation: Words,
        /// What it took.
        pub resources: Resources,
        /// Who took part in the work.
        pub partners: Vec<Partner>,
        /// What came of it here, with evidence.
        pub results: Vec<Measure>,
        /// What was learnt; where it was given up, why.
        pub lessons: Words,
        /// Whom to ask.
        pub contacts: Vec<Contact>,
        /// Files.
        pub attachments: Vec<Attachment>,
        /// Under which licence the record may be used.
        pub licence: Option<String>,
        /// Public pages on which it rests.
        pub sources: Vec<Source>,
        /// Which languages are translations.
        pub translation: Translation,
        /// How it was collected, where its author did not write it.
        pub collected: Collected,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}
