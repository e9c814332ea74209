//! What the description of the API says of values that the protocol types. They are never made: each
//! stands for the form that a type of `multaqa-protocol` has in JSON.

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// The name of an author, an entry, a network or a body: 32 bytes as 64 hexadecimal digits in small
/// letters. Where one is given, its first eight digits or more suffice if they mean only one.
#[derive(Debug, ToSchema)]
#[schema(
    pattern = "^[0-9a-f]{64}$",
    example = "5f0c7b1e9d6a4c3f8e2b0a1d7c6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b9a8f"
)]
pub struct Id(pub String);

/// The same text in several languages, by BCP 47 tag (`ar`, `fr`, `en`, `zgh`).
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "ar": "الميزانية التشاركية", "fr": "Budget participatif" }))]
pub struct Texts(pub BTreeMap<String, String>);

/// An exact entry of an author's log; it may not have arrived yet.
#[derive(Debug, ToSchema)]
pub struct Reference {
    /// Whose log.
    pub author: Id,
    /// Its place in the log.
    pub seq: u32,
    /// The entry.
    pub id: Id,
}
