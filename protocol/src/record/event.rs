//! A meeting or workshop, with its outputs and recommendations.

use super::code::{OgpValue, Outcome, Principle, Stage};
use super::date::Period;
use super::evaluation::Recommendation;
use super::evidence::{Address, Attachment, Collected, ExternalId, Participation, Source, Translation};
use super::link::Ref;
use super::party::{Contact, Partner, Party};
use super::place::Place;
use super::schema::schema;
use super::words::Words;
use super::{check_goals, names_a_principle};

schema! {
    /// The body of an `event`.
    pub struct Event requires [title, summary, period] rules [names_a_principle, check_goals] {
        /// What it is called.
        pub title: Words,
        /// What it is, in a few sentences that stand alone.
        pub summary: Words,
        /// Where, if not the author's own place.
        pub place: Option<Place>,
        /// The hall or address.
        pub venue: Words,
        /// Where it can be followed from afar.
        pub online: Option<Address>,
        /// From when to when.
        pub period: Period,
        /// The principles that it is about.
        pub principles: Vec<Principle>,
        /// The outcomes that it aims at.
        pub outcomes: Vec<Outcome>,
        /// The values of the Open Government Partnership that it serves.
        pub ogp_values: Vec<OgpValue>,
        /// Policy areas, as codes of an open list.
        pub themes: Vec<String>,
        /// Sustainable Development Goals, by number.
        pub sdgs: Vec<u64>,
        /// The plan to which it belongs.
        pub part_of: Option<Ref>,
        /// The stage of that plan.
        pub stage: Option<Stage>,
        /// What was or will be held, in order.
        pub agenda: Words,
        /// Who holds it and takes part in the work.
        pub partners: Vec<Partner>,
        /// Collectivities expected to co-sign.
        pub parties: Vec<Party>,
        /// Who took part, in numbers.
        pub participation: Vec<Participation>,
        /// What it produced.
        pub outputs: Words,
        /// What it recommends.
        pub recommendations: Vec<Recommendation>,
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
