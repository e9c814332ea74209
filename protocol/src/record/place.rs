//! Official codes of places. Never names: sixty names are both a province and a commune.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::draft::{Findings, Problem};
use super::schema::Field;

/// The official code of a place: the HCP's (`05`, `01.571`, `01.571.01.11`) or, for regions,
/// provinces and prefectures, ISO 3166-2 (`MA-05`, `MA-TET`).
///
/// Whether such a place exists is the gazetteer's to say; here is only the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place(String);

impl Place {
    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the level that the form of the code tells (`region`, `province`, `commune`), `None`
    /// where it is of neither form.
    #[must_use]
    pub fn level(&self) -> Option<&'static str> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(division) = self.0.strip_prefix("MA-") {
            return match division.len() {
                2 if digits(division) => Some("region"),
                3 if division.bytes().all(|byte| byte.is_ascii_uppercase()) => Some("province"),
                _ => None,
            };
        }
        let parts: Vec<&str> = self.0.split('.').collect();
        if !parts.iter().all(|part| digits(part)) {
            return None;
        }
        match parts.iter().map(|part| part.len()).collect::<Vec<_>>()[..] {
            [2] => Some("region"),
            [2, 3] => Some("province"),
            // Communes that are also a prefecture's seat have one digit in the last part.
            [2, 3, 2, 1 | 2] => Some("commune"),
            _ => None,
        }
    }
}

impl From<&str> for Place {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Field for Place {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn check(&self, found: &mut Findings) {
        if self.level().is_none() {
            found.report(Problem::BadPlace { text: self.0.clone() });
        }
    }
}
