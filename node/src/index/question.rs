//! A question in words, read into what is looked for.
//!
//! Every word is tried in every language that its script can be. Words that together name a concept of
//! the thesaurus or a place make one group; a group is answered by its very words, by its concepts in any
//! language, by its places, by the words that it may begin (the last one, while it is typed) and, where
//! the index does not know it, by the words that it may be a misspelling of.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::analysis::arabic::{is_arabic, without_article};
use super::analysis::{Analysers, Language, words};
use super::document::{term, within_key};
use super::places::Places;
use super::schema::Fields;
use super::thesaurus::{Concept, Thesaurus, by_position};
use crate::gazetteer::Territory;

/// Longest question, in bytes: a paragraph in Arabic. The title of a law fits.
pub(crate) const MAX_QUESTION: usize = 1_024;
/// Most words that are looked for; those beyond say nothing more.
pub(super) const MAX_WORDS: usize = 24;
/// Fewest letters of a beginning: of one letter there are too many.
const MIN_BEGINNING: usize = 2;
/// Most words that a beginning is taken for, the most frequent.
const MAX_BEGINNINGS: usize = 24;
/// Most terms of the dictionary that are looked at for one word, so that no question is slow.
const MAX_LOOKED_AT: usize = 2_048;
/// Most words that a word is taken to be a misspelling of.
const MAX_SPELLINGS: usize = 3;
/// Fewest letters of a word with one slip, and of one with two.
const ONE_SLIP: usize = 4;
const TWO_SLIPS: usize = 8;
/// A word is rare, and may be a slip that somebody else made too, in fewer than one of so many records.
const RARE: u64 = 1_000;
/// How much more frequent a word must be than a rare one to be meant instead.
const RATHER: u64 = 20;

/// Weights of the parts of a record: its title says what it is about.
const PARTS: [f32; 3] = [3.0, 1.6, 1.0];
/// What each further field adds to the best.
const TIE: f32 = 0.15;
/// Weights of the ways to answer that are not the very words.
const CONCEPT: f32 = 0.55;
const SPELLING: f32 = 0.6;
const BEGINNING: f32 = 1.2;
/// Scores of records of a place, and of those within it; a place named with its level weighs more.
const AT_PLACE: f32 = 9.0;
const WITHIN_PLACE: f32 = 4.0;
const TOLD: f32 = 1.5;
/// Weight of a word of several that name one thing.
const PART: f32 = 0.5;
/// What sets those that answer a question before those that answer a part of it: above any sum of scores.
const FIRST: f32 = 1_000.0;
/// Score of the very form of a word, beside that of its stem.
const EXACT: f32 = 0.4;

/// A question, read.
#[derive(Debug, Default)]
pub(super) struct Question {
    pub(super) groups: Vec<Group>,
}

/// Words of a question that are answered together.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// As they were typed.
    pub(super) asked: String,
    pub(super) words: Vec<Sought>,
    pub(super) concepts: Vec<Concept>,
    pub(super) places: Vec<&'static Territory>,
    told: bool,
    /// The folded beginning of a word, where the last may not be whole.
    pub(super) beginning: Option<String>,
    /// The words that were probably meant, folded.
    pub(super) spellings: Vec<Sought>,
}

/// A word that is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Sought {
    /// Folded.
    pub(super) word: String,
    /// Its terms in each language that it can be of.
    pub(super) terms: Vec<(Language, Arc<str>)>,
    /// Whether it says nothing alone.
    is_stop: bool,
}

