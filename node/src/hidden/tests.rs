use super::*;

fn record(number: u32) -> EntryId {
    let mut id = [0; 32];
    id[..4].copy_from_slice(&number.to_be_bytes());
    EntryId(id)
}

#[test]
fn a_record_is_hidden_with_a_reason_until_it_is_shown_again() {
    let mut hidden = Hidden::default();
    assert_eq!(hidden.hide((AuthorId([9; 32]), record(1)), "  ", 5), Err(HideError::Reason { len: 0 }));
    assert_eq!(
        hidden.hide((AuthorId([9; 32]), record(1)), &"x".repeat(501), 5),
        Err(HideError::Reason { len: 501 })
    );
    hidden.hide((AuthorId([9; 32]), record(1)), " An address of a private person ", 5).unwrap();
    let hiding = hidden.of(&record(1)).unwrap();
    assert_eq!((hiding.reason.as_str(), hiding.since), ("An address of a private person", 5));
    assert_eq!(hidden.of(&record(2)), None);
    assert!(hidden.show(&record(1)) && !hidden.show(&record(1)));
    assert!(hidden.is_empty());
}

#[test]
fn the_list_is_bounded_and_reads_what_was_kept() {
    let mut hidden = Hidden::default();
    for number in 0..MAX_HIDDEN as u32 {
        hidden.hide((AuthorId([9; 32]), record(number)), "x", 1).unwrap();
    }
    assert_eq!(hidden.hide((AuthorId([9; 32]), record(u32::MAX)), "x", 1), Err(HideError::Full));
    hidden.hide((AuthorId([9; 32]), record(7)), "another reason", 2).unwrap();
    assert_eq!(hidden.of(&record(7)).unwrap().since, 2);
    let kept: Vec<Hiding> = hidden.iter().cloned().collect();
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(Hidden::new(serde_json::from_str(&text).unwrap()), hidden);
}
