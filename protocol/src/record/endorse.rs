//! A second author co-signs one exact version of a record.

use super::code::Capacity;
use super::date::Date;
use super::evidence::Source;
use super::link::Ref;
use super::schema::schema;
use super::words::Words;

schema! {
    /// The body of an `endorse`.
    pub struct Endorse requires [endorses] rules [] {
        /// The exact version that is co-signed.
        pub endorses: Option<Ref>,
        /// As what the author co-signs.
        pub capacity: Option<Capacity>,
        /// What a reader must know of it: reservations, conditions.
        pub note: Words,
        /// The session or decision, as its minutes call it.
        pub reference: Option<String>,
        /// The date of that decision.
        pub date: Option<Date>,
        /// Public pages on which it rests.
        pub sources: Vec<Source>,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}
