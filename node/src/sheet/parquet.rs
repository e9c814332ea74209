//! The same table as a Parquet file, for statistical programs: the columns of the CSV under the same names, each with
//! a type, and beside the dates, of which often only the year is known, the day as a date.
//!
//! What has no value is null, a list of codes is a list, and no cell is guarded: nothing here is taken for a formula.

use std::io::Write;
use std::sync::Arc;

use multaqa_protocol::record::Date;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use serde_json::{Map, Value};

use super::{COLUMNS, Column, Content, Form, SEPARATOR, cells};
use crate::api::types::RecordItem;

/// The name and version of the table, in the file's own description.
pub const TABLE: &str = "multaqa/records-table/1";
/// Most records that are written at once; readers skip whole groups.
const GROUP: usize = 10_000;
/// Most bytes of cells that wait to be written.
const WAITING: usize = 16 << 20;
/// The dates as days, each with the column that it is made of, and whether it is the last day that the date can mean.
const DAYS: [(&str, &str, Edge); 3] =
    [("start_day", "start", Edge::First), ("end_day", "end", Edge::Last), ("as_of_day", "as_of", Edge::Last)];

/// Which of the days that a date can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// What a column of the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Moment,
    Number,
    Mark,
    Texts,
    Numbers,
    Day(Edge),
}

/// A file that is being written, record by record.
pub struct File<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    /// The cells of the records that wait, in the order of [`COLUMNS`].
    waiting: Vec<Vec<String>>,
    bytes: usize,
}

impl<W: Write + Send> File<W> {
    /// Begins a file whose records may be used under a licence.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn begin(to: W, licence: &str) -> Result<Self, ParquetError> {
        let about = [("multaqa.schema", TABLE), ("multaqa.licence", licence)];
        let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(parquet::basic::GzipLevel::default()))
            .set_created_by(format!("multaqa {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(about.to_vec()))
            .build();
        let writer = SerializedFileWriter::new(to, schema()?, Arc::new(properties))?;
        Ok(Self { writer, waiting: Vec::new(), bytes: 0 })
    }

    /// Adds a record; `fields` is its body as JSON, where it is here and can be read.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn push(
        &mut self,
        item: &RecordItem,
        fields: Option<Map<String, Value>>,
    ) -> Result<(), ParquetError> {
        let cells = cells(item, fields);
        self.bytes += cells.iter().map(String::len).sum::<usize>();
        self.waiting.push(cells);
        if self.waiting.len() >= GROUP || self.bytes >= WAITING { self.flush() } else { Ok(()) }
    }

    /// Ends the file, and returns what it was written to.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W, ParquetError> {
        if !self.waiting.is_empty() {
            self.flush()?;
        }
        self.writer.into_inner()
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let mut group = self.writer.next_row_group()?;
        for (kind, at) in plan() {
            let mut column = group.next_column()?.expect("the schema has a column for each of the plan");
            let cells: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
            write(&mut column, kind, &cells)?;
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

/// Returns the columns of the file: what each holds, and which cell it is made of.
fn plan() -> impl Iterator<Item = (Kind, usize)> {
    let own = COLUMNS.iter().enumerate().map(|(at, column)| (kind(column), at));
    let days = DAYS.iter().map(|(_, of, edge)| (Kind::Day(*edge), position(of)));
    own.chain(days)
}

fn position(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.name == name).expect("days are made of columns of the table")
}

fn kind(column: &Column) -> Kind {
    match (column.content, column.name) {
        (Content::Entry(_), "time") => Kind::Moment,
        (Content::Entry(_), "current" | "place_confirmed") | (Content::Field(_, Form::Mark), _) => Kind::Mark,
        (Content::Field(_, Form::Number), _) => Kind::Number,
        (Content::Field(_, Form::Numbers), _) => Kind::Numbers,
        (Content::Field(_, Form::Codes), _) => Kind::Texts,
        _ => Kind::Text,
    }
}

fn schema() -> Result<TypePtr, ParquetError> {
    let own = COLUMNS.iter().map(|column| column.name);
    let names = own.chain(DAYS.iter().map(|(name, ..)| *name));
    let fields = names.zip(plan()).map(|(name, (kind, _))| field(name, kind));
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Type::group_type_builder("records").with_fields(fields).build()?))
}

