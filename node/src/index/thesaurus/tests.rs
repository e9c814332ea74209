use std::collections::BTreeSet;

use super::*;

#[test]
fn the_table_has_words_in_three_languages_for_each_of_its_concepts() {
    let mut keys = BTreeSet::new();
    for line in csv::Reader::from_reader(TABLE.as_bytes()).deserialize() {
        let Line { key, ar, fr, en } = line.unwrap();
        let is_key = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        assert!(!key.is_empty() && key.chars().all(is_key), "{key}");
        let mut analysers = Analysers::new();
        for (tag, words) in [("ar", ar), ("fr", fr), ("en", en)] {
            let all: Vec<&str> = words.split(BETWEEN).map(str::trim).collect();
            let different: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), different.len(), "{key}: {tag} says something twice");
            for word in all {
                let terms = analysers.of(Language::of(tag)).terms(word);
                assert!(!terms.is_empty(), "{key}: {word:?} says nothing");
                let is_arabic = word.chars().any(super::super::analysis::arabic::is_arabic);
                assert_eq!(is_arabic, tag == "ar", "{key}: {word}");
            }
        }
        assert!(keys.insert(key.clone()), "{key} stands twice");
    }
    assert!(keys.len() >= 250, "{}", keys.len());
}

#[test]
fn a_text_names_concepts_by_their_longest_words() {
    let thesaurus = Thesaurus::get();
    let mut analysers = Analysers::new();
    let mut named = |tag: &str, text: &str| {
        let language = Language::of(tag);
        let terms = analysers.of(language).terms(text);
        let found = thesaurus.find(language, &terms);
        found.into_iter().map(|(_, concept)| thesaurus.key(concept).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("en", "A participatory budget"), ["participatory_budget"]);
    assert_eq!(named("fr", "les budgets participatifs"), ["participatory_budget"]);
    assert_eq!(named("ar", "تجربة الميزانية التشاركية"), ["participatory_budget"]);
    assert_eq!(named("ar", "ميزانية المواطن"), ["citizen_budget"]);
    assert_eq!(named("fr", "le droit d’accès à l’information"), ["access_to_information"]);
    assert_eq!(named("fr", "acces a l'information"), ["access_to_information"]);
    assert!(named("en", "xyzzy").is_empty());
}
