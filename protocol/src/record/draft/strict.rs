//! A deserializer for drafts: as exact as [`Value`]'s own, and it says where and what.
//!
//! It sees the field names of every struct that is asked for, so it reports unknown ones with the
//! nearest known name, and it reads ids from hex text as well.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::{Findings, Problem, Step, Type, nearest};
use crate::codec::{MAX_INT, Map, Value};
use crate::record::date::Date;

/// Reads a `T`, reporting unknown fields on the way.
pub(super) fn read<T: DeserializeOwned>(value: Value, found: &mut Findings) -> Result<T, Located> {
    let path = found.path.clone();
    let unknown = RefCell::new(Vec::new());
    let result = T::deserialize(Strict { value, path, is_date: false, unknown: &unknown });
    for (path, problem) in unknown.into_inner() {
        found.report_at(&path, problem);
    }
    result.map_err(|fault| fault.known.expect("every method of the deserializer names the fault"))
}

type Located = (Vec<Step>, Problem);

/// Why a draft is not of the type asked for.
#[derive(Debug, thiserror::Error)]
#[error("not of the type asked for")]
struct Fault {
    /// Where and what, once the deserializer that asked has said it.
    known: Option<Located>,
    /// The field that a struct misses.
    missing: Option<&'static str>,
}

impl Fault {
    /// Returns the fault, which is `problem` at `path` unless something inside said more.
    fn or(self, path: &[Step], problem: Problem) -> Self {
        let known = self.known.or_else(|| {
            let mut path = path.to_vec();
            Some(match self.missing {
                Some(field) => {
                    path.push(Step::Field(field.to_owned()));
                    (path, Problem::Missing)
                }
                None => (path, problem),
            })
        });
        Self { known, missing: None }
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { known: None, missing: None }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { known: None, missing: Some(field) }
    }
}

struct Strict<'a> {
    value: Value,
    path: Vec<Step>,
    is_date: bool,
    unknown: &'a RefCell<Vec<Located>>,
}

impl Strict<'_> {
    fn wrong(&self, expected: Type) -> Problem {
        let expected = if self.is_date { Type::Date } else { expected };
        Problem::WrongType { expected, found: Type::from(&self.value) }
    }

    fn fault(self, expected: Type) -> Fault {
        let problem = self.wrong(expected);
        Fault { known: Some((self.path, problem)), missing: None }
    }

    fn visit_integer<'de, V: Visitor<'de>>(self, max: u64, visitor: V) -> Result<V::Value, Fault> {
        let Value::Int(number) = self.value else { return Err(self.fault(Type::Integer)) };
        let out_of_range = Problem::OutOfRange { min: 0, max: max.cast_signed() };
        match u64::try_from(number) {
            Ok(number) if number <= max => {
                visitor.visit_u64(number).map_err(|fault: Fault| fault.or(&self.path, out_of_range))
            }
            _ => Err(Fault { known: Some((self.path, out_of_range)), missing: None }),
        }
    }

    fn visit_table<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let problem = self.wrong(Type::Table);
        let Value::Map(map) = self.value else {
            return Err(Fault { known: Some((self.path, problem)), missing: None });
        };
        let fields = Fields::new(map, self.path.clone(), self.unknown);
        visitor.visit_map(fields).map_err(|fault: Fault| fault.or(&self.path, problem))
    }
}

impl<'de> Deserializer<'de> for Strict<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        // Only figures ask for any type, and only they can refuse one.
        let problem = self.wrong(Type::Number);
        let path = self.path.clone();
        let read: Result<V::Value, Fault> = match self.value {
            Value::Int(number) if number >= 0 => visitor.visit_u64(number.unsigned_abs()),
            Value::Int(number) => visitor.visit_i64(number),
            Value::Text(text) => visitor.visit_string(text),
            _ => Err(de::Error::custom("")),
        };
        read.map_err(|_| Fault { known: Some((path, problem)), missing: None })
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.fault(Type::Bool)),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit_integer(u32::MAX.into(), visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit_integer(MAX_INT, visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        // Only ids borrow their text, and only they can refuse it. A body that is drafted again, as
        // for a new version, holds them as bytes.
        let problem = match &self.value {
            Value::Text(text) => Problem::BadId { text: text.clone() },
            _ => self.wrong(Type::Text),
        };
        let result = match &self.value {
            Value::Text(text) => visitor.visit_str(text),
            Value::Bytes(bytes) => visitor.visit_bytes(bytes),
            _ => Err(de::Error::custom("")),
        };
        result.map_err(|fault: Fault| fault.or(&self.path, problem))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Text(text) => visitor.visit_string(text),
            _ => Err(self.fault(Type::Text)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.is_date = name == Date::NAME;
        let path = self.path.clone();
        let text = if let Value::Text(text) = &self.value { text.clone() } else { String::new() };
        visitor.visit_newtype_struct(self).map_err(|fault| fault.or(&path, Problem::BadDate { text }))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let problem = self.wrong(Type::List);
        let Value::Array(items) = self.value else {
            return Err(Fault { known: Some((self.path, problem)), missing: None });
        };
        let path = self.path.clone();
        let items = Items { items: items.into_iter().enumerate(), path: self.path, unknown: self.unknown };
        visitor.visit_seq(items).map_err(|fault: Fault| fault.or(&path, problem))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit_table(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if let Value::Map(map) = &self.value {
            for (name, _) in map.iter().filter(|(name, _)| !fields.contains(name)) {
                let mut path = self.path.clone();
                path.push(Step::Field(name.to_owned()));
                let problem = Problem::UnknownField { nearest: nearest(name, fields) };
                self.unknown.borrow_mut().push((path, problem));
            }
        }
        self.visit_table(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char bytes byte_buf
        unit unit_struct tuple tuple_struct enum identifier ignored_any
    }
}

struct Fields<'a> {
    pairs: std::vec::IntoIter<(String, Value)>,
    value: Option<(String, Value)>,
    path: Vec<Step>,
    unknown: &'a RefCell<Vec<Located>>,
}

impl<'a> Fields<'a> {
    fn new(map: Map, path: Vec<Step>, unknown: &'a RefCell<Vec<Located>>) -> Self {
        let pairs: Vec<_> = map.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        Self { pairs: pairs.into_iter(), value: None, path, unknown }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.pairs.next() else { return Ok(None) };
        self.value = Some((name.clone(), value));
        let key: StringDeserializer<Fault> = name.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) = self.value.take().expect("a value is asked for after its key");
        let mut path = self.path.clone();
        path.push(Step::Field(name));
        seed.deserialize(Strict { value, path, is_date: false, unknown: self.unknown })
    }
}

struct Items<'a> {
    items: std::iter::Enumerate<std::vec::IntoIter<Value>>,
    path: Vec<Step>,
    unknown: &'a RefCell<Vec<Located>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((at, value)) = self.items.next() else { return Ok(None) };
        let mut path = self.path.clone();
        path.push(Step::Item(at));
        seed.deserialize(Strict { value, path, is_date: false, unknown: self.unknown }).map(Some)
    }
}
