//! The scan and the typed decode say the same of any bytes (C1 to C3), and the scan says the same of a
//! part as of the whole.

use multaqa_protocol::codec::{self, CodecError, MAX_FRAME, Scan, Value};

/// Every cut up to here is tried, and two beyond.
const CUTS: usize = 64;

pub(crate) fn check(data: &[u8]) {
    let scanned = codec::scan(data, MAX_FRAME);
    let decoded = codec::decode::<Value>(data, MAX_FRAME);
    assert_eq!(scanned.clone().err(), decoded.clone().err(), "C3: the two checks differ");
    if let Ok(value) = &decoded {
        assert_eq!(codec::encode(value), data, "C3: another encoding");
        assert_eq!(Value::from(value).as_ref(), Ok(value));
        assert_eq!(value.to::<Value>().as_ref(), Ok(value));
    }
    // The decoder by itself: what it reads and writes back as it was is what the scan accepts, save
    // for the limits that it does not know.
    let limit = matches!(
        scanned,
        Err(CodecError::TooDeep { .. } | CodecError::TooManyItems { .. } | CodecError::TooLong { .. })
    );
    if !limit {
        let same = codec::decode_own::<Value>(data).is_some_and(|value| codec::encode(&value) == data);
        assert_eq!(scanned.is_ok(), same, "C3: {scanned:?}");
    }
    check_pieces(data);
}

/// What the scan says of the first bytes it says of more.
fn check_pieces(data: &[u8]) {
    let whole = codec::prefix(data, MAX_FRAME);
    let len = data.len();
    for cut in (0..len.min(CUTS)).chain([len / 2, len.saturating_sub(1)]) {
        let part = codec::prefix(&data[..cut], MAX_FRAME);
        match &whole {
            Ok(Scan::Complete(end)) if cut < *end => assert_eq!(part, Ok(Scan::Incomplete), "cut at {cut}"),
            Ok(Scan::Complete(_)) => assert_eq!(part, whole, "cut at {cut}"),
            Ok(Scan::Incomplete) => assert_eq!(part, Ok(Scan::Incomplete), "cut at {cut}"),
            Err(_) => assert!(part == whole || part == Ok(Scan::Incomplete), "cut at {cut}: {part:?}"),
        }
    }
}
