//! Words looked for letter by letter, where there is no index to ask.

use super::analysis::words;
use super::question::MAX_WORDS;
use crate::view::Text;

/// The words of a question, folded and neither stemmed nor translated.
#[derive(Clone, Debug)]
pub(crate) struct Plain(Vec<String>);

impl Plain {
    /// Reads a question.
    pub(crate) fn new(question: &str) -> Self {
        Self(words(question).into_iter().take(MAX_WORDS).map(|word| word.text).collect())
    }

    /// Tells whether each word begins one of the texts' words.
    pub(crate) fn is_said(&self, texts: &[Text]) -> bool {
        let said: Vec<String> =
            texts.iter().flat_map(|text| words(&text.text)).map(|word| word.text).collect();
        !self.0.is_empty() && self.0.iter().all(|word| said.iter().any(|said| said.starts_with(word)))
    }
}
