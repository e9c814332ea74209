//! A draft as what the node would sign, and what is wrong with it.

use multaqa_protocol::codec::Map;
use multaqa_protocol::id::BodyHash;
use multaqa_protocol::record;
use serde_json::Value as Json;

use crate::api::types::{FieldProblem, Warning, WithdrawRequest};
use crate::api::{Api, Failure};
use crate::driver;
use crate::office::draft::{Draft, WITHDRAWAL, body_hash};

/// What the node would sign.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    /// The entries, the one that counts first.
    pub(super) drafts: Vec<driver::Draft>,
    /// The hash of its body.
    pub(super) hash: BodyHash,
    /// Its length in bytes.
    pub(super) len: usize,
    /// What its author must know before it is signed.
    pub(super) warnings: Vec<Warning>,
}

impl Ready {
    /// Returns the body.
    pub(super) fn body(&self) -> &Map {
        &self.drafts[0].body
    }
}

/// Makes what the node would sign, in the way of a program that publishes.
///
/// # Errors
///
/// [`Failure::Draft`] for what its author has to change, and what publishing is refused for otherwise.
pub(super) async fn ready(api: &Api, draft: &Draft) -> Result<Ready, Failure> {
    let fields = Json::Object(draft.fields.clone());
    let mut warnings = Vec::new();
    let drafts = if draft.kind == WITHDRAWAL {
        let request: WithdrawRequest = serde_json::from_value(fields)
            .map_err(|_| Failure::field("reason", "missing", "a withdrawal says why"))?;
        let target = draft.target.map(|target| target.to_string()).unwrap_or_default();
        let mut drafts = api.withdrawal(target, request).await?;
        // The first entry carries the draft's salt, so that it is found again.
        if let Some(first) = drafts.first_mut() {
            *first = draft.to_sign(first.body.clone());
        }
        drafts
    } else {
        let replaced = draft.target.map(|target| target.to_string());
        let drafted = api.compose(&draft.kind, fields, replaced).await?;
        warnings = drafted.warnings;
        vec![draft.to_sign(drafted.body)]
    };
    let hash = body_hash(&drafts[0]);
    let len = multaqa_protocol::entry::encode_body(Default::default(), &drafts[0].body).len();
    Ok(Ready { drafts, hash, len, warnings })
}

/// Returns what is wrong with a draft; nothing where it can be signed.
pub(super) async fn problems(api: &Api, draft: &Draft) -> Result<Vec<FieldProblem>, Failure> {
    match ready(api, draft).await {
        Ok(_) => Ok(Vec::new()),
        Err(Failure::Draft(problems)) => Ok(problems),
        Err(error) => Err(error),
    }
}

/// Returns the record that the node would sign; nothing for a withdrawal.
pub(super) fn as_record(draft: &Draft, ready: &Ready) -> Option<record::Record> {
    record::read(&draft.kind, ready.body()).ok().filter(|record| *record != record::Record::Other)
}
