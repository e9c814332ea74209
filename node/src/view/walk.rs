//! Reading logs backwards, and several of them as one list, newest first.
//!
//! The order is that of the claimed times (W4), made monotone: an entry is taken to be no later than
//! the entries that follow it in its log, nor than the moment of the first page. So a log with a clock
//! of 2099 does not stay on top, and nothing has to be sorted as a whole.

use std::collections::BinaryHeap;

use multaqa_protocol::id::{AuthorId, Millis, Seq};
use multaqa_protocol::log::{Place, Stretch};

use crate::store::{ReadError, Row, Store};

/// Rows read at once: two of the index's chunks, as most pages need no more of one log.
const CHUNK: Seq = 64;

/// Where an entry stands in the order; greater is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) time: Millis,
    pub(super) author: AuthorId,
    pub(super) place: (Seq, u16),
}

/// The rows of one path, the last first.
#[derive(Debug)]
pub(super) struct Walk {
    author: AuthorId,
    runs: Vec<Stretch>,
    /// Rows read and not given yet, the next at the end.
    rows: Vec<Row>,
    ceiling: Millis,
}

impl Walk {
    /// Begins at the end of `runs`; no entry is taken to be later than `ceiling`.
    pub(super) const fn new(author: AuthorId, runs: Vec<Stretch>, ceiling: Millis) -> Self {
        Self { author, runs, rows: Vec::new(), ceiling }
    }

    /// Returns the next row with its place in the order. Entries that are not durable yet are passed
    /// over.
    pub(super) fn next(&mut self, store: &Store) -> Result<Option<(Position, Row)>, ReadError> {
        loop {
            if let Some(row) = self.rows.pop() {
                self.ceiling = self.ceiling.min(row.time);
                let Place { branch, seq } = row.place;
                let position = Position { time: self.ceiling, author: self.author, place: (seq, branch) };
                return Ok(Some((position, row)));
            }
            let Some(run) = self.runs.last_mut() else { return Ok(None) };
            let from = run.first.max(run.last.saturating_sub(CHUNK - 1));
            self.rows = store.rows(self.author, run.branch, from..=run.last)?;
            if from == run.first {
                self.runs.pop();
            } else {
                run.last = from - 1;
            }
        }
    }
}

/// Several walks as one, the newest row first.
#[derive(Debug)]
pub(super) struct Merge<'a> {
    store: &'a Store,
    walks: Vec<Walk>,
    /// Where the next row of each walk stands, with the walk's number.
    order: BinaryHeap<(Position, usize)>,
    next: Vec<Option<Row>>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(store: &'a Store, walks: Vec<Walk>) -> Result<Self, ReadError> {
        let next = vec![None; walks.len()];
        let mut merge = Self { store, walks, order: BinaryHeap::new(), next };
        for walk in 0..merge.walks.len() {
            merge.advance(walk)?;
        }
        Ok(merge)
    }

    fn advance(&mut self, walk: usize) -> Result<(), ReadError> {
        if let Some((position, row)) = self.walks[walk].next(self.store)? {
            self.order.push((position, walk));
            self.next[walk] = Some(row);
        }
        Ok(())
    }

    pub(super) fn next(&mut self) -> Result<Option<(Position, Row)>, ReadError> {
        let Some((position, walk)) = self.order.pop() else { return Ok(None) };
        let row = self.next[walk].take().expect("each position was pushed with its row");
        self.advance(walk)?;
        Ok(Some((position, row)))
    }
}
