//! Dialogue, derived from records: what was said about one, and what is asked of a collectivity and not answered
//! yet.
//!
//! The search index finds what is about what, and the view says how it stands: only what is canonical, current and
//! not withdrawn is part of a thread. Nothing here decides anything; every answer is bounded.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::party::Party;
use multaqa_protocol::record::{CHALLENGE, PRACTICE, REPLY, Ref};

use crate::api::types::{
    Addressed, Facets, Link, List, QUESTIONS, RECORDS, RecordItem, Records, Resolved, Status, THREAD, Thread,
    ThreadReply,
};
use crate::gazetteer;
use crate::index::{Asked, Index, SearchError};
use crate::view::{Cursor, Filter, MAX_PAGE, View, ViewError};

/// How deep replies to replies are followed; whoever reads on asks for the thread of the last.
pub(crate) const MAX_DEPTH: usize = 6;
/// Most replies to replies of one answer: more than anybody reads on one page.
const MAX_NESTED: usize = 200;
/// Most practices that are told as answers to a challenge, and as those that a reply names.
const MAX_ANSWERS: usize = 24;
/// Most collectivities that are told of those whom a reply asks.
const MAX_ADDRESSED: usize = 24;
/// Newest questions that are looked at for those without an answer; each costs a look into the index.
const MAX_QUESTIONS: usize = 50;

/// What answers are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialogue<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) index: &'a Index,
    /// Whether the index has taken up all records.
    pub(crate) is_whole: bool,
    pub(crate) now: Millis,
}

/// The replies below others, by the reply that they answer.
#[derive(Debug, Default)]
struct Nested {
    replies: BTreeMap<EntryId, Vec<RecordItem>>,
    /// Replies that may have more than what is told.
    more: BTreeSet<EntryId>,
}

