//! Records that were read a moment ago: readers ask for the same ones over and over.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::party::Party;
use multaqa_protocol::record::{Ref, Words};

use super::ViewError;
use super::body::{Gist, Parts, Shown};
use super::text::Text;
use crate::api::types::BodyStatus;

/// Records that are kept: all of a network in its first years. Most take 5 KB, the largest twice
/// [`MAX_SIZE`]: 32 MB at the very worst.
const KEPT: NonZeroUsize = NonZeroUsize::new(2_048).expect("not zero");
/// Most bytes of what is kept of a record.
const MAX_SIZE: usize = 8 << 10;

/// A record that was read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(super) gist: Gist,
    /// What it says in words.
    pub(crate) texts: Vec<Text>,
    /// What its parts are called.
    parts: Parts,
    /// Who is asked to answer.
    pub(crate) addressees: Vec<Party>,
    /// The records that it names as answers.
    pub(crate) answers: Vec<Ref>,
}

impl Opened {
    fn of(shown: &Shown) -> Self {
        Self {
            gist: shown.gist(),
            texts: shown.texts(),
            parts: shown.parts(),
            addressees: shown.addressees().to_vec(),
            answers: shown.answers().to_vec(),
        }
    }

    /// Returns about how many bytes it takes.
    fn size(&self) -> usize {
        let texts = self.texts.iter().map(|text| text.text.len());
        let parts = self.parts.values().flat_map(Words::iter).map(|(_, text)| text.len());
        let named = (self.addressees.len() + self.answers.len()) * size_of::<Party>();
        texts.chain(parts).sum::<usize>() + named
    }

    /// Returns what a part is called, by the id of a commitment or a recommendation, and of a milestone
    /// within it.
    pub(crate) fn part(&self, id: &str, within: Option<&str>) -> Option<&Words> {
        self.parts.get(&(id.to_owned(), within.map(str::to_owned)))
    }
}

/// Those that were read last.
#[derive(Debug)]
pub(super) struct Kept(Mutex<LruCache<EntryId, Arc<Opened>>>);

impl Default for Kept {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Kept {
    /// Returns a record, from what is kept or as `read` returns it. One that is not shown, because it is withdrawn
    /// (B3) or hidden here, is not kept, and forgotten if it was.
    pub(super) fn opened(
        &self,
        id: EntryId,
        is_shown: bool,
        read: impl FnOnce() -> Result<Shown, ViewError>,
    ) -> Result<Arc<Opened>, ViewError> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_shown {
            kept().pop(&id);
        } else if let Some(opened) = kept().get(&id) {
            return Ok(Arc::clone(opened));
        }
        let opened = Arc::new(Opened::of(&read()?));
        if opened.gist.status == BodyStatus::Present && opened.size() <= MAX_SIZE {
            kept().put(id, Arc::clone(&opened));
        }
        Ok(opened)
    }
}
