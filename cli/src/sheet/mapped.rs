//! Rows of another system as drafts, as a mapping says.

use std::collections::BTreeMap;

use jiff::fmt::strtime;
use multaqa_node::sheet::unguarded;
use serde_json::{Map, Value, json};

use super::mapping::{Mapping, Target, Type};
use super::{Draft, Drafts, File, write};
use crate::messages::say;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    Item(usize),
    /// The item that stands for this row.
    Row,
}

/// Reads a path such as `commitments[].sources[0].address`; `None` for what is none.
pub(super) fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, items) = part.split_once('[').map_or((part, None), |(name, items)| (name, Some(items)));
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Field(name.to_owned()));
        if let Some(item) = items {
            let item = item.strip_suffix(']')?;
            steps.push(if item.is_empty() { Step::Row } else { Step::Item(item.parse().ok()?) });
        }
    }
    (steps.iter().filter(|step| **step == Step::Row).count() <= 1).then_some(steps)
}

/// A column that the mapping names.
struct Column {
    at: usize,
    name: String,
    target: Target,
    steps: Vec<Step>,
}

/// Reads all rows.
pub(super) fn read(mapping: &Mapping, rows: &mut csv::Reader<&[u8]>, file: &mut File<'_>) -> Drafts {
    let mut drafts = Drafts::default();
    let Some(head) = file.head(rows) else { return drafts };
    let head: Vec<String> = head.iter().map(|name| name.trim().to_owned()).collect();
    let columns = columns(mapping, &head, file);
    let place =
        |name: &Option<String>| name.as_ref().and_then(|name| head.iter().position(|found| found == name));
    let (group, name) = (place(&mapping.group), place(&mapping.name).or_else(|| place(&mapping.group)));
    let is_used = |name: &&String| {
        mapping.columns.contains_key(*name)
            || mapping.ignore.contains(name)
            || [&mapping.group, &mapping.name].into_iter().flatten().any(|used| used == *name)
    };
    drafts.unused = head.iter().filter(|name| !is_used(name)).cloned().collect();
    if !file.faults.is_empty() {
        return drafts;
    }
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(row) = file.next_row(rows) {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            drafts.empty += 1;
            continue;
        }
        let line = file.line(row.position());
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        if let Some(group) = group.filter(|group| cell(*group).is_empty()) {
            let text = say!(file.catalogue, "problem-missing");
            file.fault(line, &head[group], &text);
            continue;
        }
        let known = group.and_then(|group| groups.get(cell(group)).copied());
        let at = known.unwrap_or_else(|| {
            let named = name.map(|name| write::slug(cell(name))).filter(|name| !name.is_empty());
            drafts.drafts.push(Draft {
                name: named.unwrap_or_else(|| format!("row-{line}")),
                line,
                kind: mapping.kind.clone(),
                id: None,
                fields: Map::new(),
                origins: Vec::new(),
            });
            drafts.drafts.len() - 1
        });
        if let Some(group) = group {
            groups.insert(cell(group).to_owned(), at);
        }
        fill(&mut drafts.drafts[at], mapping, &columns, (line, &row), file);
    }
    drafts
}

/// Finds the columns that the mapping names.
fn columns(mapping: &Mapping, head: &[String], file: &mut File<'_>) -> Vec<Column> {
    let mut columns = Vec::new();
    let missing = say!(file.catalogue, "problem-column-missing");
    for name in [&mapping.group, &mapping.name].into_iter().flatten().filter(|name| !head.contains(name)) {
        file.fault(1, name, &missing);
    }
    for (name, targets) in &mapping.columns {
        let Some(at) = head.iter().position(|found| found == name) else {
            file.fault(1, name, &missing);
            continue;
        };
        for target in targets.all() {
            let steps = steps(&target.to).unwrap_or_default();
            columns.push(Column { at, name: name.clone(), target, steps });
        }
    }
    // By the file's order, so that lists fill as they are read.
    columns.sort_by_key(|column| column.at);
    columns
}

/// Puts what a row says into its draft.
fn fill(
    draft: &mut Draft,
    mapping: &Mapping,
    columns: &[Column],
    (line, row): (u64, &csv::StringRecord),
    file: &mut File<'_>,
) {
    // The number of this row's item in each list of such.
    let mut items: BTreeMap<String, usize> = BTreeMap::new();
    for (path, value) in &mapping.fixed {
        let steps = steps(path).unwrap_or_default();
        let at = item_of(&draft.fields, &steps, &mut items);
        put(&mut draft.fields, &steps, at, value.clone());
    }
    for column in columns {
        let cell = row.get(column.at).unwrap_or_default();
        let cell = unguarded(cell);
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let value = match value(cell, &column.target, mapping, file) {
            Ok(value) => value,
            Err(text) => {
                file.fault(line, &column.name, &text);
                continue;
            }
        };
        let at = item_of(&draft.fields, &column.steps, &mut items);
        let path = shown(&column.steps, at);
        match put(&mut draft.fields, &column.steps, at, value.clone()) {
            Some(before) if before != value => {
                let text = say!(file.catalogue, "problem-rows-differ", path = path, line = draft.line);
                file.fault(line, &column.name, &text);
            }
            _ => draft.origins.push((path, line, column.name.clone())),
        }
    }
}

