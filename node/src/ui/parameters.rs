//! What an address of the library asks for, and the addresses that ask for a little more or less.

use std::collections::BTreeMap;

use url::form_urlencoded;

use super::link;
use super::page::Page;
use crate::gazetteer;

/// The parameters of which several values can be chosen, in the order in which chips show them.
const CHOSEN: [&str; 13] = [
    "kind",
    "principle",
    "place",
    "level",
    "status",
    "theme",
    "lang",
    "year",
    "author",
    "refers_to",
    "similar_to",
    "asked",
    "mentions",
];

/// The parameters of an address, as they stand there.
#[derive(Clone, Debug)]
pub(super) struct Parameters(BTreeMap<String, String>);

/// A value that is chosen, with the way to the library without it.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) text: String,
    pub(super) href: String,
}

impl Parameters {
    /// Reads what stands after the question mark.
    pub(super) fn of(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// Returns a parameter as it stands.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns what a form that asks for other words has to send along.
    pub(super) fn kept(&self) -> Vec<(String, String)> {
        let kept = self.0.iter().filter(|(name, _)| !["q", "cursor"].contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.first(name).unwrap_or_default().split(',').filter(|value| !value.is_empty())
    }

    /// Tells whether a value is chosen.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|chosen| chosen == value)
    }

    /// Returns the address with a value chosen, or no longer, from the first page. Of places one is
    /// chosen at a time.
    pub(super) fn toggled(&self, page: &Page, name: &str, value: &str) -> String {
        let is_one = ["place", "author", "refers_to", "similar_to", "asked", "mentions"].contains(&name);
        let mut values: Vec<&str> = self.values(name).filter(|chosen| *chosen != value && !is_one).collect();
        if !self.has(name, value) {
            values.push(value);
        }
        let joined = values.join(",");
        self.with(page, name, (!joined.is_empty()).then_some(joined.as_str()))
    }

    /// Returns the address with another value of a parameter, from the first page.
    pub(super) fn with(&self, page: &Page, name: &str, value: Option<&str>) -> String {
        let others = self.0.iter().filter(|(other, _)| *other != name && *other != "cursor");
        let mut pairs: Vec<(&str, &str)> = others
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        pairs.extend(value.map(|value| (name, value)));
        let query = link::query(&pairs);
        page.href(&if query.is_empty() { "/library".to_owned() } else { format!("/library?{query}") })
    }

    /// Returns the address of all that is chosen in another form, with `own` parameters of that form.
    pub(super) fn file(&self, route: &str, own: &[(&str, &str)]) -> String {
        let chosen = self.0.iter().filter(|(name, value)| {
            !["cursor", "limit"].contains(&name.as_str()) && !value.trim().is_empty()
        });
        let mut pairs: Vec<(&str, &str)> =
            chosen.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend(own);
        let query = link::query(&pairs);
        format!("/api/v1{route}{}{query}", if query.is_empty() { "" } else { "?" })
    }

    /// Returns what is chosen, each with the way to the library without it.
    pub(super) fn chips(&self, page: &Page) -> Vec<Chip> {
        let chips = CHOSEN.iter().flat_map(|name| self.values(name).map(move |value| (*name, value)));
        chips
            .map(|(name, value)| Chip {
                text: self.value_name(page, name, value),
                href: self.toggled(page, name, value),
            })
            .collect()
    }

    /// Returns what a value of a parameter is called.
    pub(super) fn value_name(&self, page: &Page, name: &str, value: &str) -> String {
        match name {
            "place" => {
                let names = gazetteer::find(value).and_then(|territory| page.passage(&territory.names()));
                names.map_or_else(|| page.plain(value), |name| name.text)
            }
            "lang" => page.language_name(value),
            "year" => page.plain(value),
            "author" => page.say("filter-author"),
            "refers_to" => page.say("filter-refers-to"),
            "similar_to" => page.say("filter-similar-to"),
            "asked" => page.say("filter-asked"),
            "mentions" => page.fill("filter-mentions", "place", &self.value_name(page, "place", value)),
            // How a record stands, or how far it has come.
            "status" => page.code_of(&["standing"], &page.progress(value)),
            "theme" => page.code("policy_area", value),
            vocabulary => page.code(vocabulary, value),
        }
    }
}
