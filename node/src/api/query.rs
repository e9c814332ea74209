//! What stands after the question mark of a request, read strictly: a misspelt parameter is refused, not
//! passed over.

mod bundle;
mod dialogue;
mod mirror;

use std::collections::BTreeSet;

use axum::extract::Query;
use axum::http::Uri;
use jiff::Timestamp;
use jiff::civil::Date;
use multaqa_protocol::id::Millis;
use multaqa_protocol::record::{self, PRACTICE, code};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::failure::Failure;
use super::types::Status;
use crate::clock::day_in_morocco;
use crate::gazetteer;
use crate::index::MAX_QUESTION;
use crate::view::follow_up::today;
use crate::view::{Addressee, Cursor, Filter, Versions, View, ViewError, official};

pub(super) use bundle::Bundle;
pub(super) use dialogue::{Arrivals, Language, Thread};
pub(super) use mirror::{MirrorLogs, MirrorPage};

/// Items of a page where no `limit` is given.
pub(super) const DEFAULT_PAGE: usize = 50;
/// The language of texts where none is asked for.
const DEFAULT_LANGUAGE: &str = "ar";

/// The vocabularies by which records say how far something has come.
const PROGRESS: [&[&str]; 5] = [
    record::Status::KNOWN,
    code::MilestoneStatus::KNOWN,
    code::AdoptionState::KNOWN,
    code::ProposalState::KNOWN,
    code::Completion::KNOWN,
];

/// Reads the parameters of a request.
pub(crate) fn parameters<T: DeserializeOwned>(uri: &Uri) -> Result<T, Failure> {
    let Query(parameters) =
        Query::try_from_uri(uri).map_err(|refusal| Failure::BadParameter(refusal.body_text()))?;
    Ok(parameters)
}

/// Reads the parameters of a request but for one, which is returned beside them.
fn parameters_and<T: DeserializeOwned>(uri: &Uri, own: &str) -> Result<(Option<String>, T), Failure> {
    let pairs: Vec<(String, String)> = parameters(uri)?;
    let (named, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == own);
    if named.len() > 1 {
        return Err(Failure::BadParameter(format!("`{own}` is there twice")));
    }
    let bad = |error: &dyn std::fmt::Display| Failure::BadParameter(error.to_string());
    let text = serde_urlencoded::to_string(others).map_err(|error| bad(&error))?;
    let others = serde_urlencoded::from_str(&text).map_err(|error| bad(&error))?;
    Ok((named.into_iter().next().map(|(_, value)| value), others))
}

/// An entry named in a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct EntryPath {
    /// The entry, by its id or the first 8 digits or more.
    #[param(pattern = "^[0-9a-f]{8,64}$")]
    pub(super) id: String,
}

/// A file named in a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct FilePath {
    /// SHA-256 of the file.
    #[param(pattern = "^[0-9a-f]{64}$")]
    pub(super) hash: String,
}

/// For which record a file is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OfRecord {
    /// A record that names the file, by its id or the first 8 digits or more: without it only a file that is
    /// here already is given.
    #[param(pattern = "^[0-9a-f]{8,64}$")]
    pub(super) record: Option<String>,
}

/// An author named in a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct AuthorPath {
    /// The author, by its id or the first 8 digits or more.
    #[param(pattern = "^[0-9a-f]{8,64}$")]
    pub(super) author: String,
}

/// A page of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) cursor: Option<Cursor>,
    pub(super) limit: usize,
}

impl Page {
    /// Returns the first page, as long as where none is asked for.
    pub(super) const fn first() -> Self {
        Self { cursor: None, limit: DEFAULT_PAGE }
    }

    fn read(cursor: Option<&str>, limit: Option<usize>) -> Result<Self, Failure> {
        let cursor = cursor.map(|cursor| cursor.parse().map_err(ViewError::Cursor)).transpose()?;
        Ok(Self { cursor, limit: limit.unwrap_or(DEFAULT_PAGE) })
    }
}

