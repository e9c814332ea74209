//! One folder of the index: what it holds, how it is brought up to the store, and how it is asked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use multaqa_protocol::id::{EntryId, Millis};
use multaqa_protocol::record::PROFILE;
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term};

use super::analysis::{Analyser, Analysers, Language};
use super::collect::{FacetNames, Gather, Gathered, Standing};
use super::document::{
    ANYBODY, Maker, about_key, asked_key, author_column, author_key, entry_key, mentions_key, reference_key,
    standing_key, term, within_key,
};
use super::question::Question;
use super::schema::Fields;
use super::thesaurus::Thesaurus;
use crate::api::types::Status;
use crate::gazetteer;
use crate::view::follow::{Change, Followed};
use crate::view::{Addressee, Cursor, Filter, Snapshot, View, ViewError};

/// Memory for documents that are not written yet: the least that the library takes. One thread fills it
/// as fast as the store is read.
const WRITER_MEMORY: usize = 15_000_000;

/// Fewest records that answer a question well enough for no others to be shown behind them.
const FEW: u64 = 4;

/// Why the index cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(super) enum GenerationError {
    #[error("the search index cannot be used")]
    Index(#[from] TantivyError),
    #[error("the cursor of the search index cannot be read")]
    Cursor(#[from] serde_json::Error),
    #[error("the search index is damaged")]
    Damaged,
    #[error("the node stops")]
    Stopping,
    #[error(transparent)]
    View(#[from] ViewError),
}

/// What is asked of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// The words that are looked for; none where empty.
    pub(crate) words: &'a str,
    /// What the records have to be.
    pub(crate) filter: &'a Filter,
    /// Where the page before ended.
    pub(crate) cursor: Option<Cursor>,
    /// How many records a page has.
    pub(crate) limit: usize,
    /// The moment of the question.
    pub(crate) now: Millis,
}

/// What was found.
pub(super) struct Found {
    pub(super) gathered: Gathered,
    /// Counts by facet and value, the most frequent first.
    pub(super) counts: Vec<(String, u64)>,
    pub(super) question: Option<Question>,
}

/// A folder of the index.
pub(super) struct Generation {
    dir: PathBuf,
    fields: Fields,
    index: tantivy::Index,
    reader: IndexReader,
    names: Arc<FacetNames>,
    analysers: Analysers,
    /// How far it has come; `None` where it has never been brought up to a store.
    followed: Mutex<Option<Followed>>,
    writer: Mutex<Option<IndexWriter>>,
}

impl Generation {
    /// Opens a folder, and checks that all its files are what was written.
    pub(super) fn open(dir: &Path) -> Result<Self, GenerationError> {
        let index = tantivy::Index::open_in_dir(dir)?;
        if index.schema() != Fields::new().schema || !index.validate_checksum()?.is_empty() {
            return Err(GenerationError::Damaged);
        }
        let payload = index.load_metas()?.payload;
        let followed = payload.as_deref().map(serde_json::from_str).transpose()?;
        Self::of(dir, index, followed)
    }

    /// Makes a folder anew.
    pub(super) fn create(dir: &Path) -> Result<Self, GenerationError> {
        let io = |error| TantivyError::IoError(Arc::new(error));
        if dir.exists() {
            fs::remove_dir_all(dir).map_err(io)?;
        }
        fs::create_dir_all(dir).map_err(io)?;
        let index = tantivy::Index::create_in_dir(dir, Fields::new().schema)?;
        Self::of(dir, index, None)
    }

    fn of(dir: &Path, index: tantivy::Index, followed: Option<Followed>) -> Result<Self, GenerationError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self {
            dir: dir.to_owned(),
            fields: Fields::new(),
            index,
            reader,
            names: Arc::default(),
            analysers: Analysers::new(),
            followed: Mutex::new(followed),
            writer: Mutex::new(None),
        })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Tells whether its folder has not been deleted.
    pub(super) fn is_there(&self) -> bool {
        self.dir.join("meta.json").exists()
    }

    fn followed(&self) -> MutexGuard<'_, Option<Followed>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether it has ever been brought up to a store.
    pub(super) fn is_filled(&self) -> bool {
        self.followed().is_some()
    }

    /// Returns about how many entries of a snapshot it lacks; `None` where it has never been filled.
    pub(super) fn behind(&self, snapshot: &Snapshot) -> Option<u64> {
        Some(self.followed().as_ref()?.behind(snapshot))
    }

    /// Makes sure after a restart that the store still holds what the index was made of.
    pub(super) fn check(&self, view: &View<'_>) -> Result<(), GenerationError> {
        if let Some(followed) = self.followed().as_mut() {
            followed.check(view)?;
        }
        Ok(())
    }

    /// Brings it up to a view, as long as `goes_on`; what is not whole is not committed.
    pub(super) fn update(&self, view: &View<'_>, goes_on: &dyn Fn() -> bool) -> Result<(), GenerationError> {
        let before = self.followed().clone();
        let is_first = before.is_none();
        let mut followed = before.unwrap_or_default();
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut maker = Maker {
            fields: &self.fields,
            thesaurus: Thesaurus::get(),
            analysers: self.analysers.clone(),
            plain: Analyser::new(Language::Other),
        };
        let mut changes = 0_u64;
        let told = view.follow(&mut followed, |change| {
            if !goes_on() {
                return Err(GenerationError::Stopping);
            }
            let writer = match slot.as_mut() {
                Some(writer) => writer,
                None => slot.insert(self.index.writer_with_num_threads(1, WRITER_MEMORY)?),
            };
            changes += 1;
            match change {
                Change::Forget(author) => writer.delete_term(term(self.fields.key, &author_key(author))),
                Change::Drop(id) => writer.delete_term(term(self.fields.key, &entry_key(id))),
                Change::Put(record) => writer.add_document(maker.document(&record))?,
            };
            Ok(())
        });
        let written = told.and_then(|()| {
            let Some(writer) = slot.as_mut().filter(|_| changes > 0 || is_first) else { return Ok(()) };
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&serde_json::to_string(&followed)?);
            commit.commit()?;
            Ok(())
        });
        if let Err(error) = written {
            // What was added and not committed must not be part of the next commit.
            *slot = None;
            return Err(error);
        }
        self.reader.reload()?;
        self.keep_names();
        *self.followed() = Some(followed);
        Ok(())
    }

    /// Writes the parts anew in which something was forgotten, so that no file has words of it any more.
    pub(super) fn purge(&self) -> Result<(), GenerationError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let metas = self.index.searchable_segment_metas()?;
        let with_gaps = metas.iter().filter(|meta| meta.num_deleted_docs() > 0);
        let with_gaps: Vec<_> = with_gaps.map(tantivy::SegmentMeta::id).collect();
        drop(metas);
        if with_gaps.is_empty() {
            return Ok(());
        }
        let writer = match slot.as_mut() {
            Some(writer) => writer,
            None => slot.insert(self.index.writer_with_num_threads(1, WRITER_MEMORY)?),
        };
        writer.merge(&with_gaps).wait()?;
        // What a search still reads is removed the next time.
        self.reader.reload()?;
        writer.garbage_collect_files().wait()?;
        self.keep_names();
        Ok(())
    }

    fn keep_names(&self) {
        let searcher = self.reader.searcher();
        let segments: Vec<_> =
            searcher.segment_readers().iter().map(|segment| segment.segment_id()).collect();
        self.names.keep(&segments);
    }

    /// Looks for what is asked.
    pub(super) fn search(
        &self,
        asked: &Asked<'_>,
        hidden: &BTreeSet<EntryId>,
    ) -> Result<Found, GenerationError> {
        let searcher = self.reader.searcher();
        let mut analysers = self.analysers.clone();
        let question = match asked.words.is_empty() {
            true => None,
            false => Some(Question::read(asked.words, &self.fields, &mut analysers, &searcher)?),
        };
        let gather = self.gather(asked, question.is_some());
        let gathered = match &question {
            None => searcher.search(&*self.query(None, (asked.filter, hidden)), &gather)?,
            Some(question) => self.best(question, (asked.filter, hidden), &gather, &searcher)?,
        };
        let counts = self.names.named(&gathered.counts);
        Ok(Found { gathered, counts, question })
    }

    /// Looks for the records that answer nearly all of a question and, where these are few, behind them
    /// for those that answer any word of it.
    fn best(
        &self,
        question: &Question,
        wanted: (&Filter, &BTreeSet<EntryId>),
        gather: &Gather,
        searcher: &Searcher,
    ) -> Result<Gathered, GenerationError> {
        if question.groups.is_empty() {
            return Ok(Gathered::default());
        }
        let words = question.query(&self.fields, searcher)?;
        let gathered = searcher.search(&*self.query(Some(words), wanted), gather)?;
        if gathered.total >= FEW || question.is_one_word() {
            return Ok(gathered);
        }
        let words = question.query_any(&self.fields, searcher)?;
        Ok(searcher.search(&*self.query(Some(words), wanted), gather)?)
    }

    fn gather(&self, asked: &Asked<'_>, scored: bool) -> Gather {
        let after = asked.cursor.map(|cursor| {
            let (time, author, (seq, branch)) = cursor.after();
            Standing {
                score: cursor.score().unwrap_or_default(),
                time,
                author: author_column(author),
                place: u64::from(seq) << 16 | u64::from(branch),
            }
        });
        Gather {
            names: self.names.clone(),
            scored,
            ceiling: asked.cursor.map_or(asked.now, |cursor| cursor.ceiling()),
            since: asked.filter.since,
            as_of: asked.filter.as_of,
            versions: asked.filter.versions,
            after,
            limit: asked.limit,
        }
    }

    /// Returns the query for what answers words, is what a filter asks for, and is not hidden.
    fn query(
        &self,
        words: Option<Box<dyn Query>>,
        (filter, hidden): (&Filter, &BTreeSet<EntryId>),
    ) -> Box<dyn Query> {
        let fields = &self.fields;
        let one = |term: Term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
        let mut asked: Vec<Box<dyn Query>> = Vec::new();
        let sets = [
            ("kind", &filter.kinds),
            ("level", &filter.levels),
            ("principle", &filter.principles),
            ("theme", &filter.themes),
            ("language", &filter.languages),
            ("status", &filter.progress),
            ("year", &filter.years),
        ];
        for (name, values) in sets.iter().filter(|(_, values)| !values.is_empty()) {
            let terms = values.iter().map(|value| term(fields.facet, &format!("{name}:{value}")));
            asked.push(Box::new(TermSetQuery::new(terms)));
        }
        if let Some(place) = &filter.place {
            let code = gazetteer::find(place).map_or(place.as_str(), |found| &found.code);
            asked.push(one(term(fields.key, &within_key(code))));
        }
        if !filter.refers_to.is_empty() {
            let terms = filter.refers_to.iter().map(|target| term(fields.key, &reference_key(*target)));
            asked.push(Box::new(TermSetQuery::new(terms)));
        }
        if !filter.about.is_empty() {
            let terms = filter.about.iter().map(|target| term(fields.key, &about_key(*target)));
            asked.push(Box::new(TermSetQuery::new(terms)));
        }
        if let Some(whom) = &filter.asked {
            let names = match whom {
                Addressee::Anybody => vec![ANYBODY.to_owned()],
                Addressee::One { author, place } => {
                    author.map(|author| author.to_string()).into_iter().chain(place.clone()).collect()
                }
            };
            let terms: Vec<Term> = names.iter().map(|name| term(fields.key, &asked_key(name))).collect();
            asked.push(Box::new(TermSetQuery::new(terms)));
        }
        asked.extend(filter.mentions.as_ref().map(|code| one(term(fields.key, &mentions_key(code)))));
        asked.extend(filter.author.map(|author| one(term(fields.key, &author_key(author)))));
        let stands =
            [Status::Canonical, Status::Withdrawn].into_iter().filter(|status| filter.wants_status(*status));
        let stands: Vec<Term> = stands.map(|status| term(fields.key, standing_key(status))).collect();
        if stands.len() < 2 {
            asked.push(Box::new(TermSetQuery::new(stands)));
        }
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for query in asked {
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0))));
        }
        match words {
            Some(words) => clauses.push((Occur::Must, words)),
            None if clauses.is_empty() => clauses.push((Occur::Must, Box::new(AllQuery))),
            None => {}
        }
        if filter.kinds.is_empty() {
            clauses.push((Occur::MustNot, one(term(fields.facet, &format!("kind:{PROFILE}")))));
        }
        if !hidden.is_empty() {
            let terms = hidden.iter().map(|id| term(fields.key, &entry_key(*id)));
            clauses.push((Occur::MustNot, Box::new(TermSetQuery::new(terms))));
        }
        for kind in &filter.but_kinds {
            clauses.push((Occur::MustNot, one(term(fields.facet, &format!("kind:{kind}")))));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// Returns analysers for showing what was found.
    pub(super) fn analysers(&self) -> Analysers {
        self.analysers.clone()
    }
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generation").field("dir", &self.dir).finish_non_exhaustive()
    }
}
