//! What an audit found, for people: as sentences and as a page to print, in Arabic, French and English.
//!
//! The command shows both, and the node's page of audits the second. Nothing is decided here: an
//! [`audit::Report`](multaqa_protocol::audit::Report) has the verdict and the findings, and this crate has
//! the words. It reads no file and no clock: whoever calls it says what it knows.

mod checks;
mod page;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use multaqa_catalogue::{Catalogue, say};
use multaqa_protocol::audit::{Cause, Finding, Relation, Report, Verdict};

pub use checks::{Check, State, Topic, checks};
pub use page::{Checked, Source, fragment, html};

/// Hexadecimal digits of an id where there is no room for all.
const SHORT_ID: usize = 12;

static ARABIC: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new("ar", include_str!("../messages/ar.ftl")));
static FRENCH: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new("fr", include_str!("../messages/fr.ftl")));
static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new("en", include_str!("../messages/en.ftl")));

/// The words of a report in one language.
#[derive(Clone, Copy)]
pub struct Words {
    tag: &'static str,
    catalogue: &'static Catalogue,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl Words {
    /// Returns the words of the language `tag`: `ar`, `fr`, or English for any other.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        let (tag, catalogue) = match tag {
            "ar" => ("ar", &*ARABIC),
            "fr" => ("fr", &*FRENCH),
            _ => ("en", &*ENGLISH),
        };
        Self { tag, catalogue }
    }

    /// Returns the verdict in a sentence.
    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> String {
        match verdict {
            Verdict::Verified => say!(self.catalogue, "verdict-verified"),
            Verdict::Forged => say!(self.catalogue, "verdict-forged"),
            Verdict::Undecided => say!(self.catalogue, "verdict-undecided"),
        }
    }

    /// Returns what a finding says. What exactly was found is added for whoever knows the specification, in
    /// its language.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> String {
        let id = match &finding.cause {
            Cause::Bundle(_) => "finding-bundle",
            Cause::Entry(_) => "finding-entry",
            Cause::Check(_) => "finding-ancestors",
            Cause::ParentInvalid => "finding-parent-invalid",
            Cause::BodyCutOff { .. } => "finding-body-cut-off",
            Cause::BodyUnclaimed { .. } => "finding-body-unclaimed",
            Cause::BodyLength { .. } => "finding-body-length",
            Cause::ParentMissing { .. } => "finding-parent-missing",
            Cause::AboutMissing { .. } => "finding-about-missing",
            Cause::CharterMissing => "finding-charter-missing",
            Cause::LogMissing { .. } => "finding-log-missing",
            Cause::NetworkBodyMissing { .. } => "finding-network-body-missing",
            Cause::TooLarge => "finding-too-large",
            Cause::Torn { .. } => "finding-torn",
            Cause::Forked => "finding-forked",
            Cause::Contested => "finding-contested",
            Cause::Disowns { .. } => "finding-disowns",
            Cause::Unplaced => "finding-unplaced",
            Cause::LogCutOff { .. } => "finding-log-cut-off",
            Cause::HeadNotHere { .. } => "finding-head-not-here",
            Cause::BodyMalformed { .. } => "finding-body-malformed",
            Cause::PresentThoughWithdrawn => "finding-present-though-withdrawn",
        };
        let mut text = format!("{} {}", finding.cause.rule(), say!(self.catalogue, id));
        if let Some(entry) = &finding.entry {
            text.push_str(&format!(" · {}", short(&entry.to_string())));
        }
        if let Some(at) = finding.at {
            text.push_str(&format!(" · {}", say!(self.catalogue, "finding-at", at = at)));
        }
        let is_told_in_full = matches!(
            finding.cause,
            Cause::Bundle(_)
                | Cause::Entry(_)
                | Cause::Check(_)
                | Cause::LogCutOff { .. }
                | Cause::HeadNotHere { .. }
        );
        if is_told_in_full {
            text.push_str(&format!(" ({})", finding.cause));
        }
        text
    }

    /// Returns how two files stand to each other in one log.
    #[must_use]
    pub fn relation(&self, relation: Relation) -> String {
        match relation {
            Relation::Same => say!(self.catalogue, "compared-same"),
            Relation::FirstFurther => say!(self.catalogue, "compared-first-further"),
            Relation::SecondFurther => say!(self.catalogue, "compared-second-further"),
            Relation::Apart => say!(self.catalogue, "compared-apart"),
            Relation::OnlyFirst => say!(self.catalogue, "compared-only-first"),
            Relation::OnlySecond => say!(self.catalogue, "compared-only-second"),
        }
    }

    /// Returns what the file that a report is about cannot tell: what no file can, and what this one lacks.
    #[must_use]
    pub fn beyond(&self, report: &Report) -> Vec<String> {
        let catalogue = self.catalogue;
        let mut said = Vec::new();
        let records = report.records.iter();
        let undated = records.filter(|record| record.dates.checkpoints.is_empty()).count();
        let unplaced = report.entries.unplaced;
        if report.bodies.absent > 0 {
            said.push(say!(catalogue, "beyond-absent", count = report.bodies.absent));
        }
        if unplaced > 0 {
            said.push(say!(catalogue, "beyond-unplaced", count = unplaced));
        }
        if report.members.is_none() {
            said.push(say!(catalogue, "beyond-members"));
        }
        if undated > 0 {
            said.push(say!(catalogue, "beyond-dates", count = undated));
        }
        said.push(say!(catalogue, "beyond-later"));
        said.push(say!(catalogue, "beyond-key"));
        said.push(say!(catalogue, "beyond-truth"));
        said
    }
}

/// Returns the beginning of an id or a hash: enough to find it by, and to be given back to a command.
#[must_use]
pub fn short(id: &str) -> String {
    id.chars().take(SHORT_ID).collect()
}
