use super::super::analysis::words;
use super::*;

fn named(text: &str) -> Vec<(String, bool, Vec<&'static str>)> {
    let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    let found = Places::get().find(&words);
    found
        .into_iter()
        .map(|named| {
            let of = words[named.from..=named.to].join(" ");
            (of, named.told, named.places.iter().map(|place| place.code.as_str()).collect())
        })
        .collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    named(text).into_iter().flat_map(|(_, _, codes)| codes).collect()
}

#[test]
fn every_spelling_is_of_a_place_that_there_is() {
    for spelling in csv::Reader::from_reader(SPELLINGS.as_bytes()).deserialize() {
        let Spelling { code, name } = spelling.unwrap();
        assert!(gazetteer::find(&code).is_some(), "{code}");
        assert!(codes(&name).contains(&code.as_str()), "{name}");
    }
}

#[test]
fn every_place_is_found_by_its_official_names() {
    for place in gazetteer::all() {
        for name in [&place.name_fr, &place.name_ar] {
            assert!(codes(name).contains(&place.code.as_str()), "{name}: {:?}", codes(name));
        }
    }
}

#[test]
fn a_name_of_two_levels_means_both_unless_told() {
    assert_eq!(codes("Tétouan"), ["01.571", "01.571.01.11"]);
    assert_eq!(codes("tetouan"), codes("تطوان"));
    assert_eq!(codes("Tetuan"), codes("تطوان"));
    for (asked, code) in [
        ("province de Tétouan", "01.571"),
        ("إقليم تطوان", "01.571"),
        ("commune de Tétouan", "01.571.01.11"),
        ("جماعة تطوان", "01.571.01.11"),
        ("city of Fez", "03.231.01.0"),
    ] {
        let found = named(asked);
        assert_eq!((found[0].1, &found[0].2[..]), (true, &[code][..]), "{asked}");
    }
}

#[test]
fn the_longest_name_wins_and_spellings_vary() {
    assert_eq!(codes("budget Tanger-Tétouan-Al Hoceima 2021"), ["01"]);
    for asked in ["Sidi Abdallah Ghiat", "sidi abdellah ghiat", "سيدي عبد الله غيات"] {
        assert_eq!(codes(asked), ["07.041.03.15"], "{asked}");
    }
    assert_eq!(codes("Souk Lakhmis Dadès"), codes("souk lakhmis dades"));
    assert!(codes("Souk Lakhmis Dades").contains(&"08.577.09.25"));
    assert!(codes("budget participatif").is_empty());
}
