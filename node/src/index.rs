//! The search index: which records answer words and filters, and how many of each value there are.
//!
//! It is a cache in the data folder, beside the store and never instead of it: it finds where records
//! lie, and what is shown of them is read from the store as it stands. It follows the node with a cursor
//! of its own ([`crate::view::follow`]), which is committed together with what it is a cursor of. Deleted,
//! damaged or made by another version of the rules, it is built anew in the background; meanwhile one of
//! older rules answers, or nobody does and the store is read through.
//!
//! Nothing here decides what counts. It is the only folder that names tantivy.

mod analysis;
mod collect;
mod document;
mod generation;
mod mention;
mod places;
mod plain;
mod question;
mod schema;
mod shown;
mod thesaurus;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use multaqa_protocol::id::sha256;
use multaqa_protocol::log::Place;
use multaqa_protocol::record::Words;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};

use crate::api::types::{FacetCount, Facets, RECORDS, Records};
use crate::gazetteer;
use crate::node::WeakNode;
use crate::view::found::Spot;
use crate::view::{Snapshot, View, ViewError};
use generation::{Generation, GenerationError};

pub(crate) use generation::Asked;
pub(crate) use mention::mentions;
pub(crate) use plain::Plain;
pub(crate) use question::MAX_QUESTION;

/// Version of the fields; another one cannot be asked.
const FORMAT: u32 = 2;
/// Version of what is written into them; one more where analysis or documents change.
const RULES: u32 = 3;
/// The folder of the index in the data folder.
const FOLDER: &str = "search";

/// Returns a text as spellings of it are compared: small letters without accents.
pub(crate) fn folded(text: &str) -> String {
    let mut text = text.to_owned();
    analysis::fold(&mut text);
    text
}

/// Returns the concepts that join the languages, each by its first word in each of them.
pub(crate) fn concepts() -> impl Iterator<Item = &'static Words> {
    thesaurus::Thesaurus::get().all()
}

/// How long an answer waits for the index to take up what was published a moment ago.
const PATIENCE: Duration = Duration::from_millis(500);
/// Entries that are taken up within [`PATIENCE`] on a slow machine. Readers of a node that runs do not
/// wait for more.
pub(crate) const NEAR: u64 = 256;
/// How long an answer waits in a node that was opened for one command, which nobody asks later: 100,000
/// records are taken up meanwhile.
const OFFLINE_PATIENCE: Duration = Duration::from_secs(25);
/// How long entries are gathered before they are taken up together.
const GATHER: Duration = Duration::from_millis(20);
/// How often the index looks by itself, for bodies that came late and for what failed.
const LOOK: Duration = Duration::from_secs(60);
/// Most values of one facet that are told: more than regions, principles and themes in use together.
const MAX_VALUES: usize = 100;

/// A handle to the index; a clone is another handle to the same one.
#[derive(Clone, Debug)]
pub(crate) struct Index(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    /// The folder in it that this program makes.
    own: PathBuf,
    /// The folder that answers, once there is one.
    serving: RwLock<Option<Arc<Generation>>>,
    /// Counts the times that it was brought up to the store.
    updates: watch::Sender<u64>,
    /// Whether it is known what there is on disk.
    opened: AtomicBool,
    wake: Notify,
    /// Whether files are to be written anew, because something was erased.
    purging: AtomicBool,
    stopping: AtomicBool,
    stopped: watch::Sender<bool>,
}

