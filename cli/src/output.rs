//! What a command shows: data on standard output, as text or as one JSON object on one line, and
//! remarks on standard error.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};
pub(crate) use multaqa_report::short;
use serde::Serialize;

/// How often a progress line is drawn anew.
const TICK: Duration = Duration::from_millis(120);
/// Narrowest terminal to which a table is fitted; in a narrower one its lines wrap.
const MIN_WIDTH: u16 = 80;

/// How to show things.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Whether data are one JSON object on one line.
    pub(crate) json: bool,
    /// Whether remarks are left out.
    pub(crate) quiet: bool,
}

impl Output {
    /// Writes data to standard output, with a line's end.
    pub(crate) fn line(self, text: impl AsRef<str>) {
        write(&mut anstream::stdout().lock(), text.as_ref(), "\n");
    }

    /// Writes data to standard output as it is.
    pub(crate) fn raw(self, text: impl AsRef<str>) {
        write(&mut anstream::stdout().lock(), text.as_ref(), "");
    }

    /// Writes an object to standard output, on one line.
    pub(crate) fn object(self, object: &impl Serialize) {
        self.line(serde_json::to_string(object).expect("what is shown can be written as JSON"));
    }

    /// Writes a remark to standard error, unless told to be quiet.
    pub(crate) fn note(self, text: impl AsRef<str>) {
        if !self.quiet {
            write(&mut anstream::stderr().lock(), text.as_ref(), "\n");
        }
    }

    /// Writes a table to standard output.
    pub(crate) fn table(self, head: Vec<String>, rows: Vec<Vec<String>>) {
        self.line(table(head, rows, io::stdout().is_terminal()));
    }

    /// Returns a progress line on standard error: of `total` bytes, or of unknown length. It shows
    /// nothing where standard error is no terminal.
    pub(crate) fn progress(self, text: String, total: Option<u64>) -> ProgressBar {
        if self.quiet || self.json || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let template = if total.is_some() {
            "{msg} {bar:30} {bytes}/{total_bytes}"
        } else {
            "{spinner} {msg} {elapsed}"
        };
        let style = ProgressStyle::with_template(template).expect("the templates are part of the program");
        bar.set_style(style);
        bar.set_message(text);
        bar.enable_steady_tick(TICK);
        bar
    }
}

/// Returns a table as text: ruled and fitted to the width of a terminal, plain columns elsewhere.
pub(crate) fn table(head: Vec<String>, rows: Vec<Vec<String>>, terminal: bool) -> String {
    let mut table = Table::new();
    table.load_style(if terminal { UTF8_HORIZONTAL_ONLY } else { NOTHING });
    if terminal && has_room() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(head);
    table.add_rows(rows);
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Tells whether standard output is a terminal wide enough to fit a table to. Some report no width.
pub(crate) fn has_room() -> bool {
    Table::new().width().is_some_and(|width| width >= MIN_WIDTH)
}

fn write(out: &mut impl Write, text: &str, end: &str) {
    // A reader that closed its end (`| head`) has what it wanted.
    let _ = write!(out, "{text}{end}").and_then(|()| out.flush());
}
