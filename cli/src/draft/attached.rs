//! Files that a draft names by where they lie (`path`), until the node has taken them.

use std::path::PathBuf;

use multaqa_protocol::codec::{Map, Value};

/// The field by which a draft says where a file lies; it is not signed.
const PATH: &str = "path";
/// The list in which files stand, in a record or in a part of one.
const LIST: &str = "attachments";

/// Calls `visit` with every table of a file that has a path, and with that path.
pub(super) fn each(value: &mut Value, visit: &mut impl FnMut(&str, &mut Map)) {
    within(value, false, visit);
}

fn within(value: &mut Value, is_list: bool, visit: &mut impl FnMut(&str, &mut Map)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| within(item, is_list, visit)),
        Value::Map(map) => {
            if is_list && let Some(Value::Text(path)) = map.get(PATH).cloned() {
                visit(&path, map);
                return;
            }
            let names: Vec<String> = map.iter().map(|(name, _)| name.to_owned()).collect();
            for name in names {
                let Some(mut inner) = map.get(&name).cloned() else { continue };
                within(&mut inner, name == LIST, visit);
                map.insert(name, inner);
            }
        }
        _ => {}
    }
}

/// Fills in what a file is in place of where it lies; what the author wrote stays.
pub(super) fn fill(map: &mut Map, path: &str, known: [(&str, Value); 4]) {
    let name = PathBuf::from(path).file_name().map(|name| name.to_string_lossy().into_owned());
    let mut filled: Map =
        map.iter().filter(|(field, _)| *field != PATH).map(|(f, v)| (f.to_owned(), v.clone())).collect();
    if filled.get("name").is_none() {
        filled.insert("name", Value::Text(name.unwrap_or_else(|| path.to_owned())));
    }
    for (field, value) in known {
        filled.insert(field, value);
    }
    *map = filled;
}
