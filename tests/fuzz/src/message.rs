//! A gossip message has one encoding and one of two forms (G1).

use multaqa_protocol::codec::{self, MAX_MESSAGE, Value};
use multaqa_protocol::gossip::Message;

pub(crate) fn check(data: &[u8]) {
    let value = codec::decode::<Value>(data, MAX_MESSAGE);
    let message = Message::decode(data);
    assert_eq!(message.is_ok(), value.as_ref().is_ok_and(is_message), "G1: {message:?}");
    if let Ok(message) = message {
        assert_eq!(message.encode(), data, "C3: another encoding");
    }
}

/// Tells whether a value is `[1, bstr, ? bstr]` or `[2, bstr, bstr]`.
fn is_message(value: &Value) -> bool {
    let Value::Array(fields) = value else { return false };
    matches!(
        fields.as_slice(),
        [Value::Int(1), Value::Bytes(_)] | [Value::Int(1 | 2), Value::Bytes(_), Value::Bytes(_)]
    )
}