/// Parameters of `GET /records`. Lists are separated by commas, and any of their values will do.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Records {
    /// Words that are looked for, in any language, or the name of a place.
    pub(crate) q: Option<String>,
    /// Only of these kinds, with commas between them: `practice,plan`. All but profiles if not given.
    pub(crate) kind: Option<String>,
    /// Only of this place and what lies in it, by its official code: `01.571`, `MA-01`.
    pub(crate) place: Option<String>,
    /// Only of places of these levels: region, province, commune.
    pub(crate) level: Option<String>,
    /// Only of this author, by its id or the first 8 digits or more.
    pub(crate) author: Option<String>,
    /// Only what refers to this record in any of its versions, by the id of one or the first 8 digits or more.
    pub(crate) refers_to: Option<String>,
    /// Only practices of collectivities like this author, by its id or the first 8 digits or more: of the same
    /// level, the most alike first, on one page.
    pub(crate) similar_to: Option<String>,
    /// Only what asks something of this collectivity, by its author's id or the first 8 digits or more, or by its
    /// place's official code; `anybody` for what asks of anybody in particular.
    pub(crate) asked: Option<String>,
    /// Only what addresses this place in its texts (`@01.571.01.11`, `@Settat`), by its official code.
    pub(crate) mentions: Option<String>,
    /// Only with one of these principles of openness.
    pub(crate) principle: Option<String>,
    /// Only on one of these themes.
    pub(crate) theme: Option<String>,
    /// Only what can be read in one of these languages, by tag: ar, fr, en.
    pub(crate) lang: Option<String>,
    /// Only what ran in one of these years.
    pub(crate) year: Option<String>,
    /// Only since this date in Morocco, `2024-11-12`, or moment, in RFC 3339 or Unix milliseconds.
    pub(crate) since: Option<String>,
    /// As it was at the end of this date in Morocco, or at this moment.
    pub(crate) as_of: Option<String>,
    /// Only with these standings (canonical, withdrawn, disputed, disowned, beyond-cut, all; the first
    /// two if not given), or as far as their authors say (`in_progress`, `complete`, `adopted` ...).
    pub(crate) status: Option<String>,
    /// `current`, or `all` versions of each record.
    pub(crate) versions: Option<String>,
    /// Where to go on, as the page before says in `next`.
    pub(crate) cursor: Option<String>,
    /// Most records.
    pub(crate) limit: Option<usize>,
}

impl Records {
    pub(crate) fn page(&self) -> Result<Page, Failure> {
        Page::read(self.cursor.as_deref(), self.limit)
    }

    /// Returns the filter but for the author and the record referred to, which take the view to find.
    pub(crate) fn filter(&self) -> Result<Filter, Failure> {
        let versions = match self.versions.as_deref() {
            None | Some("current") => Versions::Current,
            Some("all") => Versions::All,
            Some(other) => return Err(unknown("versions", other, "current, all")),
        };
        let (statuses, progress) = statuses(self.status.as_deref())?;
        let moment = |name, text: &Option<String>, edge| {
            text.as_deref().map(|text| moment(name, text, edge)).transpose()
        };
        Ok(Filter {
            kinds: set(self.kind.as_deref()),
            place: self.place.clone(),
            levels: set(self.level.as_deref()),
            author: None,
            principles: set(self.principle.as_deref()),
            themes: set(self.theme.as_deref()),
            languages: set(self.lang.as_deref()),
            progress,
            years: set(self.year.as_deref()),
            refers_to: BTreeSet::new(),
            about: BTreeSet::new(),
            asked: None,
            mentions: self.mentions.as_deref().map(official),
            but_kinds: BTreeSet::new(),
            since: moment("since", &self.since, Edge::Start)?,
            as_of: moment("as_of", &self.as_of, Edge::End)?,
            statuses,
            versions,
        })
    }

    /// Returns the words that are looked for among what the filter lets through; none where empty.
    pub(super) fn words(&self, filter: &Filter) -> Result<String, Failure> {
        let words = self.q.as_deref().unwrap_or_default().trim();
        if words.len() > MAX_QUESTION {
            return Err(Failure::BadParameter(format!("`q` is longer than {MAX_QUESTION} bytes")));
        }
        if filter.wants_off_path() && !words.is_empty() {
            let why = "`q` looks among the records that count; leave out `q`, or the status";
            return Err(Failure::BadParameter(why.to_owned()));
        }
        Ok(words.to_owned())
    }

