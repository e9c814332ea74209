//! How text becomes terms: each language by its own rules, and all of them by one folding.
//!
//! Words are cut and folded the same way in texts and questions. Arabic is normalised and lightly
//! stemmed ([`arabic`]), French and English by Snowball; any other language is folded only, Tifinagh
//! into Latin letters. French has two terms for a word where they differ: of the word as written and
//! of the word without its accents, because people type both.

pub(super) mod arabic;
mod fold;
#[cfg(test)]
mod tests;
mod word;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::tokenizer::{
    Language as Snowball, LowerCaser, Stemmer, StopWordFilter, TextAnalyzer, Token, TokenFilter, TokenStream,
    Tokenizer,
};

pub(super) use fold::fold;
use word::Words;

/// A language with rules of its own, or all the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Arabic,
    French,
    English,
    Other,
}

impl Language {
    /// All of them, in the order of their fields.
    pub(super) const ALL: [Self; 4] = [Self::Arabic, Self::French, Self::English, Self::Other];

    /// Returns the language of a tag.
    pub(super) fn of(tag: &str) -> Self {
        match tag.split('-').next().unwrap_or_default() {
            "ar" | "ary" => Self::Arabic,
            "fr" => Self::French,
            "en" => Self::English,
            _ => Self::Other,
        }
    }

    /// Returns the name of its fields.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::French => "fr",
            Self::English => "en",
            Self::Other => "other",
        }
    }
}

/// Most words whose terms an analyser remembers, some 4 MB; then it begins anew. A language has fewer in
/// use, and texts that nobody would write cannot make it grow.
const MAX_KNOWN: usize = 32_768;

/// Turns texts into terms. Its copies share what it has learnt.
#[derive(Clone)]
pub(super) struct Analyser {
    main: TextAnalyzer,
    /// The same words without their accents, where that makes other terms.
    plain: Option<TextAnalyzer>,
    /// The terms of words that it has seen, none for those that are not looked for: each word is analysed
    /// by itself, and a few thousand make up most texts.
    known: Arc<RwLock<HashMap<String, WordTerms>>>,
}

/// A term where it stands in a text.
#[derive(Clone, Debug)]
pub(super) struct TextTerm {
    pub(super) text: Arc<str>,
    /// The number of its word in the text.
    pub(super) position: usize,
    /// The bytes of its word.
    pub(super) range: Range<usize>,
}

/// The terms of a word: none, one, or that of the word as written and that of it without accents.
type WordTerms = [Option<Arc<str>>; 2];

impl Analyser {
    /// Returns the analyser of a language.
    pub(super) fn new(language: Language) -> Self {
        let words = || TextAnalyzer::builder(Words).filter(LowerCaser);
        let stop = |snowball| StopWordFilter::new(snowball).expect("the list is part of tantivy");
        let (main, plain) = match language {
            Language::Arabic => {
                let folded = words().filter(Each(fold));
                let kept = folded.filter(StopWordFilter::remove(arabic::stop_words()));
                (kept.filter(Each(arabic::stem)).build(), None)
            }
            Language::French => {
                // "à" is in the list, and typed without its accent too.
                let a = || StopWordFilter::remove(["a".to_owned()]);
                let kept = || words().filter(stop(Snowball::French)).filter(a());
                let stemmed = kept().filter(Stemmer::new(Snowball::French)).filter(Each(fold));
                let plain = kept().filter(Each(fold)).filter(Stemmer::new(Snowball::French));
                (stemmed.build(), Some(plain.build()))
            }
            Language::English => {
                let kept = words().filter(Each(fold)).filter(stop(Snowball::English));
                (kept.filter(Stemmer::new(Snowball::English)).build(), None)
            }
            Language::Other => (words().filter(Each(fold)).build(), None),
        };
        Self { main, plain, known: Arc::default() }
    }

    /// Returns the terms of a text in its order; two of them at one position are of one word.
    pub(super) fn terms(&mut self, text: &str) -> Vec<TextTerm> {
        let shared = Arc::clone(&self.known);
        let read = || shared.read().unwrap_or_else(PoisonError::into_inner);
        let mut terms = Vec::new();
        let mut known = read();
        let mut cutter = Words;
        let mut words = cutter.token_stream(text);
        while words.advance() {
            let word = words.token();
            let found = match known.get(&word.text) {
                Some(found) => found.clone(),
                None => {
                    drop(known);
                    let found = self.learn(&word.text);
                    known = read();
                    found
                }
            };
            terms.extend(found.into_iter().flatten().map(|text| TextTerm {
                text,
                position: word.position,
                range: word.offset_from..word.offset_to,
            }));
        }
        terms
    }

    fn learn(&mut self, word: &str) -> WordTerms {
        let term = |analyser: &mut TextAnalyzer| {
            let mut stream = analyser.token_stream(word);
            let text: Option<Arc<str>> = stream.next().map(|token| token.text.as_str().into());
            text.filter(|text| !text.is_empty())
        };
        let main = term(&mut self.main);
        let plain = self.plain.as_mut().and_then(term).filter(|plain| main.as_ref() != Some(plain));
        let terms = [main, plain];
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(word.to_owned(), terms.clone());
        terms
    }
}

/// All analysers; each has buffers of its own, so that whoever analyses has one of these.
#[derive(Clone)]
pub(super) struct Analysers([Analyser; 4]);

impl Analysers {
    pub(super) fn new() -> Self {
        Self(Language::ALL.map(Analyser::new))
    }

    /// Returns the analyser of a language.
    pub(super) fn of(&mut self, language: Language) -> &mut Analyser {
        &mut self.0[language as usize]
    }
}

/// Returns the words of a text, folded.
pub(super) fn words(text: &str) -> Vec<Token> {
    let mut words = Vec::new();
    let mut cutter = Words;
    let mut stream = cutter.token_stream(text);
    while stream.advance() {
        let mut word = stream.token().clone();
        fold(&mut word.text);
        words.push(word);
    }
    words
}

/// Changes the text of every token.
#[derive(Clone)]
struct Each(fn(&mut String));

impl TokenFilter for Each {
    type Tokenizer<T: Tokenizer> = Changing<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Changing<T> {
        Changing { change: self.0, inner: tokenizer }
    }
}

#[derive(Clone)]
struct Changing<T> {
    change: fn(&mut String),
    inner: T,
}

impl<T: Tokenizer> Tokenizer for Changing<T> {
    type TokenStream<'a> = Changed<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Changed { change: self.change, tail: self.inner.token_stream(text) }
    }
}

struct Changed<T> {
    change: fn(&mut String),
    tail: T,
}

impl<T: TokenStream> TokenStream for Changed<T> {
    fn advance(&mut self) -> bool {
        if !self.tail.advance() {
            return false;
        }
        (self.change)(&mut self.tail.token_mut().text);
        true
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}
