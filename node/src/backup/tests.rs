use std::io::Cursor;

use super::*;
use crate::api::tests::Desk;
use crate::driver::{Draft, PublishError};
use crate::{Config, Node};

async fn taken(desk: &Desk) -> Vec<u8> {
    desk.bytes("/backup").await
}

async fn root(node: &Node) -> [u8; 32] {
    node.with(|engine| engine.heads().clone().root().0).await.unwrap()
}

async fn open(dir: &Path) -> Node {
    Node::open(Config::alone(dir.to_owned())).await.unwrap()
}

#[tokio::test]
async fn a_running_node_s_backup_is_restored_to_the_same_state_and_signs_nothing_yet() {
    let desk = Desk::founder().await;
    desk.publish("Budget", "transparency").await;
    let backup = taken(&desk).await;
    let state = root(&desk.node).await;
    let later = desk.publish("Plus tard", "transparency").await;
    assert_ne!(root(&desk.node).await, state);

    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("restored");
    let checked = restore(Cursor::new(&backup), &dir).unwrap();
    assert_eq!(checked, verify(Cursor::new(&backup)).unwrap());
    assert_eq!(checked.manifest.author, desk.author);
    assert!(!dir.join(GUARD_FILE).exists() && !dir.join("index").exists());
    let node = open(&dir).await;
    assert_eq!(root(&node).await, state);
    assert!(node.store().place_of(desk.author, &later).unwrap().is_none());
    // What it does not hold may have been signed since: no second entry comes at that place.
    let draft = Draft { kind: "practice".into(), body: Default::default(), salt: None };
    let refused = node.publish(vec![draft]).await;
    assert!(matches!(refused, Err(PublishError::Quarantine(_))), "{refused:?}");
    node.shutdown().await;
}

#[tokio::test]
async fn a_backup_that_is_altered_or_cut_off_is_refused_and_leaves_nothing() {
    let desk = Desk::founder().await;
    let backup = taken(&desk).await;
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("restored");
    let is_refused = |bytes: &[u8]| {
        assert!(verify(Cursor::new(bytes)).is_err());
        assert!(restore(Cursor::new(bytes), &dir).is_err());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left");
    };
    for at in (0..backup.len() - 2_048).step_by(997) {
        is_refused(&backup[..at]);
    }
    let mut flipped = 0;
    for at in (512..backup.len()).step_by(331) {
        let mut altered = backup.clone();
        altered[at] ^= 1;
        // What fills a block up belongs to no file.
        if verify(Cursor::new(&altered)).is_err() {
            is_refused(&altered);
            flipped += 1;
        } else {
            assert!(backup[at] == 0, "a byte of a file was altered");
        }
    }
    assert!(flipped > 10);
}

#[tokio::test]
async fn a_folder_with_something_in_it_and_a_later_version_are_left_alone() {
    let desk = Desk::founder().await;
    let backup = taken(&desk).await;
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mine"), "").unwrap();
    assert!(matches!(restore(Cursor::new(&backup), home.path()), Err(BackupError::NotEmpty(_))));
    let later = Manifest { data: VERSION + 1, ..verify(Cursor::new(&backup)).unwrap().manifest };
    let mut bytes = Vec::new();
    Contents { manifest: later, parts: Vec::new() }.write(&mut bytes).unwrap();
    assert!(matches!(verify(Cursor::new(&bytes)), Err(BackupError::Version { .. })));
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    let manifest = Manifest::new(1, AuthorId([1; 32]), None);
    let mut archive = tar::Builder::new(Vec::new());
    let text = serde_json::to_vec(&manifest).unwrap();
    append(&mut archive, MANIFEST, text.len() as u64, &text[..]).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    header.as_old_mut().name[..9].copy_from_slice(b"../escape");
    header.set_cksum();
    archive.append(&header, &b"x"[..]).unwrap();
    let bytes = archive.into_inner().unwrap();
    assert!(matches!(verify(Cursor::new(&bytes)), Err(BackupError::NotWhole(_))));
}

#[tokio::test]
async fn it_can_be_checked_and_unpacked_by_tar_and_sha256sum() {
    let desk = Desk::founder().await;
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("backup.tar"), taken(&desk).await).unwrap();
    let run = |program: &str, args: &[&str]| {
        std::process::Command::new(program).args(args).current_dir(home.path()).output().unwrap()
    };
    assert!(run("tar", &["xf", "backup.tar"]).status.success());
    let checked = run("sha256sum", &["--check", "--strict", SUMS]);
    assert!(checked.status.success(), "{checked:?}");
}

#[tokio::test]
async fn no_listener_gives_a_backup() {
    let desk = Desk::founder().await;
    let backup = desk.bytes("/backup").await;
    let key = fs::read(desk.node.dir().join(crate::keys::LOG_KEY_FILE)).unwrap();
    assert!(backup.windows(key.len()).any(|window| window == key), "it holds the key");
    let office = crate::api::Api::new(desk.node.clone()).desk(([127, 0, 0, 1], 8470).into());
    for router in [desk.public.clone(), office] {
        let request = axum::http::Request::get("/api/v1/backup").header("host", "127.0.0.1:8470");
        let request = request.body(axum::body::Body::empty()).unwrap();
        let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
        assert_eq!(answer.status(), axum::http::StatusCode::NOT_FOUND);
    }
}
