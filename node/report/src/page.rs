//! The report as a page: what it is about, the verdict, what was checked, whose logs and which records
//! are in the file, and what it cannot tell.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::Timestamp;
use multaqa_catalogue::{FluentValue, say};
use multaqa_protocol::audit::{
    AuthorReport, BodyState, Comparison, Last, Mark, MemberReport, RecordReport, Relation, Report, Verdict,
    WithdrawnBy, compare,
};
use multaqa_protocol::bundle::Scope;
use multaqa_protocol::id::{AuthorId, Millis};
use multaqa_protocol::witness::Dates;

use super::checks::{Check, State, Topic, checks};
use super::{Words, short};

/// Findings that are shown of one check; the report for programs has up to a thousand.
const SHOWN: usize = 20;

/// The file that was checked.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name, as whoever checked it called it.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits, so that everybody can tell that it is the same file.
    pub sha256: String,
    /// When it was checked, by the clock of who did; Unix milliseconds.
    pub checked: Millis,
}

/// A file that was checked, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The file.
    pub source: &'a Source,
    /// What was found.
    pub report: &'a Report,
}

/// Returns the report as a whole page that needs no other file; `against` is what it is compared with.
///
/// # Panics
///
/// Never: the template is part of the program, and writing to a string does not fail.
#[must_use]
pub fn html(file: Checked<'_>, against: Option<Checked<'_>>, words: Words) -> String {
    let style = include_str!("../templates/report.css");
    let page = Whole { body: fragment(file, against, words), style, words };
    page.render().expect("a template of the program renders")
}

/// Returns the report as a part of another page, without its title.
///
/// # Panics
///
/// Never, as [`html`].
#[must_use]
pub fn fragment(file: Checked<'_>, against: Option<Checked<'_>>, words: Words) -> String {
    Part::new(file, against, words).render().expect("a template of the program renders")
}

#[derive(Template)]
#[template(path = "page.html")]
struct Whole {
    body: String,
    style: &'static str,
    words: Words,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Part {
    verdict: String,
    /// `good`, `bad` or `open`.
    tone: &'static str,
    about: Vec<(String, String)>,
    checks: Vec<CheckRow>,
    records: Vec<RecordRow>,
    more_records: u64,
    authors: Vec<AuthorRow>,
    compared: Option<Compared>,
    beyond: Vec<String>,
    words: Words,
}

/// The other file, and each log in both.
struct Compared {
    name: String,
    verdict: String,
    rows: Vec<ComparisonRow>,
}

struct ComparisonRow {
    author: String,
    key: String,
    first: String,
    second: String,
    tone: &'static str,
    state: String,
}

struct CheckRow {
    name: String,
    what: String,
    tone: &'static str,
    state: String,
    findings: Vec<String>,
    more: usize,
}

struct RecordRow {
    title: String,
    /// The language of the title, where that is known.
    language: Option<String>,
    kind: String,
    id: String,
    author: String,
    key: String,
    seq: u64,
    claimed: String,
    dates: Vec<String>,
    tone: &'static str,
    state: String,
}

struct AuthorRow {
    name: String,
    key: String,
    entries: u64,
    head: String,
    tone: &'static str,
    state: String,
    dates: String,
}

impl Part {
    fn new(file: Checked<'_>, against: Option<Checked<'_>>, words: Words) -> Self {
        let Checked { source, report } = file;
        let members = Members::new(report);
        Self {
            verdict: words.verdict(report.verdict),
            tone: match report.verdict {
                Verdict::Verified => "good",
                Verdict::Forged => "bad",
                Verdict::Undecided => "open",
            },
            about: about(report, source, words),
            checks: checks(report).iter().map(|check| check_row(check, report, words)).collect(),
            records: report.records.iter().map(|record| record_row(record, &members, words)).collect(),
            more_records: report.unlisted_records,
            authors: report.authors.iter().map(|author| author_row(author, &members, words)).collect(),
            compared: against.map(|other| compared(report, other, &members, words)),
            beyond: words.beyond(report),
            words,
        }
    }
}

impl Words {
    fn say(&self, id: &str) -> String {
        self.catalogue.with(id, &[])
    }

    fn count(&self, id: &str, count: impl Into<FluentValue<'static>>) -> String {
        self.catalogue.with(id, &[("count", count.into())])
    }

    const fn direction(&self) -> &'static str {
        match self.tag.as_bytes() {
            b"ar" => "rtl",
            _ => "ltr",
        }
    }
}

/// The members of a file's network, by author.
struct Members<'a> {
    known: BTreeMap<AuthorId, &'a MemberReport>,
    count: usize,
}