/// Returns the number of the item that stands for this row in the list on a path, if there is one.
fn item_of(fields: &Map<String, Value>, steps: &[Step], items: &mut BTreeMap<String, usize>) -> usize {
    let Some(at) = steps.iter().position(|step| *step == Step::Row) else { return 0 };
    let list = shown(&steps[..at], 0);
    let length = || {
        let mut here = None;
        for step in &steps[..at] {
            here = match (step, here) {
                (Step::Field(name), None) => fields.get(name),
                (Step::Field(name), Some(value)) => Value::get(value, name),
                (Step::Item(item), Some(value)) => Value::get(value, item),
                (Step::Item(_) | Step::Row, _) => None,
            };
        }
        here.and_then(Value::as_array).map_or(0, Vec::len)
    };
    *items.entry(list).or_insert_with(length)
}

/// Returns a path as the checks of a draft name it.
fn shown(steps: &[Step], row: usize) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Field(name) if path.is_empty() => path.push_str(name),
            Step::Field(name) => path.extend([".", name]),
            Step::Item(item) => path.push_str(&format!("[{item}]")),
            Step::Row => path.push_str(&format!("[{row}]")),
        }
    }
    path
}

/// Sets a field and returns what was there before.
fn put(fields: &mut Map<String, Value>, steps: &[Step], row: usize, value: Value) -> Option<Value> {
    let (Step::Field(name), deeper) = steps.split_first()? else { return None };
    if deeper.is_empty() {
        return fields.insert(name.clone(), value);
    }
    let empty = if matches!(deeper[0], Step::Field(_)) { json!({}) } else { json!([]) };
    match fields.entry(name.clone()).or_insert(empty) {
        Value::Object(inner) => put(inner, deeper, row, value),
        Value::Array(list) => {
            let (step, deeper) = deeper.split_first()?;
            let at = match step {
                Step::Item(item) => *item,
                Step::Row => row,
                Step::Field(_) => return None,
            };
            // A gap, left by an empty cell, closes.
            let at = at.min(list.len());
            if at == list.len() {
                list.push(if deeper.is_empty() { Value::Null } else { json!({}) });
            }
            match (&mut list[at], deeper.is_empty()) {
                (slot, true) => Some(std::mem::replace(slot, value)).filter(|before| !before.is_null()),
                (Value::Object(inner), false) => put(inner, deeper, row, value),
                (_, false) => None,
            }
        }
        _ => None,
    }
}

/// Returns what a cell means; otherwise what is wrong with it.
fn value(cell: &str, target: &Target, mapping: &Mapping, file: &File<'_>) -> Result<Value, String> {
    match &target.split {
        Some(split) => {
            let items = cell.split(split.as_str()).map(str::trim).filter(|item| !item.is_empty());
            items.map(|item| one(item, target, mapping, file)).collect()
        }
        None => one(cell, target, mapping, file),
    }
}

fn one(cell: &str, target: &Target, mapping: &Mapping, file: &File<'_>) -> Result<Value, String> {
    let bad = || say!(file.catalogue, "problem-cell", text = cell.to_owned());
    if let Some(codes) = target.codes.as_ref().and_then(|name| mapping.codes.get(name)) {
        let code = codes.get(cell).map(|code| Value::from(code.as_str()));
        let known = || codes.keys().cloned().collect::<Vec<_>>().join(", ");
        return code.ok_or_else(|| {
            say!(file.catalogue, "problem-unknown-code", text = cell.to_owned(), known = known())
        });
    }
    match target.r#as {
        Type::Text => Ok(Value::from(cell)),
        // Thousands may be set apart by spaces, as Moroccan offices write them.
        Type::Number => {
            let digits: String = cell.chars().filter(|letter| !letter.is_whitespace()).collect();
            digits.parse::<i64>().map(Value::from).map_err(|_| bad())
        }
        Type::Mark => match cell.to_lowercase().as_str() {
            "true" | "yes" | "1" | "vrai" | "oui" | "نعم" => Ok(Value::from(true)),
            "false" | "no" | "0" | "faux" | "non" | "لا" => Ok(Value::from(false)),
            _ => Err(bad()),
        },
        Type::Date => match &target.form {
            None => Ok(Value::from(cell)),
            Some(form) => date(form, cell).map(Value::from).ok_or_else(|| {
                say!(file.catalogue, "problem-date-form", text = cell.to_owned(), form = form.clone())
            }),
        },
    }
}

/// Reads a date of which the year, the month or the day is known.
fn date(form: &str, text: &str) -> Option<String> {
    let read = strtime::parse(form, text).ok()?;
    let year = read.year()?;
    Some(match (read.month(), read.day()) {
        (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year:04}-{month:02}"),
        (None, _) => format!("{year:04}"),
    })
}
