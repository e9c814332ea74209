//! The file that explains the columns of another system's CSV: which field each fills, in what form.
//!
//! `docs/open-data.md` describes it, `examples/ogp/` holds one.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::draft::Source;
use crate::error::{Exit, Outcome, failure};
use crate::messages::{Catalogue, say};

/// A mapping as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    /// The kind of all drafts.
    pub(super) kind: String,
    /// Between two cells; a comma if not given.
    #[serde(default)]
    separator: Option<char>,
    /// The column by which rows belong to one draft; each is one of its own if not given.
    #[serde(default)]
    pub(super) group: Option<String>,
    /// The column after which a draft's file is named; that of the group if not given, else the line.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// Columns that are left out on purpose.
    #[serde(default)]
    pub(super) ignore: Vec<String>,
    /// Fields that are the same everywhere, by path.
    #[serde(default)]
    pub(super) fixed: BTreeMap<String, Value>,
    /// What each column fills.
    pub(super) columns: BTreeMap<String, Targets>,
    /// What the words of the other system are here, by a name that columns give.
    #[serde(default)]
    pub(super) codes: BTreeMap<String, BTreeMap<String, String>>,
}

/// What a column fills: one field or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Targets {
    /// The path alone, for text as it is.
    Path(String),
    One(Target),
    Many(Vec<Target>),
}

/// A field that a column fills.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Target {
    /// Its path: `title.fr`, `sources[0].address`, `commitments[].title.fr` for an item that is this row.
    pub(super) to: String,
    /// What it is.
    pub(super) r#as: Type,
    /// How a date is written, as `strptime` says it: `%d/%m/%Y`.
    pub(super) form: Option<String>,
    /// What stands between the items of a list.
    pub(super) split: Option<String>,
    /// The list of codes among which its word is looked up.
    pub(super) codes: Option<String>,
}

/// What a field is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    #[default]
    Text,
    Number,
    Date,
    Mark,
}

impl Targets {
    /// Returns the fields, each in full.
    pub(super) fn all(&self) -> Vec<Target> {
        match self {
            Self::Path(to) => vec![Target { to: to.clone(), ..Target::default() }],
            Self::One(target) => vec![target.clone()],
            Self::Many(targets) => targets.clone(),
        }
    }
}

impl Mapping {
    /// Reads a mapping.
    pub(crate) fn read(path: &Path, catalogue: &Catalogue) -> Outcome<Self> {
        let source = Source::read(path)?;
        let refused = |faults| failure!(Exit::Usage, "error-mapping").items(faults);
        let mapping: Self = source.parse(catalogue).map_err(|fault| refused(vec![fault]))?;
        let mut faults = Vec::new();
        if mapping.separator.is_some_and(|separator| !separator.is_ascii()) {
            faults.push(source.at_field("separator", &say!(catalogue, "problem-separator"), catalogue));
        }
        for (column, targets) in &mapping.columns {
            for target in targets.all() {
                if super::mapped::steps(&target.to).is_none() {
                    let text = say!(catalogue, "problem-path", path = target.to.clone());
                    faults.push(source.at_field("columns", &format!("{column}: {text}"), catalogue));
                }
                if let Some(codes) = target.codes.filter(|codes| !mapping.codes.contains_key(codes)) {
                    let text = say!(catalogue, "problem-no-codes", name = codes);
                    faults.push(source.at_field("columns", &format!("{column}: {text}"), catalogue));
                }
            }
        }
        for path in mapping.fixed.keys().filter(|path| super::mapped::steps(path).is_none()) {
            let text = say!(catalogue, "problem-path", path = path.clone());
            faults.push(source.at_field("fixed", &text, catalogue));
        }
        if faults.is_empty() { Ok(mapping) } else { Err(refused(faults)) }
    }

    /// Returns what stands between two cells.
    pub(super) fn separator(&self) -> u8 {
        self.separator.and_then(|separator| u8::try_from(separator).ok()).unwrap_or(b',')
    }
}
