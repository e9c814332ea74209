//! Testifying: the node signs its steward's lists of heads and its member's confirmations by itself (A1, A2).
//!
//! When one is due and what it says is `protocol`'s part ([`schedule`]); here what that rests on is read from the
//! logs, beside the driver, and what came of it is signed like anything else: not in quarantine, not where the log
//! is frozen, not by a clock that is off (W2, W3). What was said before is found in the own log, so that a node
//! that starts again says nothing twice.

use std::sync::Arc;

use multaqa_protocol::engine::MAX_SOUGHT;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId, Seq};
use multaqa_protocol::log::Head;
use multaqa_protocol::network::{Body, Membership, Ref};
use multaqa_protocol::sync::Row;
use multaqa_protocol::witness::{Checkpoint, Witness, schedule};
use tokio::sync::oneshot;

use super::{Command, Draft, Driver, PublishError};
use crate::store::{ReadError, Store};
use crate::view::testimony::{Counting, Testimony};
use crate::view::{Library, Snapshot};

/// How often the node looks whether something is due: a look costs some reads, and what is looked for comes once
/// a week.
const LOOK_EVERY: Millis = 10 * 60_000;
/// How long a node that has started looks for what others wrote, before it says what it holds.
const SETTLES_IN: Millis = 10 * 60_000;
/// Entries between two heads beyond which something among them is taken for news, unread: of A1 and A2 there are
/// two a week.
const READ_FOR_NEWS: Seq = 64;

/// Why a node did not say what it holds, though somebody asked for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestifyError {
    /// It may not sign, or what it signed could not be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A1, A2: what it says of heads would count nowhere. It is in no network whose charter it knows, or not yet
    /// admitted, or suspended.
    #[error("neither a steward nor a member of a network: what it says of heads counts nowhere")]
    NoStanding,
}

/// What came of a statement that somebody asked for.
pub(crate) type Testified = Result<Vec<EntryId>, TestifyError>;

/// As what the author may speak of heads.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    is_member: bool,
    is_steward: bool,
}

/// When the node looks next, and whether it is looking.
#[derive(Debug)]
pub(super) struct Testifying {
    next: Millis,
    busy: bool,
}

impl Testifying {
    /// Begins when the node starts, at the time `now`.
    pub(super) const fn new(now: Millis) -> Self {
        Self { next: now.saturating_add(SETTLES_IN), busy: false }
    }

    /// Tells whether it is time; a clock that was set back does not put it off for long.
    const fn is_due(&self, now: Millis) -> bool {
        !self.busy && (self.next <= now || self.next > now.saturating_add(LOOK_EVERY + SETTLES_IN))
    }
}

/// Who wants a statement.
pub(crate) enum Asked {
    /// The node itself: at the times of [`schedule`].
    ByItself,
    /// A person: now, where there is something new.
    ByHand(oneshot::Sender<Testified>),
}

/// What was found in the logs.
#[derive(Default)]
pub(crate) struct Found {
    /// What is to be signed.
    drafts: Vec<Draft>,
    /// Heads that checkpoints name and that are not here (Y6).
    unheld: Vec<(EntryId, AuthorId)>,
}

/// All that decides what is to be said.
struct Question {
    me: AuthorId,
    standing: Standing,
    net: NetworkId,
    charter: BodyHash,
    heads: Vec<Row>,
    quota: u64,
    now: Millis,
    by_hand: bool,
    snapshot: Arc<Snapshot>,
    store: Store,
    library: Arc<Library>,
}

impl Driver {
    /// Looks whether a checkpoint or a confirmation is due.
    pub(super) fn testify(&mut self) {
        let now = self.clock.now();
        // What was signed last must be on disk, where it is looked for.
        let is_quiet = self.engine.appends_on_their_way() == 0;
        if self.testifying.is_due(now) && is_quiet {
            self.testifying.next = now.saturating_add(LOOK_EVERY);
            self.say(Asked::ByItself);
        }
    }

