//! The territorial collectivities of Morocco by their official codes.
//!
//! The table is part of the program and is read once. It says which places exist and what they are
//! called; whose a place is, only stewards say (N5). Its source and licence are in
//! `node/data/README.md`. It is apart from the node because a report of an audit names places too.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use multaqa_protocol::record::Words;
use multaqa_protocol::record::code::Level;
use serde::Deserialize;

const TABLE: &str = include_str!("../../data/gazetteer.csv");

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

struct Gazetteer {
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
        Self { territories, by_code }
    }
}
