//! A record as this measurement sends it: as large as a real one, and found in a stream of bytes.

/// Bytes of a message: a header and signature of 250 and a body of 4 KB, as in the design's figures.
const LEN: usize = 4_350;
/// What begins and ends a record; in no control message.
const MARKS: [[u8; 16]; 2] = [*b"a record begins ", *b"the record ends "];

/// Returns the message of a record.
pub(crate) fn message(number: u32) -> Vec<u8> {
    let mut bytes = [&MARKS[0][..], &number.to_be_bytes()].concat();
    bytes.resize(LEN - MARKS[1].len(), 0);
    bytes.extend(MARKS[1]);
    bytes
}

/// Returns the number of the record in a message.
pub(crate) fn number(message: &[u8]) -> Option<u32> {
    let rest = message.strip_prefix(&MARKS[0])?;
    Some(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?))
}

/// Returns the records that stand whole in `bytes`: gossipsub writes a message with one call.
pub(crate) fn whole_in(bytes: &[u8]) -> Vec<u32> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while rest.len() >= LEN {
        match rest.windows(MARKS[0].len()).position(|window| window == MARKS[0]) {
            Some(at) if rest.len() - at >= LEN && rest[at..at + LEN].ends_with(&MARKS[1]) => {
                found.extend(number(&rest[at..]));
                rest = &rest[at + LEN..];
            }
            _ => break,
        }
    }
    found
}
