//! Rows of a CSV file as drafts: those of an export of ours, whose columns are known, and those of
//! another system, which a mapping file explains. Nothing is signed here, and every fault is named by
//! file, line and column.

mod mapped;
mod mapping;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use mapping::Mapping;
pub(crate) use write::write;

use std::path::Path;

use multaqa_node::sheet::{self, COLUMNS, Content, HeadError, RowError};
use serde_json::{Map, Value};

use crate::commands::read_file;
use crate::draft;
use crate::error::{Exit, Outcome, failure};
use crate::messages::{Catalogue, say};

/// Largest file: far above all that a network will publish in years, and read into memory.
const MAX_FILE: usize = 64 << 20;
/// Most faults that are told at once; who has more mends these first.
const MAX_FAULTS: usize = 50;
/// What a program of Microsoft's puts before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A row, or several of one group, as a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    /// The name of its file, without the ending.
    pub(crate) name: String,
    /// The line of its first row.
    pub(crate) line: u64,
    pub(crate) kind: String,
    /// The entry that the row was exported from.
    pub(crate) id: Option<String>,
    pub(crate) fields: Map<String, Value>,
    /// From where each field came: its path, the line and the column.
    origins: Vec<(String, u64, String)>,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) drafts: Vec<Draft>,
    /// Rows without content: withdrawn, or not held where they were exported.
    pub(crate) empty: usize,
    /// Columns that the mapping does not name.
    pub(crate) unused: Vec<String>,
}

/// A CSV file and what is wrong with it.
struct File<'a> {
    name: String,
    catalogue: &'a Catalogue,
    faults: Vec<String>,
    text: &'a [u8],
    /// How far lines are counted, and the number of the line there.
    counted: (usize, u64),
}

impl File<'_> {
    /// Notes a fault in a cell.
    fn fault(&mut self, line: u64, column: &str, text: &str) {
        let column = column.to_owned();
        let text = say!(self.catalogue, "fault-column", column = column, text = text.to_owned());
        self.faults.push(say!(self.catalogue, "fault", file = self.name.clone(), line = line, text = text));
    }

    /// Returns the line of a place in the file, none before the last that was asked for. The reader's own
    /// count is one behind where lines end in CR LF.
    fn line(&mut self, position: Option<&csv::Position>) -> u64 {
        let (from, line) = self.counted;
        let at = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(from);
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let at = at.max(from).min(self.text.len());
        let at = at + self.text[at..].iter().take_while(|byte| ends(byte)).count();
        let line = line + self.text[from..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = (at, line);
        line
    }

    fn is_full(&self) -> bool {
        self.faults.len() >= MAX_FAULTS
    }

    /// Notes that the file is no CSV there.
    fn broken(&mut self, error: &csv::Error) {
        let line = self.line(error.position());
        let text = say!(self.catalogue, "problem-syntax", detail = error.to_string());
        self.fault(line, "-", &text);
    }

    /// Returns the names of the columns, or notes that there are none.
    fn head(&mut self, rows: &mut csv::Reader<&[u8]>) -> Option<csv::StringRecord> {
        rows.headers().cloned().map_err(|error| self.broken(&error)).ok()
    }

    /// Returns the next row that can be read, unless there are faults enough, and notes those that cannot.
    fn next_row(&mut self, rows: &mut csv::Reader<&[u8]>) -> Option<csv::StringRecord> {
        while !self.is_full() {
            match rows.records().next()? {
                Ok(row) => return Some(row),
                Err(error) => self.broken(&error),
            }
        }
        None
    }

    /// Checks a draft as `publish` does, and names what is wrong by the cells that it came from.
    fn check(&mut self, draft: &Draft) {
        for (path, text) in draft::faults(&draft.kind, &draft.fields, self.catalogue) {
            let (line, column) = draft.origin(&path);
            let text = if path.is_empty() { text } else { format!("{path}: {text}") };
            self.fault(line, &column, &text);
        }
    }
}