    /// Returns the author for whom likeness is asked. The list has an order and a kind of its own.
    pub(super) fn alike(&self) -> Result<Option<String>, Failure> {
        let Some(author) = self.similar_to.clone() else { return Ok(None) };
        let is_said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let others = [
            ("q", is_said(&self.q)),
            ("author", is_said(&self.author)),
            ("cursor", is_said(&self.cursor)),
            ("refers_to", is_said(&self.refers_to)),
            ("kind", self.kind.as_deref().is_some_and(|kind| !["", PRACTICE].contains(&kind))),
        ];
        match others.iter().find(|(_, is_said)| *is_said) {
            Some((name, _)) => Err(Failure::BadParameter(format!(
                "`similar_to` lists practices in an order of its own; leave out `{name}`"
            ))),
            None => Ok(Some(author)),
        }
    }

    /// Returns the most records that are asked for, if a number is given.
    pub(super) const fn most(&self) -> Option<usize> {
        self.limit
    }

    /// Completes the filter with the author and the record that are named.
    pub(crate) fn complete(&self, filter: &mut Filter, view: &View<'_>) -> Result<(), ViewError> {
        filter.author = self.author.as_deref().map(|author| view.find_author(author)).transpose()?;
        filter.asked = self.asked.as_deref().map(|whom| addressee(whom, view)).transpose()?;
        if let Some(target) = &self.refers_to {
            filter.refers_to = view.latest_versions(target)?;
        }
        Ok(())
    }
}

/// Reads who is asked: anybody, a place by its official code, or an author.
fn addressee(whom: &str, view: &View<'_>) -> Result<Addressee, ViewError> {
    if whom == "anybody" {
        return Ok(Addressee::Anybody);
    }
    match gazetteer::find(whom) {
        Some(place) => Ok(Addressee::One { author: None, place: Some(place.code.clone()) }),
        None => Ok(view.addressee(view.find_author(whom)?)),
    }
}

/// Parameters of `GET /authors/{author}/log`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Log {
    /// Only entries after this sequence number.
    pub(super) after: Option<u32>,
    /// `true` to see also what does not count, each with its mark.
    marked: Option<String>,
    /// `true` to see also by when each entry existed, by the word of members, and what checkpoints and confirmations say.
    dated: Option<String>,
    /// Where to go on, as the page before says in `next`.
    cursor: Option<String>,
    /// Most entries.
    limit: Option<usize>,
}

impl Log {
    pub(crate) fn page(&self) -> Result<Page, Failure> {
        Page::read(self.cursor.as_deref(), self.limit)
    }

    pub(super) fn marked(&self) -> Result<bool, Failure> {
        flag("marked", self.marked.as_deref())
    }

    pub(super) fn dated(&self) -> Result<bool, Failure> {
        flag("dated", self.dated.as_deref())
    }
}

/// Parameters of `GET /members` and `GET /stats`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Members {
    /// As of the end of this date in Morocco, `2024-11-12`, or at a moment, in RFC 3339 or Unix milliseconds.
    #[param(example = "2024-11-12")]
    as_of: Option<String>,
}

impl Members {
    pub(crate) fn as_of(&self) -> Result<Option<Millis>, Failure> {
        // A form sends a field that was left empty.
        self.as_of
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| moment("as_of", text, Edge::End))
            .transpose()
    }
}

/// Parameters of what is derived as of a day.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsOf {
    /// As of the end of this date in Morocco; today if not given.
    #[param(example = "2026-11-30")]
    pub(crate) as_of: Option<String>,
}

impl AsOf {
    pub(crate) fn day(&self) -> Result<Date, Failure> {
        day(self.as_of.as_deref())
    }
}

/// Reads a day; today's where none is given, or by a form that was left empty.
pub(crate) fn day(text: Option<&str>) -> Result<Date, Failure> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(today()) };
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| Failure::BadParameter(format!("`as_of` is not a date as 2026-11-24: {text}")))
}

/// Parameters of `GET /entries/{id}`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Entry {
    /// `envelope`, the signed bytes, or `body`, those that they name by hash.
    part: Option<String>,
}

