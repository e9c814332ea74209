//! Dialogue: an answer, a question or a remark to any record.

use super::evidence::{Attachment, Source, Translation};
use super::link::Ref;
use super::party::Party;
use super::schema::schema;
use super::words::Words;

schema! {
    /// The body of a `reply`.
    pub struct Reply requires [to, text] rules [] {
        /// The record or reply that it answers.
        pub to: Option<Ref>,
        /// The part of that record, by its id there: a commitment of a plan, a recommendation.
        pub part: Option<String>,
        /// What it says, in the language of whoever writes it.
        pub text: Words,
        /// Practices that answer.
        pub practices: Vec<Ref>,
        /// Who is asked to answer in turn; nobody in particular where nobody is named.
        pub addressees: Vec<Party>,
        /// Files.
        pub attachments: Vec<Attachment>,
        /// Public pages on which it rests.
        pub sources: Vec<Source>,
        /// Which languages are translations.
        pub translation: Translation,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}
