//! Logs as a copy elsewhere follows them: the bytes of all entries on all branches, with what is decided of each.
//!
//! A copy keeps for each log where it stopped and the `base` that the log had then. While the base is the same,
//! nothing of what was told has changed, and the log is told on from there; with another base it is told anew. So
//! the base is made of all that a row of the copy rests on save the growth of the branch that grows.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use multaqa_protocol::entry;
use multaqa_protocol::id::{AuthorId, EntryId, sha256};
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::record::{self, Record};

use super::body::{Shown, Subject};
use super::library::withdrawn_by_author;
use super::snapshot::{Held, is_network_kind};
use super::text::Text;
use super::{View, ViewError};
use crate::api::types::{
    BodyStatus, MIRROR_LOGS, MIRROR_PAGE, MirrorEntry, MirrorLog, MirrorLogs, MirrorPage,
};
use crate::store::BodyState;

/// Most entries of a page: a transaction of the copy, which is done again where it is cut off.
const MAX_ENTRIES: usize = 500;
/// Most bytes of entries and bodies of a page, but for the last one: some megabytes of JSON, held on both sides.
const MAX_BYTES: usize = 2 << 20;
/// Rows read at once.
const ROWS: u32 = 256;
/// Most missing bodies that are looked at; with more than that a log is not told anew for every one that comes, but
/// once fewer are missing.
const MAX_MISSING: usize = 10_000;

/// What a body says, for the tables of a copy.
#[derive(Debug)]
pub(crate) struct Told {
    /// The record, where it keeps the schema of its kind.
    pub(crate) record: Record,
    /// What it says, as JSON.
    pub(crate) fields: Option<serde_json::Value>,
    /// The record that it is about, and the part of it.
    pub(crate) about: Option<(EntryId, Option<String>)>,
    pub(crate) principles: BTreeSet<String>,
    pub(crate) themes: BTreeSet<String>,
    pub(crate) progress: BTreeSet<String>,
    pub(crate) languages: BTreeSet<String>,
    pub(crate) texts: Vec<Text>,
}

/// Reads a body of an entry of `kind`; nothing where it is not readable as a record of that kind.
pub(crate) fn told(kind: &str, body: &[u8]) -> Option<Told> {
    let shown = Shown::read(kind, &BodyState::Present(body.to_vec()), false);
    let about = shown.subject().map(|Subject { target, part, .. }| (target.id, part));
    Some(Told {
        fields: shown.fields(),
        about,
        principles: shown.principles_within(),
        themes: shown.themes_within(),
        progress: shown.progress(),
        languages: shown.languages(),
        texts: shown.texts(),
        record: shown.record?,
    })
}

/// Tells whether a body can be read as a record of its kind.
pub(crate) fn is_readable(kind: &str, body: &[u8]) -> bool {
    entry::decode_body(body).is_ok_and(|map| is_network_kind(kind) || record::read(kind, &map).is_ok())
}