impl Draft {
    /// Returns the cell from which a field came: the one whose path says most of it.
    fn origin(&self, path: &str) -> (u64, String) {
        let leads = |origin: &str| {
            let is_whole =
                path.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            is_whole || origin.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let found =
            self.origins.iter().filter(|(origin, ..)| leads(origin)).max_by_key(|(origin, ..)| origin.len());
        found.map_or_else(|| (self.line, "-".to_owned()), |(_, line, column)| (*line, column.clone()))
    }
}

/// Reads a file: with a mapping, or as one that was exported.
pub(crate) fn read(path: &Path, mapping: Option<&Mapping>, catalogue: &Catalogue) -> Outcome<Drafts> {
    let name = path.display().to_string();
    let bytes = read_file(path)?;
    if bytes.len() > MAX_FILE {
        let most = MAX_FILE >> 20;
        return Err(failure!(Exit::Usage, "error-large-file", path = name, most = most));
    }
    let text = bytes.strip_prefix(BOM).unwrap_or(&bytes);
    let mut file = File { name, catalogue, faults: Vec::new(), text, counted: (0, 1) };
    let separator = mapping.map_or(b',', Mapping::separator);
    let mut rows = csv::ReaderBuilder::new().delimiter(separator).from_reader(text);
    let drafts = match mapping {
        Some(mapping) => mapped::read(mapping, &mut rows, &mut file),
        None => exported(&mut rows, &mut file),
    };
    for draft in &drafts.drafts {
        if file.is_full() {
            break;
        }
        file.check(draft);
    }
    file.faults.truncate(MAX_FAULTS);
    match file.faults.is_empty() {
        true => Ok(drafts),
        false => Err(failure!(Exit::Usage, "error-rows").items(file.faults)),
    }
}

/// Reads what `GET /export.csv` wrote, perhaps changed since.
fn exported(rows: &mut csv::Reader<&[u8]>, file: &mut File<'_>) -> Drafts {
    let mut drafts = Drafts::default();
    let Some(head) = file.head(rows) else { return drafts };
    let columns = match sheet::read_head(head.iter()) {
        Ok(columns) => columns,
        Err(error) => {
            let (column, text) = match error {
                HeadError::Unknown { name, .. } => (name, say!(file.catalogue, "problem-column-unknown")),
                HeadError::Twice { name, .. } => (name, say!(file.catalogue, "problem-column-twice")),
                HeadError::Missing { name } => {
                    (name.to_owned(), say!(file.catalogue, "problem-column-missing"))
                }
            };
            file.fault(1, &column, &text);
            return drafts;
        }
    };
    while let Some(row) = file.next_row(rows) {
        let line = file.line(row.position());
        match sheet::read(&columns, row.iter()) {
            Err(error) => {
                let (column, text) = match &error {
                    RowError::Cell { column, text, .. } => {
                        (column, say!(file.catalogue, "problem-cell", text = text.clone()))
                    }
                    RowError::Twice { column, field } => {
                        (column, say!(file.catalogue, "problem-field-twice", field = field.clone()))
                    }
                };
                file.fault(line, columns[*column].name, &text);
            }
            Ok(row) if !row.present => drafts.empty += 1,
            Ok(row) => {
                let id = Some(row.id).filter(|id| !id.is_empty());
                let short = id.as_ref().map(|id| id.chars().take(12).collect());
                let name = short.unwrap_or_else(|| format!("row-{line}"));
                let origins = COLUMNS.iter().filter_map(|column| match column.content {
                    Content::Field(path, _) => Some((path.join("."), line, column.name.to_owned())),
                    Content::Rest => Some((String::new(), line, column.name.to_owned())),
                    Content::Entry(_) | Content::Kind => None,
                });
                drafts.drafts.push(Draft {
                    name: format!("{}-{name}", write::slug(&row.kind)),
                    line,
                    kind: row.kind,
                    id,
                    fields: without_replaces(row.fields),
                    origins: origins.collect(),
                });
            }
        }
    }
    drafts
}

/// Returns fields without the version that they replace: the node names it when it signs.
pub(crate) fn without_replaces(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.remove("replaces");
    fields
}
