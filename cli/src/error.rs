//! How a command ends: the frozen exit codes, and failures that say what happened, why, and what to
//! do, each a text of the catalogues.

use std::io::Write;

use serde_json::json;

use crate::messages::{Catalogue, FluentValue, say};

/// The exit codes; they are a contract with programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[cfg_attr(not(feature = "node"), allow(dead_code, reason = "the auditor's tool asks no node"))]
pub(crate) enum Exit {
    /// Done.
    Ok = 0,
    /// Any other failure.
    Other = 1,
    /// The command line or a file is wrong.
    Usage = 2,
    /// A file is forged or altered.
    Forged = 3,
    /// It cannot be decided.
    Undecided = 4,
    /// The node must run and does not.
    NoNode = 5,
    /// Refused by a rule of the network or of this node.
    Refused = 6,
    /// The network, or a time-out.
    Unreachable = 7,
    /// The configuration or the data folder.
    Config = 8,
}

/// Why a command failed, for people.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    id: &'static str,
    args: Vec<(&'static str, FluentValue<'static>)>,
    /// Faults found one by one, in full sentences.
    items: Vec<String>,
    /// Faults of fields, still to be said.
    fields: Vec<FieldFault>,
    /// What a library said, in English, for whoever looks deeper.
    detail: Option<String>,
}

/// What is wrong with a field, as a text of the catalogues.
#[derive(Debug)]
#[cfg_attr(not(feature = "node"), allow(dead_code, reason = "the auditor's tool has no drafts"))]
pub(crate) struct FieldFault {
    pub(crate) path: String,
    pub(crate) id: &'static str,
    pub(crate) args: Vec<(&'static str, FluentValue<'static>)>,
}

/// What a command ends in.
pub(crate) type Outcome<T = Exit> = Result<T, Box<Failure>>;

impl Failure {
    /// Returns a failure whose text is message `id` of the catalogues with its attributes `why` and
    /// `fix`.
    pub(crate) fn new(
        exit: Exit,
        id: &'static str,
        args: Vec<(&'static str, FluentValue<'static>)>,
    ) -> Box<Self> {
        Box::new(Self { exit, id, args, items: Vec::new(), fields: Vec::new(), detail: None })
    }

    /// Adds what a library said.
    pub(crate) fn detail(mut self: Box<Self>, detail: impl ToString) -> Box<Self> {
        self.detail = Some(detail.to_string());
        self
    }

    /// Adds faults found one by one.
    #[cfg(feature = "node")]
    pub(crate) fn items(mut self: Box<Self>, items: Vec<String>) -> Box<Self> {
        self.items = items;
        self
    }

    /// Adds faults of fields.
    #[cfg(feature = "node")]
    pub(crate) fn fields(mut self: Box<Self>, fields: Vec<FieldFault>) -> Box<Self> {
        self.fields = fields;
        self
    }

    /// Returns the faults found one by one.
    #[cfg(test)]
    pub(crate) fn faults(&self) -> &[String] {
        &self.items
    }

    /// Returns what failed, in one line, with what a library said of it.
    #[cfg(feature = "node")]
    pub(crate) fn line(&self, catalogue: &Catalogue) -> String {
        let what = catalogue.with(self.id, &self.args);
        self.detail.as_ref().map_or_else(|| what.clone(), |detail| format!("{what} {detail}"))
    }

    /// Returns the exit code.
    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    /// Writes the failure to standard error: as text, or as one JSON object on one line.
    pub(crate) fn report(&self, catalogue: &Catalogue, json: bool) {
        let what = catalogue.with(self.id, &self.args);
        let why = catalogue.with(&format!("{}.why", self.id), &self.args);
        let fix = catalogue.with(&format!("{}.fix", self.id), &self.args);
        let fields = self.fields.iter().map(|fault| {
            let (path, text) = (&fault.path, catalogue.with(fault.id, &fault.args));
            if path.is_empty() { text } else { format!("{path}: {text}") }
        });
        let items: Vec<String> = self.items.iter().cloned().chain(fields).collect();
        let mut err = anstream::stderr().lock();
        // Where standard error is closed, nobody is left to tell.
        let _ = if json {
            let object = json!({
                "schema": "multaqa/error/1", "code": self.id.trim_start_matches("error-"),
                "exit": self.exit as u8, "what": what, "items": items, "why": why, "fix": fix,
                "detail": self.detail,
            });
            writeln!(err, "{object}")
        } else {
            let mut text = format!("{} {what}\n", say!(catalogue, "label-error"));
            for item in &items {
                text.push_str(&format!("  - {item}\n"));
            }
            text.push_str(&format!("{} {why}\n", say!(catalogue, "label-why")));
            text.push_str(&format!("{} {fix}\n", say!(catalogue, "label-fix")));
            if let Some(detail) = &self.detail {
                text.push_str(&format!("{} {detail}\n", say!(catalogue, "label-detail")));
            }
            write!(err, "{text}")
        };
    }
}

/// Returns a boxed failure: `failure!(Exit::Usage, "error-id", name = value, ...)`.
macro_rules! failure {
    ($exit:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::error::Failure::new(
            $exit, $id, vec![$((stringify!($name), crate::messages::FluentValue::from($value))),*],
        )
    };
}
pub(crate) use failure;
