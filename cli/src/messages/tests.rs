use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// The ids of a catalogue, each with the names of its arguments.
fn ids(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    multaqa_catalogue::shape::ids(language.source())
}

/// The texts of the program's own sources, this folder's tests left out.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            out.push((path, text));
        }
    }
    out
}

/// The ids that a source names in `say!` and `failure!`, with the arguments given there.
fn used(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut out = Vec::new();
    for opening in ["say!(", "failure!("] {
        for (at, _) in text.match_indices(opening) {
            let call = balanced(&text[at + opening.len()..]);
            let Some((_, rest)) = call.split_once('"') else {
                continue;
            };
            let Some((id, args)) = rest.split_once('"') else {
                continue;
            };
            out.push((id.to_owned(), names(args)));
        }
    }
    out
}

/// Returns the text up to the parenthesis that closes what was opened before it.
fn balanced(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// Returns the names in `, name = value, name = value` that stand outside inner parentheses.
fn names(args: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut depth = 0;
    let mut piece = String::new();
    for c in args.chars().chain([',']) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                if let Some((name, _)) = piece.split_once(" = ") {
                    out.insert(name.trim().to_owned());
                }
                piece.clear();
                continue;
            }
            _ => {}
        }
        piece.push(c);
    }
    out
}

#[test]
fn the_catalogues_have_the_same_ids_and_arguments() {
    let [arabic, french, english] = Language::ALL.map(ids);
    assert!(arabic.len() > 300, "only {} ids were found", arabic.len());
    assert_eq!(arabic, english);
    assert_eq!(french, english);
}

#[test]
fn the_catalogues_say_each_thing_in_their_own_language() {
    let [arabic, french, english] = Language::ALL.map(Catalogue::new);
    assert!(say!(arabic, "label-error").chars().any(|c| ('\u{600}'..'\u{700}').contains(&c)));
    assert_ne!(say!(french, "label-error"), say!(english, "label-error"));
}

#[test]
fn the_code_names_ids_that_exist_with_the_arguments_that_they_take() {
    let catalogue = ids(Language::En);
    let mut count = 0;
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for (id, args) in used(&text) {
            // A call inside the macro's own definition or documentation.
            if id == "id" || id == "error-id" || id.contains(' ') {
                continue;
            }
            let wanted = catalogue.get(&id).unwrap_or_else(|| panic!("{}: no id {id}", path.display()));
            let mut wanted = wanted.clone();
            if id.starts_with("error-") {
                for part in ["why", "fix"] {
                    let text = format!("{id}.{part}");
                    wanted.extend(
                        catalogue.get(&text).unwrap_or_else(|| panic!("no id {text}")).iter().cloned(),
                    );
                }
            }
            assert!(wanted.is_subset(&args), "{}: {id} takes {wanted:?}, given {args:?}", path.display());
            count += 1;
        }
    }
    assert!(count > 200, "only {count} uses were found");
}

#[cfg(feature = "node")]
#[test]
fn no_text_is_left_that_nothing_shows() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    // The ids of help are made of the command line's own names.
    let is_made = |id: &str| id.starts_with("cmd-") || id.starts_with("arg-") || id.contains('.');
    // So are those of settings.
    let is_setting = |id: &str| {
        id.strip_prefix("setting-").is_some_and(|key| multaqa_node::config::keys().any(|known| known == key))
    };
    let catalogue = ids(Language::En);
    // Those of faults are made of codes; another test holds them to these.
    let is_fault = |id: &str| id.starts_with("doctor-") && catalogue.contains_key(&format!("{id}.fix"));
    for id in catalogue.keys().filter(|id| !is_made(id) && !is_fault(id) && !is_setting(id)) {
        let literal = format!("\"{id}\"");
        assert!(sources.iter().any(|(_, text)| text.contains(&literal)), "nothing shows {id}");
    }
}

#[test]
fn the_language_comes_from_the_flag_then_from_the_environment() {
    let args = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
    let none = |_: &str| None;
    let french = |name: &str| (name == "LANG").then(|| "fr_MA.UTF-8".to_owned());
    assert_eq!(Language::choose(&args("multaqa --lang ar status"), french), Language::Ar);
    assert_eq!(Language::choose(&args("multaqa status --lang=en"), french), Language::En);
    assert_eq!(Language::choose(&args("multaqa status"), french), Language::Fr);
    assert_eq!(Language::choose(&args("multaqa -- --lang=ar"), french), Language::Fr);
    assert_eq!(Language::choose(&args("multaqa status"), none), Language::En);
    for (locale, language) in [
        ("C", Language::En),
        ("POSIX", Language::En),
        ("C.UTF-8", Language::En),
        ("ar_MA.UTF-8", Language::Ar),
        ("zgh_MA.UTF-8", Language::Ar),
        ("de_DE.UTF-8", Language::En),
        ("fr", Language::Fr),
    ] {
        assert_eq!(Language::of_locale(locale), language, "{locale}");
    }
}

#[test]
fn arabic_plurals_are_those_of_the_language() {
    let catalogue = Catalogue::new(Language::Ar);
    let said: BTreeSet<String> =
        [1, 2, 3, 11].map(|count| say!(catalogue, "publish-done", count = count)).into();
    assert_eq!(said.len(), 4);
}

#[cfg(feature = "node")]
#[test]
fn every_setting_has_a_text_in_every_language() {
    for language in Language::ALL {
        for key in multaqa_node::config::keys() {
            let id = format!("setting-{key}");
            assert!(Catalogue::new(language).find(&id, &[]).is_some(), "no {id} in {}", language.tag());
        }
    }
}

#[cfg(feature = "node")]
#[test]
fn every_fault_that_is_looked_for_has_a_text_and_a_remedy() {
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node/src");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands/doctor.rs");
    let sources = sources(&node.join("doctor")).into_iter().map(|(_, text)| text);
    let sources =
        sources.chain([own, node.join("api/status.rs")].map(|path| fs::read_to_string(path).unwrap()));
    let catalogue = ids(Language::En);
    let mut codes = BTreeSet::new();
    for text in sources {
        for opening in ["Finding::new(", "Finding::of_file(", "fault(", " note(", "notes.insert("] {
            for (at, _) in text.match_indices(opening) {
                let rest = text[at + opening.len()..].trim_start().strip_prefix('"');
                codes.extend(rest.and_then(|rest| rest.split_once('"')).map(|(code, _)| code.to_owned()));
            }
        }
    }
    let told = catalogue.keys().filter_map(|id| id.strip_prefix("doctor-")?.strip_suffix(".fix"));
    let told: BTreeSet<String> = told.map(str::to_owned).collect();
    assert!(told.iter().all(|code| catalogue.contains_key(&format!("doctor-{code}"))));
    assert_eq!(told, codes);
}