impl Dialogue<'_> {
    /// Returns what was said about a record: replies to it in any of its versions, the newest first, a page at a
    /// time, each with the replies to it, the oldest first; and the practices that answer it.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub(crate) fn thread(&self, id: &str, cursor: Option<Cursor>, limit: usize) -> Result<Thread, ViewError> {
        let found = self.view.find(id)?;
        let versions = self.view.latest_versions(id)?;
        let replies = self.find(&about(versions.clone(), REPLY), cursor, limit)?;
        let mut nested = self.nested(replies.items.iter().map(|reply| reply.id).collect())?;
        let items: Result<_, _> =
            replies.items.into_iter().map(|reply| self.reply(reply, &mut nested)).collect();
        let is_challenge = found.kind == CHALLENGE;
        Ok(Thread {
            schema: THREAD.into(),
            id: found.id,
            items: items?,
            next: replies.next,
            total: replies.total,
            complete: replies.complete,
            answers: if is_challenge { self.answers(&versions)? } else { Vec::new() },
        })
    }

    /// Returns the newest records that are wanted, only what counts.
    pub(crate) fn latest(&self, filter: Filter, limit: usize) -> Result<Records, ViewError> {
        self.find(&Filter { statuses: BTreeSet::from([Status::Canonical]), ..filter }, None, limit)
    }

    /// Returns the newest challenges whose authors have named no answer yet.
    pub(crate) fn open_challenges(&self, limit: usize) -> Result<Vec<RecordItem>, ViewError> {
        let filter = Filter { kinds: BTreeSet::from([CHALLENGE.to_owned()]), ..Filter::default() };
        let mut open = Vec::new();
        for item in self.latest(filter, MAX_QUESTIONS)?.items {
            let answered =
                self.view.named(&reference(&item))?.is_some_and(|(_, read)| !read.answers.is_empty());
            if !answered && open.len() < limit {
                open.push(item);
            }
        }
        Ok(open)
    }

    /// Returns what is asked of a collectivity and what it has answered with nothing, the newest first: neither
    /// with a reply nor with a practice, and no answer of its is named by who asked.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn unanswered(&self, author: AuthorId) -> Result<List<RecordItem>, ViewError> {
        let asked = Some(self.view.addressee(author));
        let found = self.latest(Filter { asked, ..Filter::default() }, MAX_QUESTIONS)?;
        let mut items = Vec::new();
        for item in found.items {
            if item.author != author && !self.has_answered(author, &item)? {
                items.push(item);
            }
        }
        Ok(List::whole(QUESTIONS, items))
    }

    /// Returns how many replies a record has.
    pub(crate) fn replies(&self, item: &RecordItem) -> Result<u64, ViewError> {
        let versions = self.view.latest_versions(&item.id.to_string())?;
        Ok(self.find(&about(versions, REPLY), None, 1)?.total.unwrap_or_default())
    }

    fn has_answered(&self, author: AuthorId, question: &RecordItem) -> Result<bool, ViewError> {
        let named = self.view.named(&reference(question))?;
        if question.kind == CHALLENGE
            && named.is_some_and(|(_, read)| read.answers.iter().any(|answer| answer.author == author))
        {
            return Ok(true);
        }
        let versions = self.view.latest_versions(&question.id.to_string())?;
        let by = |filter: Filter| {
            let found = self.find(&Filter { author: Some(author), ..filter }, None, 1)?;
            Ok::<_, ViewError>(!found.items.is_empty())
        };
        Ok(by(about(versions.clone(), REPLY))? || by(referring(versions, PRACTICE))?)
    }

    /// Finds the replies below others, level by level.
    fn nested(&self, mut level: Vec<EntryId>) -> Result<Nested, ViewError> {
        let (mut nested, mut left) = (Nested::default(), MAX_NESTED);
        for depth in 1..=MAX_DEPTH {
            if level.is_empty() {
                break;
            }
            let mut versions = BTreeMap::new();
            for reply in &level {
                let all = self.view.latest_versions(&reply.to_string())?;
                versions.extend(all.into_iter().map(|version| (version, *reply)));
            }
            let is_last = depth == MAX_DEPTH || left == 0;
            let most = if is_last { MAX_PAGE } else { left };
            let found = self.find(&about(versions.keys().copied().collect(), REPLY), None, most)?;
            if found.next.is_some() {
                nested.more.extend(&level);
            }
            level.clear();
            for item in found.items {
                let answers = item.about.as_ref().map(|about| about.link.target.id);
                let Some(parent) = answers.and_then(|target| versions.get(&target)) else { continue };
                if is_last {
                    nested.more.insert(*parent);
                    continue;
                }
                left = left.saturating_sub(1);
                level.push(item.id);
                nested.replies.entry(*parent).or_default().push(item);
            }
        }
        Ok(nested)
    }

    /// Returns a reply with those to it.
    fn reply(&self, item: RecordItem, nested: &mut Nested) -> Result<ThreadReply, ViewError> {
        let mut below = nested.replies.remove(&item.id).unwrap_or_default();
        below.sort_by_key(|reply| (reply.time, reply.id));
        let replies = below.into_iter().map(|reply| self.reply(reply, nested)).collect::<Result<_, _>>()?;
        let read = self.view.named(&reference(&item))?.map(|(_, read)| read);
        let (addressees, practices) = match &read {
            Some(read) => (read.addressees.as_slice(), read.answers.as_slice()),
            None => (&[][..], &[][..]),
        };
        let practice = |target: &Ref| -> Result<Link, ViewError> {
            let resolved =
                if self.view.named(target)?.is_some() { Resolved::Held } else { Resolved::NotHeld };
            Ok(Link { field: "practices".into(), target: *target, resolved })
        };
        Ok(ThreadReply {
            addressees: addressees.iter().take(MAX_ADDRESSED).map(|party| self.addressed(party)).collect(),
            practices: practices.iter().take(MAX_ANSWERS).map(practice).collect::<Result<_, ViewError>>()?,
            more: nested.more.contains(&item.id),
            replies,
            item,
        })
    }

    fn addressed(&self, party: &Party) -> Addressed {
        let place = party.place.as_ref().map(|code| code.as_str().to_owned());
        Addressed {
            place_names: place
                .as_deref()
                .and_then(gazetteer::find)
                .map(gazetteer::Territory::names)
                .unwrap_or_default(),
            place,
            names: party.author.map(|author| self.view.names_of(author)).unwrap_or_default(),
            author: party.author,
        }
    }

    /// Returns the practices that say that they answer a challenge.
    fn answers(&self, versions: &BTreeSet<EntryId>) -> Result<Vec<RecordItem>, ViewError> {
        let mut answers = Vec::new();
        for item in self.find(&referring(versions.clone(), PRACTICE), None, MAX_ANSWERS)?.items {
            if self.view.referring_fields(&item, versions)?.contains("answers") {
                answers.push(item);
            }
        }
        Ok(answers)
    }

    fn find(&self, filter: &Filter, cursor: Option<Cursor>, limit: usize) -> Result<Records, ViewError> {
        let asked = Asked { words: "", filter, cursor, limit: limit.clamp(1, MAX_PAGE), now: self.now };
        match self.index.search(self.view, &asked) {
            Ok(found) => Ok(Records { complete: self.is_whole, ..found }),
            Err(SearchError::View(error)) => Err(error),
            Err(SearchError::NotBuilt | SearchError::Damaged) => Ok(Records {
                schema: RECORDS.into(),
                items: Vec::new(),
                next: None,
                total: None,
                similar_to: None,
                complete: false,
                facets: Facets::default(),
            }),
        }
    }
}

/// Returns the filter of records of a kind that count and are about one of some entries.
fn about(targets: BTreeSet<EntryId>, kind: &str) -> Filter {
    Filter { about: targets, ..counting(kind) }
}

/// Returns the filter of those that refer to one of them in any field.
fn referring(targets: BTreeSet<EntryId>, kind: &str) -> Filter {
    Filter { refers_to: targets, ..counting(kind) }
}

fn counting(kind: &str) -> Filter {
    Filter {
        kinds: BTreeSet::from([kind.to_owned()]),
        statuses: BTreeSet::from([Status::Canonical]),
        ..Filter::default()
    }
}

/// Returns how a record is named by others.
pub(crate) const fn reference(item: &RecordItem) -> Ref {
    Ref { seq: item.seq, id: item.id, author: item.author }
}