impl Entry {
    pub(super) fn wants_body(&self) -> Result<bool, Failure> {
        match self.part.as_deref() {
            None | Some("envelope") => Ok(false),
            Some("body") => Ok(true),
            Some(other) => Err(unknown("part", other, "envelope, body")),
        }
    }
}

/// Parameters of `GET /export.csv` beside those of `GET /records`.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) records: Records,
    pub(super) bom: bool,
}

impl Export {
    pub(super) fn read(uri: &Uri) -> Result<Self, Failure> {
        let (bom, records) = parameters_and(uri, "bom")?;
        Ok(Self { records, bom: flag("bom", bom.as_deref())? })
    }
}

/// Parameters of a feed beside those of `GET /records`.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) records: Records,
    /// The language that is preferred.
    pub(super) language: String,
}

impl Feed {
    pub(super) fn read(uri: &Uri) -> Result<Self, Failure> {
        let (language, records) = parameters_and(uri, "lang")?;
        Ok(Self { records, language: language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned()) })
    }
}

/// Parameters of `GET /datapackage.json`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Package {
    /// The language of the texts: ar, fr or en; ar if not given.
    lang: Option<String>,
}

impl Package {
    pub(super) fn language(self) -> String {
        self.lang.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned())
    }
}

/// Which moment of a day is meant where only a date is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Its first.
    Start,
    /// Its last.
    End,
}

/// Reads a moment: a date in Morocco, a date with time and zone, or Unix milliseconds.
pub(super) fn moment(name: &str, text: &str, edge: Edge) -> Result<Millis, Failure> {
    if let Ok(milliseconds) = text.parse::<Millis>() {
        return Ok(milliseconds);
    }
    let read = match (text.parse::<Date>(), edge) {
        (Ok(date), Edge::Start) => day_in_morocco(date).map(|(first, _)| first),
        (Ok(date), Edge::End) => day_in_morocco(date).map(|(_, last)| last),
        (Err(_), _) => {
            let stamp = text.parse::<Timestamp>().ok();
            stamp.and_then(|stamp| Millis::try_from(stamp.as_millisecond()).ok())
        }
    };
    read.ok_or_else(|| {
        Failure::BadParameter(format!(
            "`{name}` is neither a date as 2026-11-24 nor Unix milliseconds: {text}"
        ))
    })
}

/// Reads how records stand and how far they have come: two lists without a word in common.
fn statuses(text: Option<&str>) -> Result<(BTreeSet<Status>, BTreeSet<String>), Failure> {
    const ALL: [(&str, Status); 5] = [
        ("canonical", Status::Canonical),
        ("withdrawn", Status::Withdrawn),
        ("disputed", Status::Disputed),
        ("disowned", Status::Disowned),
        ("beyond-cut", Status::BeyondCut),
    ];
    let (mut statuses, mut progress) = (BTreeSet::new(), BTreeSet::new());
    for name in listed(text) {
        match ALL.iter().find(|(known, _)| *known == name) {
            Some((_, status)) => drop(statuses.insert(*status)),
            None if name == "all" => statuses.extend(ALL.map(|(_, status)| status)),
            // A code with a dot is an extension's.
            None if PROGRESS.iter().any(|known| known.contains(&name)) || name.contains('.') => {
                progress.insert(name.to_owned());
            }
            None => {
                let stands = "canonical, withdrawn, disputed, disowned, beyond-cut, all";
                let codes: BTreeSet<&str> = PROGRESS.concat().into_iter().collect();
                let known = format!("{stands}, {}", codes.into_iter().collect::<Vec<_>>().join(", "));
                return Err(unknown("status", name, &known));
            }
        }
    }
    Ok((statuses, progress))
}

fn set(text: Option<&str>) -> BTreeSet<String> {
    listed(text).map(str::to_owned).collect()
}

fn listed(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn flag(name: &str, text: Option<&str>) -> Result<bool, Failure> {
    match text {
        None | Some("false" | "0") => Ok(false),
        Some("" | "true" | "1") => Ok(true),
        Some(other) => Err(unknown(name, other, "true, false")),
    }
}

fn unknown(name: &str, found: &str, known: &str) -> Failure {
    Failure::BadParameter(format!("`{name}` is `{found}`, which is none of {known}"))
}
