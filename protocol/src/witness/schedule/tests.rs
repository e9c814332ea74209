//! Once a week, spread, within a share of the quota, and only about what is new.

use super::*;
use crate::engine::quota::QUOTA;
use crate::id::EntryId;
use crate::log::Status;

fn author(byte: u8) -> AuthorId {
    AuthorId([byte; 32])
}

fn row(by: u8, seq: u32, status: Status) -> Row {
    Row::new(author(by), Head { seq, id: EntryId([seq as u8; 32]), status })
}

fn ok(by: u8, seq: u32) -> Row {
    row(by, seq, Status::Ok)
}

#[test]
fn a_steward_lists_heads_once_a_week_and_first_within_hours() {
    for byte in [0, 1, 128, 255] {
        let first = next_checkpoint(author(byte), 1_000, None, 200, QUOTA);
        assert!((1_000 + FIRST_AFTER..1_000 + FIRST_AFTER + STEWARDS_SPREAD).contains(&first));
        assert_eq!(next_checkpoint(author(byte), 1_000, Some(first), 200, QUOTA), first + PERIOD);
    }
    assert_ne!(
        next_checkpoint(author(1), 0, None, 200, QUOTA),
        next_checkpoint(author(2), 0, None, 200, QUOTA),
        "not all in one moment"
    );
}

#[test]
fn checkpoints_take_a_small_part_of_the_quota_however_many_heads_there_are() {
    let weekly = next_checkpoint(author(1), 0, Some(0), 120_000, QUOTA);
    assert_eq!(weekly, PERIOD, "the heads of 1,590 members");
    for (len, quota) in [(225_000, QUOTA), (120_000, QUOTA / 8), (1, 1), (u64::MAX, QUOTA)] {
        let apart = next_checkpoint(author(1), 0, Some(0), len, quota);
        let a_year = u128::from(len) * u128::from(YEAR) / u128::from(apart);
        assert!(a_year <= u128::from(quota / SHARE).max(1) + 1 || apart == u64::MAX / (quota / SHARE).max(1));
    }
}

#[test]
fn members_answer_over_a_day_and_at_most_once_a_week() {
    let answers: Vec<Millis> = (0..=255).map(|byte| next_witness(author(byte), 5_000, None)).collect();
    let (first, last) = (answers.iter().min().copied(), answers.iter().max().copied());
    assert!(first >= Some(5_000) && last < Some(5_000 + MEMBERS_SPREAD));
    for hour in 0..24 {
        let within = |at: &&Millis| (**at - 5_000) / (MEMBERS_SPREAD / 24) == hour;
        assert!(answers.iter().filter(within).count() < 40, "spread over hour {hour}");
    }
    assert_eq!(next_witness(author(9), 5_000, Some(4_000)), 4_000 + PERIOD);
    assert_eq!(
        next_witness(author(0), 5_000 + PERIOD, Some(4_000)),
        5_000 + PERIOD,
        "the answer, not earlier"
    );
}

#[test]
fn only_what_is_no_statement_about_statements_is_new() {
    let before = [ok(1, 4), ok(2, 7)];
    let never = |_, _, _| -> bool { panic!("nothing moved on") };
    assert!(!has_news(&before, &before, never));
    assert!(has_news(&before, &[ok(1, 4)], never), "an author went");
    assert!(has_news(&before, &[ok(1, 4), ok(3, 7)], never), "another came");
    assert!(has_news(&before, &[ok(1, 4), ok(2, 6)], never), "a head moved back");
    assert!(has_news(&before, &[ok(1, 4), row(2, 7, Status::Forked)], never), "a log is forked");
    let after = [ok(1, 5), ok(2, 9)];
    let mut asked = Vec::new();
    let noted = has_news(&before, &after, |by, old, new| {
        asked.push((by, old.seq, new.seq));
        by == author(2)
    });
    assert!(noted);
    assert_eq!(asked, [(author(1), 4, 5), (author(2), 7, 9)]);
    assert!(!has_news(&before, &after, |_, _, _| false), "checkpoints and confirmations alone");
}

#[test]
fn a_member_confirms_what_it_holds_and_waits_before_it_leaves_something_out() {
    let (net, made) = (NetworkId([9; 32]), 10_000);
    let checkpoint = Ref { author: author(1), seq: 3, id: EntryId([3; 32]) };
    let heads = [ok(1, 4), ok(2, 7), ok(3, 1)];
    let says = |now, holds: fn(AuthorId, Head) -> bool| confirm((net, checkpoint, made), &heads, now, holds);
    assert_eq!(says(made, |_, _| true), Some(Witness { net, except: vec![], checkpoint }));
    let but_one = |by: AuthorId, _: Head| by != author(2);
    assert_eq!(says(made + PATIENCE - 1, but_one), None, "it may still come");
    let partly = Some(Witness { net, except: vec![author(2)], checkpoint });
    assert_eq!(says(made + PATIENCE, but_one), partly);
    assert_eq!(says(made + PATIENCE, |by, _| by == author(1)), None, "most of it is not here");
}

#[test]
fn a_list_longer_than_a_body_holds_is_cut() {
    let heads: Vec<Row> = (0..=MAX_HEADS as u32)
        .map(|number| {
            let mut author = AuthorId([0; 32]);
            author.0[..4].copy_from_slice(&number.to_be_bytes());
            Row::new(author, Head { seq: u32::MAX, id: EntryId([1; 32]), status: Status::Contested })
        })
        .collect();
    let listed = list(NetworkId([1; 32]), BodyHash([2; 32]), heads);
    let body = crate::entry::encode_body([0; 16], &crate::network::Body::to_map(&listed));
    assert_eq!(listed.heads.len(), MAX_HEADS);
    assert!(body.len() <= crate::codec::MAX_BODY, "{} bytes", body.len());
    assert_eq!(<Checkpoint as crate::network::Body>::read(&body), Some(listed));
}
