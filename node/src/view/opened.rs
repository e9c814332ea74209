//! Records that were read a moment ago: readers ask for the same ones over and over.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use multaqa_protocol::id::EntryId;

use super::ViewError;
use super::body::{Gist, Shown};
use super::text::Text;
use crate::api::types::BodyStatus;

/// Records that are kept: all of a network in its first years. Most take 5 KB, the largest twice
/// [`MAX_TEXT`]: 32 MB at the very worst.
const KEPT: NonZeroUsize = NonZeroUsize::new(2_048).expect("not zero");
/// Most bytes of text of a record that is kept.
const MAX_TEXT: usize = 8 << 10;

/// A record that was read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(super) gist: Gist,
    /// What it says in words.
    pub(crate) texts: Vec<Text>,
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
    /// Returns a record, from what is kept or as `read` returns it. One that is withdrawn is not kept,
    /// and forgotten if it was (B3).
    pub(super) fn opened(
        &self,
        id: EntryId,
        is_withdrawn: bool,
        read: impl FnOnce() -> Result<Shown, ViewError>,
    ) -> Result<Arc<Opened>, ViewError> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if is_withdrawn {
            kept().pop(&id);
        } else if let Some(opened) = kept().get(&id) {
            return Ok(Arc::clone(opened));
        }
        let shown = read()?;
        let opened = Arc::new(Opened { gist: shown.gist(), texts: shown.texts() });
        let size: usize = opened.texts.iter().map(|text| text.text.len()).sum();
        if opened.gist.status == BodyStatus::Present && size <= MAX_TEXT {
            kept().put(id, Arc::clone(&opened));
        }
        Ok(opened)
    }
}
