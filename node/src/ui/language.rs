//! The languages of the pages, and which of them a reader is given.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use multaqa_catalogue::Catalogue;
use multaqa_protocol::record::Words;

use crate::vocabulary;

/// A language in which the pages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// Arabic, the first language, also of whoever asks for none of these.
    #[default]
    Arabic,
    /// French.
    French,
    /// English.
    English,
    /// English with every letter of a message replaced: what stays readable was not in the catalogue.
    #[cfg(test)]
    Pseudo,
}

/// The message that says how a plan's share is counted.
pub(crate) const PLAN_RULE: &str = "plan-rule";
/// The message that says how likeness of collectivities is counted.
pub(crate) const SIMILAR_RULE: &str = "similar-rule";

/// Returns a message in every language that readers are offered, for answers that are no page.
pub(crate) fn in_all_languages(id: &str) -> Words {
    let texts = Language::OFFERED.map(|language| (language.tag(), language.catalogue().with(id, &[])));
    Words::from(texts.each_ref().map(|(tag, text)| (*tag, text.as_str())))
}

static ARABIC: LazyLock<Catalogue> = LazyLock::new(|| read(Language::Arabic));
static FRENCH: LazyLock<Catalogue> = LazyLock::new(|| read(Language::French));
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| read(Language::English));
#[cfg(test)]
static PSEUDO: LazyLock<Catalogue> =
    LazyLock::new(|| read(Language::English).changed_by(super::tests::in_pseudo));

fn read(language: Language) -> Catalogue {
    Catalogue::new(language.tag(), language.source())
}

impl Language {
    /// Those that readers are offered, in the order in which they are.
    pub(crate) const OFFERED: [Self; 3] = [Self::Arabic, Self::French, Self::English];

    /// Those that have pages.
    #[cfg(not(test))]
    pub(crate) const ALL: [Self; 3] = Self::OFFERED;
    /// Those that have pages; in tests also one that nobody speaks.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 4] = [Self::Arabic, Self::French, Self::English, Self::Pseudo];

    /// Returns the language tag, which is the first part of the path of its pages.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::French => "fr",
            Self::English => "en",
            #[cfg(test)]
            Self::Pseudo => "qps",
        }
    }

    /// Returns the direction of its text, as HTML names it.
    pub(crate) const fn direction(self) -> &'static str {
        if self.is_rtl() { "rtl" } else { "ltr" }
    }

    /// Tells whether it is written from right to left.
    pub(super) const fn is_rtl(self) -> bool {
        matches!(self, Self::Arabic)
    }

    /// Returns what it calls itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::Arabic => "العربية",
            Self::French => "Français",
            Self::English => "English",
            #[cfg(test)]
            Self::Pseudo => "Pseudo",
        }
    }

    /// Returns the Fluent file of its texts.
    pub(crate) const fn source(self) -> &'static str {
        match self {
            Self::Arabic => include_str!("../../messages/ar.ftl"),
            Self::French => include_str!("../../messages/fr.ftl"),
            _ => include_str!("../../messages/en.ftl"),
        }
    }

    /// Returns its texts.
    pub(crate) fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Arabic => &ARABIC,
            Self::French => &FRENCH,
            Self::English => &ENGLISH,
            #[cfg(test)]
            Self::Pseudo => &PSEUDO,
        }
    }

    /// Returns what the table of vocabularies calls a code.
    pub(super) fn label(self, vocabulary: &str, code: &str) -> Option<Cow<'static, str>> {
        let term = vocabulary::term(vocabulary, code)?;
        match self {
            #[cfg(test)]
            Self::Pseudo => Some(super::tests::in_pseudo(&term.en)),
            _ => term.label(self.tag()).map(Cow::Borrowed),
        }
    }

    /// Returns the language whose pages a path is one of.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let first = path.trim_start_matches('/').split('/').next()?;
        Self::ALL.into_iter().find(|language| language.tag() == first)
    }

    /// Returns the first language that a browser asks for and that there is. Browsers name the one that
    /// the reader likes best first, so weights are not looked at.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let wanted = fluent_langneg::parse_accepted_languages(wanted.unwrap_or_default());
        let offered = |tag: &str| Self::OFFERED.into_iter().find(|language| language.tag() == tag);
        wanted.iter().find_map(|wanted| offered(wanted.language.as_str())).unwrap_or_default()
    }
}
