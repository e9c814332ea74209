//! The values of a form, and what is done to them.
//!
//! A name (`results[0].value`) is a path into the tree; it is the path under which a fault is found too.

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, EntryId, Seq};
use serde_json::{Map, Value as Json};

use super::field::{Field, Input};
use super::kind::sections;
use super::typed;

/// The values of a form, as the record has them in JSON.
pub(crate) type Tree = Map<String, Json>;
/// What a browser sends of a form, by name.
pub(crate) type Pairs = BTreeMap<String, Vec<String>>;

/// Most items of one list: a plan with more commitments, or a record with more results, is several records.
pub(crate) const MAX_ITEMS: usize = 200;

/// What a button of a form asks for besides saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// One more item in the list of that name.
    Add(String),
    /// Without that item.
    Remove(String),
    /// That item one place earlier.
    Earlier(String),
    /// That item one place later.
    Later(String),
}

impl Deed {
    /// Reads the value of a button.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (deed, name) = text.split_once(':')?;
        let name = name.to_owned();
        match deed {
            "add" => Some(Self::Add(name)),
            "remove" => Some(Self::Remove(name)),
            "earlier" => Some(Self::Earlier(name)),
            "later" => Some(Self::Later(name)),
            _ => None,
        }
    }
}

/// Returns the value at a path.
pub(crate) fn follow<'a>(tree: &'a Tree, path: &str) -> Option<&'a Json> {
    let mut steps = path.split('.');
    let mut found = step(tree.get(name_of(steps.next()?))?, path.split('.').next()?)?;
    for part in steps {
        found = step(found.as_object()?.get(name_of(part))?, part)?;
    }
    Some(found)
}

fn name_of(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

/// Returns the item that a part of a path names, or the value itself where it names none.
fn step<'a>(value: &'a Json, part: &str) -> Option<&'a Json> {
    part.split('[').skip(1).try_fold(value, |value, index| {
        value.as_array()?.get(index.strip_suffix(']')?.parse::<usize>().ok()?)
    })
}

fn follow_mut<'a>(tree: &'a mut Tree, path: &str) -> Option<&'a mut Json> {
    let mut parts = path.split('.');
    let first = parts.next()?;
    let mut found = step_mut(tree.get_mut(name_of(first))?, first)?;
    for part in parts {
        found = step_mut(found.as_object_mut()?.get_mut(name_of(part))?, part)?;
    }
    Some(found)
}

fn step_mut<'a>(value: &'a mut Json, part: &str) -> Option<&'a mut Json> {
    part.split('[').skip(1).try_fold(value, |value, index| {
        value.as_array_mut()?.get_mut(index.strip_suffix(']')?.parse::<usize>().ok()?)
    })
}

/// Calls `see` for every field of a kind with its name and value, a group before what is in it.
pub(crate) fn walk<'a>(kind: &str, tree: &'a Tree, see: &mut impl FnMut(&str, &Field, Option<&'a Json>)) {
    for section in sections(kind) {
        walk_fields(section.fields, tree, "", see);
    }
}

