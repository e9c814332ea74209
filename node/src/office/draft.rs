//! Drafts: what is written and not signed yet, each a file in the data folder.
//!
//! A draft has a number that counts its changes. Whoever saves names the one from which they began, so that nobody
//! writes over what another has written meanwhile. It has a salt from the beginning: the hash that a preview
//! shows is the one of the body that will be signed. What a draft is about to become is on disk before the node
//! signs it ([`State::Signing`]), and what it became before anybody is told, so that a form sent twice and a node
//! that was killed in between sign once.
//!
//! Nothing here decides what may be signed, or by whom.

mod folder;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use multaqa_protocol::entry::{self, SALT_LEN};
use multaqa_protocol::id::{BodyHash, Bytes32, EntryId, Millis, Seq};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub(crate) use folder::{DraftError, Drafts};

use super::account::AccountId;
use super::form::{ATTACHMENTS, Tree, walk};
use crate::clock::now;
use crate::driver;

/// Kind of a draft that takes back a record, which is no kind of record.
pub(crate) const WITHDRAWAL: &str = "withdraw";

/// Tells drafts of one node apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct DraftId(String);

/// Why a text is not the id of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a draft is 16 hexadecimal digits")]
pub(crate) struct ParseDraftIdError;

/// Bytes of an id: so few drafts never draw the same eight.
const ID_LEN: usize = 8;

impl DraftId {
    /// Draws an id.
    fn draw() -> Self {
        let mut bytes = [0; ID_LEN];
        getrandom::fill(&mut bytes).expect("the system gives random bytes, as it did for the node's keys");
        Self(hex::encode(bytes))
    }
}

impl FromStr for DraftId {
    type Err = ParseDraftIdError;

    fn from_str(text: &str) -> Result<Self, ParseDraftIdError> {
        let is_id = text.len() == 2 * ID_LEN
            && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        if is_id { Ok(Self(text.to_owned())) } else { Err(ParseDraftIdError) }
    }
}

impl TryFrom<String> for DraftId {
    type Error = ParseDraftIdError;

    fn try_from(text: String) -> Result<Self, ParseDraftIdError> {
        text.parse()
    }
}

impl From<DraftId> for String {
    fn from(id: DraftId) -> Self {
        id.0
    }
}

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stamp {
    /// The account.
    pub(crate) account: AccountId,
    /// What it was called then.
    pub(crate) name: String,
    /// When, in Unix milliseconds.
    pub(crate) at: Millis,
}

impl Stamp {
    /// Returns what an account does now.
    pub(crate) fn now(account: &super::Account) -> Self {
        Self { account: account.id, name: account.name.clone(), at: now() }
    }
}

/// How far a draft has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum State {
    /// It is being written.
    Writing,
    /// Somebody asked that it be published as it stands.
    Waiting {
        /// Who.
        asked: Stamp,
    },
    /// The node may have signed it: which body, after which place of the own log.
    Signing {
        /// Who asked that it be published, if anybody did before.
        asked: Option<Stamp>,
        /// Who had it signed.
        signed: Stamp,
        /// The body.
        body: BodyHash,
        /// The last own entry before.
        after: Seq,
    },
    /// It was signed.
    Published {
        /// The entry.
        entry: EntryId,
        /// Who asked that it be published, if anybody did before.
        asked: Option<Stamp>,
        /// Who had it signed.
        signed: Stamp,
    },
}

/// What is written and not signed yet, or how it came to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    schema: String,
    /// Its id.
    pub(crate) id: DraftId,
    /// The kind of record that it is to become, or [`WITHDRAWAL`].
    pub(crate) kind: String,
    /// Counts its changes.
    pub(crate) version: u64,
    /// Who began it.
    pub(crate) made: Stamp,
    /// Who changed it last.
    pub(crate) changed: Stamp,
    /// How far it has come.
    pub(crate) state: State,
    /// The version of a record from which it began and which it is to replace; or the entry that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<EntryId>,
    /// Why it was given back to its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<Remark>,
    /// The languages in which it is written.
    pub(crate) languages: Vec<String>,
    /// The salt of the body that it becomes.
    salt: [u8; SALT_LEN],
    /// The values of its form.
    pub(crate) fields: Tree,
}

/// What somebody who did not publish a draft says about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remark {
    /// What.
    pub(crate) text: String,
    /// Who.
    pub(crate) by: Stamp,
}

/// The form of a draft's file.
const SCHEMA: &str = "multaqa/draft-file/1";

impl Draft {
    /// Returns a new draft.
    pub(crate) fn new(kind: &str, fields: Tree, languages: Vec<String>, by: Stamp) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            id: DraftId::draw(),
            kind: kind.to_owned(),
            version: 1,
            made: by.clone(),
            changed: by,
            state: State::Writing,
            target: None,
            remark: None,
            languages,
            salt: crate::folder::salt(),
            fields,
        }
    }

    /// Returns it as one that replaces or takes back an entry.
    pub(crate) fn about(mut self, target: EntryId) -> Self {
        self.target = Some(target);
        self
    }

    /// Returns what the node is to sign, of a body that was made of the fields.
    pub(crate) fn to_sign(&self, body: multaqa_protocol::codec::Map) -> driver::Draft {
        driver::Draft { kind: self.kind.clone(), body, salt: Some(self.salt) }
    }

    /// Returns the files that it names, with what it calls each.
    pub(crate) fn files(&self) -> BTreeMap<Bytes32, String> {
        let mut files = BTreeMap::new();
        walk(&self.kind, &self.fields, &mut |_, field, value| {
            let items = value.filter(|_| field.name == ATTACHMENTS).and_then(Json::as_array);
            for item in items.into_iter().flatten() {
                let text = |name: &str| item.get(name).and_then(Json::as_str);
                if let Some(hash) = text("hash").and_then(|hash| hash.parse().ok()) {
                    files.insert(hash, text("name").unwrap_or_default().to_owned());
                }
            }
        });
        files
    }

    /// Returns the entry that it became.
    pub(crate) const fn entry(&self) -> Option<EntryId> {
        if let State::Published { entry, .. } = self.state { Some(entry) } else { None }
    }

    /// Tells whether it can be written in.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.state, State::Writing | State::Waiting { .. })
    }

    /// Tells whether an account other than the one that wrote or asked last would publish it.
    pub(crate) fn is_seen_by_another(&self, account: AccountId) -> bool {
        let asked = match &self.state {
            State::Waiting { asked } => Some(asked.account),
            _ => None,
        };
        self.changed.account != account && asked != Some(account)
    }
}

/// Returns the hash of the body that the node is to sign.
pub(crate) fn body_hash(draft: &driver::Draft) -> BodyHash {
    entry::body_ref(&entry::encode_body(draft.salt.unwrap_or_default(), &draft.body)).hash
}
