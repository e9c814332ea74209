//! Which bodies are named by an entry that stands.
//!
//! A salt makes every honest body its own, so that two entries name one body only where somebody
//! copied it. No row is kept for that: it is asked when something was withdrawn, and found by
//! looking. The lengths in the records leave few entries to be read.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::entry::BodyRef;
use multaqa_protocol::id::BodyHash;

use super::Store;
use super::read::ReadError;

impl Store {
    /// Returns those of `bodies` that an entry names which is not withdrawn (B2). It looks through all
    /// records, some 100 MB of rows for a million entries, and holds up writers for one author's at a
    /// time. Entries that are damaged name nothing.
    ///
    /// # Errors
    ///
    /// The disk or the index failed.
    pub fn named(&self, bodies: &[BodyRef]) -> Result<BTreeSet<BodyHash>, ReadError> {
        let mut wanted = BTreeMap::<u32, BTreeSet<BodyHash>>::new();
        for body in bodies {
            wanted.entry(body.len as u32).or_default().insert(body.hash);
        }
        let mut named = BTreeSet::new();
        let authors = self.state().rows.authors.len();
        for number in 0..authors {
            if wanted.is_empty() {
                break;
            }
            self.reading(|state| {
                for record in state.rows.standing(number as u32, |len| wanted.contains_key(&len))? {
                    let hash = match self.read_entry(&record) {
                        Ok(entry) => entry.header().body.hash,
                        Err(ReadError::Damaged { .. }) => continue,
                        Err(error) => return Err(error),
                    };
                    let Some(hashes) = wanted.get_mut(&record.body_len) else { continue };
                    if hashes.remove(&hash) {
                        named.insert(hash);
                    }
                    if hashes.is_empty() {
                        wanted.remove(&record.body_len);
                    }
                }
                Ok(())
            })?;
        }
        Ok(named)
    }
}
