//! A draft, as a clerk wrote it in TOML or JSON, is refused with reasons or becomes a body that every
//! reader understands (R4, W5).

use multaqa_protocol::codec::{MAX_BODY, Value};
use multaqa_protocol::entry::{self, SALT_LEN};
use multaqa_protocol::record;

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let drafts = [serde_json::from_str::<Value>(text).ok(), toml::from_str::<Value>(text).ok()];
    for (kind, fields) in drafts.into_iter().flatten().filter_map(|draft| record::take_kind(draft).ok()) {
        check_draft(&kind, fields);
    }
}

fn check_draft(kind: &str, fields: Value) {
    let body = match record::draft(kind, fields) {
        Ok(body) => body,
        Err(faults) => {
            assert!(!faults.is_empty(), "a draft is refused without a reason");
            return assert!(faults.is_sorted_by(|a, b| a.path <= b.path));
        }
    };
    let bytes = entry::encode_body([0; SALT_LEN], &body);
    assert!(bytes.len() <= MAX_BODY);
    assert_eq!(entry::decode_body(&bytes).as_ref(), Ok(&body), "B5: what was drafted cannot be read");
    let read = record::read(kind, &body);
    assert!(read.is_ok(), "R3: a draft that was taken is not readable: {read:?}");
    let again = record::draft(kind, Value::Map(body.clone()));
    assert_eq!(again.as_ref(), Ok(&body), "W5: a body that was drafted is no draft of itself");
}
