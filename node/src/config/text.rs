//! A setting as one text, as variables and flags have it.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Given, keys, variable};

/// Why a text sets nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No setting has the key.
    #[error("the key {key} is not known")]
    Unknown {
        /// The key.
        key: String,
        /// The known key that was most likely meant.
        near: Option<String>,
    },
    /// The text is no value of the setting.
    #[error("{key}: {reason}")]
    Value {
        /// The key.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A document of one value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<T> {
    value: T,
}

impl Given {
    /// Reads the variables of all settings, by their names; an empty one says nothing.
    ///
    /// # Errors
    ///
    /// [`TextError::Value`], with the variable's name for the key.
    pub fn from_variables(read: impl Fn(&str) -> Option<String>) -> Result<Self, TextError> {
        let mut given = Self::default();
        for key in keys() {
            let name = variable(&key);
            let Some(text) = read(&name).filter(|text| !text.is_empty()) else { continue };
            given.set(&key, &text).map_err(|error| match error {
                TextError::Value { reason, .. } => TextError::Value { key: name, reason },
                unknown => unknown,
            })?;
        }
        Ok(given)
    }
}

/// Reads a value as the file would have it; or, without any quotation marks, a text or texts between commas.
pub(super) fn read<T: DeserializeOwned>(key: &str, text: &str) -> Result<T, TextError> {
    let texts = text.split(',').map(|part| toml::Value::from(part.trim())).collect();
    let plain = [toml::Value::from(text), toml::Value::Array(texts)];
    let as_written = match toml::from_str::<Document<T>>(&format!("value = {text}")) {
        Ok(document) => return Ok(document.value),
        Err(error) => error.message().to_owned(),
    };
    let mut reasons = vec![as_written];
    for value in plain {
        match value.try_into() {
            Ok(value) => return Ok(value),
            Err(error) => reasons.push(toml::de::Error::message(&error).to_owned()),
        }
    }
    // Whoever opens a bracket means it; elsewhere the reading that fits the setting's kind tells best what is wrong.
    let reason = if text.starts_with(['[', '{', '"']) {
        reasons.swap_remove(0)
    } else {
        let fits = |reason: &String| !reason.starts_with("invalid type");
        let best = reasons[1..].iter().position(fits).map_or(1, |at| at + 1);
        reasons.swap_remove(best)
    };
    Err(TextError::Value { key: key.to_owned(), reason })
}
