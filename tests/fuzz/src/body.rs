//! A body is a salt and a map (B5), and whatever it says, reading it is the inverse of writing it.

use multaqa_protocol::codec::{self, MAX_BODY, Map};
use multaqa_protocol::entry::{self, NETWORK_KINDS};
use multaqa_protocol::network::{Admit, Body, Charter, Close, Join, Leave, Says, Suspend, Withdraw};
use multaqa_protocol::record;

pub(crate) fn check(data: &[u8]) {
    let said = entry::body_ref(data);
    let Ok(map) = entry::decode_body(data) else {
        let silent = NETWORK_KINDS.iter().all(|kind| Says::read(kind, said.hash, data).is_none());
        return assert!(silent, "B5: a malformed body says something");
    };
    assert_eq!(codec::scan(data, MAX_BODY), Ok(()), "C3");
    assert_eq!(entry::encode_body(salt(data), &map), data, "B5: another encoding");
    for kind in record::KINDS {
        check_record(kind, &map);
    }
    let _ = record::replaces(&map);
    check_network::<Admit>(data);
    check_network::<Charter>(data);
    check_network::<Close>(data);
    check_network::<Join>(data);
    check_network::<Leave>(data);
    check_network::<Suspend>(data);
    check_network::<Withdraw>(data);
}

/// Returns the salt of a body that decodes: it follows two heads of one byte.
fn salt(data: &[u8]) -> [u8; entry::SALT_LEN] {
    data[2..2 + entry::SALT_LEN].try_into().expect("a salt has 16 bytes")
}

/// What is read of a record can be written, and is then read as it was written.
fn check_record(kind: &str, map: &Map) {
    let Ok(read) = record::read(kind, map) else { return };
    let written = read.to_body().expect("the kinds are known ones");
    let again = match record::read(kind, &written) {
        Ok(again) => again.to_body().expect("the kinds are known ones"),
        Err(error) => panic!("R3: what was written as a {kind} cannot be read: {error}"),
    };
    assert_eq!(written, again, "R3");
}

/// What is read of a network body and written is read as the same statement.
fn check_network<T: Body + PartialEq + std::fmt::Debug>(data: &[u8]) {
    let said = entry::body_ref(data);
    let read = T::read(data);
    assert_eq!(read.is_some(), Says::read(T::KIND, said.hash, data).is_some(), "V8: {}", T::KIND);
    if let Some(read) = read {
        let written = entry::encode_body(salt(data), &read.to_map());
        assert_eq!(T::read(&written).as_ref(), Some(&read), "V8: {}", T::KIND);
    }
}
