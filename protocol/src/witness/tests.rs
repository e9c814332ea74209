//! What confirmations add up to (A3), and the bounds of the bodies.

use super::*;
use crate::entry;
use crate::id::Seq;
use crate::log::{Head, Status};

fn author(byte: u8) -> AuthorId {
    AuthorId([byte; 32])
}

const fn entry_id(byte: u8) -> EntryId {
    EntryId([byte; 32])
}

fn shown(time: Millis, checkpoint: u8) -> Shown {
    Shown { time, checkpoint: entry_id(checkpoint), by: author(1) }
}

fn confirms(by: u8, time: Millis, checkpoint: u8) -> Confirmation {
    let witness = EntryId([by ^ checkpoint; 32]);
    Confirmation { time, by: author(by), witness, checkpoint: entry_id(checkpoint) }
}

#[test]
fn a_member_counts_once_by_its_earliest_confirmation() {
    let confirmations = [confirms(7, 50, 2), confirms(7, 30, 1), confirms(8, 40, 2), confirms(9, 10, 3)];
    let dates = Dates::new([shown(20, 1), shown(25, 2)], confirmations, []);
    let found: Vec<_> = dates.witnesses.iter().map(|found| (found.by, found.time)).collect();
    assert_eq!(found, [(author(7), 30), (author(8), 40)], "the third checkpoint does not show the entry");
    assert_eq!([29, 30, 39, 40].map(|until| dates.witnessed_before(until)), [0, 1, 1, 2]);
    assert_eq!(dates.not_before, None);
}

#[test]
fn an_entry_existed_before_all_who_confirmed_the_first_checkpoint_had_done_so() {
    let confirmations = [confirms(7, 50, 2), confirms(8, 40, 2), confirms(9, 45, 3), confirms(10, 90, 3)];
    let checkpoints = [shown(20, 1), shown(25, 2), shown(26, 3)];
    let dates = Dates::new(checkpoints, confirmations, []);
    assert_eq!(dates.existed_before(), Some((50, 3)), "nobody confirmed the first checkpoint");
    assert_eq!(Dates::new(checkpoints, [], []).existed_before(), None);
}

#[test]
fn an_entry_is_not_older_than_the_latest_checkpoint_that_its_author_confirmed_before() {
    let dates = Dates::new([], [], [shown(20, 1), shown(60, 2), shown(40, 3)]);
    assert_eq!(dates.not_before, Some(shown(60, 2)));
    assert_eq!(dates.witnessed_before(Millis::MAX), 0);
}

#[test]
fn what_was_said_does_not_depend_on_the_order_of_hearing() {
    let (one, two) = (confirms(7, 30, 1), confirms(7, 30, 2));
    let checkpoints = [shown(20, 1), shown(25, 2)];
    let forward = Dates::new(checkpoints, [one, two], []);
    let backward = Dates::new(checkpoints.into_iter().rev(), [two, one], []);
    assert_eq!(forward, backward);
}

fn row(byte: u8, seq: Seq) -> Row {
    Row::new(author(byte), Head { seq, id: entry_id(byte), status: Status::Ok })
}

fn checkpoint(heads: Vec<Row>) -> Checkpoint {
    Checkpoint { net: NetworkId([5; 32]), heads, charter: BodyHash([6; 32]) }
}

#[test]
fn a_checkpoint_reads_back_and_its_rows_are_in_order_of_author() {
    let bytes = |body: &Checkpoint| entry::encode_body([0; entry::SALT_LEN], &body.to_map());
    let whole = checkpoint(vec![row(1, 3), row(2, 0)]);
    assert_eq!(Checkpoint::read(&bytes(&whole)), Some(whole));
    for wrong in [vec![row(2, 0), row(1, 3)], vec![row(1, 3), row(1, 4)]] {
        assert_eq!(Checkpoint::read(&bytes(&checkpoint(wrong))), None);
    }
}

#[test]
fn a_full_checkpoint_fits_a_body() {
    let heads = (0..MAX_HEADS).map(|index| {
        let mut id = [0; 32];
        id[..2].copy_from_slice(&u16::try_from(index).unwrap().to_be_bytes());
        Row::new(AuthorId(id), Head { seq: Seq::MAX, id: entry_id(9), status: Status::Forked })
    });
    let bytes = entry::encode_body([0; entry::SALT_LEN], &checkpoint(heads.collect()).to_map());
    assert!(bytes.len() <= crate::codec::MAX_BODY, "{} bytes", bytes.len());
}
