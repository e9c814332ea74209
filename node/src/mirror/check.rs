//! The mirror's own look at what a node tells: every entry by its bytes, before anything of a page is written.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use multaqa_protocol::entry::{Entry, Signed};
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::log::{Log, Place};
use tokio_postgres::Transaction;

use super::{MirrorError, place};
use crate::api::types::{MirrorEntry, MirrorPage};

/// An entry whose bytes are its author's.
pub(super) struct Checked<'a> {
    /// What the node decides of it.
    pub(super) told: &'a MirrorEntry,
    /// The entry.
    pub(super) entry: Entry,
    /// Its body, whose hash the entry names.
    pub(super) body: Option<Vec<u8>>,
    /// Where it lies in the log as the copy numbers its branches.
    pub(super) place: Place,
}

/// Checks a page; returns the log as it is with its entries, nothing of a page without entries of a log that is not
/// known.
pub(super) async fn check<'a>(
    transaction: &Transaction<'_>,
    page: &'a MirrorPage,
) -> Result<(Option<Log>, Vec<Checked<'a>>), MirrorError> {
    let author = page.log.author;
    let mut log = skeleton(transaction, author).await?;
    let mut read = Vec::with_capacity(page.items.len());
    for told in &page.items {
        read.push((told, entry(author, told)?));
    }
    let mut places = places(transaction, read.iter().map(|(_, (entry, _))| entry)).await?;
    let mut checked = Vec::with_capacity(read.len());
    for (told, (entry, body)) in read {
        let id = entry.id();
        let refused = |rule| MirrorError::Refused { id, rule };
        let place = match (places.get(&id), &mut log) {
            // Its header was verified when it was copied, and the id is the header's hash.
            (Some(place), Some(_)) => *place,
            (_, None) => {
                log = Some(
                    Log::begin(&Signed::unchecked(entry.clone())).map_err(|error| refused(error.rule()))?,
                );
                Place { branch: 0, seq: 0 }
            }
            (None, Some(log)) => {
                let parent = entry.prev().and_then(|prev| places.get(&prev)).ok_or(refused("V3"))?;
                log.extend(*parent, &Signed::unchecked(entry.clone()))
                    .map_err(|error| refused(error.rule()))?
            }
        };
        places.insert(id, place);
        checked.push(Checked { told, entry, body, place });
    }
    Ok((log, checked))
}

/// Reads an entry: valid by its own bytes, of this author, and with the body that it names.
fn entry(author: AuthorId, told: &MirrorEntry) -> Result<(Entry, Option<Vec<u8>>), MirrorError> {
    // Where the bytes name no entry there is no id either; its author's inception leads to the log.
    let unnamed = |rule| MirrorError::Refused { id: author.inception(), rule };
    let envelope = STANDARD.decode(&told.envelope).map_err(|_| unnamed("C5"))?;
    let entry = Entry::decode(&envelope).map_err(|error| unnamed(error.rule()))?;
    let refused = |rule| MirrorError::Refused { id: entry.id(), rule };
    if entry.author() != author || entry.seq() != told.seq {
        return Err(refused("V3"));
    }
    let body =
        told.bytes.as_ref().map(|body| STANDARD.decode(body)).transpose().map_err(|_| refused("V7"))?;
    if body.as_ref().is_some_and(|body| !entry.has_body(body)) {
        return Err(refused("V7"));
    }
    Ok((entry, body))
}

async fn skeleton(transaction: &Transaction<'_>, author: AuthorId) -> Result<Option<Log>, MirrorError> {
    let sql = "SELECT skeleton FROM multaqa.logs WHERE author = $1";
    let row = transaction.query_opt(sql, &[&author.0.as_slice()]).await?;
    let read = |row: tokio_postgres::Row| {
        Log::restore(row.get(0)).ok_or(MirrorError::Altered { what: "the skeleton of a log" })
    };
    row.map(read).transpose()
}

/// Returns where those entries lie that are copied already, and the parents of all.
async fn places(
    transaction: &Transaction<'_>,
    entries: impl Iterator<Item = &Entry>,
) -> Result<BTreeMap<EntryId, Place>, MirrorError> {
    let ids: Vec<Vec<u8>> = entries
        .flat_map(|entry| [Some(entry.id()), entry.prev()])
        .flatten()
        .map(|id| id.0.to_vec())
        .collect();
    let sql = "SELECT id, branch, seq FROM multaqa.entries WHERE id = ANY($1)";
    let rows = transaction.query(sql, &[&ids]).await?;
    let places = rows.iter().filter_map(|row| {
        Some((EntryId(row.get::<_, &[u8]>(0).try_into().ok()?), place(row.get(1), row.get(2))?))
    });
    Ok(places.collect())
}
