//! A frame of the exchange has one encoding, and keeps to its bounds (Y1 to Y7).

use multaqa_protocol::codec::{self, MAX_FRAME, Value};
use multaqa_protocol::sync::{BUCKETS, Frame, FrameError, MAX_ASK, MAX_CANDIDATES, MAX_HAVE, MAX_HEADS, Row};

pub(crate) fn check(data: &[u8]) {
    let value = codec::decode::<Value>(data, MAX_FRAME);
    match Frame::decode(data) {
        Ok(frame) => {
            assert_eq!(frame.encode(), data, "C3: another encoding");
            let number = match value {
                Ok(Value::Array(fields)) => fields.into_iter().next(),
                other => panic!("C3: {other:?} is a frame"),
            };
            assert_eq!(number, Some(Value::Int(number_of(&frame))), "Y7");
            assert!(is_bounded(&frame), "Y7: {frame:?}");
        }
        // Only what is canonical is told apart by its number: a later version may send it.
        Err(FrameError::Unknown(_) | FrameError::Bound(_)) => assert!(value.is_ok()),
        Err(FrameError::Codec(_)) => {}
    }
}

const fn number_of(frame: &Frame) -> i64 {
    match frame {
        Frame::Hello(_) => 0,
        Frame::Stewards(_) => 1,
        Frame::Buckets(_) => 2,
        Frame::Rows(_) => 3,
        Frame::Want(_) => 4,
        Frame::Entries(_) => 5,
        Frame::End { .. } => 6,
        Frame::Ask(_) => 7,
        Frame::BodyIs(..) => 8,
        Frame::Done => 9,
    }
}

fn is_bounded(frame: &Frame) -> bool {
    let ordered = |rows: &[Row]| {
        let heads: Option<Vec<_>> = rows.iter().map(Row::head).collect();
        rows.len() <= MAX_HEADS && heads.is_some_and(|heads| heads.is_sorted_by(|a, b| a.0 < b.0))
    };
    match frame {
        Frame::Hello(hello) => {
            hello.candidates.as_ref().is_none_or(|named| (1..=MAX_CANDIDATES).contains(&named.len()))
        }
        Frame::Stewards(stewards) => ordered(&stewards.heads),
        Frame::Buckets(hashes) => hashes.len() == BUCKETS,
        Frame::Rows(rows) => ordered(rows),
        Frame::Want(want) => want.have.len() <= MAX_HAVE,
        Frame::Entries(entries) => !entries.is_empty(),
        Frame::Ask(hashes) => (1..=MAX_ASK).contains(&hashes.len()),
        Frame::End { .. } | Frame::BodyIs(..) | Frame::Done => true,
    }
}
