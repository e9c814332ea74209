//! The change of the signing key: prepared here, signed by the keeper of the rotation key elsewhere,
//! taken here.
//!
//! In two steps, so that the rotation key never comes to this process. The first makes the new signing
//! key, durable in its own file, and says what the rotation is to be; the second takes the signed
//! rotation by the ordinary way in. The new key takes over once the rotation is on disk
//! (`own`), at once or at the next start: a stop at any moment leaves a node that signs with
//! the key that fits its log. A rotation needs no permission of the guard: it heals exactly the logs for
//! which the guard, or everybody, has stopped this node (S1, W2).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::engine::{Arriving, Input};
use multaqa_protocol::entry::{self, Entry, Form, Position, Signed};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{EntryId, sha256};
use multaqa_protocol::log::{Place, Status, Stretch};
use multaqa_protocol::network::Ref;
use serde::Serialize;
use tokio::sync::oneshot;

use super::{Command, Done, Driver, PublishError};
use crate::folder::FolderError;
use crate::store::ReadError;

/// Most entries that a rotation names as disowned, the first of them: its body then stays far below the
/// 48 KiB that travel along with it, and a reader sees all others by the log itself.
pub const MAX_DISOWNS: usize = 256;
/// Longest note in bytes, over all its languages: a few paragraphs.
pub const MAX_NOTE: usize = 8_192;

/// Why a signing key is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// As planned.
    Scheduled,
    /// Another person answers for it now.
    Handover,
    /// The signing key is, or may be, in other hands.
    Theft,
    /// The log is forked.
    Fork,
    /// The folder came from a backup, or the machine is lost.
    Restore,
}

impl Reason {
    /// All of them, as they are written.
    pub const KNOWN: [&str; 5] = ["scheduled", "handover", "theft", "fork", "restore"];

    /// Returns the reason as it is written in the body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Handover => "handover",
            Self::Theft => "theft",
            Self::Fork => "fork",
            Self::Restore => "restore",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Scheduled, Self::Handover, Self::Theft, Self::Fork, Self::Restore];
        all.into_iter().find(|reason| reason.as_str() == text).ok_or(())
    }
}

/// What a rotation is to be.
#[derive(Clone, Debug)]
pub struct RotationRequest {
    /// The public part of the rotation key with which it will be signed.
    pub reveal: PublicKey,
    /// Why.
    pub reason: Reason,
    /// The last entry by which the owner stands; the head where absent.
    pub from: Option<EntryId>,
    /// For people, by language.
    pub note: BTreeMap<String, String>,
    /// Whether it contradicts a rotation that somebody made with the same rotation key (S7). Without
    /// `from` it then stands by what that one stood by.
    pub contest: bool,
}

/// A rotation to sign.
#[derive(Clone, Debug)]
pub struct RotationPlan {
    /// Where it goes.
    pub position: Position,
    /// The new signing key.
    pub sign: PublicKey,
    /// Its body.
    pub body: Vec<u8>,
    /// Entries known here that it disowns.
    pub disowned: u64,
}

/// What a rotation has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The rotation.
    pub id: EntryId,
    /// The signing key that it names.
    pub sign: PublicKey,
    /// How the log stands with it.
    pub status: Status,
}

/// Why a key is not changed.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// See [`PublishError`].
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// S7: rotations contradict each other already; stewards decide.
    #[error("S7: the log is contested: {} rotations contradict each other", .rotations.len())]
    Contested {
        /// Those that are known here.
        rotations: Vec<EntryId>,
    },
    /// V5: another key than the one that the log announced.
    #[error("V5: this is not the rotation key that the log announced")]
    OtherKey,
    /// V5: a rotation revealed this key already.
    #[error("V5: this rotation key is used up: the rotation {rotation} was signed with it")]
    UsedKey {
        /// That rotation.
        rotation: EntryId,
    },
    /// The entry to stand by is not one of the own log that is held here.
    #[error("the entry {from} is not held here as one of the own log")]
    NotHeld {
        /// The entry.
        from: EntryId,
    },
    /// S1: the entry to stand by lies before the last rotation, or on a branch that it left.
    #[error("S1: the entry {from} is not after the last change of key")]
    BeforeRotation {
        /// The entry.
        from: EntryId,
    },
    /// W2: this folder may lack own entries, and the owner has not said by which it stands.
    #[error(
        "W2: {asked} of {needed} peers were asked for the own log, and what they hold beyond it would be disowned"
    )]
    Blind {
        /// Peers that were asked.
        asked: usize,
        /// How many have to be.
        needed: usize,
    },
    /// The note is too long.
    #[error("a note of {len} bytes, where {MAX_NOTE} are allowed")]
    LongNote {
        /// Its bytes.
        len: usize,
    },
    /// What was signed is not what was prepared here.
    #[error("what was signed is not the rotation that was prepared")]
    NotPrepared,
    /// S4: the rotation would change nothing.
    #[error("S4: the rotation has no effect on the log")]
    NoEffect,
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The store cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The body of a rotation.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    note: &'a BTreeMap<String, String>,
    reason: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disowns: Vec<Ref>,
}

