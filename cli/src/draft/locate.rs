//! In which line of a file a field stands.
//!
//! A field that is not there has the line of the innermost part that is: its table or list item. A
//! file that a person wrote is found exactly; nothing is decided by this.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A step of a path such as `results[0].value`.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// Returns the number of the line in which a byte lies, counted from 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Returns the line of a field in a TOML text.
pub(super) fn in_toml(text: &str, path: &str) -> usize {
    let Ok(table) = DeTable::parse(text) else {
        return 1;
    };
    let mut at = 0;
    let mut here = Here::Table(table.get_ref());
    for step in steps(path) {
        let next = match (&here, &step) {
            (Here::Table(table), Step::Field(name)) => field(table, name),
            (Here::Value(value), Step::Field(name)) => {
                value.as_table().and_then(|table| field(table, name))
            }
            (Here::Value(value), Step::Item(index)) => {
                value.as_array().and_then(|items| items.get(*index)).map(|item| (item.span().start, item.get_ref()))
            }
            (Here::Table(_), Step::Item(_)) => None,
        };
        let Some((start, value)) = next else {
            break;
        };
        at = start;
        here = Here::Value(value);
    }
    line(text, at)
}

enum Here<'a, 'i> {
    Table(&'a DeTable<'i>),
    Value(&'a DeValue<'i>),
}

fn field<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<(usize, &'a DeValue<'i>)> {
    table
        .iter()
        .find(|(key, _)| key.get_ref() == name)
        .map(|(key, value): (_, &Spanned<DeValue<'i>>)| (key.span().start, value.get_ref()))
}

/// Returns the line of a field in a JSON text, which has been read before.
pub(super) fn in_json(text: &str, path: &str) -> usize {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    let mut found = 0;
    for step in steps(path) {
        let Some(at) = scan.enter(&step) else {
            break;
        };
        found = at;
    }
    line(text, found)
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let mut pieces = part.split('[');
        if let Some(name) = pieces.next().filter(|name| !name.is_empty()) {
            steps.push(Step::Field(name));
        }
        steps.extend(pieces.filter_map(|item| item.trim_end_matches(']').parse().ok()).map(Step::Item));
    }
    steps
}

/// A walk over JSON that is known to be well formed.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// Goes to the value of a step and returns where its name, or the value itself, begins.
    fn enter(&mut self, step: &Step<'_>) -> Option<usize> {
        let close = match (self.peek()?, step) {
            (b'{', Step::Field(_)) => b'}',
            (b'[', Step::Item(_)) => b']',
            _ => return None,
        };
        self.at += 1;
        let mut index = 0;
        loop {
            if self.peek()? == close {
                return None;
            }
            let start = self.at;
            let is_it = match step {
                Step::Item(wanted) => index == *wanted,
                Step::Field(wanted) => {
                    let name = self.text()?;
                    self.pass(b':');
                    name == *wanted
                }
            };
            if is_it {
                return Some(start);
            }
            self.skip()?;
            self.pass(b',');
            index += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn pass(&mut self, mark: u8) {
        if self.peek() == Some(mark) {
            self.at += 1;
        }
    }

    /// Passes a text and returns it.
    fn text(&mut self) -> Option<String> {
        self.peek()?;
        let start = self.at;
        self.at += 1;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_slice(self.bytes.get(start..self.at)?).ok()
    }

    /// Passes a value.
    fn skip(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => {
                self.text()?;
            }
            b'{' | b'[' => {
                let mut depth = 0;
                loop {
                    match self.peek()? {
                        b'"' => {
                            self.text()?;
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => {
                while !matches!(self.peek()?, b',' | b'}' | b']') {
                    self.at += 1;
                }
            }
        }
        Some(())
    }
}