fn field(name: &str, kind: Kind) -> Result<TypePtr, ParquetError> {
    let item = |name: &str, physical, logical, repetition| {
        let built = Type::primitive_type_builder(name, physical);
        Ok(Arc::new(built.with_logical_type(logical).with_repetition(repetition).build()?))
    };
    let one = |physical, logical| item(name, physical, logical, Repetition::OPTIONAL);
    // The form that readers know for lists.
    let list = |physical, logical| {
        let element = item("element", physical, logical, Repetition::REQUIRED)?;
        let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
        let list = Arc::new(list.with_fields(vec![element]).build()?);
        let whole = Type::group_type_builder(name).with_repetition(Repetition::OPTIONAL);
        let whole = whole.with_converted_type(ConvertedType::LIST).with_logical_type(Some(LogicalType::List));
        Ok(Arc::new(whole.with_fields(vec![list]).build()?))
    };
    match kind {
        Kind::Text => one(Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Moment => one(Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Kind::Number => one(Physical::INT64, None),
        Kind::Mark => one(Physical::BOOLEAN, None),
        Kind::Day(_) => one(Physical::INT32, Some(LogicalType::Date)),
        Kind::Texts => list(Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Numbers => list(Physical::INT64, None),
    }
}

fn write(column: &mut SerializedColumnWriter<'_>, kind: Kind, cells: &[&str]) -> Result<(), ParquetError> {
    match kind {
        Kind::Text => {
            let (values, levels) = ones(cells, |cell| Some(ByteArray::from(cell)));
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Moment => {
            let moment = |cell: &str| Some(cell.parse::<jiff::Timestamp>().ok()?.as_millisecond());
            let (values, levels) = ones(cells, moment);
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Number => {
            let (values, levels) = ones(cells, |cell| cell.parse::<i64>().ok());
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Mark => {
            let (values, levels) = ones(cells, |cell| Some(cell == "true"));
            column.typed::<BoolType>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Day(edge) => {
            let (values, levels) = ones(cells, |cell| day(cell, edge));
            column.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Texts => {
            let (values, definitions, repetitions) = lists(cells, |item| Some(ByteArray::from(item)));
            column.typed::<ByteArrayType>().write_batch(&values, Some(&definitions), Some(&repetitions))?;
        }
        Kind::Numbers => {
            let (values, definitions, repetitions) = lists(cells, |item| item.parse::<i64>().ok());
            column.typed::<Int64Type>().write_batch(&values, Some(&definitions), Some(&repetitions))?;
        }
    }
    Ok(())
}

/// Returns the values of a column, and of each row whether it has one.
fn ones<T>(cells: &[&str], read: impl Fn(&str) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let read = |cell: &&str| (!cell.is_empty()).then(|| read(cell)).flatten();
    let values: Vec<Option<T>> = cells.iter().map(read).collect();
    let levels = values.iter().map(|value| i16::from(value.is_some())).collect();
    (values.into_iter().flatten().collect(), levels)
}

/// Returns the values of a column of lists, and of each value, or of the list that is missing, how much of the path to
/// it is there (2: a value) and whether it goes on the list before (1).
fn lists<T>(cells: &[&str], read: impl Fn(&str) -> Option<T>) -> (Vec<T>, Vec<i16>, Vec<i16>) {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let items: Vec<T> = cell.split(SEPARATOR).filter(|item| !item.is_empty()).filter_map(&read).collect();
        if items.is_empty() {
            definitions.push(0);
            repetitions.push(0);
        }
        for (at, item) in items.into_iter().enumerate() {
            definitions.push(2);
            repetitions.push(i16::from(at > 0));
            values.push(item);
        }
    }
    (values, definitions, repetitions)
}

/// Returns the days from 1970 to the first or last day that a date can mean.
fn day(cell: &str, edge: Edge) -> Option<i32> {
    let date: Date = cell.parse().ok()?;
    let day = if edge == Edge::First { date.first() } else { date.last() };
    day.since(jiff::civil::date(1970, 1, 1)).ok().map(|span| span.get_days())
}
