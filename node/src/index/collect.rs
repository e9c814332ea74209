//! What is gathered over all records found: how many, of which values, and which stand first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use multaqa_protocol::id::Millis;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{AUTHOR, FACET, PLACE, TIME, UNTIL};
use crate::view::Versions;

/// Where a record found stands; greater is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    /// The bits of its score, which is never negative; 0 where the order is that of time.
    pub(super) score: u32,
    /// Its time, at most the moment of the first page.
    pub(super) time: Millis,
    /// The author as in its column.
    pub(super) author: u64,
    /// The sequence number and the branch.
    pub(super) place: u64,
}

/// What is asked of the records found.
#[derive(Clone, Debug)]
pub(super) struct Gather {
    pub(super) names: Arc<FacetNames>,
    /// Whether the best come first; otherwise the newest.
    pub(super) scored: bool,
    pub(super) ceiling: Millis,
    pub(super) since: Option<Millis>,
    pub(super) as_of: Option<Millis>,
    pub(super) versions: Versions,
    /// The last record of the page before.
    pub(super) after: Option<Standing>,
    pub(super) limit: usize,
}

/// What was gathered.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    pub(super) total: u64,
    /// The first records of the page, one more than asked for where there are more.
    pub(super) first: Vec<Standing>,
    /// How many have each value, by its number in [`FacetNames`].
    pub(super) counts: Vec<u64>,
}

/// The values of all segments under numbers of their own, so that counts can be added up.
#[derive(Debug, Default)]
pub(super) struct FacetNames(Mutex<Numbered>);

#[derive(Debug, Default)]
struct Numbered {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
    /// For each segment the number of each value in its dictionary.
    segments: HashMap<SegmentId, Arc<Vec<u32>>>,
}

impl FacetNames {
    /// Returns the numbers of a segment's values.
    fn of(&self, segment: SegmentId, column: &StrColumn) -> tantivy::Result<Arc<Vec<u32>>> {
        let mut numbered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = numbered.segments.get(&segment) {
            return Ok(known.clone());
        }
        let mut numbers = Vec::with_capacity(column.num_terms());
        let mut name = String::new();
        for ord in 0..column.num_terms() as u64 {
            name.clear();
            column.ord_to_str(ord, &mut name)?;
            let next = numbered.names.len() as u32;
            let number = *numbered.numbers.entry(name.clone()).or_insert(next);
            if number == next {
                numbered.names.push(name.clone());
            }
            numbers.push(number);
        }
        let numbers = Arc::new(numbers);
        numbered.segments.insert(segment, numbers.clone());
        Ok(numbers)
    }

    /// Forgets segments that are gone.
    pub(super) fn keep(&self, segments: &[SegmentId]) {
        let mut numbered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbered.segments.retain(|segment, _| segments.contains(segment));
    }

    /// Returns the counts by name, the most frequent first.
    pub(super) fn named(&self, counts: &[u64]) -> Vec<(String, u64)> {
        let numbered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut named: Vec<(String, u64)> =
            counted.map(|(number, count)| (numbered.names[number].clone(), *count)).collect();
        named.sort_unstable_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
        named
    }
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = GatherSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<GatherSegment> {
        let columns = segment.fast_fields();
        let facets = columns.str(FACET)?;
        let numbers = match &facets {
            Some(column) => self.names.of(segment.segment_id(), column)?,
            None => Arc::default(),
        };
        let counts = vec![0; numbers.len()];
        Ok(GatherSegment {
            asked: self.clone(),
            facets: facets.map(|facets| facets.into_parts().1),
            author: columns.u64(AUTHOR)?,
            place: columns.u64(PLACE)?,
            time: columns.u64(TIME)?,
            until: columns.u64(UNTIL)?,
            numbers,
            counts,
            total: 0,
            first: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, segments: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        for segment in segments {
            all.total += segment.total;
            all.first.extend(segment.first);
            if all.counts.len() < segment.counts.len() {
                all.counts.resize(segment.counts.len(), 0);
            }
            for (sum, count) in all.counts.iter_mut().zip(&segment.counts) {
                *sum += count;
            }
        }
        all.first.sort_unstable_by_key(|standing| Reverse(*standing));
        all.first.truncate(self.limit + 1);
        Ok(all)
    }
}

/// Gathers in one segment.
pub(super) struct GatherSegment {
    asked: Gather,
    facets: Option<Column<u64>>,
    author: Column<u64>,
    place: Column<u64>,
    time: Column<u64>,
    until: Column<u64>,
    numbers: Arc<Vec<u32>>,
    /// By number in the segment's dictionary.
    counts: Vec<u32>,
    total: u64,
    first: BinaryHeap<Reverse<Standing>>,
}

impl SegmentCollector for GatherSegment {
    type Fruit = Gathered;

    fn collect(&mut self, doc: DocId, score: Score) {
        let asked = &self.asked;
        let time = self.time.first(doc).unwrap_or_default().min(asked.ceiling);
        let until = self.until.first(doc).unwrap_or(u64::MAX);
        let is_current = until == u64::MAX || asked.as_of.is_some_and(|as_of| until > as_of);
        let is_wanted = asked.since.is_none_or(|since| time >= since)
            && asked.as_of.is_none_or(|as_of| time <= as_of)
            && (is_current || asked.versions == Versions::All);
        if !is_wanted {
            return;
        }
        self.total += 1;
        if let Some(facets) = &self.facets {
            for ord in facets.values_for_doc(doc) {
                self.counts[ord as usize] += 1;
            }
        }
        let score = if asked.scored { score.max(0.0).to_bits() } else { 0 };
        let lowest = self.first.peek().map(|Reverse(lowest)| *lowest);
        let is_full = self.first.len() > asked.limit;
        if is_full && lowest.is_some_and(|lowest| (lowest.score, lowest.time) > (score, time)) {
            return;
        }
        let author = self.author.first(doc).unwrap_or_default();
        let place = self.place.first(doc).unwrap_or_default();
        let standing = Standing { score, time, author, place };
        if asked.after.is_none_or(|after| standing < after) {
            self.first.push(Reverse(standing));
            if self.first.len() > asked.limit + 1 {
                self.first.pop();
            }
        }
    }

    fn harvest(self) -> Gathered {
        let mut counts = Vec::new();
        for (ord, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let number = self.numbers[ord] as usize;
            if counts.len() <= number {
                counts.resize(number + 1, 0);
            }
            counts[number] += u64::from(*count);
        }
        let first = self.first.into_iter().map(|Reverse(standing)| standing).collect();
        Gathered { total: self.total, first, counts }
    }
}
