//! Places that a text addresses: an at sign, then an official code or a name, as `@01.571.01.11` or `@سطات`.
//!
//! The longest name wins. A name that several places share means all of them; only a code tells one apart. What
//! stands before the sign must not be part of a word, so that an address for mail mentions nobody.

use std::collections::BTreeSet;
use std::ops::Range;

use super::analysis::words;
use super::places::Places;
use crate::gazetteer::{self, Territory};

#[cfg(test)]
mod tests;

/// Most mentions of one text that are read: a letter to all provinces of a region names fewer.
const MAX_MENTIONS: usize = 64;
/// Most places of one name that it means; the commonest name of communes is borne by three.
const MAX_SHARED: usize = 8;
/// Most bytes after the sign that are looked at: the longest name has half as many.
const MAX_NAME: usize = 160;

/// A place that a text addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Where it stands, with its sign.
    pub(crate) range: Range<usize>,
    /// The places that it means, the highest level first.
    pub(crate) places: Vec<&'static Territory>,
}

/// Returns the places that a text addresses, in the order of the text.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let is_within = found.last().is_some_and(|last| at < last.range.end);
        let is_mail = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if is_within || is_mail {
            continue;
        }
        let from = at + '@'.len_utf8();
        let rest = &text[from..text.floor_char_boundary(from.saturating_add(MAX_NAME))];
        if let Some((len, places)) = coded(rest).or_else(|| named(rest)) {
            found.push(Mention { range: at..from + len, places });
            if found.len() == MAX_MENTIONS {
                break;
            }
        }
    }
    found
}

/// Returns the official codes of all places that some texts address.
pub(super) fn codes<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<&'static str> {
    let mut codes = BTreeSet::new();
    for text in texts {
        for mention in mentions(text) {
            codes.extend(mention.places.iter().map(|place| place.code.as_str()));
        }
    }
    codes
}

/// Returns the place whose code a text begins with, and how long it is.
fn coded(text: &str) -> Option<(usize, Vec<&'static Territory>)> {
    let is_code = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    let run = text.find(|letter| !is_code(letter)).map_or(text, |end| &text[..end]);
    let code = run.trim_end_matches(['.', '-']);
    gazetteer::find(code).map(|place| (code.len(), vec![place]))
}

/// Returns the places with whose longest name a text begins, and how long it is there.
fn named(text: &str) -> Option<(usize, Vec<&'static Territory>)> {
    let mut beginning = Vec::new();
    let mut end = 0;
    for word in words(text) {
        let between = &text[end..word.offset_from];
        let joins = |letter| matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\'' | '’');
        let is_near = between.chars().count() <= 1 && between.chars().all(joins);
        // A name begins right after the sign.
        if !is_near || (beginning.is_empty() && !between.is_empty()) {
            break;
        }
        end = word.offset_to;
        beginning.push(word);
    }
    let folded: Vec<String> = beginning.iter().map(|word| word.text.clone()).collect();
    let (len, mut places) = Places::get().longest(&folded)?;
    places.truncate(MAX_SHARED);
    Some((beginning.get(len - 1)?.offset_to, places))
}
