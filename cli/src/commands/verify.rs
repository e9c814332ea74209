//! `verify`: checks a bundle, or a node's data folder, without a node and without a network (A6, A7).

use std::fs::{self, File};
use std::io::{self, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use jiff::Timestamp;
use multaqa_protocol::audit::{Auditor, Comparison, Finding, Last, Report, Severity, Verdict, compare};
use multaqa_report::{Checked, Source, Words};
use serde::Serialize;

use crate::args::Verify;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;
use crate::output::short;

/// Schema of the report.
const SCHEMA: &str = "multaqa/verify/1";
/// Bytes read at once.
const PIECE: usize = 256 * 1_024;
/// Where a data folder keeps its journal, whose segments joined in order are a bundle (A8).
const JOURNAL: &str = "journal";
/// Findings that are shown of a severity; the JSON has all that the report lists.
const SHOWN: usize = 20;

#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Vec<Comparison>>,
}

/// Checks a file, and compares it with another one where that is wanted.
pub(crate) fn verify(args: &Verify, context: &Context) -> Outcome {
    let (report, source) = audit(&args.file, context)?;
    let other = args.against.as_ref().map(|file| audit(file, context)).transpose()?;
    let file = Checked { source: &source, report: &report };
    let against = other.as_ref().map(|(report, source)| Checked { source, report });
    let tag = context.catalogue.language().tag();
    let words = Words::new(tag);
    if let Some(path) = &args.report {
        fs::write(path, multaqa_report::html(file, against, words)).map_err(|error| {
            failure!(Exit::Other, "error-write", path = path.display().to_string()).detail(error)
        })?;
    }
    let comparison = against.map(|against| compare(&report, against.report));
    if context.out.json {
        context.out.object(&Shown { schema: SCHEMA, report: &report, comparison });
    } else {
        show(&report, words, context);
        if let (Some(against), Some(comparison)) = (against, comparison) {
            show_compared(against, &comparison, words, context);
        }
        if let Some(path) = &args.report {
            context.out.note(say!(context.catalogue, "verify-report", path = path.display().to_string()));
        }
    }
    // The graver of both: whatever is forged is forged.
    Ok(match other.map_or(report.verdict, |(other, _)| other.verdict.max(report.verdict)) {
        Verdict::Verified => Exit::Ok,
        Verdict::Forged => Exit::Forged,
        Verdict::Undecided => Exit::Undecided,
    })
}

/// Checks a file, or the journal of a data folder.
pub(super) fn audit(file: &Path, context: &Context) -> Outcome<(Report, Source)> {
    read(file, context)
        .map_err(|error| failure!(Exit::Other, "error-read", path = file.display().to_string()).detail(error))
}

fn read(file: &Path, context: &Context) -> io::Result<(Report, Source)> {
    let mut auditor = Auditor::new(thread::available_parallelism().map_or(1, NonZero::get));
    let files = parts(file)?;
    let total = files.iter().map(|file| fs::metadata(file).map_or(0, |data| data.len())).sum();
    let bar = context.out.progress(say!(context.catalogue, "verify-progress"), Some(total));
    let mut bytes = 0;
    let mut piece = vec![0; PIECE];
    for file in files {
        let mut source: Box<dyn Read> =
            if file == Path::new("-") { Box::new(io::stdin().lock()) } else { Box::new(File::open(file)?) };
        loop {
            let read = match source.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            auditor.push(&piece[..read]);
            bytes += read as u64;
            bar.inc(read as u64);
        }
    }
    let sha256 = auditor.sha256().to_string();
    let report = auditor.finish();
    bar.finish_and_clear();
    let source = Source {
        name: file.display().to_string(),
        bytes,
        sha256,
        checked: Timestamp::now().as_millisecond().try_into().unwrap_or(0),
    };
    Ok((report, source))
}

/// Returns the files that, joined, are what to check: the file itself, or a journal's segments.
fn parts(file: &Path) -> io::Result<Vec<PathBuf>> {
    if !file.is_dir() {
        return Ok(vec![file.to_owned()]);
    }
    let journal = file.join(JOURNAL);
    let folder = if journal.is_dir() { journal } else { file.to_owned() };
    let mut segments = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "seg") {
            segments.push(path);
        }
    }
    if segments.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "no journal in this folder"));
    }
    // Their names are numbers of one width.
    segments.sort();
    Ok(segments)
}

fn show(report: &Report, words: Words, context: &Context) {
    let (catalogue, out) = (&context.catalogue, context.out);
    out.line(words.verdict(report.verdict));
    let entries = report.entries;
    out.line(say!(
        catalogue,
        "verify-entries",
        canonical = entries.canonical,
        disputed = entries.disputed,
        disowned = entries.disowned,
        cut = entries.beyond_cut,
        unplaced = entries.unplaced,
        newer = entries.newer
    ));
    let bodies = report.bodies;
    out.line(say!(
        catalogue,
        "verify-bodies",
        present = bodies.present,
        withdrawn = bodies.withdrawn + bodies.present_though_withdrawn,
        absent = bodies.absent
    ));
    out.line(match &report.members {
        Some(members) => say!(catalogue, "verify-members", count = members.len()),
        None => say!(catalogue, "verify-no-members"),
    });
    if !report.authors.is_empty() {
        let head = ["head-author", "head-entries", "head-head", "head-log"].map(|id| say!(catalogue, id));
        let rows = report.authors.iter().map(|author| {
            let status = match author.status {
                "forked" => say!(catalogue, "log-forked"),
                "contested" => say!(catalogue, "log-contested"),
                _ => say!(catalogue, "log-ok"),
            };
            let head = format!("{} {}", author.seq, short(&author.id.to_string()));
            vec![short(&author.author.to_string()), author.entries.to_string(), head, status]
        });
        out.line("");
        out.table(head.to_vec(), rows.collect());
    }
    for severity in [Severity::Forged, Severity::Undecided, Severity::Note] {
        let findings: Vec<&Finding> =
            report.findings.iter().filter(|finding| finding.cause.severity() == severity).collect();
        if findings.is_empty() {
            continue;
        }
        out.line("");
        out.line(match severity {
            Severity::Forged => say!(catalogue, "verify-findings-forged"),
            Severity::Undecided => say!(catalogue, "verify-findings-undecided"),
            Severity::Note => say!(catalogue, "verify-findings-note"),
        });
        for finding in findings.iter().take(SHOWN) {
            out.line(format!("  {}", words.finding(finding)));
        }
        if findings.len() > SHOWN {
            out.line(format!("  {}", say!(catalogue, "verify-more", count = findings.len() - SHOWN)));
        }
    }
}

fn show_compared(other: Checked<'_>, comparison: &[Comparison], words: Words, context: &Context) {
    let (catalogue, out) = (&context.catalogue, context.out);
    out.line("");
    out.line(say!(catalogue, "verify-against", path = other.source.name.clone()));
    out.line(words.verdict(other.report.verdict));
    let end = |last: Option<Last>| {
        last.map_or_else(String::new, |last| format!("{} {}", last.seq, short(&last.id.to_string())))
    };
    let head = ["head-author", "head-here", "head-there", "head-log"].map(|id| say!(catalogue, id));
    let rows = comparison.iter().map(|found| {
        let author = short(&found.author.to_string());
        vec![author, end(found.first), end(found.second), words.relation(found.relation)]
    });
    out.table(head.to_vec(), rows.collect());
}
