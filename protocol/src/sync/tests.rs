//! The frames on the wire, their bounds, and the hashes over heads (Y1, Y2, Y7).

use super::heads::Heads;
use super::*;
use crate::id::sha256;

fn row(author: u8, seq: u64, status: u64) -> Row {
    Row(AuthorId([author; 32]), seq, EntryId([9; 32]), status)
}

fn frames() -> Vec<Frame> {
    let author = AuthorId([1; 32]);
    let hash = BodyHash([2; 32]);
    let hello = |candidates| Hello { net: NetworkId([3; 32]), root: Bytes32([4; 32]), time: 5, candidates };
    vec![
        Frame::Hello(hello(None)),
        Frame::Hello(hello(Some(vec![author]))),
        Frame::Stewards(Stewards { heads: vec![row(1, 2, 0), row(2, 0, 2)], charter: hash }),
        Frame::Buckets(vec![Bytes32([6; 32]); BUCKETS]),
        Frame::Rows(Vec::new()),
        Frame::Rows(vec![row(1, 2, 1)]),
        Frame::Want(Want { tip: None, have: Vec::new(), author }),
        Frame::Want(Want { tip: Some(EntryId([7; 32])), have: vec![EntryId([8; 32]); MAX_HAVE], author }),
        Frame::Entries(vec![
            Carried { envelope: vec![1], body: None },
            Carried { envelope: vec![1], body: Some(vec![2]) },
        ]),
        Frame::End { code: EndCode::Later, author },
        Frame::Ask(vec![hash]),
        Frame::BodyIs(hash, None),
        Frame::BodyIs(hash, Some(vec![1, 2, 3])),
        Frame::Done,
    ]
}

#[test]
fn every_frame_comes_back_as_it_was() {
    for frame in frames() {
        assert_eq!(Frame::decode(&frame.encode()).unwrap(), frame);
    }
}

#[test]
fn the_bytes_are_those_of_the_specification() {
    assert_eq!(hex::encode(Frame::Done.encode()), "8109");
    let ask = Frame::Ask(vec![BodyHash([2; 32])]).encode();
    assert_eq!(hex::encode(ask), format!("8207815820{}", "02".repeat(32)));
    let end = Frame::End { code: EndCode::NotHeld, author: AuthorId([1; 32]) }.encode();
    let author = format!("66617574686f725820{}", "01".repeat(32));
    assert_eq!(hex::encode(end), format!("8206a264636f646501{author}"));
}

#[test]
fn a_frame_cut_short_or_followed_is_refused() {
    for frame in frames() {
        let bytes = frame.encode();
        for len in 0..bytes.len().min(200) {
            assert!(Frame::decode(&bytes[..len]).is_err(), "{frame:?} cut to {len}");
        }
        assert!(Frame::decode(&[bytes, vec![0]].concat()).is_err());
    }
}

#[test]
fn a_frame_over_its_bounds_is_refused() {
    let author = AuthorId([1; 32]);
    let hello = |count| Hello {
        net: NetworkId([3; 32]),
        root: Bytes32([4; 32]),
        time: 5,
        candidates: Some(vec![author; count]),
    };
    let many = |count: u32| -> Vec<Row> {
        let id = |n: u32| AuthorId(std::array::from_fn(|i| *n.to_be_bytes().get(i).unwrap_or(&0)));
        (0..count).map(|n| Row(id(n), 0, EntryId([0; 32]), 0)).collect()
    };
    assert!(Frame::decode(&Frame::Rows(many(3_000)).encode()).is_ok());
    let over = [
        Frame::Hello(hello(0)),
        Frame::Hello(hello(MAX_CANDIDATES + 1)),
        Frame::Rows(many(3_001)),
        Frame::Rows(vec![row(2, 0, 0), row(1, 0, 0)]),
        Frame::Rows(vec![row(1, 0, 0), row(1, 1, 0)]),
        Frame::Rows(vec![row(1, 0, 3)]),
        Frame::Rows(vec![row(1, 1 << 32, 0)]),
        Frame::Buckets(vec![Bytes32([6; 32]); BUCKETS - 1]),
        Frame::Want(Want { tip: None, have: vec![EntryId([8; 32]); MAX_HAVE + 1], author }),
        Frame::Entries(Vec::new()),
        Frame::Ask(Vec::new()),
        Frame::Ask(vec![BodyHash([2; 32]); MAX_ASK + 1]),
    ];
    for frame in over {
        let refused = Frame::decode(&frame.encode());
        assert!(matches!(refused, Err(FrameError::Bound(_))), "{refused:?}");
    }
    assert!(matches!(Frame::decode(&[0x81, 10]), Err(FrameError::Unknown(10))));
}

#[test]
fn heads_hash_as_the_specification_says() {
    let mut heads = Heads::default();
    let empty = Bytes32(sha256(&[0x80]));
    assert_eq!(heads.buckets(), vec![empty; BUCKETS]);
    let author = AuthorId([5; 32]);
    let head = Head { seq: 1, id: EntryId([6; 32]), status: Status::Ok };
    heads.set(author, Some(head));
    let bytes = codec::encode(&vec![Row::new(author, head)]);
    let mut wanted = vec![empty; BUCKETS];
    wanted[5] = Bytes32(sha256(&bytes));
    assert_eq!(heads.buckets(), wanted);
    let joined: Vec<u8> = wanted.iter().flat_map(|hash| hash.0).collect();
    assert_eq!(heads.root(), Bytes32(sha256(&joined)));
}

#[test]
fn the_root_follows_heads_and_their_status_and_forgets_who_left() {
    let mut heads = Heads::default();
    let before = heads.root();
    let author = AuthorId([5; 32]);
    let head = Head { seq: 1, id: EntryId([6; 32]), status: Status::Ok };
    heads.set(author, Some(head));
    let ok = heads.root();
    heads.set(author, Some(Head { status: Status::Forked, ..head }));
    let forked = heads.root();
    assert!(before != ok && ok != forked);
    heads.set(author, None);
    assert_eq!(heads.root(), before);
}
