//! The territorial collectivities of Morocco by their official codes.
//!
//! The table is part of the program and is read once. It says which places exist and what they are
//! called; whose a place is, only stewards say (N5). Its source and licence are in
//! `node/data/README.md`.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use multaqa_protocol::record::Words;
use multaqa_protocol::record::code::Level;
use serde::Deserialize;

use crate::index;

const TABLE: &str = include_str!("../data/gazetteer.csv");

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::parse);

/// A territorial collectivity.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Territory {
    /// Its level; `province` for a prefecture too.
    pub level: Level,
    /// What it is called within its level: `region`, `province`, `prefecture`, `urban`, `rural`.
    pub subtype: String,
    /// Its official code (HCP).
    #[serde(rename = "hcp_code")]
    pub code: String,
    /// Its ISO 3166-2 code; communes have none.
    #[serde(rename = "iso_3166_2")]
    pub iso: Option<String>,
    /// Its name in French.
    pub name_fr: String,
    /// Its name in Arabic.
    pub name_ar: String,
    /// The official code of the collectivity above it; regions have none.
    #[serde(rename = "parent_code")]
    pub parent: Option<String>,
    /// The official code of its region.
    #[serde(rename = "region_code")]
    pub region: String,
    /// Its inhabitants in 2024.
    #[serde(rename = "population_2024")]
    pub population: Option<u64>,
}

impl Territory {
    /// Returns its names.
    #[must_use]
    pub fn names(&self) -> Words {
        Words::from([("ar", self.name_ar.as_str()), ("fr", self.name_fr.as_str())])
    }

    /// Returns the collectivity above it.
    #[must_use]
    pub fn parent(&self) -> Option<&'static Self> {
        find(self.parent.as_deref()?)
    }
}

/// Returns the collectivity with an official or ISO 3166-2 code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Territory> {
    GAZETTEER.by_code.get(code).map(|at| &GAZETTEER.territories[*at])
}

/// Returns the name of the collectivity with a code in the language `tag`, else in French.
#[must_use]
pub fn name(code: &str, tag: &str) -> Option<String> {
    find(code)?.names().best(&[tag, "fr"]).map(|(_, name)| name.to_owned())
}

/// Returns all collectivities: regions, then provinces and prefectures, then communes.
#[must_use]
pub fn all() -> &'static [Territory] {
    &GAZETTEER.territories
}

/// Returns at most `most` collectivities whose name, in either script, has a word that begins as `text` does, or
/// whose code does: larger ones first, whole names before parts. Accents, and letters that Arabic writes in several
/// ways, do not matter.
#[must_use]
pub fn search(text: &str, most: usize) -> Vec<&'static Territory> {
    let sought = index::folded(text.trim());
    if sought.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &Territory)> = Vec::new();
    for (territory, names) in GAZETTEER.territories.iter().zip(&GAZETTEER.folded) {
        let rank = |name: &String| match name.find(&sought) {
            Some(0) if name.len() == sought.len() => Some(0),
            Some(0) => Some(1),
            Some(at) if name[..at].ends_with([' ', '-', '\'']) => Some(2),
            _ => None,
        };
        let by_code = territory.code.starts_with(text.trim()).then_some(0);
        found.extend(names.iter().filter_map(rank).chain(by_code).min().map(|rank| (rank, territory)));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(most).map(|(_, territory)| territory).collect()
}

struct Gazetteer {
    /// Both names of each territory as they are compared; an Arabic one also without its article.
    folded: Vec<Vec<String>>,
    territories: Vec<Territory>,
    /// Both codes of each, to its index.
    by_code: BTreeMap<String, usize>,
}

impl Gazetteer {
    fn parse() -> Self {
        let territories: Vec<Territory> = csv::Reader::from_reader(TABLE.as_bytes())
            .deserialize()
            .collect::<Result<_, _>>()
            .expect("the table is part of the program and tested");
        let by_code = territories
            .iter()
            .enumerate()
            .flat_map(|(at, territory)| {
                [Some(&territory.code), territory.iso.as_ref()]
                    .into_iter()
                    .flatten()
                    .map(move |code| (code.clone(), at))
            })
            .collect();
        let folded = territories.iter().map(|territory| {
            let names = [&territory.name_fr, &territory.name_ar].map(|name| index::folded(name));
            let bare = names[1].strip_prefix("ال").map(str::to_owned);
            names.into_iter().chain(bare).collect()
        });
        Self { folded: folded.collect(), territories, by_code }
    }
}
