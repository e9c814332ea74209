//! What can be wrong with a draft. The texts here are for logs; people read those of the message
//! catalogues, found by [`Problem::code`].

use std::fmt;

use crate::codec::{CodecError, Value};
use crate::record::date::Date;

/// A fault of a draft, with the field in which it lies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct FieldError {
    /// The field, as `results[0].value`; empty for the draft as a whole.
    pub path: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No such field belongs here.
    #[error("no such field")]
    UnknownField {
        /// The field that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The field must be there and is not.
    #[error("missing")]
    Missing,
    /// The field is there with nothing in it.
    #[error("empty")]
    Empty,
    /// The field is of another type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type that belongs here.
        expected: Type,
        /// The type found.
        found: Type,
    },
    /// Not a date.
    #[error("`{text}` is not a date: YYYY, YYYY-MM or YYYY-MM-DD")]
    BadDate {
        /// What stands there.
        text: String,
    },
    /// An end that lies before its start.
    #[error("ends on {end}, before it starts on {start}")]
    EndBeforeStart {
        /// The start.
        start: Date,
        /// The end.
        end: Date,
    },
    /// Not of the form of an official code.
    #[error("`{text}` is not an official code")]
    BadPlace {
        /// What stands there.
        text: String,
    },
    /// An official code of another level than the one named.
    #[error("this is the code of a {level}")]
    OtherLevel {
        /// The level of the code.
        level: &'static str,
    },
    /// None of the five principles is named.
    #[error("names none of the principles {}", known.join(", "))]
    NoPrinciple {
        /// The principles.
        known: &'static [&'static str],
    },
    /// A code that is not in the vocabulary, nor an extension (with a dot).
    #[error("`{text}` is none of {}", known.join(", "))]
    UnknownCode {
        /// What stands there.
        text: String,
        /// The code that was probably meant.
        nearest: Option<&'static str>,
        /// The vocabulary.
        known: &'static [&'static str],
    },
    /// Not a language tag.
    #[error("`{tag}` is not a language tag as ar, fr, en")]
    BadLanguage {
        /// What stands there.
        tag: String,
    },
    /// Not a number.
    #[error("`{text}` is not a number")]
    BadNumber {
        /// What stands there.
        text: String,
    },
    /// A number too small or too large.
    #[error("not between {min} and {max}")]
    OutOfRange {
        /// The smallest that is allowed.
        min: i64,
        /// The largest that is allowed.
        max: i64,
    },
    /// Not an id.
    #[error("`{text}` is not an id of 64 hexadecimal digits")]
    BadId {
        /// What stands there.
        text: String,
    },
    /// Not the address of a page.
    #[error("`{text}` is not an address that begins with http:// or https://")]
    BadAddress {
        /// What stands there.
        text: String,
    },
    /// Two items of one list have the same id.
    #[error("`{text}` stands twice")]
    Repeated {
        /// The id.
        text: String,
    },
    /// A commitment under an axis that the plan does not have.
    #[error("the plan has no axis `{text}`")]
    UnknownAxis {
        /// The axis named.
        text: String,
    },
    /// The whole is too large or too deep for a body.
    #[error("does not fit into a record")]
    Encoding(#[source] CodecError),
}

impl Problem {
    /// Returns the problem's stable code, under which message catalogues have its text.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownField { .. } => "unknown_field",
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::WrongType { .. } => "wrong_type",
            Self::BadDate { .. } => "bad_date",
            Self::EndBeforeStart { .. } => "end_before_start",
            Self::BadPlace { .. } => "bad_place",
            Self::OtherLevel { .. } => "other_level",
            Self::NoPrinciple { .. } => "no_principle",
            Self::UnknownCode { .. } => "unknown_code",
            Self::BadLanguage { .. } => "bad_language",
            Self::BadNumber { .. } => "bad_number",
            Self::OutOfRange { .. } => "out_of_range",
            Self::BadId { .. } => "bad_id",
            Self::BadAddress { .. } => "bad_address",
            Self::Repeated { .. } => "repeated",
            Self::UnknownAxis { .. } => "unknown_axis",
            Self::Encoding(_) => "encoding",
        }
    }

    /// Returns the word that was probably meant, for an unknown field or code.
    #[must_use]
    pub const fn nearest(&self) -> Option<&'static str> {
        match self {
            Self::UnknownField { nearest } | Self::UnknownCode { nearest, .. } => *nearest,
            _ => None,
        }
    }

    /// Returns the codes of which one belongs here, for a field that holds none of them.
    #[must_use]
    pub const fn known(&self) -> &'static [&'static str] {
        match self {
            Self::UnknownCode { known, .. } | Self::NoPrinciple { known } => known,
            _ => &[],
        }
    }
}

/// The types of values, as an author sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// true or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number, whole or as text.
    Number,
    /// Bytes, which no file can hold.
    Bytes,
    /// Text.
    Text,
    /// A date as text, in quotation marks.
    Date,
    /// A list.
    List,
    /// A table of fields.
    Table,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "true or false",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Date => "a date in quotation marks",
            Self::List => "a list",
            Self::Table => "a table",
        })
    }
}

impl From<&Value> for Type {
    fn from(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Int(_) => Self::Integer,
            Value::Bytes(_) => Self::Bytes,
            Value::Text(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Map(_) => Self::Table,
        }
    }
}
