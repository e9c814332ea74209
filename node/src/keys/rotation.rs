//! The rotation key, in the hands of a command for as long as it signs one rotation.
//!
//! It is read from where its keeper has it, signs, and is wiped. No node, no file of a data folder and
//! no log line ever holds it: the node prepares a rotation and takes the signed one, and never sees
//! with what it was signed.

use std::fmt;

use ed25519_dalek::SigningKey;
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{Bytes32, sha256};
use zeroize::Zeroizing;

use super::{KeyError, SEED};

/// The text is no rotation key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a rotation key: {} hexadecimal digits", 2 * SEED)]
pub struct NotAKey;

/// A rotation key; wiped from memory when dropped.
pub struct RotationKey(SigningKey);

impl RotationKey {
    /// Draws a new one.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn draw() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; SEED]);
        getrandom::fill(&mut seed[..]).map_err(KeyError::Random)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Reads one as it was shown: 64 hexadecimal digits. Spaces and the ends of lines, by which people
    /// keep digits apart on paper, do not matter.
    ///
    /// # Errors
    ///
    /// [`NotAKey`].
    pub fn read(text: &str) -> Result<Self, NotAKey> {
        let mut digits = Zeroizing::new(String::with_capacity(2 * SEED));
        for digit in text.chars().filter(|c| !c.is_whitespace()) {
            // Never beyond the capacity: a text that grows leaves copies of itself behind.
            if digits.len() == 2 * SEED || !digit.is_ascii() {
                return Err(NotAKey);
            }
            digits.push(digit);
        }
        let mut seed = Zeroizing::new([0; SEED]);
        hex::decode_to_slice(digits.as_bytes(), &mut seed[..]).map_err(|_| NotAKey)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Returns it as it is shown to its keeper.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(self.0.to_bytes());
        Zeroizing::new(hex::encode(&seed[..]))
    }

    /// Returns the public part, which a rotation reveals.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::from(&self.0)
    }

    /// Returns the hash by which a log announces it before it is used: `next`.
    #[must_use]
    pub fn next(&self) -> Bytes32 {
        Bytes32(sha256(&self.public().to_bytes().0))
    }

    /// Signs the rotation at `position` to the signing key `sign`; `next` announces the rotation key
    /// after this one.
    #[must_use]
    pub fn rotate(&self, position: Position, sign: &PublicKey, next: Bytes32, body: &[u8]) -> Entry {
        entry::rotate(position, sign, next, &self.0, body)
    }
}

impl fmt::Debug for RotationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RotationKey")
    }
}
