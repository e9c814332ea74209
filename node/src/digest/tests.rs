use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;
use crate::config::{ConfigError, File};

const COMPLETE: &str =
    "to = [\"a@example.ma\"]\nfrom = \"b@example.ma\"\nsmtp = \"smtps://me@mail.example.ma\"\n";

fn read(text: &str) -> Result<Settings, String> {
    match File::read(Path::new("config.toml"), &format!("[digest]\n{text}")) {
        Ok(file) => Ok(file.given.digest.unwrap()),
        Err(ConfigError::Content { reason, .. }) => Err(reason),
        Err(other) => Err(other.to_string()),
    }
}

#[test]
fn the_last_moment_at_which_one_was_due_is_never_ahead() {
    let at = |text: &str| text.parse::<DateTime>().unwrap();
    // 7 December 2026 is a Monday.
    for (every, now, due) in [
        (Every::Day, "2026-12-09T08:00:00", "2026-12-09T08:00:00"),
        (Every::Day, "2026-12-09T07:59:59", "2026-12-08T08:00:00"),
        (Every::Day, "2027-01-01T00:00:00", "2026-12-31T08:00:00"),
        (Every::Week, "2026-12-07T08:00:00", "2026-12-07T08:00:00"),
        (Every::Week, "2026-12-07T07:59:59", "2026-11-30T08:00:00"),
        (Every::Week, "2026-12-13T23:00:00", "2026-12-07T08:00:00"),
        (Every::Week, "2026-12-14T09:00:00", "2026-12-14T08:00:00"),
    ] {
        assert_eq!(every.last_due(at(now), 8), at(due), "{every:?} at {now}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused_and_quote_no_password() {
    assert_eq!(read("").unwrap(), Settings::default());
    let whole = read(COMPLETE).unwrap();
    assert_eq!((whole.to.len(), whole.every, whole.hour), (1, Every::Week, 8));
    for (text, part) in [
        ("to = [\"a@example.ma\"]", "`from` and `smtp`"),
        ("to = [\"nobody\"]", ""),
        ("smtp = \"smtps://me:hunter2@mail.example.ma\"", "smtp-password-file"),
        ("smtp = \"https://mail.example.ma\"", "smtps://"),
        ("hour = 24", "0 to 23"),
        ("every = \"hour\"", "unknown variant"),
        ("recipients = []", "not known"),
    ] {
        let refused = read(text).unwrap_err();
        assert!(refused.contains(part) && !refused.contains("hunter2"), "{text}: {refused}");
    }
}

#[test]
fn a_password_that_others_may_read_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("password");
    fs::write(&path, "hunter2\n").unwrap();
    let settings = read(&format!("{COMPLETE}smtp-password-file = \"{}\"\n", path.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(Post::new(&settings), Err(PostError::Open { .. })));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(Post::new(&settings).is_ok());
    fs::remove_file(&path).unwrap();
    assert!(matches!(Post::new(&settings), Err(PostError::Password { .. })));
    assert!(matches!(Post::new(&Settings::default()), Err(PostError::Nobody)));
}
