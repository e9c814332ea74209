//! The scan: one pass over untrusted bytes that allocates nothing and checks C1, C2 and the limits
//! of C3. It says nothing about the shape; that is the typed decode's part.

use super::{CodecError, MAX_DEPTH, MAX_INT, MAX_ITEMS};

/// What [`prefix`] found at the start of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// One whole item, this many bytes long.
    Complete(usize),
    /// The buffer ends inside the item; more bytes are needed to tell.
    Incomplete,
}

/// Checks that `bytes` are exactly one canonical item of at most `limit` bytes.
///
/// # Errors
///
/// The first rule broken, with its offset.
pub fn scan(bytes: &[u8], limit: usize) -> Result<(), CodecError> {
    if bytes.len() > limit {
        return Err(CodecError::TooLong { len: bytes.len(), limit });
    }
    let end = Scanner { bytes }.item()?;
    if end == bytes.len() { Ok(()) } else { Err(CodecError::Trailing { at: end }) }
}

/// Scans one canonical item at the start of `bytes`, which may go on after it (a CBOR sequence,
/// RFC 8742).
///
/// # Errors
///
/// The first rule broken. A buffer that ends inside an item is [`Scan::Incomplete`], unless the item
/// is already longer than `limit`: nothing beyond the first byte too many is looked at, so the answer
/// does not depend on how much of it has come.
pub fn prefix(bytes: &[u8], limit: usize) -> Result<Scan, CodecError> {
    let bytes = &bytes[..bytes.len().min(limit.saturating_add(1))];
    match (Scanner { bytes }).item() {
        Ok(len) if len <= limit => Ok(Scan::Complete(len)),
        Err(CodecError::Truncated { .. }) if bytes.len() <= limit => Ok(Scan::Incomplete),
        Ok(_) | Err(CodecError::Truncated { .. }) => Err(CodecError::TooLong { len: bytes.len(), limit }),
        Err(error) => Err(error),
    }
}

/// Returns where the item at `at` ends, in bytes that passed [`scan`]: by the heads alone, so that a value is not
/// checked a second time. `None` where they did not.
#[must_use]
pub fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    let mut left = 1_u64;
    while left > 0 {
        let (major, argument, head_len) = head(bytes, end).ok()?;
        end += head_len;
        left -= 1;
        match major {
            2 | 3 => end = end.checked_add(usize::try_from(argument).ok()?)?,
            4 => left = left.checked_add(argument)?,
            5 => left = left.checked_add(argument.checked_mul(2)?)?,
            _ => {}
        }
    }
    (end <= bytes.len()).then_some(end)
}

/// Reads the head (major type, argument, length of the head) of the item at `at`.
///
/// # Errors
///
/// C2: truncated, not the shortest form, indefinite, reserved.
pub fn head(bytes: &[u8], at: usize) -> Result<(u8, u64, usize), CodecError> {
    let first = *bytes.get(at).ok_or(CodecError::Truncated { at })?;
    let (major, info) = (first >> 5, first & 0x1f);
    let width = match info {
        0..=23 => return Ok((major, u64::from(info), 1)),
        24..=27 => 1_usize << (info - 24),
        31 => return Err(CodecError::Indefinite { at }),
        _ => return Err(CodecError::ForbiddenType { at }),
    };
    let argument = bytes.get(at + 1..at + 1 + width).ok_or(CodecError::Truncated { at })?;
    let value = argument.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    let shortest = match width {
        1 => value >= 24,
        2 => value > 0xff,
        4 => value > 0xffff,
        _ => value > 0xffff_ffff,
    };
    // A float's or simple value's argument is not a number: the type is refused, not its form.
    if major == 7 {
        return Err(CodecError::ForbiddenType { at });
    }
    if shortest { Ok((major, value, 1 + width)) } else { Err(CodecError::NotShortest { at }) }
}

/// One open container: the items still to come, and for a map the key before.
#[derive(Clone, Copy)]
struct Level {
    left: u64,
    map: bool,
    key: Option<(usize, usize)>,
}

struct Scanner<'a> {
    bytes: &'a [u8],
}

impl Scanner<'_> {
    /// Scans the item at the start and returns its length.
    fn item(&self) -> Result<usize, CodecError> {
        let mut levels = [Level { left: 0, map: false, key: None }; MAX_DEPTH];
        let mut depth = 0;
        let mut at = 0;
        let mut items = 0_u32;
        loop {
            items += 1;
            if items > MAX_ITEMS {
                return Err(CodecError::TooManyItems { at });
            }
            let (major, argument, head_len) = head(self.bytes, at)?;
            // In a map an even number of items left means that a key comes next.
            let is_key = depth > 0 && levels[depth - 1].map && levels[depth - 1].left.is_multiple_of(2);
            if is_key {
                if major != 3 {
                    return Err(CodecError::KeyNotText { at });
                }
                self.check_key(&mut levels[depth - 1], at, head_len, argument)?;
            }
            let start = at;
            at += head_len;
            match major {
                0 if argument > MAX_INT => return Err(CodecError::IntegerRange { at: start }),
                1 if argument >= MAX_INT => return Err(CodecError::IntegerRange { at: start }),
                0 | 1 => {}
                2 | 3 => at = self.string(major, start, at, argument)?,
                4 | 5 => {
                    if depth == MAX_DEPTH {
                        return Err(CodecError::TooDeep { at: start });
                    }
                    if argument > u64::from(MAX_ITEMS) {
                        return Err(CodecError::TooManyItems { at: start });
                    }
                    let map = major == 5;
                    levels[depth] = Level { left: if map { argument * 2 } else { argument }, map, key: None };
                    depth += 1;
                }
                7 if argument == 20 || argument == 21 => {}
                _ => return Err(CodecError::ForbiddenType { at: start }),
            }
            // The item counts in its container unless it opened one that has items to come.
            if matches!(major, 4 | 5) && levels[depth - 1].left > 0 {
                continue;
            }
            if matches!(major, 4 | 5) {
                depth -= 1;
            }
            while depth > 0 {
                levels[depth - 1].left -= 1;
                if levels[depth - 1].left > 0 {
                    break;
                }
                depth -= 1;
            }
            if depth == 0 {
                return Ok(at);
            }
        }
    }

    fn string(&self, major: u8, start: usize, at: usize, len: u64) -> Result<usize, CodecError> {
        let end = usize::try_from(len).ok().and_then(|len| at.checked_add(len));
        let text = end.and_then(|end| self.bytes.get(at..end)).ok_or(CodecError::Truncated { at: start })?;
        if major == 3 && std::str::from_utf8(text).is_err() {
            return Err(CodecError::NotUtf8 { at: start });
        }
        Ok(at + text.len())
    }

    fn check_key(&self, level: &mut Level, at: usize, head_len: usize, len: u64) -> Result<(), CodecError> {
        let start = at + head_len;
        let end = usize::try_from(len).ok().and_then(|len| start.checked_add(len));
        let key = end.and_then(|end| self.bytes.get(start..end)).ok_or(CodecError::Truncated { at })?;
        if let Some((from, to)) = level.key {
            let before = &self.bytes[from..to];
            match before.len().cmp(&key.len()).then_with(|| before.cmp(key)) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Err(CodecError::DuplicateKey { at }),
                std::cmp::Ordering::Greater => return Err(CodecError::KeyOrder { at }),
            }
        }
        level.key = Some((start, start + key.len()));
        Ok(())
    }
}
