//! What the stewards' checkpoints say of the network as a whole: how old the last one is, which heads they name that
//! are not here, and where they contradict each other (A4, Y6).

use multaqa_protocol::id::{AuthorId, Millis};
use multaqa_protocol::log::{Mark, Place};
use multaqa_protocol::witness::schedule::PATIENCE;

use super::testimony::{Contradiction, Contradicts, Counting, NamedHead};
use super::{View, ViewError};
use crate::api::types::{Checkpoints, ContradictionKind, HeadContradiction, ListedHead};

/// Most heads and most contradictions that an answer has.
const MAX_LISTED: usize = 64;

impl View<'_> {
    /// Returns what checkpoints say of the network, at the time `now`.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn checkpoints(&self, now: Millis) -> Result<Checkpoints, ViewError> {
        let is_steward = |author: AuthorId| self.snapshot.governance.is_steward(author);
        let counting = Counting { is_steward: &is_steward, is_member: &|_| true };
        let authors = &self.snapshot.authors;
        let tree = |author: AuthorId| Some(authors.get(&author)?.log.tree());
        let is_disowned = |author: AuthorId, place: Place| {
            let mark = authors.get(&author).map(|held| held.log.tree().mark(place, &held.choice, None));
            matches!(mark, Some(Mark::Disowned { .. }))
        };
        let (last, unheld, contradictions) = self.library.testimony(|testimony| {
            let last = testimony.latest(&counting, None, now).map(|listed| listed.shown);
            let unheld = testimony.unheld(&counting, self.store, MAX_LISTED)?;
            let contradictions =
                testimony.contradictions(&counting, self.store, tree, is_disowned, MAX_LISTED)?;
            Ok::<_, ViewError>((last, unheld, contradictions))
        })?;
        let is_late = |named: &&NamedHead| named.shown.time.saturating_add(PATIENCE) <= now;
        Ok(Checkpoints {
            last: last.map(|shown| self.listing(&shown)),
            not_supplied: unheld.iter().filter(is_late).map(|named| self.listed_head(named)).collect(),
            contradictions: contradictions.iter().map(|found| self.contradiction(found)).collect(),
        })
    }

    fn listed_head(&self, named: &NamedHead) -> ListedHead {
        ListedHead {
            author: self.author_ref(named.author),
            seq: named.head.seq,
            id: named.head.id,
            listed: self.listing(&named.shown),
        }
    }

    fn contradiction(&self, found: &Contradiction) -> HeadContradiction {
        HeadContradiction {
            kind: match found.how {
                Contradicts::TwoHeads => ContradictionKind::TwoHeads,
                Contradicts::SteppedBack => ContradictionKind::SteppedBack,
            },
            one: self.listed_head(&found.rows[0]),
            other: self.listed_head(&found.rows[1]),
        }
    }
}
