use super::*;

#[test]
fn a_place_is_found_by_the_beginning_of_its_name_in_either_script() {
    for typed in ["Settat", "settat", "SETT", "سطات", "06.461.01.15"] {
        let found = search(typed, 12);
        assert!(found.iter().any(|place| place.code == "06.461.01.15"), "{typed}");
    }
    // Accents, the article and the forms of alef do not matter; larger places come first.
    assert_eq!(search("tetouan", 12)[0].name_fr, "Tétouan");
    for typed in ["الرباط", "رباط", "أكادير", "اكادير"] {
        assert!(!search(typed, 12).is_empty(), "{typed}");
    }
    assert!(search("jadid", 12).iter().any(|place| place.name_fr.contains("El Jadida")));
    assert!(search("", 12).is_empty() && search("   ", 12).is_empty() && search("zzzz", 12).is_empty());
    assert_eq!(search("a", 12).len(), 12);
}