/// Why the index gives no answer; the store then does.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SearchError {
    /// There is no index yet.
    #[error("the search index is not built yet")]
    NotBuilt,
    /// It is damaged, and is built anew.
    #[error("the search index is damaged")]
    Damaged,
    /// The store cannot be read.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl Index {
    /// Returns the index of a node, and starts what keeps it up.
    pub(crate) fn start(node: WeakNode, dir: &Path) -> Self {
        let index = Self(Arc::new(Inner {
            own: own_folder(&dir.join(FOLDER)),
            dir: dir.join(FOLDER),
            serving: RwLock::new(None),
            updates: watch::Sender::new(0),
            opened: AtomicBool::new(false),
            wake: Notify::new(),
            purging: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            stopped: watch::Sender::new(false),
        }));
        tokio::spawn(follow(node, index.clone()));
        index
    }

    /// Stops what keeps the index up, and waits until it lets go of the store.
    pub(crate) async fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
        self.0.wake.notify_one();
        // An end without word is an end.
        let _ = self.0.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Has the files written anew in which there are words of what was erased (B3).
    pub(crate) fn purge(&self) {
        self.0.purging.store(true, Ordering::Relaxed);
        self.0.wake.notify_one();
    }

    /// Waits a moment where the index lacks only what was just published, and tells whether it has taken up
    /// all of the snapshot. A node that is not `online` waits until it has.
    pub(crate) async fn reaches(&self, snapshot: &Snapshot, online: bool) -> bool {
        let deadline = Instant::now() + if online { PATIENCE } else { OFFLINE_PATIENCE };
        let mut updates = self.0.updates.subscribe();
        loop {
            let own = self.serving().filter(|serving| self.is_own(serving));
            let behind = match own.and_then(|own| own.behind(snapshot)) {
                Some(0) => return true,
                Some(behind) => behind,
                None => snapshot.entries(),
            };
            let is_far = online && behind > NEAR && self.0.opened.load(Ordering::Relaxed);
            if is_far || self.0.stopping.load(Ordering::Relaxed) {
                return false;
            }
            self.0.wake.notify_one();
            if !matches!(timeout_at(deadline, updates.changed()).await, Ok(Ok(()))) {
                return false;
            }
        }
    }

    /// Returns how many entries of the snapshot it has not taken up; all of them where there is none yet.
    pub(crate) fn behind(&self, snapshot: &Snapshot) -> u64 {
        let own = self.serving().filter(|serving| self.is_own(serving));
        own.and_then(|own| own.behind(snapshot)).unwrap_or_else(|| snapshot.entries())
    }

    /// Tells whether there is one by the rules of this program.
    pub(crate) fn is_built(&self) -> bool {
        self.serving().is_some_and(|serving| self.is_own(&serving))
    }

    /// Answers from the index, with what the store says of the records found. It blocks.
    ///
    /// # Errors
    ///
    /// See [`SearchError`].
    pub(crate) fn search(&self, view: &View<'_>, asked: &Asked<'_>) -> Result<Records, SearchError> {
        let serving = self.serving().ok_or(SearchError::NotBuilt)?;
        let hidden = view.hidden_entries();
        let found = match catch_unwind(AssertUnwindSafe(|| serving.search(asked, &hidden))) {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return Err(self.condemn(&serving, &error)),
            // The library trusts its files, and one that was cut can break its arithmetic.
            Err(_) => return Err(self.condemn(&serving, &GenerationError::Damaged)),
        };
        let mut analysers = serving.analysers();
        let ceiling = asked.cursor.map_or(asked.now, |cursor| cursor.ceiling());
        let (mut items, mut next) = (Vec::new(), None);
        for (at, standing) in found.gathered.first.iter().enumerate() {
            let (seq, branch) = ((standing.place >> 16) as u32, standing.place as u16);
            let spot = Spot { author: standing.author, place: Place { branch, seq } };
            if at == asked.limit {
                break;
            }
            let score = found.question.is_some().then_some(standing.score);
            if at + 1 == asked.limit && found.gathered.first.len() > asked.limit {
                next = view.cursor_after(spot, standing.time, ceiling, score);
            }
            if let Some((mut item, opened)) = view.found(spot, asked.filter)? {
                item.matched = found
                    .question
                    .as_ref()
                    .map(|question| shown::matched(question, &mut analysers, &opened.texts));
                items.push(item);
            }
        }
        Ok(Records {
            schema: RECORDS.into(),
            items,
            next: next.map(|next| next.to_string()),
            total: Some(found.gathered.total),
            complete: true,
            facets: facets(found.counts),
            similar_to: None,
        })
    }

    fn serving(&self) -> Option<Arc<Generation>> {
        self.0.serving.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn serve(&self, generation: Option<Arc<Generation>>) {
        *self.0.serving.write().unwrap_or_else(PoisonError::into_inner) = generation;
    }

    /// Tells whether a folder was made by the rules of this program.
    fn is_own(&self, generation: &Generation) -> bool {
        generation.dir() == self.0.own
    }

    /// Takes a damaged folder out of use, to be built anew.
    fn condemn(&self, serving: &Generation, error: &GenerationError) -> SearchError {
        tracing::warn!(%error, "the search index is built anew");
        self.serve(None);
        // What cannot be removed is made anew in its place.
        let _ = fs::remove_dir_all(serving.dir());
        self.0.wake.notify_one();
        SearchError::Damaged
    }

    /// Opens what there is, makes what there is not, and brings it up to a view. It blocks.
    fn update(&self, view: &View<'_>) -> Result<(), GenerationError> {
        let own = &self.0.own;
        let goes_on = || !self.0.stopping.load(Ordering::Relaxed);
        // Where somebody deleted the folder, what was read of it answers until there is another.
        let serving = self.serving().filter(|serving| self.is_own(serving) && serving.is_there());
        if let Some(serving) = serving {
            return serving.update(view, &goes_on);
        }
        let generation = match Generation::open(own) {
            Ok(generation) => generation,
            Err(error) => {
                if own.exists() {
                    tracing::warn!(%error, "the search index is built anew");
                }
                Generation::create(own)?
            }
        };
        let generation = Arc::new(generation);
        generation.check(view)?;
        match generation.is_filled() {
            true => self.serve(Some(generation.clone())),
            false if self.serving().is_none() => self.serve_older(own),
            false => {}
        }
        self.0.opened.store(true, Ordering::Relaxed);
        self.0.updates.send_modify(|updates| *updates += 1);
        generation.update(view, &goes_on)?;
        self.serve(Some(generation));
        for older in self.folders().into_iter().filter(|folder| folder != own) {
            // One that stays is removed at the next start.
            let _ = fs::remove_dir_all(older);
        }
        Ok(())
    }

    /// Lets a folder of older rules answer while the own one is built.
    fn serve_older(&self, own: &Path) {
        let older = self.folders().into_iter().filter(|folder| folder != own);
        let opened = older.filter_map(|folder| Generation::open(&folder).ok()).find(Generation::is_filled);
        self.serve(opened.map(Arc::new));
    }

    /// Returns the folders that this program can ask.
    fn folders(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.0.dir) else { return Vec::new() };
        let named = |path: &PathBuf| {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with(&format_prefix()))
        };
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(named).collect()
    }
}