    /// Finds out what is to be said, and says it.
    pub(super) fn say(&mut self, asked: Asked) {
        let by_hand = match asked {
            // What is being said counts first.
            Asked::ByHand(reply) if self.testifying.busy || self.engine.appends_on_their_way() > 0 => {
                return self.put_back(Command::Testify(reply));
            }
            Asked::ByHand(_) => true,
            Asked::ByItself => false,
        };
        let standing = match (self.standing(), by_hand) {
            (Ok(standing), _) => standing,
            // Heads that others name are looked for all the same (Y6).
            (Err(_), false) => Standing::default(),
            (Err(error), true) => return answer(asked, Err(error)),
        };
        let Some(question) = self.question(standing, by_hand) else { return answer(asked, Ok(Vec::new())) };
        let Some(later) = self.later.upgrade() else { return };
        self.testifying.busy = true;
        tokio::task::spawn_blocking(move || {
            let found = question.answer().unwrap_or_else(|error| {
                tracing::warn!(%error, "what to testify cannot be told: the store cannot be read");
                Found::default()
            });
            let _ = later.blocking_send(Command::Testified(found, asked));
        });
    }

    /// Tells as what the author may speak now.
    fn standing(&self) -> Result<Standing, TestifyError> {
        self.may_sign()?;
        let (me, governance) = (self.own.author(), self.engine.governance());
        let own = self.engine.logs().get(&me).zip(self.engine.view(&me));
        let is_member = own.is_some_and(|(known, view)| {
            governance.membership(me, known, &view.choice) == Membership::Member
        });
        let is_steward = governance.is_steward(me);
        match is_member || is_steward {
            true => Ok(Standing { is_member, is_steward }),
            false => Err(TestifyError::NoStanding),
        }
    }

    fn question(&mut self, standing: Standing, by_hand: bool) -> Option<Question> {
        let (me, net) = (self.own.author(), self.engine.network()?);
        let charter = self.engine.governance().charter()?.hash;
        Some(Question {
            me,
            standing,
            net,
            charter,
            heads: self.engine.heads().rows(|_| true),
            quota: self.engine.quotas().allowance().quota(&me),
            now: self.clock.now(),
            by_hand,
            snapshot: self.snapshot(),
            store: self.store.clone(),
            library: self.library.clone(),
        })
    }

    /// Has peers asked for what is not here, and signs what was found to be due.
    pub(super) async fn testified(&mut self, Found { drafts, unheld }: Found, asked: Asked) {
        self.testifying.busy = false;
        self.engine.seek(unheld);
        if drafts.is_empty() {
            return answer(asked, Ok(Vec::new()));
        }
        let (reply, published) = oneshot::channel::<Result<Vec<EntryId>, PublishError>>();
        tokio::spawn(async move {
            // Without an answer the node has stopped, which whoever asked is told by the end of the line.
            if let Ok(result) = published.await {
                answer(asked, result.map_err(TestifyError::from));
            }
        });
        self.publish(drafts, reply).await;
    }
}

/// Tells what was said to whoever asked for it; the journal, where the node speaks by itself.
fn answer(asked: Asked, said: Testified) {
    match (asked, said) {
        (Asked::ByHand(reply), said) => drop(reply.send(said)),
        (Asked::ByItself, Ok(ids)) if ids.is_empty() => {}
        (Asked::ByItself, Ok(ids)) => tracing::info!(?ids, "said what is held here (A1, A2)"),
        // It is looked for again.
        (Asked::ByItself, Err(error)) => tracing::warn!(%error, "what is held here cannot be said"),
    }
}

impl Question {
    /// Returns what is to be signed now, and what is to be asked for.
    fn answer(&self) -> Result<Found, ReadError> {
        self.library.refresh(&self.snapshot, &self.store)?;
        self.library.testimony(|testimony| {
            let checkpoint = self.checkpoint(testimony)?.map(|body| draft(&body));
            let witness = self.witness(testimony)?.map(|body| draft(&body));
            let is_steward = |author| self.snapshot.governance().is_steward(author);
            let counting = Counting { is_steward: &is_steward, is_member: &|_| true };
            let unheld = testimony.unheld(&counting, &self.store, MAX_SOUGHT)?;
            Ok(Found {
                drafts: checkpoint.into_iter().chain(witness).collect(),
                unheld: unheld.into_iter().map(|named| (named.head.id, named.author)).collect(),
            })
        })
    }

