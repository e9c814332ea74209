//! The change of the signing key on one folder: what it does, what it refuses, and what a stop at any
//! moment leaves.

use std::fs;

use multaqa_node::driver::rotation::{Reason, RotateError, RotationRequest};
use multaqa_node::driver::{PublishError, Quarantine};
use multaqa_node::keys::guard::GUARD_FILE;
use multaqa_node::keys::rotation::{NotAKey, RotationKey};
use multaqa_node::keys::{LOG_KEY_FILE, LogKey, NEXT_KEY_FILE};
use multaqa_protocol::log::Status;

use super::{copy, found, head, make, offline, practice, rotate};

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_disowns_what_follows_the_entry_stood_by_and_the_owner_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let (author, key) = make(&home, "A");
    let node = offline(&home).await;
    found(&node, &[]).await;
    let mine = node.publish(vec![practice("Le mien")]).await.unwrap()[0];
    let stolen = node.publish(vec![practice("Vol 1"), practice("Vol 2")]).await.unwrap();
    let before = LogKey::load(&home).unwrap().public();

    let request = RotationRequest {
        reveal: key.public(),
        reason: Reason::Theft,
        from: Some(mine),
        note: [("fr".to_owned(), "Clé volée".to_owned())].into(),
        contest: false,
    };
    let plan = node.begin_rotation(request).await.unwrap();
    assert_eq!((plan.position.prev, plan.disowned), (mine, 2));
    let body = multaqa_protocol::entry::decode_body(&plan.body).unwrap();
    let disowns: Vec<multaqa_protocol::network::Ref> = body.get("disowns").unwrap().to().unwrap();
    assert_eq!(disowns.iter().map(|named| named.id).collect::<Vec<_>>(), stolen);
    assert_eq!(LogKey::load(&home).unwrap().public(), before, "nothing has changed yet");

    let next = RotationKey::draw().unwrap();
    let entry = key.rotate(plan.position, &plan.sign, next.next(), &plan.body);
    let rotated = node.rotate(entry.envelope().to_vec(), plan.body.clone()).await.unwrap();
    assert_eq!((rotated.id, rotated.status), (entry.id(), Status::Ok));
    assert_eq!(head(&node, author).await.unwrap().1, rotated.id);
    assert_eq!(LogKey::load(&home).unwrap().public(), plan.sign);
    assert!(!home.join(NEXT_KEY_FILE).exists());
    let after = node.publish(vec![practice("Suite")]).await.unwrap()[0];
    assert_eq!(head(&node, author).await.unwrap().1, after);

    // The same again, with the next key, after a start, and with nothing to disown.
    node.shutdown().await;
    let node = offline(&home).await;
    assert_eq!(node.health().await.unwrap().quarantine, None);
    let (again, _) = rotate(&node, &next, Reason::Scheduled, None).await.unwrap();
    assert_eq!(head(&node, author).await.unwrap().1, again.id);
    node.publish(vec![practice("Encore")]).await.unwrap();
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_does_not_fit_says_so_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let (author, key) = make(&home, "A");
    let node = offline(&home).await;
    found(&node, &[]).await;
    let early = node.publish(vec![practice("Avant")]).await.unwrap()[0];
    let before = head(&node, author).await;

    let other = RotationKey::draw().unwrap();
    let refused = rotate(&node, &other, Reason::Scheduled, None).await.unwrap_err();
    assert!(matches!(refused, RotateError::OtherKey), "{refused}");
    let refused = rotate(&node, &key, Reason::Theft, Some(author.inception())).await;
    assert!(refused.is_ok(), "the inception can be stood by");
    let (first, next) = refused.unwrap();

    // The key is used up, and the new one does not reach behind the rotation.
    let refused = rotate(&node, &key, Reason::Theft, None).await.unwrap_err();
    assert!(matches!(refused, RotateError::UsedKey { rotation } if rotation == first.id), "{refused}");
    let refused = rotate(&node, &next, Reason::Theft, Some(early)).await.unwrap_err();
    assert!(matches!(refused, RotateError::BeforeRotation { from } if from == early), "{refused}");
    let unknown = multaqa_protocol::id::EntryId([7; 32]);
    let refused = rotate(&node, &next, Reason::Theft, Some(unknown)).await.unwrap_err();
    assert!(matches!(refused, RotateError::NotHeld { .. }), "{refused}");
    assert_eq!(head(&node, author).await.unwrap().1, first.id);
    assert_ne!(before, head(&node, author).await);

    // Only what was prepared last is taken.
    let request = || RotationRequest {
        reveal: next.public(),
        reason: Reason::Handover,
        from: None,
        note: [].into(),
        contest: false,
    };
    let (old, new) =
        (node.begin_rotation(request()).await.unwrap(), node.begin_rotation(request()).await.unwrap());
    let announced = RotationKey::draw().unwrap().next();
    let entry = next.rotate(old.position, &old.sign, announced, &old.body);
    let refused = node.rotate(entry.envelope().to_vec(), old.body).await.unwrap_err();
    assert!(matches!(refused, RotateError::NotPrepared), "{refused}");
    // V5: signed with a key that the log did not announce.
    let entry = other.rotate(new.position, &new.sign, announced, &new.body);
    let refused = node.rotate(entry.envelope().to_vec(), new.body).await.unwrap_err();
    assert!(matches!(refused, RotateError::Publish(PublishError::Refused { rule: "V5" })), "{refused}");
    assert_eq!(head(&node, author).await.unwrap().1, first.id);
    node.publish(vec![practice("Avec la clé en vigueur")]).await.unwrap();
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_at_any_moment_leaves_the_key_that_fits_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let home = path("home");
    let (author, key) = make(&home, "A");
    let node = offline(&home).await;
    found(&node, &[]).await;
    let request = RotationRequest {
        reveal: key.public(),
        reason: Reason::Scheduled,
        from: None,
        note: [].into(),
        contest: false,
    };
    let plan = node.begin_rotation(request).await.unwrap();
    let lock = ["lock"];
    // What a kill leaves: the files as they are at that moment.
    copy(&home, &path("prepared"), &lock);
    let next = RotationKey::draw().unwrap();
    let entry = key.rotate(plan.position, &plan.sign, next.next(), &plan.body);
    node.rotate(entry.envelope().to_vec(), plan.body).await.unwrap();
    node.shutdown().await;

    // The rotation on disk, and of what follows it nothing, the guard alone, or all.
    let mixed = |name: &str, guard: &str, keys: &str| {
        let made = path(name);
        copy(&home, &made, &["lock", GUARD_FILE, LOG_KEY_FILE, NEXT_KEY_FILE]);
        fs::copy(path(guard).join(GUARD_FILE), made.join(GUARD_FILE)).unwrap();
        for file in [LOG_KEY_FILE, NEXT_KEY_FILE] {
            let _ = fs::copy(path(keys).join(file), made.join(file));
        }
    };
    mixed("published", "prepared", "prepared");
    mixed("guarded", "home", "prepared");
    mixed("done", "home", "home");
    for (state, rotated) in [("prepared", false), ("published", true), ("guarded", true), ("done", true)] {
        for index in [true, false] {
            let folder = path(&format!("{state}-{index}"));
            copy(&path(state), &folder, if index { &[] } else { &["index"] });
            let node = offline(&folder).await;
            assert_eq!(node.health().await.unwrap().quarantine, None, "{state}");
            let signed = node.publish(vec![practice("Suite")]).await.unwrap()[0];
            let (_, last, status) = head(&node, author).await.unwrap();
            assert_eq!((last, status), (signed, Status::Ok), "{state}");
            let used = LogKey::load(&folder).unwrap().public();
            assert_eq!(used == plan.sign, rotated, "{state}");
            // There is a way on from each: the rotation again, or the next one.
            let key = if rotated { &next } else { &key };
            rotate(&node, key, Reason::Scheduled, None).await.unwrap();
            node.publish(vec![practice("Et encore")]).await.unwrap();
            node.shutdown().await;
        }
    }

    // Without a guard file nobody knows whether the new key has signed elsewhere: a restored backup.
    copy(&path("published"), &path("restored"), &[GUARD_FILE]);
    let node = offline(&path("restored")).await;
    assert_eq!(node.health().await.unwrap().quarantine, Some(Quarantine::GuardMissing));
    // Nor does a folder from before the rotation sign once it knows of it.
    copy(&path("home"), &path("old-key"), &[LOG_KEY_FILE, "lock"]);
    fs::copy(path("prepared").join(LOG_KEY_FILE), path("old-key").join(LOG_KEY_FILE)).unwrap();
    node.shutdown().await;
    let node = offline(&path("old-key")).await;
    let refused = node.publish(vec![practice("Avec l'ancienne clé")]).await.unwrap_err();
    assert_eq!(refused, PublishError::Quarantine(Quarantine::OtherKey));
    assert_eq!(node.resume().await, Err(PublishError::Quarantine(Quarantine::OtherKey)));
    // Nobody was asked what else there is: the owner has to say by what it stands.
    let refused = rotate(&node, &next, Reason::Restore, None).await.unwrap_err();
    assert!(matches!(refused, RotateError::Blind { asked: 0, needed: 1 }), "{refused}");
    let newest = head(&node, author).await.unwrap().1;
    rotate(&node, &next, Reason::Restore, Some(newest)).await.unwrap();
    node.publish(vec![practice("Avec une clé à soi")]).await.unwrap();
    node.shutdown().await;
}

#[test]
fn a_rotation_key_is_read_as_it_was_shown_and_never_printed() {
    let key = RotationKey::draw().unwrap();
    let text = key.text();
    let spaced: String = text
        .chars()
        .collect::<Vec<_>>()
        .chunks(8)
        .map(|part| part.iter().collect::<String>() + " \n")
        .collect();
    for text in [text.as_str(), &text.to_uppercase(), &spaced] {
        assert_eq!(RotationKey::read(text).unwrap().public(), key.public());
    }
    for text in ["", "abc", &"g".repeat(64), &"a".repeat(63), &"a".repeat(65), &"é".repeat(64)] {
        assert_eq!(RotationKey::read(text).unwrap_err(), NotAKey);
    }
    assert!(!format!("{key:?}").contains(&text[..8]));
}