/// Returns the folder of the index that this program makes: by its rules and the tables that they use.
fn own_folder(dir: &Path) -> PathBuf {
    let tables = [thesaurus::TABLE, places::SPELLINGS].concat();
    let digest = hex::encode(&sha256(tables.as_bytes())[..4]);
    dir.join(format!("{}{RULES}-{digest}", format_prefix()))
}

fn format_prefix() -> String {
    format!("{FORMAT}-")
}

/// Keeps the index up with the node as long as there is one.
async fn follow(node: WeakNode, index: Index) {
    let mut events = node.upgrade().map(|node| node.subscribe());
    while let Some(events) = &mut events {
        if index.0.stopping.load(Ordering::Relaxed) || !take_up(&node, &index).await {
            break;
        }
        tokio::select! {
            event = events.recv() => {
                if matches!(event, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
                    break;
                }
                tokio::time::sleep(GATHER).await;
                while events.try_recv().is_ok() {}
            }
            () = index.0.wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    index.serve(None);
    index.0.stopped.send_replace(true);
}

/// Brings the index up to the node; tells whether the node goes on.
async fn take_up(node: &WeakNode, index: &Index) -> bool {
    let Some(node) = node.upgrade() else { return false };
    let Ok(snapshot) = node.snapshot().await else { return false };
    let (store, library, writing) = (node.store().clone(), node.library().clone(), index.clone());
    drop(node);
    let updated = tokio::task::spawn_blocking(move || {
        let view = View::new(&snapshot, &store, &library)?;
        writing.update(&view)?;
        let purges = writing.0.purging.swap(false, Ordering::Relaxed);
        if let Some(serving) = writing.serving().filter(|serving| purges && writing.is_own(serving))
            && let Err(error) = serving.purge()
        {
            writing.0.purging.store(true, Ordering::Relaxed);
            return Err(error);
        }
        Ok(())
    });
    match updated.await {
        Ok(Ok(())) => index.0.updates.send_modify(|updates| *updates += 1),
        Ok(Err(GenerationError::Stopping)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the search index is not up to date"),
        // It panicked over damaged files, or the runtime ends.
        Err(error) => {
            tracing::warn!(%error, "the search index is built anew");
            index.serve(None);
            let _ = fs::remove_dir_all(&index.0.own);
        }
    }
    true
}

/// Returns the counts of each facet, the most frequent values first.
fn facets(counts: Vec<(String, u64)>) -> Facets {
    let mut facets = Facets::default();
    for (name, count) in counts {
        let Some((facet, value)) = name.split_once(':') else { continue };
        let counted = match facet {
            "kind" => &mut facets.kind,
            "region" => &mut facets.region,
            "place" => &mut facets.place,
            "level" => &mut facets.level,
            "principle" => &mut facets.principle,
            "theme" => &mut facets.theme,
            "status" => &mut facets.status,
            "language" => &mut facets.language,
            "year" => &mut facets.year,
            _ => continue,
        };
        if counted.len() < MAX_VALUES {
            let is_place = matches!(facet, "region" | "place");
            let place = if is_place { gazetteer::find(value) } else { None };
            let names = place.map(gazetteer::Territory::names).unwrap_or_default();
            counted.push(FacetCount { value: value.to_owned(), names, count });
        }
    }
    facets
}
