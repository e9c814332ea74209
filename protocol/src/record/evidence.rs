//! What a record rests on: figures, results, participation, sources, attachments.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::code::{Confidence, Origin};
use super::date::Date;
use super::draft::{Findings, Problem};
use super::schema::{Field, schema};
use super::words::Words;
use crate::id::Bytes32;

/// A number as text (`44`, `-2.5`), because bodies hold no floats (C2). An integer is read too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Figure(String);

impl Figure {
    /// Returns the number's digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Figure {
    fn from(digits: &str) -> Self {
        Self(digits.to_owned())
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;

        impl Visitor<'_> for Digits {
            type Value = Figure;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or one as text")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Figure, E> {
                Ok(Figure(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Figure, E> {
                Ok(Figure(number.to_string()))
            }

            fn visit_str<E: de::Error>(self, digits: &str) -> Result<Figure, E> {
                Ok(Figure(digits.to_owned()))
            }
        }

        deserializer.deserialize_any(Digits)
    }
}

impl Field for Figure {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn check(&self, found: &mut Findings) {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = self.0.strip_prefix('-').unwrap_or(&self.0);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        if !(digits(whole) && digits(fraction)) {
            found.report(Problem::BadNumber { text: self.0.clone() });
        }
    }
}

/// The address of a page, `http` or `https`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// Returns the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Address {
    fn from(address: &str) -> Self {
        Self(address.to_owned())
    }
}

impl Field for Address {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn check(&self, found: &mut Findings) {
        let rest = self.0.strip_prefix("https://").or_else(|| self.0.strip_prefix("http://"));
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains(char::is_whitespace)) {
            found.report(Problem::BadAddress { text: self.0.clone() });
        }
    }
}

schema! {
    /// A result, with what shows it.
    pub struct Measure requires [indicator, value] rules [] {
        /// What is measured.
        pub indicator: Words,
        /// The figure before.
        pub baseline: Option<Figure>,
        /// The figure reached.
        pub value: Figure,
        /// What the figures count (`%`, `MAD`, `days`).
        pub unit: Option<String>,
        /// When it was measured.
        pub date: Option<Date>,
        /// Where it can be checked.
        pub source: Option<Address>,
        /// What else a reader must know.
        pub note: Words,
    }
}

schema! {
    /// Who took part, in numbers.
    pub struct Participation requires [] rules [] {
        /// In what.
        pub occasion: Words,
        /// When.
        pub date: Option<Date>,
        /// How many people.
        pub people: Option<u64>,
        /// How many of them were women.
        pub women: Option<u64>,
        /// How many of them were young.
        pub youth: Option<u64>,
        /// How many organisations.
        pub organisations: Option<u64>,
    }
}

schema! {
    /// A public page on which a record rests.
    pub struct Source requires [address] rules [] {
        /// Where it is.
        pub address: Address,
        /// What it is called.
        pub title: Words,
        /// What was taken from it.
        pub note: Words,
        /// When it was read.
        pub read: Option<Date>,
    }
}

schema! {
    /// The name of the same thing in another register.
    pub struct ExternalId requires [scheme, id] rules [] {
        /// Whose register (`ogp`, `remacto` ...).
        pub scheme: String,
        /// The name there.
        pub id: String,
        /// Its page there.
        pub address: Option<Address>,
    }
}

schema! {
    /// A file that travels apart, named by its hash.
    pub struct Attachment requires [name, hash, size, mime] rules [] {
        /// The file's name.
        pub name: String,
        /// SHA-256 of its bytes.
        pub hash: Option<Bytes32>,
        /// Its length in bytes.
        pub size: Option<u64>,
        /// SHA-256 of its chunks' hashes, by which it is checked as it arrives (F3).
        pub chunks: Option<Bytes32>,
        /// Its media type.
        pub mime: String,
        /// What it shows, for those who cannot see it.
        pub alt: Words,
    }
}

schema! {
    /// A completion rate that somebody else published: shown as declared, never as derived.
    pub struct Declared requires [] rules [is_percentage] {
        /// The rate.
        pub percent: Option<u64>,
        /// As of when.
        pub as_of: Option<Date>,
        /// Where it was published.
        pub source: Option<Address>,
        /// What else a reader must know.
        pub note: Words,
    }
}

schema! {
    /// Which of the record's languages were written first, and which are translations.
    pub struct Translation requires [] rules [] {
        /// Tags of the languages of the source.
        pub original: Vec<String>,
        /// Tags of the languages into which it was translated.
        pub translated: Vec<String>,
        /// By whom or how.
        pub note: Words,
    }
}

schema! {
    /// How a record was drawn from public pages by somebody other than who did the work.
    pub struct Collected requires [] rules [] {
        /// The record's name in the collection.
        pub key: Option<String>,
        /// How sure the collector is.
        pub confidence: Option<Confidence>,
        /// Who named the themes.
        pub themes: Option<Origin>,
        /// On what the status rests.
        pub status: Words,
        /// On what the place rests.
        pub place: Words,
    }
}

fn is_percentage(declared: &Declared, found: &mut Findings) {
    if declared.percent.is_some_and(|percent| percent > 100) {
        found.within("percent", |found| found.report(Problem::OutOfRange { min: 0, max: 100 }));
    }
}
