//! What a clerk fills in: one description of the fields of each kind of record.
//!
//! A form's values are a tree of the same shape as the record in JSON, so a body becomes a form and a form a
//! body without a table between them. What is typed stays in the tree as text until it is what the field
//! holds: a date that is none is kept, shown and found by [`multaqa_protocol::record::draft`], under the path
//! that is also the name of the input. Fields that no form has (how a record was collected, the nodes of a
//! profile) and codes that are not known here stay in the tree untouched.
//!
//! Nothing here reads or writes, and nothing decides what may be signed.

mod field;
mod kind;
mod meter;
mod part;
mod tree;
mod typed;

#[cfg(test)]
mod tests;

pub(crate) use field::{Field, Input, Need, PlanPart};
pub(crate) use kind::{Section, sections};
pub(crate) use meter::{Lack, Meter, Tongue};
pub(crate) use tree::{
    ATTACHMENTS, Deed, MAX_ITEMS, Pairs, Tree, apply, attach, change, clean, follow, is_list_of_files, pin,
    pinned, reference, walk,
};
