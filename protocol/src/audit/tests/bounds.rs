//! What an audit keeps of a file, and how it reads one.

use super::fixture::{Author, bundle, bundle_about, text};
use super::{NET, codes};
use crate::audit::{Auditor, Verdict};
use crate::bundle::{Ending, Item, Scope};
use crate::id::{Bytes32, sha256};

#[test]
fn what_does_not_fit_is_left_undecided_and_blames_nobody() {
    let mut author = Author::new(1);
    for i in 0..1_000 {
        author.write("practice", &text("title", &i.to_string()));
    }
    let bytes = bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), author.items());
    let audit_within = |bytes: &[u8], room: usize| {
        let mut auditor = Auditor::new(1);
        auditor.intake.room = room;
        auditor.push(bytes);
        let last = auditor.reader.clone().finish();
        assert_eq!(last, Ok(Ending::Closed), "the file is read to its end");
        auditor.finish()
    };
    let report = audit_within(&bytes, 100_000);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Undecided, vec!["too-large"]));
    let at = usize::try_from(report.findings[0].at.unwrap()).unwrap();
    assert!(at > bytes.len() / 2 && at < bytes.len());
    assert!((500..1_000).contains(&report.entries.canonical), "{:?}", report.entries);
    // Bodies first: most of them lack the entry that did not fit.
    let mut items = author.items();
    items.sort_by_key(|item| matches!(item, Item::Envelope(_)));
    let bytes = bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), items.clone());
    assert_eq!(audit_within(&bytes, 100_000).verdict, Verdict::Undecided);
    assert_eq!(audit_within(&bytes, 200_000).verdict, Verdict::Verified);
    // Entries that wait for their parents take more, and give it back.
    items.reverse();
    let bytes = bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), items);
    assert_eq!(codes(&audit_within(&bytes, 200_000))[0], "too-large");
    let report = audit_within(&bytes, 10_000_000);
    assert_eq!((report.verdict, report.judged.intake.kept < 200_000), (Verdict::Verified, true));
}

#[test]
fn a_file_is_known_by_the_hash_of_all_its_bytes() {
    let mut author = Author::new(1);
    author.write("practice", &text("title", "One"));
    let whole = bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), author.items());
    let cut = whole[..whole.len() - 50].to_vec();
    let more = [&*whole, b"more"].concat();
    let mut damaged = whole.clone();
    damaged[200] = 0xff;
    let journal = bundle(NET, Scope::Journal, author.items());
    let torn = [&journal[..journal.len() - 60], &[0xff; 100]].concat();
    for bytes in [whole, cut, more, damaged, torn, vec![0xff; 300], Vec::new()] {
        for piece in [1, 100, 1 << 20] {
            let mut auditor = Auditor::new(1);
            bytes.chunks(piece).for_each(|piece| auditor.push(piece));
            assert_eq!(auditor.sha256(), Bytes32(sha256(&bytes)), "{} bytes by {piece}", bytes.len());
        }
    }
}
