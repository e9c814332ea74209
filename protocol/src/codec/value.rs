//! Untyped values, for what is carried without being understood: bodies of unknown kinds, fields
//! that a newer writer added, and the exact typing of bodies.
//!
//! A [`Value`] is read by a serde deserializer of its own, a stricter one than `serde_cbor`: a struct is
//! only read from a map, text only from text, bytes only from bytes. So a body means the same to every
//! implementation.

use std::cmp::Ordering;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, EnumAccess, IntoDeserializer, VariantAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer, forward_to_deserialize_any};

use super::MAX_INT;

/// A map in the order of C1: by key length, then bytes. A body has a dozen keys, so they stand in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(String, Value)>);

impl Map {
    /// Returns the value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    /// Sets the value under `key`.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        let key = key.into();
        match self.find(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Finds where a key stands, or would; what comes in order is the last.
    fn find(&self, key: &str) -> Result<usize, usize> {
        if self.0.last().is_none_or(|(last, _)| in_order(last, key) == Ordering::Less) {
            return Err(self.0.len());
        }
        self.0.binary_search_by(|(found, _)| in_order(found, key))
    }

    /// Returns the pairs in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Returns the number of pairs.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether the map has no pair.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a `T` from this map: exact types, unknown fields ignored (V8, R3).
    ///
    /// # Errors
    ///
    /// Where and how the map differs from a `T`.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        T::deserialize(Read::Map(self))
    }
}

/// Compares two keys as C1 orders them.
fn in_order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

/// A CBOR value of the types that the protocol uses (C2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// true or false.
    Bool(bool),
    /// An integer within ±(2^53 - 1).
    Int(i64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// An array.
    Array(Vec<Self>),
    /// A map with text keys.
    Map(Map),
}

impl Value {
    /// Reads a `T` from this value: exact types, unknown fields ignored (V8, R3).
    ///
    /// # Errors
    ///
    /// Where and how the value differs from a `T`.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        T::deserialize(Read::of(self))
    }

    /// Returns `value` in this untyped form.
    ///
    /// # Errors
    ///
    /// When `value` holds something that [`Value`] cannot carry, as a float or an integer beyond C2.
    pub fn from<T: Serialize>(value: &T) -> Result<Self, ValueError> {
        let bytes = serde_cbor::to_vec(value).map_err(|error| ValueError(error.to_string()))?;
        serde_cbor::from_slice(&bytes).map_err(|error| ValueError(error.to_string()))
    }

    /// Returns the map, if the value is one.
    #[must_use]
    pub const fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }
}

/// How a [`Value`] differs from the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(String);

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Bytes(bytes) if serializer.is_human_readable() => {
                serializer.serialize_str(&hex::encode(bytes))
            }
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| seq.serialize_element(item))?;
                seq.end()
            }
            Self::Map(map) => {
                let mut out = serializer.serialize_map(Some(map.len()))?;
                map.iter().try_for_each(|(key, value)| out.serialize_entry(key, value))?;
                out.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What a person wrote is read as it is, so that a draft can name the field that is out of range.
        let c2 = !deserializer.is_human_readable();
        deserializer.deserialize_any(AnyValue { c2 })
    }
}

struct AnyValue {
    /// Whether integers beyond C2 are refused.
    c2: bool,
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean, integer, byte string, text, array or map")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if self.c2 && value.unsigned_abs() > MAX_INT {
            return Err(E::custom("C2: an integer beyond 2^53 - 1"));
        }
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map_err(E::custom).and_then(|value| self.visit_i64(value))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut map = Map::default();
        while let Some((key, value)) = pairs.next_entry::<String, Value>()? {
            map.insert(key, value);
        }
        Ok(Value::Map(map))
    }
}

/// What is read of a value.
#[derive(Clone, Copy)]
enum Read<'a> {
    Bool(bool),
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(&'a [Value]),
    Map(&'a Map),
}

impl<'a> Read<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Text(text) => Self::Text(text),
            Value::Array(items) => Self::Array(items),
            Value::Map(map) => Self::Map(map),
        }
    }
}

impl<'de> IntoDeserializer<'de, ValueError> for Read<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Read<'de> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Int(value) if value >= 0 => visitor.visit_u64(value.unsigned_abs()),
            Self::Int(value) => visitor.visit_i64(value),
            Self::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Read::of))),
            Self::Map(map) => {
                let pairs =
                    map.iter().map(|(key, value)| (BorrowedStrDeserializer::new(key), Read::of(value)));
                visitor.visit_map(MapDeserializer::new(pairs))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Text(text) => visitor.visit_borrowed_str(text),
            _ => Err(de::Error::custom("expected text")),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            _ => Err(de::Error::custom("expected bytes")),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self {
            Self::Map(_) => self.deserialize_any(visitor),
            _ => Err(de::Error::custom("expected a map")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self {
            Self::Text(text) => visitor.visit_enum(UnitVariant(text)),
            _ => Err(de::Error::custom("expected a word")),
        }
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// An enum is a word from a list; variants carry nothing.
struct UnitVariant<'a>(&'a str);

impl<'de> EnumAccess<'de> for UnitVariant<'de> {
    type Error = ValueError;
    type Variant = Self;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ValueError> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.0))?, self))
    }
}

impl<'de> VariantAccess<'de> for UnitVariant<'de> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        Ok(())
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, ValueError> {
        Err(de::Error::custom("expected a word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, ValueError> {
        Err(de::Error::custom("expected a word"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, ValueError> {
        Err(de::Error::custom("expected a word"))
    }
}
