//! Places named in a question, by any of their names and spellings, told apart by level.
//!
//! Names come from the gazetteer and from `node/data/place_spellings.csv`, which has what the official
//! table does not: English names and other spellings in use. They are compared in a rougher folding than
//! other words, because Latin spellings of Arabic and Amazigh names vary (Abdallah, Abdellah; Dadès,
//! Dades). Sixty names are both a province and a commune: such a name means both, unless a word before it
//! says which.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use multaqa_protocol::record::code::Level;
use serde::Deserialize;

use super::analysis::arabic::without_article;
use super::analysis::{Analyser, Language};
use crate::gazetteer::{self, Territory};

pub(super) const SPELLINGS: &str = include_str!("../../data/place_spellings.csv");

static PLACES: LazyLock<Places> = LazyLock::new(Places::read);

/// What a collectivity is called before its name, folded, and the level or the kind that it tells.
const LEVELS: [(&str, &str); 26] = [
    ("region", "region"),
    ("regional", "region"),
    ("regionale", "region"),
    ("جهه", "region"),
    ("الجهه", "region"),
    ("بجهه", "region"),
    ("لجهه", "region"),
    ("province", "province"),
    ("provincial", "province"),
    ("provinciale", "province"),
    ("اقليم", "province"),
    ("باقليم", "province"),
    ("لاقليم", "province"),
    ("prefecture", "province"),
    ("prefectoral", "province"),
    ("عماله", "province"),
    ("بعماله", "province"),
    ("commune", "commune"),
    ("municipality", "commune"),
    ("municipalite", "commune"),
    ("ville", "commune"),
    ("city", "commune"),
    ("جماعه", "commune"),
    ("بجماعه", "commune"),
    ("لجماعه", "commune"),
    ("مدينه", "commune"),
];

/// Words that may stand between the level and the name.
const BETWEEN: [&str; 4] = ["de", "d", "of", "du"];

/// All names, ready to be looked for.
pub(super) struct Places {
    /// Names by their first word, the longest first.
    names: HashMap<String, Vec<Name>>,
}

struct Name {
    words: Vec<String>,
    place: &'static Territory,
}

/// A line of the table of spellings.
#[derive(Deserialize)]
struct Spelling {
    code: String,
    name: String,
}

/// Places that words of a question name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The first and the last of the words.
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether a word before the name told the level.
    pub(super) told: bool,
    pub(super) places: Vec<&'static Territory>,
}

impl Places {
    /// Returns the names of all places.
    pub(super) fn get() -> &'static Self {
        &PLACES
    }

    fn read() -> Self {
        let mut analyser = Analyser::new(Language::Other);
        let mut names: HashMap<String, Vec<Name>> = HashMap::new();
        let mut add = |name: &str, place: &'static Territory| {
            let words: Vec<String> =
                analyser.terms(name).into_iter().map(|token| rough(&token.text)).collect();
            if let Some(first) = words.first() {
                names.entry(first.clone()).or_default().push(Name { words, place });
            }
        };
        for place in gazetteer::all() {
            add(&place.name_fr, place);
            add(&place.name_ar, place);
        }
        for spelling in csv::Reader::from_reader(SPELLINGS.as_bytes()).deserialize() {
            let Spelling { code, name } = spelling.expect("the table is part of the program and tested");
            add(&name, gazetteer::find(&code).expect("the table is part of the program and tested"));
        }
        names.values_mut().for_each(|names| names.sort_by_key(|name| std::cmp::Reverse(name.words.len())));
        Self { names }
    }

    /// Finds the places that the words of a question name, folded; the longest names win.
    pub(super) fn find(&self, words: &[String]) -> Vec<Named> {
        let words_roughly: Vec<String> = words.iter().map(|word| rough(word)).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let longest = self.at(&words_roughly[at..]);
            let Some(len) = longest.first().map(|name| name.words.len()) else {
                at += 1;
                continue;
            };
            let mut places: Vec<&'static Territory> = longest.iter().map(|name| name.place).collect();
            places.sort_by_key(|place| &place.code);
            places.dedup();
            let (mut from, mut told) = (at, false);
            if let Some((first, level)) = level_before(words, at) {
                let of_level: Vec<_> =
                    places.iter().copied().filter(|place| place.level == Level::from(level)).collect();
                if !of_level.is_empty() {
                    (places, from, told) = (of_level, first, true);
                }
            }
            found.push(Named { from, to: at + len - 1, told, places });
            at += len;
        }
        found
    }

    /// Returns the places with whose longest name some words begin, the highest level first, and of how many words
    /// that name is.
    pub(super) fn longest(&self, words: &[String]) -> Option<(usize, Vec<&'static Territory>)> {
        let roughly: Vec<String> = words.iter().map(|word| rough(word)).collect();
        let names = self.at(&roughly);
        let len = names.first()?.words.len();
        let mut places: Vec<&'static Territory> = names.iter().map(|name| name.place).collect();
        places.sort_by_key(|place| (place.code.len(), &place.code));
        places.dedup();
        Some((len, places))
    }

    /// Returns the longest names with which some words begin.
    fn at(&self, words: &[String]) -> Vec<&Name> {
        let Some(names) = words.first().and_then(|first| self.names.get(first)) else { return Vec::new() };
        let mut longest: Vec<&Name> = Vec::new();
        for name in names {
            let is_shorter = longest.first().is_some_and(|longest| name.words.len() < longest.words.len());
            if !is_shorter && words.starts_with(&name.words) {
                longest.push(name);
            }
        }
        longest
    }
}

/// Returns the word before the one at `at` that tells a level, and the level.
fn level_before(words: &[String], at: usize) -> Option<(usize, &'static str)> {
    let mut before = at.checked_sub(1)?;
    if BETWEEN.contains(&words[before].as_str()) {
        before = before.checked_sub(1)?;
    }
    let (_, level) = LEVELS.iter().find(|(word, _)| *word == words[before])?;
    Some((before, level))
}

/// Folds a folded word of a name further: what differs between the spellings of one name.
fn rough(word: &str) -> String {
    if word.starts_with(super::analysis::arabic::is_arabic) {
        return without_article(word).to_owned();
    }
    let mut rough = String::with_capacity(word.len());
    for letter in word.replace("ou", "u").chars() {
        let letter = match letter {
            'e' => 'a',
            'y' | 'j' if rough.is_empty() => letter,
            'y' => 'i',
            letter => letter,
        };
        if !rough.ends_with(letter) {
            rough.push(letter);
        }
    }
    rough
}
