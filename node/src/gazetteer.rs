//! Territorial collectivities, found by how they are called.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use multaqa_gazetteer::{Territory, all, find, name};

use crate::index;

/// Both names of each of [`all`] as they are compared; an Arabic one also without its article.
static FOLDED: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let folded = all().iter().map(|territory| {
        let names = [&territory.name_fr, &territory.name_ar].map(|name| index::folded(name));
        let bare = names[1].strip_prefix("ال").map(str::to_owned);
        names.into_iter().chain(bare).collect()
    });
    folded.collect()
});

/// Returns at most `most` collectivities whose name, in either script, has a word that begins as `text` does, or
/// whose code does: larger ones first, whole names before parts. Accents, and letters that Arabic writes in several
/// ways, do not matter.
#[must_use]
pub fn search(text: &str, most: usize) -> Vec<&'static Territory> {
    let sought = index::folded(text.trim());
    if sought.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &Territory)> = Vec::new();
    for (territory, names) in all().iter().zip(&*FOLDED) {
        let rank = |name: &String| match name.find(&sought) {
            Some(0) if name.len() == sought.len() => Some(0),
            Some(0) => Some(1),
            Some(at) if name[..at].ends_with([' ', '-', '\'']) => Some(2),
            _ => None,
        };
        let by_code = territory.code.starts_with(text.trim()).then_some(0);
        found.extend(names.iter().filter_map(rank).chain(by_code).min().map(|rank| (rank, territory)));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(most).map(|(_, territory)| territory).collect()
}
