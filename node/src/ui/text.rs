//! What others wrote, made fit to be shown.
//!
//! Templates escape it; what escaping does not stop is stopped here. Characters that turn the text around
//! them the other way, or that nobody sees, are shown by their number. A letter under a heap of marks
//! keeps the first few, so that it does not cover the lines above and below it.

use std::borrow::Cow;
use std::fmt::Write as _;

use multaqa_protocol::record::Words;
use unicode_normalization::char::is_combining_mark;

/// Most marks on one letter that are shown: Arabic and Tamazight need three.
const MAX_MARKS: usize = 4;
/// Languages written from right to left, by their tags.
const RIGHT_TO_LEFT: [&str; 8] = ["ar", "ary", "arz", "fa", "he", "ur", "ckb", "ug"];
/// Languages that the catalogues have a name for, by their tags.
const NAMED: [&str; 9] = ["ar", "ary", "ber", "en", "es", "fr", "shi", "tzm", "zgh"];

/// A text in one language, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, askama::Template)]
#[template(path = "passage.html")]
pub(crate) struct Passage {
    /// The text.
    pub(crate) text: String,
    /// Its language, empty where the tag names none that is known here.
    pub(crate) tag: String,
    /// Its direction, as HTML names it.
    pub(crate) direction: &'static str,
    /// Whether its language is another than the page's.
    pub(crate) is_foreign: bool,
}

impl Passage {
    /// Chooses among the languages of a text the first of `wanted`; `page` is the page's own.
    pub(crate) fn choose(words: &Words, wanted: &[&str], page: &str) -> Option<Self> {
        let (tag, text) = words.best(wanted)?;
        Some(Self::new(tag, text, page))
    }

    /// Makes a passage of a text in the language `tag`.
    pub(crate) fn new(tag: &str, text: &str, page: &str) -> Self {
        Self {
            text: disarm(text).into_owned(),
            direction: direction(tag),
            is_foreign: language_of(tag) != Some(page),
            tag: if language_of(tag).is_some() { tag.to_owned() } else { String::new() },
        }
    }

    /// Returns its lines, as paragraphs.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

/// Returns the language of a tag, where the catalogues have a name for it and it is well formed.
pub(crate) fn language_of(tag: &str) -> Option<&str> {
    let mut subtags = tag.split('-');
    let language = subtags.next()?;
    let is_formed =
        subtags.all(|part| matches!(part.len(), 2..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_formed && NAMED.contains(&language)).then_some(language)
}

/// Returns the direction in which a language is written: that of the script that its tag names, otherwise
/// of its usual one.
fn direction(tag: &str) -> &'static str {
    let mut subtags = tag.split('-');
    let is_usual = subtags.next().is_some_and(|language| RIGHT_TO_LEFT.contains(&language));
    let script = subtags.find(|subtag| subtag.len() == 4);
    let is_turned =
        script.map_or(is_usual, |script| ["arab", "hebr"].contains(&script.to_lowercase().as_str()));
    if is_turned { "rtl" } else { "ltr" }
}

/// Returns words of others that go into a sentence of ours, between marks that leave it in order whatever
/// their direction is.
pub(crate) fn isolated(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", disarm(text))
}

/// Returns a text without what would reach beyond it; see the module.
pub(crate) fn disarm(text: &str) -> Cow<'_, str> {
    let mut marks = 0;
    let is_harmless = |c: char| {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        marks <= MAX_MARKS && !is_hidden(c)
    };
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if is_hidden(c) {
            write!(shown, "[U+{:04X}]", u32::from(c)).expect("writing into a text does not fail");
        } else if marks <= MAX_MARKS {
            shown.push(c);
        } else if marks == MAX_MARKS + 1 {
            shown.push('…');
        }
    }
    Cow::Owned(shown)
}

/// Returns JSON as it can stand inside a page: what HTML could take for its own, and what [`disarm`] replaces,
/// is written as escapes of JSON. Such characters are only within its strings, so it says the same.
pub(crate) fn inert(json: &str) -> String {
    let mut written = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '<' | '>' | '&') || is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(written, "\\u{unit:04x}").expect("writing into a text does not fail");
            }
        } else {
            written.push(c);
        }
    }
    written
}

/// Tells whether a character is not seen and changes what is: controls, overrides and isolates of
/// direction, tags, and marks of the byte order.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