    fn checkpoint(&self, testimony: &Testimony) -> Result<Option<Checkpoint>, ReadError> {
        if !self.standing.is_steward {
            return Ok(None);
        }
        let last = testimony.last_of(self.me);
        let inception = self.store.rows(self.me, 0, 0..=0)?;
        let since = inception.first().map_or(self.now, |row| row.time);
        let made = last.map(|last| last.shown.time);
        let checkpoint = schedule::list(self.net, self.charter, self.heads.clone());
        let len = multaqa_protocol::codec::encode(&checkpoint).len() as u64;
        let due = schedule::next_checkpoint(self.me, since, made, len, self.quota);
        let is_new = match last {
            Some(last) => self.has_news(&testimony.rows_of(last), &checkpoint.heads)?,
            None => true,
        };
        Ok(Some(checkpoint).filter(|_| is_new && (self.by_hand || due <= self.now)))
    }

    fn witness(&self, testimony: &Testimony) -> Result<Option<Witness>, ReadError> {
        let governance = self.snapshot.governance();
        let is_steward = |author| governance.is_steward(author);
        let counting = Counting { is_steward: &is_steward, is_member: &|_| true };
        // Its own list says by itself what it says.
        let latest = testimony.latest(&counting, Some(self.me), self.now);
        let Some(listed) = latest.filter(|_| self.standing.is_member) else { return Ok(None) };
        let last = testimony.last_given(self.me);
        let due = schedule::next_witness(self.me, listed.shown.time, last.map(|last| last.time));
        if !self.by_hand && due > self.now {
            return Ok(None);
        }
        let rows = testimony.rows_of(listed);
        let confirmed = last.and_then(|last| testimony.checkpoint(&last.checkpoint));
        let is_known = confirmed.is_some_and(|confirmed| confirmed.shown == listed.shown);
        let is_new = !is_known
            && match confirmed {
                Some(confirmed) => self.has_news(&testimony.rows_of(confirmed), &rows)?,
                None => true,
            };
        if !is_new {
            return Ok(None);
        }
        let mut failed = None;
        let holds = |author: AuthorId, head: Head| {
            self.is_canonical(author, head).unwrap_or_else(|error| {
                failed = Some(error);
                false
            })
        };
        let checkpoint = Ref { author: listed.shown.by, seq: listed.seq(), id: listed.shown.checkpoint };
        let said = schedule::confirm((self.net, checkpoint, listed.shown.time), &rows, self.now, holds);
        failed.map_or(Ok(said), Err)
    }

    /// Tells whether a head lies on the canonical log here.
    fn is_canonical(&self, author: AuthorId, head: Head) -> Result<bool, ReadError> {
        let held = self.snapshot.authors().get(&author);
        let Some(place) = held.and_then(|held| held.choice().at(head.seq)) else { return Ok(false) };
        Ok(self.store.id_at(author, place)? == Some(head.id))
    }

    fn has_news(&self, before: &[Row], now: &[Row]) -> Result<bool, ReadError> {
        let mut failed = None;
        let found = schedule::has_news(before, now, |author, old, new| {
            self.is_news(author, old, new).unwrap_or_else(|error| {
                failed = Some(error);
                true
            })
        });
        failed.map_or(Ok(found), Err)
    }

    /// Tells whether something else than statements of A1 and A2 lies after one head of an author's log, up to
    /// another.
    fn is_news(&self, author: AuthorId, old: Head, new: Head) -> Result<bool, ReadError> {
        let Some(held) = self.snapshot.authors().get(&author) else { return Ok(true) };
        if new.seq - old.seq > READ_FOR_NEWS || !self.is_canonical(author, old)? {
            return Ok(true);
        }
        for run in held.choice().after(old.seq) {
            for row in self.store.rows(author, run.branch, run.first..=run.last.min(new.seq))? {
                if row.kind != Checkpoint::KIND && row.kind != Witness::KIND {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

fn draft<T: Body>(body: &T) -> Draft {
    Draft { kind: T::KIND.to_owned(), body: body.to_map(), salt: None }
}
