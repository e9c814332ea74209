use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::*;

fn by(id: u32) -> Stamp {
    Stamp { account: AccountId(id), name: format!("account {id}"), at: 7 }
}

fn draft() -> Draft {
    Draft::new("practice", Tree::new(), vec!["ar".into()], by(1))
}

fn drafts() -> (tempfile::TempDir, Drafts) {
    let dir = tempfile::tempdir().unwrap();
    let drafts = Drafts::new(dir.path());
    (dir, drafts)
}

fn write(text: &'static str) -> impl FnOnce(&mut Draft) {
    move |draft| drop(draft.fields.insert("title".into(), json!({ "fr": text })))
}

#[test]
fn a_draft_is_a_file_for_the_node_s_user_alone() {
    let (dir, drafts) = drafts();
    let draft = draft();
    drafts.add(&draft).unwrap();
    assert_eq!(drafts.read(&draft.id).unwrap(), draft);
    assert_eq!(Drafts::new(dir.path()).all().unwrap(), std::slice::from_ref(&draft), "after a start");
    let folder = dir.path().join("drafts");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(format!("{}.json", draft.id))), 0o600);
}

#[test]
fn the_second_who_saves_is_told_and_nothing_is_written_over() {
    let (_dir, drafts) = drafts();
    let id = draft().id;
    let begun = Draft { id: id.clone(), ..draft() };
    drafts.add(&begun).unwrap();
    let first = drafts.change(&id, 1, by(1), write("un")).unwrap();
    assert_eq!((first.version, first.changed), (2, by(1)));
    let refused = drafts.change(&id, 1, by(2), write("deux")).unwrap_err();
    assert!(matches!(refused, DraftError::Stale { current } if current.changed == by(1)));
    assert_eq!(drafts.read(&id).unwrap().fields["title"], json!({ "fr": "un" }));
    let same = drafts.change(&id, 2, by(2), write("un")).unwrap();
    assert_eq!((same.version, same.changed), (2, by(1)), "who changes nothing is not who changed it last");
    assert!(matches!(drafts.discard(&id, 1), Err(DraftError::Stale { .. })));
    drafts.discard(&id, 2).unwrap();
    assert!(matches!(drafts.read(&id), Err(DraftError::Absent { .. })));
}

#[test]
fn who_changes_a_draft_that_waits_makes_it_be_asked_for_again() {
    let (_dir, drafts) = drafts();
    let begun = draft();
    drafts.add(&begun).unwrap();
    let asked =
        drafts.change(&begun.id, 1, by(2), |draft| draft.state = State::Waiting { asked: by(2) }).unwrap();
    assert_eq!((asked.version, asked.changed.account), (2, AccountId(1)), "asking is no writing");
    for (account, is_another) in [(1, false), (2, false), (3, true)] {
        assert_eq!(asked.is_seen_by_another(AccountId(account)), is_another, "{account}");
    }
    let written = drafts.change(&begun.id, 2, by(3), write("x")).unwrap();
    assert_eq!((written.state, written.changed.account), (State::Writing, AccountId(3)));
}

#[test]
fn what_is_signed_or_about_to_be_is_not_changed() {
    let (_dir, drafts) = drafts();
    let begun = draft();
    drafts.add(&begun).unwrap();
    let signing = State::Signing { asked: None, signed: by(1), body: BodyHash([1; 32]), after: 3 };
    let draft = drafts.set_state(&begun.id, signing.clone()).unwrap();
    assert_eq!((&draft.state, draft.version), (&signing, 2));
    assert!(matches!(drafts.change(&begun.id, 2, by(1), write("x")), Err(DraftError::Closed { .. })));
    assert!(matches!(drafts.discard(&begun.id, 2), Err(DraftError::Closed { .. })));
    let published = State::Published { entry: EntryId([2; 32]), asked: None, signed: by(1) };
    let draft = drafts.set_state(&begun.id, published).unwrap();
    assert_eq!(draft.entry(), Some(EntryId([2; 32])));
}

#[test]
fn a_draft_and_all_of_them_have_bounds() {
    let (dir, drafts) = drafts();
    std::fs::create_dir(dir.path().join("drafts")).unwrap();
    let mut long = draft();
    long.fields.insert("title".into(), json!("x".repeat(folder::MAX_DRAFT)));
    assert!(matches!(drafts.add(&long), Err(DraftError::TooLong)));
    for _ in 0..folder::MAX_DRAFTS {
        let draft = draft();
        let path = dir.path().join("drafts").join(format!("{}.json", draft.id));
        std::fs::write(path, serde_json::to_vec(&draft).unwrap()).unwrap();
    }
    assert!(matches!(drafts.add(&draft()), Err(DraftError::Full)));
}

#[test]
fn a_file_that_is_no_draft_hides_no_other() {
    let (dir, drafts) = drafts();
    let draft = draft();
    drafts.add(&draft).unwrap();
    for (name, text) in
        [("0123456789abcdef.json", "{"), ("x.json", "{}"), ("fedcba9876543210.json", "{\"schema\":1}")]
    {
        std::fs::write(dir.path().join("drafts").join(name), text).unwrap();
    }
    assert_eq!(drafts.all().unwrap(), [draft]);
    assert!("0123456789ABCDEF".parse::<DraftId>().is_err() && "../../etc".parse::<DraftId>().is_err());
}

#[test]
fn the_hash_that_is_shown_is_the_one_that_is_signed() {
    let draft = draft();
    let body = multaqa_protocol::codec::Map::default();
    assert_eq!(body_hash(&draft.to_sign(body.clone())), body_hash(&draft.to_sign(body.clone())));
    assert_ne!(
        body_hash(&draft.to_sign(body.clone())),
        body_hash(&Draft::new("practice", Tree::new(), Vec::new(), by(1)).to_sign(body))
    );
}

#[test]
fn the_draft_of_a_record_whose_content_was_erased_is_removed_and_no_other() {
    let (dir, drafts) = drafts();
    let entries = [3, 4].map(|byte| EntryId([byte; 32]));
    let open = draft();
    drafts.add(&open).unwrap();
    for entry in entries {
        let draft = draft();
        drafts.add(&draft).unwrap();
        drafts.set_state(&draft.id, State::Published { entry, asked: None, signed: by(1) }).unwrap();
    }
    assert_eq!(drafts.forget(&[entries[0]].into()).unwrap(), 1);
    let kept: Vec<_> = drafts.all().unwrap().iter().map(Draft::entry).collect();
    assert!(kept.contains(&None) && kept.contains(&Some(entries[1])) && kept.len() == 2);
    assert_eq!(std::fs::read_dir(dir.path().join("drafts")).unwrap().count(), 2);
}
