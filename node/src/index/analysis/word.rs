//! Where words begin and end.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::char::is_combining_mark;

use super::fold::is_format;

/// Longest word that is looked at, in bytes: four times the longest place name. What is longer is no
/// word, and a term of its size would only fill the index.
const MAX_WORD: usize = 128;

/// Cuts text into runs of letters, marks and digits; an apostrophe divides, so that "l'eau" holds "eau".
#[derive(Clone, Debug, Default)]
pub(super) struct Words;

/// The words of a text.
pub(super) struct Cutting<'a> {
    text: &'a str,
    at: usize,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Cutting<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cutting<'a> {
        Cutting { text, at: 0, token: Token::default() }
    }
}

impl TokenStream for Cutting<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let Some(start) = rest.find(char::is_alphanumeric) else {
                self.at = self.text.len();
                return false;
            };
            let word = &rest[start..];
            let len = word.find(|letter| !continues(letter)).unwrap_or(word.len());
            let from = self.at + start;
            self.at = from + len;
            if len > MAX_WORD {
                continue;
            }
            self.token.position = self.token.position.wrapping_add(1);
            self.token.offset_from = from;
            self.token.offset_to = self.at;
            self.token.text.clear();
            self.token.text.push_str(&word[..len]);
            return true;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

fn continues(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter) || is_format(letter)
}
