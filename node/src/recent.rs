//! The last lines of the log, kept in memory for whoever asks what happened: the bundle that `multaqa debug bundle`
//! makes. What is in them is what is in the log: no account, name, text or address of readers.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

/// Bytes of lines that are kept, the newest: some thousand lines, which is days of a node that is well.
pub const MAX_BYTES: usize = 256 << 10;

/// The lines of this process.
static RECENT: Recent = Recent { lines: Mutex::new((VecDeque::new(), 0)) };

struct Recent {
    /// The lines, the oldest first, and their bytes together.
    lines: Mutex<(VecDeque<String>, usize)>,
}

impl Recent {
    fn keep(&self, line: &str) {
        let mut held = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let (lines, bytes) = &mut *held;
        let end = line.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let cut = end.take_while(|end| *end <= MAX_BYTES).last().unwrap_or(0);
        lines.push_back(line[..cut].to_owned());
        *bytes += cut;
        while *bytes > MAX_BYTES {
            *bytes -= lines.pop_front().map_or(*bytes, |line| line.len());
        }
    }

    fn text(&self) -> String {
        let held = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        held.0.iter().map(String::as_str).collect()
    }
}

/// Where the log writes a line to have it kept; each write is a whole one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keep;

impl Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        RECENT.keep(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the last lines, the oldest first.
#[must_use]
pub fn text() -> String {
    RECENT.text()
}