impl View<'_> {
    /// Tells how all logs stand.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn mirror_logs(&self, state: String) -> Result<MirrorLogs, ViewError> {
        let rests = self.rests()?;
        let logs = self.snapshot.authors.iter();
        let items = logs.map(|(author, held)| self.mirror_log(*author, held, &rests)).collect();
        Ok(MirrorLogs { schema: MIRROR_LOGS.into(), network: self.snapshot.network, state, items })
    }

    /// Tells the entries of a log after a place, as many as a page holds.
    ///
    /// # Errors
    ///
    /// [`ViewError::NotFound`], [`ViewError::Read`].
    pub(crate) fn mirror_page(
        &self,
        author: AuthorId,
        after: Option<Place>,
    ) -> Result<MirrorPage, ViewError> {
        let held = self.held(author)?;
        let log = self.mirror_log(author, held, &self.rests()?);
        let (mut items, mut bytes) = (Vec::new(), 0);
        // Branches are numbered in the order in which they began, so a parent lies on an earlier one.
        for run in held.log.tree().branches().filter_map(|run| beyond(run, after)) {
            let mut from = run.first;
            loop {
                let to = run.last.min(from.saturating_add(ROWS - 1));
                for row in self.store.rows(author, run.branch, from..=to)? {
                    if items.len() == MAX_ENTRIES || bytes >= MAX_BYTES {
                        return Ok(MirrorPage { schema: MIRROR_PAGE.into(), log, items, more: true });
                    }
                    let Some(stored) = self.store.entry(author, row.place)? else { continue };
                    let withdrawn = self.snapshot.is_withdrawn(author, &row);
                    let (body, present) = match stored.body {
                        _ if withdrawn => (BodyStatus::Withdrawn, None),
                        _ if self.hiding(author, row.id).is_some() => (BodyStatus::Hidden, None),
                        BodyState::Present(body) => (BodyStatus::Present, Some(body)),
                        BodyState::Missing => (BodyStatus::Missing, None),
                        BodyState::Withdrawn => (BodyStatus::Withdrawn, None),
                    };
                    bytes += stored.entry.envelope().len() + present.as_ref().map_or(0, Vec::len);
                    let by = self.snapshot.withdrawal(author, row.place.seq, row.id, &row.kind);
                    items.push(MirrorEntry {
                        branch: row.place.branch,
                        seq: row.place.seq,
                        status: self.snapshot.status(author, held, &row),
                        body,
                        first: self.library.shelf(author).map_or(row.id, |shelf| shelf.first_of(row.id)),
                        withdrawn: by.and_then(|by| by.by().map(|order| order.time).min()),
                        envelope: STANDARD.encode(stored.entry.envelope()),
                        bytes: present.map(|body| STANDARD.encode(body)),
                    });
                }
                if to == run.last {
                    break;
                }
                from = to + 1;
            }
        }
        Ok(MirrorPage { schema: MIRROR_PAGE.into(), log, items, more: false })
    }

    /// Returns what logs rest on beside their own entries.
    fn rests(&self) -> Result<Rests, ViewError> {
        let mut rests = Rests { withdrawn: withdrawn_by_author(self.snapshot), ..Rests::default() };
        for hiding in self.library.hidden().iter() {
            rests.hidden.entry(hiding.author).or_default().insert(hiding.record);
        }
        for (_, author, place) in self.store.missing(None, MAX_MISSING)? {
            rests.missing.entry(author).or_default().insert(place);
        }
        Ok(rests)
    }

    fn mirror_log(&self, author: AuthorId, held: &Held, rests: &Rests) -> MirrorLog {
        let head = held.choice.head;
        let last = held.log.tree().last(head.branch).unwrap_or(head.seq);
        // Both without the end of the branch that grows.
        let grown = |run: Stretch| (run.branch, run.first, (run.branch != head.branch).then_some(run.last));
        let branches: Vec<_> = held.log.tree().branches().map(grown).collect();
        let path: Vec<_> = held.choice.path().iter().map(|run| grown(*run)).collect();
        let stops = (head.seq != last).then_some(head.seq);
        let text = format!(
            "{branches:?} {path:?} {stops:?} {:?} {:?} {:?} {:?} {:?}",
            held.choice.status,
            held.cut,
            rests.withdrawn.get(&author),
            rests.hidden.get(&author),
            rests.missing.get(&author),
        );
        let base = hex::encode(&sha256(text.as_bytes())[..16]);
        MirrorLog { author, base, branch: head.branch, last }
    }
}

/// What logs rest on beside their own entries.
#[derive(Default)]
struct Rests {
    withdrawn: BTreeMap<AuthorId, BTreeSet<EntryId>>,
    hidden: BTreeMap<AuthorId, BTreeSet<EntryId>>,
    missing: BTreeMap<AuthorId, BTreeSet<Place>>,
}

/// Returns what of a run lies after a place, in the order of branches.
fn beyond(run: Stretch, after: Option<Place>) -> Option<Stretch> {
    let Some(after) = after else { return Some(run) };
    match run.branch.cmp(&after.branch) {
        std::cmp::Ordering::Less => None,
        std::cmp::Ordering::Greater => Some(run),
        std::cmp::Ordering::Equal => {
            let first = run.first.max(after.seq.saturating_add(1));
            (first <= run.last).then_some(Stretch { first, ..run })
        }
    }
}