impl<'a> Members<'a> {
    fn new(report: &'a Report) -> Self {
        let members = report.members.iter().flatten();
        let known: BTreeMap<_, _> = members.map(|member| (member.author, member)).collect();
        Self { count: known.len(), known }
    }

    /// Returns the code of the place that an author is.
    fn place(&self, author: AuthorId) -> Option<&'a str> {
        self.known.get(&author)?.place.as_deref()
    }

    /// Returns what to call an author: its place, or where that is not known its id.
    fn name(&self, author: AuthorId, words: Words) -> String {
        match self.place(author) {
            Some(code) => multaqa_gazetteer::name(code, words.tag)
                .map_or_else(|| code.to_owned(), |name| format!("{name} ({code})")),
            None => short(&author.to_string()),
        }
    }

    /// Returns the code of the region in which an author is: the first two digits of its place's.
    fn region(&self, author: AuthorId) -> Option<&'a str> {
        self.place(author).and_then(|code| code.get(..2))
    }
}

fn about(report: &Report, source: &Source, words: Words) -> Vec<(String, String)> {
    let mut rows = vec![
        (words.say("about-file"), source.name.clone()),
        (words.say("about-bytes"), words.count("about-bytes-count", source.bytes)),
        (words.say("about-sha256"), source.sha256.clone()),
    ];
    if let Some(scope) = report.scope {
        let id = match scope {
            Scope::Network => "scope-network",
            Scope::Author => "scope-author",
            Scope::Entry => "scope-entry",
            Scope::Journal => "scope-journal",
        };
        rows.push((words.say("about-scope"), words.say(id)));
    }
    if let Some(about) = report.about {
        rows.push((words.say("about-about"), about.to_string()));
    }
    if let Some(network) = report.network {
        rows.push((words.say("about-network"), network.to_string()));
    }
    if let Some(made) = report.made {
        rows.push((words.say("about-made"), moment(made)));
    }
    rows.push((words.say("about-checked"), moment(source.checked)));
    rows.push((words.say("about-program"), format!("multaqa {}", env!("CARGO_PKG_VERSION"))));
    rows
}

fn check_row(check: &Check<'_>, report: &Report, words: Words) -> CheckRow {
    let entries = report.entries;
    let placed = entries.canonical + entries.disputed + entries.disowned + entries.beyond_cut;
    let checkpoints: BTreeSet<_> = report
        .records
        .iter()
        .flat_map(|record| record.dates.checkpoints.iter().map(|shown| shown.checkpoint))
        .collect();
    let (name, what) = match check.topic {
        Topic::File => ("check-file", words.say("check-file-what")),
        Topic::Entries => {
            ("check-entries", words.count("check-entries-what", placed + entries.unplaced + entries.newer))
        }
        Topic::Signatures => ("check-signatures", words.count("check-signatures-what", placed)),
        Topic::Chain => ("check-chain", words.count("check-chain-what", report.authors.len())),
        Topic::History => ("check-history", words.count("check-history-what", report.authors.len())),
        Topic::Contents => ("check-contents", words.count("check-contents-what", report.bodies.present)),
        Topic::Withdrawals => {
            let withdrawn = report.bodies.withdrawn + report.bodies.present_though_withdrawn;
            ("check-withdrawals", words.count("check-withdrawals-what", withdrawn))
        }
        Topic::Network => {
            let members = report.members.as_ref().map_or(0, Vec::len);
            ("check-network", words.count("check-network-what", members))
        }
        Topic::Dates => ("check-dates", words.count("check-dates-what", checkpoints.len())),
    };
    let (tone, state) = match check.state {
        State::Holds => ("good", "state-holds"),
        State::Noted => ("open", "state-noted"),
        State::Broken => ("bad", "state-broken"),
        State::Open => ("open", "state-open"),
        State::NotHere => ("none", "state-not-here"),
    };
    CheckRow {
        name: words.say(name),
        what,
        tone,
        state: words.say(state),
        findings: check.findings.iter().take(SHOWN).map(|finding| words.finding(finding)).collect(),
        more: check.findings.len().saturating_sub(SHOWN),
    }
}

fn record_row(record: &RecordReport, members: &Members<'_>, words: Words) -> RecordRow {
    let best = record.title.as_ref().and_then(|title| title.best(&[words.tag, "ar", "fr", "en"]));
    let (tone, state) = record_state(record, words);
    RecordRow {
        title: best.map_or_else(|| words.say("record-untitled"), |(_, title)| title.to_owned()),
        language: best.map(|(tag, _)| tag.to_owned()),
        kind: kind(&record.kind, words),
        id: record.entry.to_string(),
        author: members.name(record.author, words),
        key: record.author.to_string(),
        seq: record.seq.into(),
        claimed: moment(record.time),
        dates: dates(&record.dates, record.author, members, words),
        tone,
        state,
    }
}

