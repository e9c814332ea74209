//! Every text that people read, by id, in Arabic, French and English.
//!
//! The catalogues are part of the program. This file knows how to find a text, not when to show it.
//! Tests hold the three catalogues to the same ids and arguments, and the code to ids that exist.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::ops::Deref;

pub(crate) use multaqa_catalogue::{FluentValue, say};

const ARABIC: &str = include_str!("../messages/ar.ftl");
const FRENCH: &str = include_str!("../messages/fr.ftl");
const ENGLISH: &str = include_str!("../messages/en.ftl");

/// Variables that name the language, the strongest first.
const VARIABLES: [&str; 4] = ["MULTAQA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

/// The languages of the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Arabic.
    Ar,
    /// French.
    Fr,
    /// English.
    En,
}

impl Language {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 3] = [Self::Ar, Self::Fr, Self::En];

    /// Returns the language tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Ar => ARABIC,
            Self::Fr => FRENCH,
            Self::En => ENGLISH,
        }
    }

    /// Returns the language of a locale as `fr_MA.UTF-8`. A Moroccan locale of another language reads
    /// Arabic; anything else, C and POSIX among it, reads English.
    fn of_locale(locale: &str) -> Self {
        let name = locale.split(['.', '@']).next().unwrap_or_default();
        let mut parts = name.split(['_', '-']);
        match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "ar" => Self::Ar,
            "fr" => Self::Fr,
            "en" => Self::En,
            _ if parts.any(|part| part == "MA") => Self::Ar,
            _ => Self::En,
        }
    }

    /// Returns the language for a command line, before it is parsed: help and errors of the parser
    /// are in it too.
    pub(crate) fn choose(args: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Self {
        asked(args).unwrap_or_else(|| {
            let locale = VARIABLES.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
            Self::of_locale(&locale.unwrap_or_default())
        })
    }
}

/// Returns the language that `--lang` names, if it is one.
fn asked(args: &[OsString]) -> Option<Language> {
    let mut args = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--");
    let named = args.find_map(|arg| arg.strip_prefix("--lang").map(str::to_owned))?;
    let value = if named.is_empty() { args.next()?.to_owned() } else { named.strip_prefix('=')?.to_owned() };
    <Language as clap::ValueEnum>::from_str(&value, true).ok()
}

/// The texts of one language.
pub(crate) struct Catalogue {
    language: Language,
    texts: multaqa_catalogue::Catalogue,
}

impl Catalogue {
    /// Reads the catalogue of a language.
    pub(crate) fn new(language: Language) -> Self {
        Self { language, texts: multaqa_catalogue::Catalogue::new(language.tag(), language.source()) }
    }

    /// Returns the language.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }
}

impl Deref for Catalogue {
    type Target = multaqa_catalogue::Catalogue;

    fn deref(&self) -> &Self::Target {
        &self.texts
    }
}