fn walk_fields<'a>(
    fields: &[Field],
    tree: &'a Tree,
    before: &str,
    see: &mut impl FnMut(&str, &Field, Option<&'a Json>),
) {
    for field in fields {
        let path = join(before, field.name);
        let value = tree.get(field.name);
        see(&path, field, value);
        match (field.input, value) {
            (Input::Group(fields), Some(Json::Object(inner))) => walk_fields(fields, inner, &path, see),
            (Input::Groups(fields), Some(Json::Array(items))) => {
                for (at, item) in items.iter().enumerate() {
                    if let Json::Object(inner) = item {
                        walk_fields(fields, inner, &format!("{path}[{at}]"), see);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Returns the name of a field within what has the name `before`.
pub(super) fn join(before: &str, name: &str) -> String {
    if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") }
}

/// Takes over what a browser sent. Every field of the kind's form is set or emptied; what the form does not
/// have stays as it is.
pub(crate) fn apply(kind: &str, tree: &mut Tree, pairs: &Pairs) {
    for section in sections(kind) {
        apply_fields(section.fields, tree, "", pairs);
    }
}

fn apply_fields(fields: &[Field], tree: &mut Tree, before: &str, pairs: &Pairs) {
    for field in fields {
        let path = join(before, field.name);
        let old = tree.remove(field.name);
        if let Some(value) = value_of(field, old, &path, pairs) {
            tree.insert(field.name.to_owned(), value);
        }
    }
}

fn value_of(field: &Field, old: Option<Json>, path: &str, pairs: &Pairs) -> Option<Json> {
    let sent =
        || pairs.get(path).into_iter().flatten().map(|text| text.trim()).filter(|text| !text.is_empty());
    let text = |form: fn(&str) -> String| sent().next().map(|text| Json::String(form(text)));
    match field.input {
        Input::Line | Input::Prose => {
            let words: Tree = words(path, pairs);
            (!words.is_empty()).then_some(Json::Object(words))
        }
        Input::Text | Input::Address | Input::Code(_) | Input::Place | Input::Part(_) | Input::Id(_) => {
            text(str::to_owned)
        }
        Input::Kept => old,
        Input::Figure => text(typed::figure),
        Input::Date => text(typed::date),
        Input::Count => sent().next().map(typed::count),
        Input::Flag => sent().next().map(|_| Json::Bool(true)),
        Input::Codes(_) | Input::Tongues => ordered(old, sent().map(|code| Json::String(code.to_owned()))),
        Input::Numbers(_) => ordered(old, sent().map(typed::count)),
        Input::Record(_) => sent().find_map(pinned).or_else(|| text(str::to_owned)),
        Input::Records(_) => {
            let found = sent().map(|text| pinned(text).unwrap_or_else(|| Json::String(text.to_owned())));
            ordered(old, found)
        }
        Input::Group(fields) => {
            let mut inner = object(old);
            apply_fields(fields, &mut inner, path, pairs);
            (!inner.is_empty()).then_some(Json::Object(inner))
        }
        Input::Groups(fields) => {
            // How many there are is sent beside them: one in which nothing is filled in sends nothing itself.
            let count = pairs.get(&format!("{path}#")).and_then(|sent| sent.first()?.parse::<usize>().ok());
            let mut old = match old {
                Some(Json::Array(items)) => items,
                _ => Vec::new(),
            };
            old.resize(count.unwrap_or(0).min(MAX_ITEMS), Json::Object(Tree::new()));
            let item = |(at, item)| {
                let mut inner = object(Some(item));
                apply_fields(fields, &mut inner, &format!("{path}[{at}]"), pairs);
                Json::Object(inner)
            };
            let items: Vec<Json> = old.into_iter().enumerate().map(item).collect();
            (!items.is_empty()).then_some(Json::Array(items))
        }
    }
}

fn object(value: Option<Json>) -> Tree {
    match value {
        Some(Json::Object(tree)) => tree,
        _ => Tree::new(),
    }
}

/// Returns the texts sent for a field in all languages, as they were typed but for the ends of lines.
fn words(path: &str, pairs: &Pairs) -> Tree {
    let before = format!("{path}.");
    let of_field = pairs.range(before.clone()..).take_while(|(name, _)| name.starts_with(&before));
    let words = of_field.filter_map(|(name, sent)| {
        let tag = name.strip_prefix(&before)?;
        let text = sent.first().filter(|text| !text.trim().is_empty())?;
        let is_tag = tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_tag.then(|| (tag.to_owned(), Json::String(text.replace("\r\n", "\n"))))
    });
    words.collect()
}

/// Returns the values sent, each once: those that were there before in their order, then the others.
fn ordered(old: Option<Json>, sent: impl Iterator<Item = Json>) -> Option<Json> {
    let sent: Vec<Json> = sent.collect();
    let old = if let Some(Json::Array(items)) = old { items } else { Vec::new() };
    let mut values: Vec<Json> = old.into_iter().filter(|value| sent.contains(value)).collect();
    for value in sent {
        if !values.contains(&value) && values.len() < MAX_ITEMS {
            values.push(value);
        }
    }
    (!values.is_empty()).then_some(Json::Array(values))
}

/// Reads a reference as the inputs of a form hold it: id, place in the log and author, with points between.
pub(crate) fn pinned(text: &str) -> Option<Json> {
    let mut parts = text.split('.');
    let (id, seq, author) = (parts.next()?, parts.next()?, parts.next()?);
    let (id, seq): (EntryId, Seq) = (id.parse().ok()?, seq.parse().ok()?);
    let author: AuthorId = author.parse().ok()?;
    parts.next().is_none().then(|| reference(&id, seq, &author))
}

/// Returns a reference as a tree holds it.
pub(crate) fn reference(id: &EntryId, seq: Seq, author: &AuthorId) -> Json {
    serde_json::json!({ "author": author, "id": id, "seq": seq })
}

/// Returns a reference of a tree as the inputs of a form hold it; nothing for what is none.
pub(crate) fn pin(value: &Json) -> Option<String> {
    let text = |name: &str| value.get(name)?.as_str();
    Some(format!("{}.{}.{}", text("id")?, value.get("seq")?.as_u64()?, text("author")?))
}

/// Does what a button asks for, and returns the name of the place to come back to; nothing where there is no such
/// list.
pub(crate) fn change(kind: &str, tree: &mut Tree, deed: &Deed) -> Option<String> {
    match deed {
        Deed::Add(list) => {
            let Input::Groups(fields) = described(kind, list)?.input else { return None };
            let items = list_at(tree, list)?;
            if items.len() >= MAX_ITEMS {
                return Some(list.clone());
            }
            let mut item = Tree::new();
            for field in fields {
                if let Input::Id(letter) = field.input {
                    item.insert(field.name.to_owned(), Json::String(free_id(items, field.name, letter)));
                }
            }
            items.push(Json::Object(item));
            Some(format!("{list}[{}]", items.len() - 1))
        }
        Deed::Remove(name) => {
            let (list, at) = item_of(name)?;
            let items = follow_mut(tree, list)?.as_array_mut()?;
            if at >= items.len() {
                return None;
            }
            items.remove(at);
            Some(list.to_owned())
        }
        Deed::Earlier(name) => swap(tree, name, |at| at.checked_sub(1)),
        Deed::Later(name) => swap(tree, name, |at| at.checked_add(1)),
    }
}

fn swap(tree: &mut Tree, name: &str, other: fn(usize) -> Option<usize>) -> Option<String> {
    let (list, at) = item_of(name)?;
    let items = follow_mut(tree, list)?.as_array_mut()?;
    let to = other(at).filter(|to| *to < items.len() && at < items.len())?;
    items.swap(at, to);
    Some(format!("{list}[{to}]"))
}

/// Returns the list of which a name names an item, and which.
fn item_of(name: &str) -> Option<(&str, usize)> {
    let (list, index) = name.strip_suffix(']')?.rsplit_once('[')?;
    Some((list, index.parse().ok()?))
}

/// Returns the list of that name, made where it is not there yet.
fn list_at<'a>(tree: &'a mut Tree, list: &str) -> Option<&'a mut Vec<Json>> {
    let (tree, name) = match list.rsplit_once('.') {
        Some((parent, name)) => {
            if !parent.contains(['.', '[']) && !tree.contains_key(parent) {
                tree.insert(parent.to_owned(), Json::Object(Tree::new()));
            }
            (follow_mut(tree, parent)?.as_object_mut()?, name)
        }
        None => (tree, list),
    };
    tree.entry(name).or_insert_with(|| Json::Array(Vec::new())).as_array_mut()
}

/// The name of the lists of files in every kind.
pub(crate) const ATTACHMENTS: &str = "attachments";

/// Tells whether a name is that of a list of files.
pub(crate) fn is_list_of_files(kind: &str, name: &str) -> bool {
    !name.ends_with(']') && described(kind, name).is_some_and(|field| field.name == ATTACHMENTS)
}

/// Adds a file to the list of that name, and returns the name of its item; nothing where there is no such list.
pub(crate) fn attach(kind: &str, tree: &mut Tree, list: &str, file: Tree) -> Option<String> {
    let items = if is_list_of_files(kind, list) { list_at(tree, list)? } else { return None };
    items.push(Json::Object(file));
    Some(format!("{list}[{}]", items.len() - 1))
}

/// Returns the field of that name.
pub(crate) fn described(kind: &str, name: &str) -> Option<&'static Field> {
    let mut fields: Vec<&'static Field> = sections(kind).iter().flat_map(|section| section.fields).collect();
    let mut found = None;
    for part in name.split('.') {
        let field = fields.iter().copied().find(|field| field.name == name_of(part))?;
        found = Some(field);
        fields = match field.input {
            Input::Group(fields) | Input::Groups(fields) => fields.iter().collect(),
            _ => Vec::new(),
        };
    }
    found
}

/// Returns an id that no item has.
fn free_id(items: &[Json], name: &str, letter: &str) -> String {
    let is_taken = |id: &str| items.iter().any(|item| item.get(name).and_then(Json::as_str) == Some(id));
    let ids = (1..=items.len() + 1).map(|number| format!("{letter}{number}"));
    ids.into_iter().find(|id| !is_taken(id)).unwrap_or_default()
}

/// Takes out what says nothing: groups and items in which nobody filled in anything, so that what remains is
/// what would be signed and stands under the names by which faults are found.
pub(crate) fn clean(kind: &str, tree: &mut Tree) {
    for section in sections(kind) {
        clean_fields(section.fields, tree);
    }
}

fn clean_fields(fields: &[Field], tree: &mut Tree) {
    for field in fields {
        let Some(value) = tree.get_mut(field.name) else { continue };
        match (field.input, &mut *value) {
            (Input::Group(fields), Json::Object(inner)) => clean_fields(fields, inner),
            (Input::Groups(fields), Json::Array(items)) => {
                for item in items.iter_mut().filter_map(Json::as_object_mut) {
                    clean_fields(fields, item);
                }
                items.retain(|item| says_something(fields, item));
            }
            _ => {}
        }
        let is_empty = match value {
            Json::Object(inner) => inner.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::String(text) => text.trim().is_empty(),
            _ => false,
        };
        if is_empty {
            tree.remove(field.name);
        }
    }
}

/// Tells whether an item says more than the id that the form gave it.
fn says_something(fields: &[Field], item: &Json) -> bool {
    let is_id =
        |name: &str| fields.iter().any(|field| field.name == name && matches!(field.input, Input::Id(_)));
    item.as_object().is_none_or(|item| item.keys().any(|name| !is_id(name)))
}
