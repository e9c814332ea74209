//! This machine's clock. It is right or wrong; what is signed by it is the driver's part (W3).

use multaqa_protocol::id::Millis;

/// Returns the time in Unix milliseconds; 0 before 1970.
pub(crate) fn now() -> Millis {
    Millis::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0)
}
