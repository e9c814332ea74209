//! Who an author is: what it is called, its level and place, how to reach it and its nodes.
//!
//! The place is the author's own claim, shown as unverified until stewards confirm it (N5).

use super::code::{Framework, Level};
use super::date::Date;
use super::draft::{Findings, Problem};
use super::evidence::{Address, Collected, ExternalId, Source, Translation};
use super::link::Ref;
use super::party::Contact;
use super::place::Place;
use super::schema::{Field, schema};
use super::words::Words;

schema! {
    /// The body of a `profile`.
    pub struct Profile requires [names, level] rules [has_its_code] {
        /// What the author is called.
        pub names: Words,
        /// What kind of body it is.
        pub level: Level,
        /// Its official code, where it is a territorial collectivity.
        pub code: Option<Place>,
        /// The code of the collectivity above it, or of the one to which it belongs.
        pub parent: Option<Place>,
        /// What it says of itself.
        pub summary: Words,
        /// How to reach its functions.
        pub contacts: Vec<Contact>,
        /// Its own site.
        pub site: Option<Address>,
        /// Frameworks that it joined.
        pub frameworks: Vec<Membership>,
        /// Its nodes.
        pub nodes: Vec<Node>,
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

schema! {
    /// A framework that the author joined.
    pub struct Membership requires [framework] rules [] {
        /// Which one.
        pub framework: Framework,
        /// Since when.
        pub since: Option<Date>,
        /// Where it can be checked.
        pub source: Option<Address>,
    }
}

schema! {
    /// A node of the author.
    pub struct Node requires [peer] rules [] {
        /// Its libp2p peer id.
        pub peer: String,
        /// A stable name or address under which it is found.
        pub name: Option<String>,
    }
}

fn has_its_code(profile: &Profile, found: &mut Findings) {
    if profile.level.is_territorial() {
        match profile.code.as_ref().filter(|code| !code.is_absent()) {
            None => found.within("code", |found| found.report(Problem::Missing)),
            Some(code) => {
                if let Some(level) = code.level().filter(|level| *level != profile.level.as_str()) {
                    found.within("code", |found| found.report(Problem::OtherLevel { level }));
                }
            }
        }
    }
}
