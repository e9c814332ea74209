//! An invitation: one line that says which network, and where its nodes are (N11).
//!
//! The line is `multaqa:` and, in URL-safe base64, a canonical CBOR map followed by four bytes of its
//! SHA-256, so that a line copied wrongly is refused before anything is done with it. It holds no
//! secret: who is admitted is the stewards' decision.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libp2p::Multiaddr;
use multaqa_protocol::codec::{self, CodecError, Value, ValueError};
use multaqa_protocol::id::{BodyHash, NetworkId, sha256};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// What every invitation begins with.
pub const PREFIX: &str = "multaqa:";
/// Longest invitation in bytes of text: what fits into one QR code, and more than its parts can fill.
pub const MAX_LINE: usize = 2_900;
/// Most addresses: TCP and QUIC of a few nodes.
pub const MAX_ADDRESSES: usize = 8;
/// Longest address as text.
pub const MAX_ADDRESS: usize = 160;
/// Most languages of the network's name, and longest name in bytes.
const MAX_NAMES: (usize, usize) = (4, 120);
/// Bytes of the checksum: enough against a slip of the hand, which is all it is for.
const CHECKSUM: usize = 4;

/// Why a text is not an invitation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// It does not begin as one.
    #[error("an invitation begins with {PREFIX}")]
    Prefix,
    /// It is longer than any invitation.
    #[error("an invitation has at most {MAX_LINE} characters")]
    TooLong,
    /// A character that does not occur in one, or a piece is missing.
    #[error("a character does not belong in an invitation, or a piece is missing")]
    Letters,
    /// The checksum is another: a part is missing or was changed.
    #[error("the invitation was not copied whole")]
    Checksum,
    /// C1 to C3: not canonical CBOR.
    #[error("not what an invitation holds")]
    Codec(#[source] CodecError),
    /// Not the fields of an invitation.
    #[error("not the fields of an invitation")]
    Content(#[source] ValueError),
    /// An address that cannot be read, or too many, or too much text.
    #[error("an address or a name in the invitation cannot be used")]
    Parts,
}

/// An invitation into a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The network.
    pub network: NetworkId,
    /// The charter in force, by its body's hash: what the newcomer agrees to.
    pub charter: BodyHash,
    /// What the network is called.
    pub names: BTreeMap<String, String>,
    /// Where nodes of it are.
    pub addresses: Vec<Multiaddr>,
}

/// The map in the line; what a later version adds is passed over.
#[derive(Serialize, Deserialize)]
struct Content {
    net: NetworkId,
    names: BTreeMap<String, String>,
    charter: BodyHash,
    addresses: Vec<String>,
}

impl Invitation {
    /// Returns the line. Addresses and names beyond the bounds are left out.
    #[must_use]
    pub fn line(&self) -> String {
        let texts = self.addresses.iter().map(ToString::to_string);
        let addresses = texts.filter(|text| text.len() <= MAX_ADDRESS).take(MAX_ADDRESSES).collect();
        let short = self.names.iter().filter(|(tag, name)| tag.len() + name.len() <= MAX_NAMES.1);
        let names = short.take(MAX_NAMES.0).map(|(tag, name)| (tag.clone(), name.clone())).collect();
        let content = Content { net: self.network, names, charter: self.charter, addresses };
        let mut bytes = codec::encode(&Value::from(&content).expect("ids and text are values"));
        let sum = sha256(&bytes);
        bytes.extend_from_slice(&sum[..CHECKSUM]);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a line. Spaces and line breaks, which pasting adds, are passed over.
    ///
    /// # Errors
    ///
    /// See [`InvitationError`].
    pub fn read(text: &str) -> Result<Self, InvitationError> {
        if text.len() > 2 * MAX_LINE {
            return Err(InvitationError::TooLong);
        }
        let line: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if line.len() > MAX_LINE {
            return Err(InvitationError::TooLong);
        }
        let coded = line.strip_prefix(PREFIX).ok_or(InvitationError::Prefix)?;
        let bytes = URL_SAFE_NO_PAD.decode(coded).map_err(|_| InvitationError::Letters)?;
        let content = bytes.len().checked_sub(CHECKSUM).ok_or(InvitationError::Checksum)?;
        let (content, sum) = bytes.split_at(content);
        if sha256(content)[..CHECKSUM] != *sum {
            return Err(InvitationError::Checksum);
        }
        let content: Value = codec::decode(content, MAX_LINE).map_err(InvitationError::Codec)?;
        let content: Content = content.to().map_err(InvitationError::Content)?;
        let fits = content.addresses.len() <= MAX_ADDRESSES
            && content.addresses.iter().all(|address| address.len() <= MAX_ADDRESS)
            && content.names.len() <= MAX_NAMES.0
            && content.names.iter().all(|(tag, name)| tag.len() + name.len() <= MAX_NAMES.1);
        if !fits {
            return Err(InvitationError::Parts);
        }
        let addresses = content.addresses.iter().map(|address| address.parse());
        Ok(Self {
            network: content.net,
            charter: content.charter,
            names: content.names,
            addresses: addresses.collect::<Result<_, _>>().map_err(|_| InvitationError::Parts)?,
        })
    }
}
