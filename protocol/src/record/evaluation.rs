//! A verdict on a plan or one of its commitments.
//!
//! The variables are those of the Open Government Partnership's Independent Reporting Mechanism
//! (IRM). An evaluation by an author who carries the plan out is a self-assessment, which its body
//! cannot hide: `follow_up` tells it from the signatures.

use super::code::{Ambition, Answer, Completion, EarlyResult, OgpValue};
use super::date::Period;
use super::evidence::{Attachment, Collected, Measure, Source, Translation};
use super::link::Ref;
use super::party::{Partner, Party};
use super::schema::schema;
use super::words::Words;

schema! {
    /// The body of an `evaluation`.
    pub struct Evaluation requires [about, summary, completion] rules [] {
        /// The exact version of the plan that is judged.
        pub about: Option<Ref>,
        /// The commitment that is judged, by its id inside the plan; the whole plan where absent.
        pub commitment: Option<String>,
        /// The exact entries on which the verdict rests: progress, replies, earlier evaluations.
        pub judged: Vec<Ref>,
        /// What the evaluation is called.
        pub title: Words,
        /// The verdict in a few sentences that stand alone.
        pub summary: Words,
        /// The time that is judged.
        pub period: Period,
        /// How it was judged.
        pub method: Words,
        /// Who worked on it beside the author.
        pub partners: Vec<Partner>,
        /// Whether it can be verified that what was promised was done.
        pub verifiable: Option<Answer>,
        /// Whether what was promised has to do with openness.
        pub relevant: Option<Answer>,
        /// How much what was promised could change: the IRM's potential for results.
        pub ambition: Option<Ambition>,
        /// How far it was carried out.
        pub completion: Completion,
        /// Whether it opened government.
        pub early_results: Option<EarlyResult>,
        /// Whether it did so under each value.
        pub opened: Vec<Opening>,
        /// Figures, each with its baseline, date and source.
        pub results: Vec<Measure>,
        /// What was learnt.
        pub lessons: Words,
        /// What should be done.
        pub recommendations: Vec<Recommendation>,
        /// Who is expected to co-sign: the members of a monitoring committee.
        pub parties: Vec<Party>,
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

schema! {
    /// Whether something opened government under one value.
    pub struct Opening requires [value, result] rules [] {
        /// The value.
        pub value: OgpValue,
        /// What changed.
        pub result: EarlyResult,
        /// What that rests on.
        pub note: Words,
    }
}

schema! {
    /// Something that should be done.
    pub struct Recommendation requires [text] rules [] {
        /// Its name inside the record, to point at it.
        pub id: Option<String>,
        /// What should be done.
        pub text: Words,
        /// By whom; the implementer where nobody is named.
        pub addressees: Vec<Party>,
    }
}