impl Question {
    /// Reads a question; words that the index does not know are read against `searcher`.
    pub(super) fn read(
        text: &str,
        fields: &Fields,
        analysers: &mut Analysers,
        searcher: &Searcher,
    ) -> tantivy::Result<Self> {
        let mut raw = words(text);
        let is_open = raw.last().is_some_and(|last| last.offset_to == text.len());
        raw.truncate(MAX_WORDS);
        let cut = raw.last().map_or(0, |last| last.offset_to);
        let mut sought: Vec<Sought> =
            raw.iter().map(|token| Sought { word: token.text.clone(), ..Sought::default() }).collect();
        let mut named = Vec::new();
        for language in Language::ALL {
            let terms = analysers.of(language).terms(&text[..cut]);
            let by_word = by_position(&terms);
            for word in &by_word {
                let at = word[0].position;
                if can_be(&sought[at].word, language) {
                    sought[at].terms.extend(word.iter().map(|token| (language, token.text.clone())));
                }
            }
            for ((from, to), concept) in Thesaurus::get().find(language, &terms) {
                named.push((by_word[from][0].position, by_word[to][0].position, concept));
            }
        }
        for word in &mut sought {
            let own = languages(&word.word).iter().filter(|language| **language != Language::Other);
            word.is_stop = own.clone().any(|own| !word.terms.iter().any(|(language, _)| language == own));
        }
        if sought.iter().all(|word| word.is_stop) {
            sought.iter_mut().for_each(|word| word.is_stop = false);
        }
        let folded: Vec<String> = sought.iter().map(|word| word.word.clone()).collect();
        let places = Places::get().find(&folded);

        let mut spans: BTreeSet<(usize, usize)> = named.iter().map(|(from, to, _)| (*from, *to)).collect();
        spans.extend(places.iter().map(|named| (named.from, named.to)));
        let mut chosen: Vec<(usize, usize)> = Vec::new();
        let mut longest: Vec<(usize, usize)> = spans.into_iter().collect();
        longest.sort_by_key(|(from, to)| (std::cmp::Reverse(to - from), *from));
        for (from, to) in longest {
            if chosen.iter().all(|(first, last)| to < *first || from > *last) {
                chosen.push((from, to));
            }
        }
        let is_free = |at: usize| chosen.iter().all(|(from, to)| at < *from || at > *to);
        let single: Vec<(usize, usize)> =
            (0..sought.len()).filter(|at| is_free(*at) && !sought[*at].is_stop).map(|at| (at, at)).collect();
        chosen.extend(single);
        chosen.sort_unstable();

        let mut groups = Vec::new();
        for (from, to) in chosen {
            let of_place = places.iter().find(|named| (named.from, named.to) == (from, to));
            let mut group = Group {
                asked: text[raw[from].offset_from..raw[to].offset_to].to_owned(),
                words: sought[from..=to].iter().filter(|word| !word.is_stop).cloned().collect(),
                concepts: named
                    .iter()
                    .filter(|(first, last, _)| (*first, *last) == (from, to))
                    .map(|(_, _, concept)| *concept)
                    .collect(),
                places: of_place.map(|named| named.places.clone()).unwrap_or_default(),
                told: of_place.is_some_and(|named| named.told),
                beginning: None,
                spellings: Vec::new(),
            };
            group.concepts.sort_unstable();
            group.concepts.dedup();
            if group.words.is_empty() {
                group.words = sought[from..=to].to_vec();
            }
            let is_last = is_open && to + 1 == sought.len();
            if group.concepts.is_empty() && group.places.is_empty() {
                group.complete(is_last, fields, analysers, searcher)?;
            }
            groups.push(group);
        }
        Ok(Self { groups })
    }

    /// Returns the query for records that answer all groups of two, three of four.
    pub(super) fn query(&self, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Box<dyn Query>> {
        let mut clauses = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            clauses.push((Occur::Should, group.query(fields, searcher)?));
        }
        let least = self.groups.len() - self.groups.len() / 3;
        Ok(Box::new(BooleanQuery::with_minimum_required_clauses(clauses, least)))
    }

    /// Returns the query for records that answer any word, those first that [`Question::query`] finds.
    pub(super) fn query_any(&self, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Box<dyn Query>> {
        let all = ConstScoreQuery::new(self.query(fields, searcher)?, FIRST);
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Should, Box::new(all))];
        for group in &self.groups {
            clauses.push((Occur::Should, group.query(fields, searcher)?));
            for word in group.words.iter().filter(|_| group.words.len() > 1) {
                let word = BoostQuery::new(word.query(fields, searcher)?, PART);
                clauses.push((Occur::Should, Box::new(word)));
            }
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Tells whether there is nothing of which a part could be answered.
    pub(super) fn is_one_word(&self) -> bool {
        self.groups.len() == 1 && self.groups[0].words.len() == 1
    }
}

impl Group {
    /// Adds what a word may begin, and what it may be a misspelling of.
    fn complete(
        &mut self,
        is_last: bool,
        fields: &Fields,
        analysers: &mut Analysers,
        searcher: &Searcher,
    ) -> tantivy::Result<()> {
        let [sought] = self.words.as_slice() else { return Ok(()) };
        let word = without_article(&sought.word).to_owned();
        let mut frequency = doc_freq(searcher, &Term::from_field_text(fields.words, &word))?;
        for (language, text) in &sought.terms {
            for field in fields.terms[*language as usize] {
                frequency = frequency.max(doc_freq(searcher, &Term::from_field_text(field, text))?);
            }
        }
        let may_begin = is_last && word.chars().count() >= MIN_BEGINNING;
        if may_begin && !beginnings(&word, fields, searcher)?.is_empty() {
            self.beginning = Some(word);
            return Ok(());
        }
        let is_rare = frequency > 0 && frequency * RARE < searcher.num_docs();
        if frequency == 0 || is_rare {
            let least = if is_rare { frequency * RATHER } else { 1 };
            for meant in spellings(&word, least, fields, searcher)? {
                let terms = languages(&meant).iter().flat_map(|language| {
                    let terms = analysers.of(*language).terms(&meant);
                    terms.into_iter().map(|token| (*language, token.text)).collect::<Vec<_>>()
                });
                let terms = terms.collect();
                self.spellings.push(Sought { word: meant, terms, is_stop: false });
            }
        }
        Ok(())
    }

