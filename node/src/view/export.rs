//! Records with what they say, page by page, for those who take them away.

use multaqa_protocol::codec::Value;
use multaqa_protocol::id::{Millis, sha256};

use super::{Cursor, Filter, Snapshot, View, ViewError};
use crate::api::types::{BodyStatus, RecordItem};
use crate::hidden::Hidden;
use crate::store::Store;

/// A record as it is exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// What a list says of it.
    pub item: RecordItem,
    /// What its body says, ids as hex; `None` where it is not here, not readable or withdrawn.
    pub fields: Option<serde_json::Map<String, serde_json::Value>>,
}

impl View<'_> {
    /// Returns the next records of an export, at most as many as [`View::records`] lists, newest first,
    /// and where to go on.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn exported(
        &self,
        filter: &Filter,
        cursor: Option<Cursor>,
        limit: usize,
        now: Millis,
    ) -> Result<(Vec<Exported>, Option<Cursor>), ViewError> {
        let list = self.records(filter, cursor, limit, now)?;
        self.told(list.items, list.next.as_deref())
    }

    /// Returns listed records with what they say, and where to go on.
    pub(crate) fn told(
        &self,
        items: Vec<RecordItem>,
        next: Option<&str>,
    ) -> Result<(Vec<Exported>, Option<Cursor>), ViewError> {
        let next = next.map(str::parse).transpose()?;
        let mut records = Vec::with_capacity(items.len());
        for item in items {
            let fields = if item.body == BodyStatus::Present { self.fields(&item)? } else { None };
            // Which words were found is an answer to somebody, and no part of the record.
            records.push(Exported { item: RecordItem { matched: None, alike: None, ..item }, fields });
        }
        Ok((records, next))
    }

    fn fields(
        &self,
        item: &RecordItem,
    ) -> Result<Option<serde_json::Map<String, serde_json::Value>>, ViewError> {
        let Some(place) = self.store.place_of(item.author, &item.id)? else { return Ok(None) };
        let Some((row, stored)) = self.load_at(item.author, place)? else { return Ok(None) };
        let shown = self.read_body(item.author, &row, &stored.body);
        // A map of plain values under text keys always has a form in JSON.
        let fields = shown.map.and_then(|map| serde_json::to_value(Value::Map(map)).ok());
        Ok(match fields {
            Some(serde_json::Value::Object(fields)) => Some(fields),
            _ => None,
        })
    }
}

impl Snapshot {
    /// Returns a number that is another one as soon as any answer about records or members may be
    /// another one: by the heads, what stands against them, how many bodies are here, and what is hidden.
    #[must_use]
    pub fn fingerprint(&self, store: &Store, hidden: &Hidden) -> [u8; 32] {
        let mut state = Vec::new();
        for (author, held) in &self.authors {
            let head = held.choice.head;
            state.extend(author.0);
            state.extend(held.head.map(|head| head.id.0).unwrap_or_default());
            state.extend(format!("{:?} {:?} {:?}", held.choice.status, head, held.cut).into_bytes());
        }
        state.extend(self.withdrawals.keys().flat_map(|target| target.id.0));
        state.extend(hidden.iter().flat_map(|hiding| hiding.record.0));
        let held = store.status();
        state.extend(format!("{} {} {}", held.entries, held.bodies, held.missing).into_bytes());
        sha256(&state)
    }
}
