use super::*;

fn found(text: &str) -> Vec<(&str, Vec<&'static str>)> {
    let shown = |mention: Mention| {
        let codes = mention.places.iter().map(|place| place.code.as_str()).collect();
        (&text[mention.range], codes)
    };
    mentions(text).into_iter().map(shown).collect()
}

fn is_commune(code: &str) -> bool {
    gazetteer::find(code).unwrap().subtype != "province" && code.len() > 6
}

#[test]
fn a_place_is_addressed_by_its_code() {
    assert_eq!(found("à @01.573.01.01, merci"), [("@01.573.01.01", vec!["01.573.01.01"])]);
    assert_eq!(found("Voir @MA-01."), [("@MA-01", vec!["01"])]);
    assert_eq!(found("@01.573.01.01.99 @99.999 @"), []);
}

#[test]
fn a_place_is_addressed_by_its_name_in_each_language_and_the_longest_wins() {
    let all = found("Merci @Sidi Bennour, @سيدي بنور و@سطات");
    assert_eq!(all.iter().map(|(text, _)| *text).collect::<Vec<_>>(), ["@Sidi Bennour", "@سيدي بنور"]);
    assert_eq!(all[0].1, all[1].1, "one name in two languages");
    let [(text, region)] = found("Avis de @Tanger-Tétouan-Al Hoceima sur cela").try_into().unwrap();
    assert_eq!((text, region), ("@Tanger-Tétouan-Al Hoceima", vec!["01"]), "not the commune of Tangier");
    let [(text, english)] = found("Dear @Tangier-Tetouan-Al Hoceima").try_into().unwrap();
    assert_eq!((text, english), ("@Tangier-Tetouan-Al Hoceima", vec!["01"]));
}

#[test]
fn a_name_that_places_share_means_all_of_them() {
    let [(text, codes)] = found("@Settat").try_into().unwrap();
    assert_eq!(text, "@Settat");
    assert!(codes.len() >= 2 && codes.iter().any(|code| is_commune(code)), "{codes:?}");
    assert!(codes[0].len() < codes[1].len(), "the highest level first: {codes:?}");
}

#[test]
fn what_only_looks_like_a_mention_is_none() {
    for text in
        ["contact@settat.ma", "a@Settat", "@ Settat", "@\nSettat", "@nowhere at all", "Sidi @\u{202e}", "@@"]
    {
        assert_eq!(found(text), [], "{text}");
    }
    assert_eq!(found("@Sidi. Bennour").len(), found("@Sidi").len(), "a sentence ends a name");
}

#[test]
fn mentions_are_bounded() {
    assert_eq!(found(&"@Settat ".repeat(1_000)).len(), MAX_MENTIONS);
    assert_eq!(found(&format!("@{}", "a".repeat(100_000))), []);
}