/// Returns the name of a kind; a kind of which there is no name is shown as it is.
fn kind(kind: &str, words: Words) -> String {
    words.catalogue.find(&format!("kind-{kind}"), &[]).unwrap_or_else(|| kind.to_owned())
}

fn record_state(record: &RecordReport, words: Words) -> (&'static str, String) {
    let catalogue = words.catalogue;
    if let Some(reason) = &record.withdrawn {
        return match record.body {
            BodyState::PresentThoughWithdrawn => {
                ("bad", say!(catalogue, "record-withdrawn-here", reason = reason.clone()))
            }
            _ => match record.withdrawn_by {
                Some(WithdrawnBy::Stewards) => {
                    ("open", say!(catalogue, "record-withdrawn-by-order", reason = reason.clone()))
                }
                _ => ("open", say!(catalogue, "record-withdrawn", reason = reason.clone())),
            },
        };
    }
    match record.mark {
        Mark::Canonical => match record.replaced_by {
            Some(later) => ("open", say!(catalogue, "record-replaced", by = short(&later.to_string()))),
            None if record.body == BodyState::Absent => ("open", words.say("record-absent")),
            None => ("good", words.say("record-counts")),
        },
        Mark::Disputed => ("bad", words.say("record-disputed")),
        Mark::Disowned { by } => ("bad", say!(catalogue, "record-disowned", by = short(&by.to_string()))),
        Mark::BeyondCut => ("bad", words.say("record-beyond-cut")),
        Mark::Unplaced { .. } => ("open", words.say("record-unplaced")),
    }
}

/// Returns what others say of when an entry existed (A3).
fn dates(dates: &Dates, author: AuthorId, members: &Members<'_>, words: Words) -> Vec<String> {
    let catalogue = words.catalogue;
    let mut said = Vec::new();
    if let Some((until, count)) = dates.existed_before() {
        let region = members.region(author);
        let others = dates.witnesses[..count].iter().map(|word| members.region(word.by));
        let others = others.filter(|found| found.is_some() && region.is_some() && *found != region).count();
        said.push(say!(
            catalogue,
            "dates-witnessed",
            date = moment(until),
            count = count,
            members = members.count,
            others = others
        ));
    } else if let Some(first) = dates.checkpoints.first() {
        said.push(say!(catalogue, "dates-shown", date = moment(first.time)));
    } else {
        said.push(words.say("dates-none"));
    }
    if let Some(after) = &dates.not_before {
        said.push(say!(catalogue, "dates-not-before", date = moment(after.time)));
    }
    said
}

fn author_row(author: &AuthorReport, members: &Members<'_>, words: Words) -> AuthorRow {
    let (tone, state) = match author.status {
        "forked" => ("bad", "log-forked"),
        "contested" => ("bad", "log-contested"),
        _ if author.closed => ("open", "log-closed"),
        _ if author.cut.is_some() => ("open", "log-cut"),
        _ => ("good", "log-ok"),
    };
    let dates = match (author.witnessed_to, author.shown_to) {
        (Some(seq), _) => say!(words.catalogue, "log-witnessed", seq = seq),
        (None, Some(seq)) => say!(words.catalogue, "log-shown", seq = seq),
        (None, None) => words.say("dates-none"),
    };
    AuthorRow {
        name: members.name(author.author, words),
        key: author.author.to_string(),
        entries: author.entries,
        head: format!("{} · {}", author.seq, short(&author.id.to_string())),
        tone,
        state: words.say(state),
        dates,
    }
}

fn compared(report: &Report, other: Checked<'_>, members: &Members<'_>, words: Words) -> Compared {
    let end = |last: Option<Last>| {
        last.map_or_else(String::new, |last| format!("{} · {}", last.seq, short(&last.id.to_string())))
    };
    let row = |found: &Comparison| {
        let tone = match found.relation {
            Relation::Same => "good",
            Relation::Apart => "bad",
            _ => "open",
        };
        ComparisonRow {
            author: members.name(found.author, words),
            key: found.author.to_string(),
            first: end(found.first),
            second: end(found.second),
            tone,
            state: words.relation(found.relation),
        }
    };
    Compared {
        name: other.source.name.clone(),
        verdict: words.verdict(other.report.verdict),
        rows: compare(report, other.report).iter().map(row).collect(),
    }
}

/// Returns a moment as a date and time in UTC, which means the same everywhere; the number itself for one
/// beyond the year 9999.
fn moment(time: Millis) -> String {
    let moment = i64::try_from(time).ok().and_then(|time| Timestamp::from_millisecond(time).ok());
    moment.map_or_else(|| time.to_string(), |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
