use std::collections::BTreeMap;

use multaqa_protocol::record::Place;

use super::*;

#[test]
fn every_collectivity_is_there_once_and_its_code_tells_its_level() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for territory in all() {
        *counts.entry(territory.level.as_str()).or_default() += 1;
        assert_eq!(Place::from(territory.code.as_str()).level(), Some(territory.level.as_str()));
        assert_eq!(find(&territory.code), Some(territory));
        assert!(!territory.name_fr.is_empty() && !territory.name_ar.is_empty());
        if let Some(iso) = &territory.iso {
            assert_eq!(Place::from(iso.as_str()).level(), Some(territory.level.as_str()));
            assert_eq!(find(iso), Some(territory));
        }
    }
    assert_eq!(counts, BTreeMap::from([("region", 12), ("province", 75), ("commune", 1_503)]));
    // Regions, provinces and prefectures have two codes each, and no two share one.
    assert_eq!(GAZETTEER.by_code.len(), 1_590 + 87);
}

#[test]
fn parents_lead_to_the_region() {
    for territory in all() {
        let mut top = territory;
        while let Some(parent) = top.parent() {
            top = parent;
        }
        assert_eq!((top.level.as_str(), &top.code), ("region", &territory.region), "{}", territory.code);
    }
}

#[test]
fn tetouan_the_commune_is_not_tetouan_the_province() {
    let commune = find("01.571.01.11").unwrap();
    let province = find("MA-TET").unwrap();
    assert_eq!(commune.names(), province.names());
    assert_eq!(commune.names().get("ar"), Some("تطوان"));
    assert_eq!((commune.level.as_str(), province.level.as_str()), ("commune", "province"));
    assert_eq!(commune.parent(), Some(province));
    assert_eq!(find("Tétouan"), None);
}
