//! A good practice: what a collectivity did, what came of it, and what others need to do it too.

use super::code::{OgpValue, Outcome, Principle, Status};
use super::date::Period;
use super::evidence::{Attachment, Collected, ExternalId, Measure, Participation, Source, Translation};
use super::link::Ref;
use super::party::{Contact, Partner, Party};
use super::place::Place;
use super::plan::Milestone;
use super::schema::schema;
use super::words::Words;
use super::{check_goals, names_a_principle};

schema! {
    /// The body of a `practice`.
    pub struct Practice requires [title, summary] rules [names_a_principle, check_goals] {
        /// What it is called.
        pub title: Words,
        /// What it is, in a few sentences that stand alone.
        pub summary: Words,
        /// Where, if not the author's own place.
        pub place: Option<Place>,
        /// The principles that it serves.
        pub principles: Vec<Principle>,
        /// The outcomes that it aims at.
        pub outcomes: Vec<Outcome>,
        /// The values of the Open Government Partnership that it serves.
        pub ogp_values: Vec<OgpValue>,
        /// Policy areas, as codes of an open list (`public_participation`).
        pub themes: Vec<String>,
        /// Sustainable Development Goals, by number.
        pub sdgs: Vec<u64>,
        /// When it ran.
        pub period: Period,
        /// How far it has come.
        pub status: Option<Status>,
        /// The situation and the problem that it answers.
        pub context: Words,
        /// What was done.
        pub actions: Words,
        /// For whom.
        pub beneficiaries: Words,
        /// What it took.
        pub resources: Resources,
        /// Who took part in the work.
        pub partners: Vec<Partner>,
        /// Collectivities expected to co-sign.
        pub parties: Vec<Party>,
        /// Dated steps.
        pub milestones: Vec<Milestone>,
        /// What came of it, with evidence.
        pub results: Vec<Measure>,
        /// Who took part, in numbers.
        pub participation: Vec<Participation>,
        /// Difficulties met.
        pub difficulties: Words,
        /// What failed, and what was learnt.
        pub lessons: Words,
        /// What must be in place for it to succeed.
        pub conditions: Words,
        /// What another collectivity can take over, and how.
        pub transferability: Words,
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
        /// Challenges that it answers.
        pub answers: Vec<Ref>,
        /// Practices from which it was taken over.
        pub adopted_from: Vec<Ref>,
        /// The plan to which it belongs.
        pub part_of: Option<Ref>,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}

schema! {
    /// What something took.
    pub struct Resources requires [] rules [] {
        /// Money, in whole units of `currency`.
        pub budget: Option<u64>,
        /// ISO 4217 code; the dirham (`MAD`) where absent.
        pub currency: Option<String>,
        /// Where the money came from.
        pub funding: Words,
        /// People, counted as full posts.
        pub staff: Option<u64>,
        /// Anything else.
        pub note: Words,
    }
}
