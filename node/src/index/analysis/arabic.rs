//! Light stemming of Arabic, of the light10 kind (Larkey, Ballesteros and Connell, 2007).
//!
//! It takes off the article with the particles before it and the commonest endings, and never looks for
//! roots: broken plurals stay apart (مشروع، مشاريع), and so do words that only share a root. Words that
//! differ by an ending alone become one, related or not (منطقة، منطق). It works on folded words ([`super::fold`]).

/// Fewest letters that stay of a word without its article: two would join half the dictionary.
const MIN_WORD: usize = 3;
/// Fewest letters that stay of a word without its ending.
const MIN_STEM: usize = 2;

/// Articles, with the particles that are written onto them.
const ARTICLES: [&str; 6] = ["وبال", "وال", "بال", "كال", "فال", "ال"];

/// Fewest letters after a lone "and", which is written onto its word: many words begin with that letter
/// (ورشة، وثيقة), few of them so long.
const MIN_AFTER_AND: usize = 6;

/// Possessive pronouns. Before one, the ta marbuta is a ta.
const PRONOUNS: [&str; 6] = ["هما", "هم", "هن", "ها", "كم", "نا"];

/// Endings, tried once each in this order: dual and plural, the relative, the feminine, the accusative.
const ENDINGS: [&str; 10] = ["تين", "تان", "ان", "ات", "ون", "ين", "يه", "ه", "ي", "ا"];

/// Words that say nothing alone, folded.
const STOP_WORDS: &str = "في من على الى عن مع او ام ان انه انها ما لا لم لن هذا هذه ذلك تلك هو هي هم التي الذي \
    الذين اللتي كما قد كل بعض بين بعد قبل عند حول ثم حتى اذا اي كان كانت يكون تكون ليس غير دون خلال عبر ضمن نحو \
    منها منه فيها فيه بها به لها له عليها عليه لدى كذلك ايضا حيث وفي ومن وعلى والتي والذي و ب ل ك ف";

/// Returns the words that say nothing alone.
pub(super) fn stop_words() -> impl Iterator<Item = String> {
    STOP_WORDS.split_whitespace().map(str::to_owned)
}

/// Stems a folded word; one that is not written in Arabic stays as it is.
pub(in crate::index) fn stem(word: &mut String) {
    if !word.starts_with(is_arabic) {
        return;
    }
    let mut stem = without_article(word);
    if let Some(owned) = PRONOUNS.iter().find_map(|pronoun| strip(stem, pronoun, MIN_WORD)) {
        let is_plural = owned.ends_with("ات");
        stem = strip(owned, "ت", MIN_WORD).filter(|_| !is_plural).unwrap_or(owned);
    }
    for ending in ENDINGS {
        stem = strip(stem, ending, MIN_STEM).unwrap_or(stem);
    }
    if stem.len() < word.len() {
        *word = stem.to_owned();
    }
}

/// Takes the article and the particles before it off a folded word. A word that itself begins like the
/// article loses that too, with it and without, so that both stay one word (التزام، الالتزام).
pub(in crate::index) fn without_article(word: &str) -> &str {
    let starts = |word, article: &str| -> Option<&str> {
        let rest: &str = str::strip_prefix(word, article)?;
        (letters(rest) >= MIN_WORD).then_some(rest)
    };
    if let Some(rest) = ARTICLES.iter().find_map(|article| starts(word, article)) {
        return starts(rest, "ال").unwrap_or(rest);
    }
    // The article after the particle li- loses its alef.
    if let Some(rest) = starts(word, "ولل").or_else(|| starts(word, "لل")) {
        return rest;
    }
    word.strip_prefix('و').filter(|rest| letters(rest) >= MIN_AFTER_AND).unwrap_or(word)
}

fn strip<'a>(word: &'a str, ending: &str, least: usize) -> Option<&'a str> {
    word.strip_suffix(ending).filter(|rest| letters(rest) >= least)
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// Tells whether a letter is of the Arabic script.
pub(in crate::index) const fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}')
}