impl Driver {
    /// Prepares a rotation; soon after the start once peers were asked what the own log is.
    pub(super) fn begin_rotation(
        &mut self,
        request: RotationRequest,
        reply: oneshot::Sender<Result<RotationPlan, RotateError>>,
    ) {
        if self.waits_for_a_word() {
            return self.put_back(Command::BeginRotation(request, reply));
        }
        let _ = reply.send(self.plan(&request));
    }

    fn plan(&mut self, request: &RotationRequest) -> Result<RotationPlan, RotateError> {
        let author = self.own.author();
        let missing = PublishError::Quarantine(super::Quarantine::LogMissing);
        let (Some(known), Some(choice)) = (self.engine.logs().get(&author), self.engine.own_choice()) else {
            return Err(missing.into());
        };
        let len = request.note.values().map(String::len).sum();
        if len > MAX_NOTE {
            return Err(RotateError::LongNote { len });
        }
        let tree = known.log.tree();
        if choice.status == Status::Contested {
            let ends = tree.evidence(&choice, None).into_iter().filter_map(|path| {
                let end = path.last()?;
                tree.id_of(Place { branch: end.branch, seq: end.last })
            });
            return Err(RotateError::Contested { rotations: ends.collect() });
        }
        let used = known.log.revealed_by(&request.reveal);
        let from = match (request.from, used) {
            (Some(from), _) => self.store.place_of(author, &from)?.ok_or(RotateError::NotHeld { from })?,
            (None, Some(rotation)) if request.contest => {
                tree.parent(rotation).ok_or(RotateError::OtherKey)?
            }
            (None, _) => choice.head,
        };
        if sha256(&request.reveal.to_bytes().0) != known.log.announced(from).0 {
            return Err(match (used.and_then(|rotation| tree.id_of(rotation)), request.from) {
                (Some(rotation), _) => RotateError::UsedKey { rotation },
                // The key fits where the log is now, and not where the owner stands.
                (None, Some(from))
                    if sha256(&request.reveal.to_bytes().0) == known.log.announced(choice.head).0 =>
                {
                    RotateError::BeforeRotation { from }
                }
                (None, _) => RotateError::OtherKey,
            });
        }
        if let Some(rotation) = used.filter(|_| !request.contest) {
            let rotation = tree.id_of(rotation).ok_or(RotateError::OtherKey)?;
            return Err(RotateError::UsedKey { rotation });
        }
        let (asked, needed) = self.answers();
        let says_nothing = request.from.is_none() && !request.contest && choice.status == Status::Ok;
        if says_nothing && asked < needed && self.quarantine().is_some() {
            return Err(RotateError::Blind { asked, needed });
        }
        let Some(prev) =
            tree.id_of(from).map_or_else(|| self.store.id_at(author, from), |id| Ok(Some(id)))?
        else {
            return Err(missing.into());
        };
        let time = self.check_clock(self.time_at(from))?;
        if let Some(read_only) = self.store.status().read_only {
            return Err(PublishError::Store { reason: read_only.to_string() }.into());
        }
        let (disowns, disowned) = self.disowned_after(from)?;
        let body = Body { note: &request.note, reason: request.reason.as_str(), disowns };
        let body = entry::encode_body(crate::folder::salt(), &map_of(&body));
        let sign = self.own.prepare()?;
        let position = Position { author, seq: from.seq + 1, prev, time };
        Ok(RotationPlan { position, sign, body, disowned })
    }

