//! A writer of CBOR that does as it is told: maps keep the order of their pairs, and nothing keeps a
//! caller from wrong bytes.

/// Returns the shortest head of `major` with `argument`.
pub(super) fn head(major: u8, argument: u64) -> Vec<u8> {
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    match argument {
        0..=23 => vec![major | bytes[7]],
        24..=0xff => vec![major | 24, bytes[7]],
        0x100..=0xffff => [&[major | 25], &bytes[6..]].concat(),
        0x1_0000..=0xffff_ffff => [&[major | 26], &bytes[4..]].concat(),
        _ => [&[major | 27], &bytes[..]].concat(),
    }
}

/// Returns a head of `width` bytes after the first, whether or not that is the shortest.
pub(super) fn wide(major: u8, argument: u64, width: usize) -> Vec<u8> {
    let info = 24 + width.trailing_zeros() as u8;
    [&[major << 5 | info], &argument.to_be_bytes()[8 - width..]].concat()
}

pub(super) fn uint(value: u64) -> Vec<u8> {
    head(0, value)
}

pub(super) fn bstr(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len() as u64), bytes.to_vec()].concat()
}

pub(super) fn tstr(text: &str) -> Vec<u8> {
    [head(3, text.len() as u64), text.as_bytes().to_vec()].concat()
}

pub(super) fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len() as u64), items.concat()].concat()
}

/// A map whose pairs stand in the order given.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(pub(super) Vec<(String, Vec<u8>)>);

impl Pairs {
    pub(super) fn new<const N: usize>(pairs: [(&str, Vec<u8>); N]) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// Returns the pairs with `key` set, in canonical order.
    pub(super) fn with(&self, key: &str, value: Vec<u8>) -> Self {
        let mut pairs = self.without(key);
        pairs.0.push((key.to_owned(), value));
        pairs.0.sort_by_key(|(key, _)| (key.len(), key.clone()));
        pairs
    }

    pub(super) fn without(&self, key: &str) -> Self {
        Self(self.0.iter().filter(|(name, _)| name != key).cloned().collect())
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let pairs = self.0.iter().map(|(key, value)| [tstr(key), value.clone()].concat());
        [head(5, self.0.len() as u64), pairs.collect::<Vec<_>>().concat()].concat()
    }
}
