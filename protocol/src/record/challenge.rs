//! A shared difficulty that asks for peers' experience; a practice or a reply can answer it.

use super::code::{OgpValue, Outcome, Principle};
use super::evidence::{Attachment, Collected, ExternalId, Source, Translation};
use super::link::Ref;
use super::party::{Contact, Party};
use super::place::Place;
use super::schema::schema;
use super::words::Words;
use super::{check_goals, names_a_principle};

schema! {
    /// The body of a `challenge`.
    pub struct Challenge requires [title, summary] rules [names_a_principle, check_goals] {
        /// What it is called.
        pub title: Words,
        /// What it is, in a few sentences that stand alone.
        pub summary: Words,
        /// Where, if not the author's own place.
        pub place: Option<Place>,
        /// The principles that it is about.
        pub principles: Vec<Principle>,
        /// The outcomes that it stands in the way of.
        pub outcomes: Vec<Outcome>,
        /// The values of the Open Government Partnership that it is about.
        pub ogp_values: Vec<OgpValue>,
        /// Policy areas, as codes of an open list.
        pub themes: Vec<String>,
        /// Sustainable Development Goals, by number.
        pub sdgs: Vec<u64>,
        /// The situation in which it arises.
        pub context: Words,
        /// Whom it concerns.
        pub beneficiaries: Words,
        /// What was tried, and what came of it.
        pub attempts: Words,
        /// What experience is asked for.
        pub sought: Words,
        /// Who is asked to answer; everybody where nobody is named.
        pub addressees: Vec<Party>,
        /// Practices and replies that answered it, as its author says.
        pub answered_by: Vec<Ref>,
        /// Whom to ask.
        pub contacts: Vec<Contact>,
        /// Files.
        pub attachments: Vec<Attachment>,
        /// Under which licence the record may be used.
        pub licence: Option<String>,
        /// Its names in other registers.
        pub external_ids: Vec<ExternalId>,
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
