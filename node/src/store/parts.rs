//! Values of any length, cut in parts: the engine's row of each author.

use std::ops::ControlFlow;

use multaqa_protocol::id::AuthorId;

use super::index::IndexError;
use super::record::key;
use super::rows::Rows;

/// Longest part; sled panicked on values over 16 KB, and 8 KiB is its rule.
const PART: usize = 8_000;

impl Rows {
    /// Stores the engine's row of an author.
    pub(crate) fn put_log(&mut self, author: AuthorId, bytes: &[u8]) -> Result<(), IndexError> {
        let number = self.number(author);
        self.put_parts(&key(b'l', &[&number.to_be_bytes()]), bytes)
    }

    /// Returns the engine's rows of all authors.
    pub(crate) fn logs(&self) -> Result<Vec<(AuthorId, Vec<u8>)>, IndexError> {
        let mut logs: Vec<(AuthorId, Vec<u8>)> = Vec::new();
        let mut malformed = false;
        self.index.scan(b"l", b"l", |key, value| {
            let author = key.get(1..5).and_then(|number| number.try_into().ok());
            let Some(author) =
                author.and_then(|number| self.authors.get(u32::from_be_bytes(number) as usize))
            else {
                malformed = true;
                return ControlFlow::Break(());
            };
            match logs.last_mut() {
                Some((last, bytes)) if last == author => bytes.extend_from_slice(value),
                _ => logs.push((*author, value.to_vec())),
            }
            ControlFlow::Continue(())
        })?;
        if malformed { Err(IndexError::Row) } else { Ok(logs) }
    }

    fn put_parts(&mut self, prefix: &[u8], bytes: &[u8]) -> Result<(), IndexError> {
        let mut before = Vec::new();
        self.index.scan(prefix, prefix, |key, _| {
            before.push(key.to_vec());
            ControlFlow::Continue(())
        })?;
        let mut parts = 0;
        for (number, part) in bytes.chunks(PART).enumerate() {
            let number = u16::try_from(number).map_err(|_| IndexError::Row)?;
            self.index.put([prefix, &number.to_be_bytes()].concat(), part.to_vec());
            parts += 1;
        }
        before.into_iter().skip(parts).for_each(|key| self.index.remove(key));
        Ok(())
    }
}
