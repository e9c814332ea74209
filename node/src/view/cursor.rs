//! Where a page of a list ended: opaque to those who pass it back.

use std::fmt;
use std::str::FromStr;

use multaqa_protocol::id::{AuthorId, Millis, Seq};
use serde::Deserialize;

use super::walk::Position;

/// Bytes of a cursor: two times, an author, a sequence number, a branch.
const LEN: usize = 8 + 8 + 32 + 4 + 2;
/// The same with a score before them, where words were looked for.
const SCORED: usize = LEN + 4;

/// Why a text is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor that a list gave")]
pub struct CursorError;

/// The end of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Cursor {
    /// The moment of the first page: what is written later is not part of the list.
    pub(super) ceiling: Millis,
    /// The last entry that was looked at.
    pub(super) after: Position,
    /// The bits of its score, where words were looked for.
    pub(super) score: Option<u32>,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; LEN];
        let (seq, branch) = self.after.place;
        bytes[..8].copy_from_slice(&self.ceiling.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.after.time.to_be_bytes());
        bytes[16..48].copy_from_slice(&self.after.author.0);
        bytes[48..52].copy_from_slice(&seq.to_be_bytes());
        bytes[52..].copy_from_slice(&branch.to_be_bytes());
        if let Some(score) = self.score {
            f.write_str(&hex::encode(score.to_be_bytes()))?;
        }
        f.write_str(&hex::encode(bytes))
    }
}

impl TryFrom<String> for Cursor {
    type Error = CursorError;

    fn try_from(text: String) -> Result<Self, CursorError> {
        text.parse()
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let bytes = hex::decode(text).map_err(|_| CursorError)?;
        let (score, rest) = match bytes.len() {
            LEN => (None, bytes.as_slice()),
            SCORED => {
                bytes.split_first_chunk().map(|(score, rest)| (Some(score), rest)).ok_or(CursorError)?
            }
            _ => return Err(CursorError),
        };
        let (ceiling, rest) = rest.split_first_chunk().ok_or(CursorError)?;
        let (time, rest) = rest.split_first_chunk().ok_or(CursorError)?;
        let (author, rest) = rest.split_first_chunk().ok_or(CursorError)?;
        let (seq, rest) = rest.split_first_chunk().ok_or(CursorError)?;
        let (branch, _) = rest.split_first_chunk().ok_or(CursorError)?;
        let place = (Seq::from_be_bytes(*seq), u16::from_be_bytes(*branch));
        Ok(Self {
            ceiling: Millis::from_be_bytes(*ceiling),
            after: Position { time: Millis::from_be_bytes(*time), author: AuthorId(*author), place },
            score: score.copied().map(u32::from_be_bytes),
        })
    }
}