    /// Returns the first of the entries that a rotation after `from` disowns, and the number of all that
    /// are known here: what lies off its path under the key that signs at `from`.
    fn disowned_after(&self, from: Place) -> Result<(Vec<Ref>, u64), ReadError> {
        let author = self.own.author();
        let Some(known) = self.engine.logs().get(&author) else { return Ok((Vec::new(), 0)) };
        let tree = known.log.tree();
        let path = tree.path(from);
        let (mut named, mut count) = (Vec::new(), 0);
        for run in tree.branches() {
            let kept = path.iter().find(|on| on.branch == run.branch);
            let first = kept.map_or(run.first, |on| on.last.saturating_add(1));
            if first > run.last
                || tree.establishment(Place { branch: run.branch, seq: first }) != tree.establishment(from)
            {
                continue;
            }
            // A rotation on the branch signs for itself; what it left is counted, what follows it is not.
            let beyond = [Stretch { first, ..run }];
            let last = tree.first_rotation(&beyond).map_or(run.last, |rotation| rotation.seq);
            count += u64::from(last - first) + 1;
            let room = u32::try_from(MAX_DISOWNS - named.len()).unwrap_or(0);
            if room > 0 {
                let until = last.min(first.saturating_add(room - 1));
                let rows = self.store.rows(author, run.branch, first..=until)?;
                named.extend(rows.iter().map(|row| Ref { author, seq: row.place.seq, id: row.id }));
            }
        }
        Ok((named, count))
    }

    /// Takes the rotation that was prepared and signed; answers when it is durable.
    pub(super) async fn rotate(
        &mut self,
        envelope: Vec<u8>,
        body: Vec<u8>,
        reply: oneshot::Sender<Result<Rotated, RotateError>>,
    ) {
        let (entry, sign) = match self.prepared(&envelope, &body) {
            Ok(prepared) => prepared,
            Err(error) => return drop(reply.send(Err(error))),
        };
        self.own.set_rotated();
        let id = entry.id();
        let signed = Signed::unchecked(entry);
        let entries = vec![Arriving { signed, body: Some(body.into()), at: None }];
        let (token, done) = self.ask();
        self.handle(Input::Publish { token, entries }).await;
        let (store, later) = (self.store.clone(), self.later.upgrade());
        tokio::spawn(async move {
            let result = match done.await {
                Ok(Done { refused, .. }) if !refused.is_empty() => {
                    Err(PublishError::Refused { rule: refused[0].1 }.into())
                }
                Ok(Done { stored, known, .. }) if stored.len() + known == 1 => Ok(()),
                Ok(_) => Err(RotateError::NoEffect),
                Err(_) => Err(PublishError::Store { reason: super::command::reason(&store) }.into()),
            };
            match (result, later) {
                (Ok(()), Some(later)) => drop(later.send(Command::Rotated(id, sign, reply)).await),
                (Ok(()), None) => drop(reply.send(Err(PublishError::from(super::Stopped).into()))),
                (Err(error), _) => drop(reply.send(Err(error))),
            }
        });
    }

    /// Answers for a rotation that is on disk, the new key having taken over.
    pub(super) fn rotated(
        &mut self,
        id: EntryId,
        sign: PublicKey,
        reply: oneshot::Sender<Result<Rotated, RotateError>>,
    ) {
        self.take_over();
        let status = self.engine.own_choice().map_or(Status::Ok, |choice| choice.status);
        let _ = reply.send(Ok(Rotated { id, sign, status }));
    }

    /// Checks that what was signed is what was prepared last.
    fn prepared(&self, envelope: &[u8], body: &[u8]) -> Result<(Entry, PublicKey), RotateError> {
        let entry = Entry::decode(envelope).map_err(|_| RotateError::NotPrepared)?;
        let sign = self.own.prepared().ok_or(RotateError::NotPrepared)?;
        let is_prepared = entry.form() == Form::Rotation
            && entry.author() == self.own.author()
            && entry.keys().is_some_and(|(named, _)| *named == sign)
            && entry.has_body(body);
        if is_prepared { Ok((entry, sign)) } else { Err(RotateError::NotPrepared) }
    }
}

fn map_of(body: &Body<'_>) -> Map {
    match Value::from(body) {
        Ok(Value::Map(map)) => map,
        _ => unreachable!("a rotation's body is a struct of plain values"),
    }
}