    fn query(&self, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Box<dyn Query>> {
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        let mut words = Vec::new();
        for word in &self.words {
            words.push(word.query(fields, searcher)?);
        }
        match words.len() {
            1 => ways.extend(words),
            _ => ways.push(Box::new(BooleanQuery::intersection(words))),
        }
        for concept in &self.concepts {
            let key = Thesaurus::get().key(*concept);
            for (field, weight) in fields.concepts.iter().zip(PARTS) {
                ways.extend(known(searcher, *field, key, CONCEPT * weight)?);
            }
        }
        let told = if self.told { TOLD } else { 1.0 };
        for place in &self.places {
            let at = term(fields.facet, &format!("place:{}", place.code));
            ways.push(constant(at, AT_PLACE * told));
            ways.push(constant(term(fields.key, &within_key(&place.code)), WITHIN_PLACE * told));
        }
        if let Some(beginning) = &self.beginning {
            let terms = beginnings(beginning, fields, searcher)?;
            let terms = terms.iter().map(|word| Term::from_field_text(fields.words, word));
            ways.push(Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), BEGINNING)));
        }
        for meant in &self.spellings {
            ways.push(Box::new(BoostQuery::new(meant.query(fields, searcher)?, SPELLING)));
        }
        Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE)))
    }
}

impl Sought {
    fn query(&self, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Box<dyn Query>> {
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        for (language, text) in &self.terms {
            for (field, weight) in fields.terms[*language as usize].iter().zip(PARTS) {
                ways.extend(known(searcher, *field, text, weight)?);
            }
        }
        let exact = Term::from_field_text(fields.words, without_article(&self.word));
        if doc_freq(searcher, &exact)? > 0 {
            ways.push(constant(exact, EXACT));
        }
        Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE)))
    }
}

/// Returns the query for a term, if any record has it.
fn known(
    searcher: &Searcher,
    field: Field,
    text: &str,
    weight: f32,
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let term = Term::from_field_text(field, text);
    if doc_freq(searcher, &term)? == 0 {
        return Ok(None);
    }
    let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    Ok(Some(Box::new(BoostQuery::new(query, weight))))
}

fn constant(term: Term, score: f32) -> Box<dyn Query> {
    let query = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
    Box::new(ConstScoreQuery::new(query, score))
}

fn doc_freq(searcher: &Searcher, term: &Term) -> tantivy::Result<u64> {
    searcher.doc_freq(term)
}

/// Returns the most frequent words that begin so.
fn beginnings(beginning: &str, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Vec<String>> {
    let mut end = beginning.as_bytes().to_vec();
    end.push(0xff);
    let mut found = Vec::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.words)?;
        let mut terms = index.terms().range().ge(beginning).lt(&end).into_stream()?;
        let mut looked_at = 0;
        while looked_at < MAX_LOOKED_AT && terms.advance() {
            looked_at += 1;
            note(terms.key(), terms.value().doc_freq, &mut found);
        }
    }
    Ok(most_frequent(found, 1, MAX_BEGINNINGS))
}

/// Returns the most frequent words that a word may be a misspelling of, at least in `least` records.
fn spellings(word: &str, least: u64, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Vec<String>> {
    let letters = word.chars().count();
    let most: u8 = match letters {
        _ if word.chars().any(|letter| letter.is_ascii_digit()) => 0,
        TWO_SLIPS.. => 2,
        ONE_SLIP.. => 1,
        _ => 0,
    };
    for distance in 1..=most {
        let term = Term::from_field_text(fields.words, word);
        let slips = FuzzyTermQuery::new(term, distance, true);
        let mut found = Vec::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(fields.words)?;
            let mut terms = index.terms().search(slips.automaton()?).into_stream()?;
            let mut looked_at = 0;
            while looked_at < MAX_LOOKED_AT && terms.advance() {
                looked_at += 1;
                note(terms.key(), terms.value().doc_freq, &mut found);
            }
        }
        found.retain(|(other, _)| other != word);
        let meant = most_frequent(found, least, MAX_SPELLINGS);
        if !meant.is_empty() {
            return Ok(meant);
        }
    }
    Ok(Vec::new())
}

fn note(key: &[u8], frequency: u32, found: &mut Vec<(String, u64)>) {
    let Ok(word) = std::str::from_utf8(key) else { return };
    match found.iter_mut().find(|(known, _)| known == word) {
        Some((_, sum)) => *sum += u64::from(frequency),
        None => found.push((word.to_owned(), u64::from(frequency))),
    }
}

fn most_frequent(mut found: Vec<(String, u64)>, least: u64, most: usize) -> Vec<String> {
    found.retain(|(_, frequency)| *frequency >= least);
    found.sort_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
    found.truncate(most);
    found.into_iter().map(|(word, _)| word).collect()
}

/// Returns the languages that a folded word can be of, by its script.
fn languages(word: &str) -> &'static [Language] {
    use Language::{Arabic, English, French, Other};
    if word.contains(is_arabic) {
        &[Arabic, Other]
    } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
        &Language::ALL
    } else {
        &[French, English, Other]
    }
}

fn can_be(word: &str, language: Language) -> bool {
    languages(word).contains(&language)
}
