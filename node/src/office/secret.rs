//! What opens the office once: links for one use, and tokens of programs. Only their hashes are kept.

use std::fmt;

use multaqa_protocol::id::sha256;
use zeroize::Zeroizing;

/// Bytes of a secret: 128 bits cannot be guessed, and 32 digits can still be typed from a console.
const LENGTH: usize = 16;

/// A secret in the hands of whoever made it or brings it; never shown by a log.
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// Draws a new one from the system's generator.
    pub(crate) fn draw() -> Self {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(&mut bytes[..]).expect("the system's generator works");
        Self(Zeroizing::new(hex::encode(&bytes[..])))
    }

    /// Takes what somebody brings.
    pub(crate) fn brought(text: &str) -> Self {
        Self(Zeroizing::new(text.trim().to_ascii_lowercase()))
    }

    /// Returns it as it is handed out.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Returns by what it is known again.
    pub(crate) fn hash(&self) -> String {
        hex::encode(sha256(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
