//! What an audit finds, each with the rule that it comes from and how grave it is (A7).

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Verdict;
use crate::bundle::BundleError;
use crate::entry::EntryError;
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Seq};
use crate::log::CheckError;

/// Most findings of one severity that a report lists; the rest is counted, so that a hostile file
/// cannot fill the memory.
pub const MAX_FINDINGS: usize = 1_000;

/// What a finding does to the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing: worth knowing.
    Note,
    /// Something is missing that the verdict needs.
    Undecided,
    /// Somebody made or changed bytes so that a rule is broken.
    Forged,
}

impl Severity {
    /// Returns the verdict of a bundle whose gravest finding is of this severity.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Note => Verdict::Verified,
            Self::Undecided => Verdict::Undecided,
            Self::Forged => Verdict::Forged,
        }
    }
}

/// Why an author's log belongs in a bundle of a whole network (N7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A steward of an adopted charter.
    Steward,
    /// Listed by the stewards.
    Listed,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steward => "the steward",
            Self::Listed => "the listed author",
        })
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The file itself: an item, the order of items, the end.
    #[error(transparent)]
    Bundle(BundleError),
    /// An envelope that is no valid entry, or one of a later version.
    #[error(transparent)]
    Entry(EntryError),
    /// An entry that is not valid where it stands.
    #[error(transparent)]
    Check(CheckError),
    /// V3: the parent is in the bundle, but not valid.
    #[error("V3: the parent is not a valid entry")]
    ParentInvalid,
    /// A8: a body of a journal that belongs to no entry: a crash came before its envelope.
    #[error("A8: the body {hash} belongs to no entry; a write was cut short")]
    BodyCutOff {
        /// Its hash.
        hash: BodyHash,
    },
    /// A7: a body that belongs to no entry.
    #[error("A7: the body {hash} belongs to no entry")]
    BodyUnclaimed {
        /// Its hash.
        hash: BodyHash,
    },
    /// A7: a body whose length is another than every entry that names it says.
    #[error("A7: the body {hash} has {found} bytes, where {named} are named")]
    BodyLength {
        /// Its hash.
        hash: BodyHash,
        /// Its length.
        found: u64,
        /// What an entry's header says.
        named: u64,
    },
    /// A7: the parent is not in the bundle.
    #[error("A7: the parent {parent} is not included")]
    ParentMissing {
        /// The parent.
        parent: EntryId,
    },
    /// A7: what the bundle says to be about is not in it.
    #[error("A7: what the bundle is about, {about}, is not included")]
    AboutMissing {
        /// The author or entry.
        about: Bytes32,
    },
    /// A7: no founding charter.
    #[error("A7: the charter of the network is not included")]
    CharterMissing,
    /// A7: the log of a steward or a listed author.
    #[error("A7: the log of {role} {author} is not included")]
    LogMissing {
        /// The author.
        author: AuthorId,
        /// Why its log belongs in the bundle.
        role: Role,
    },
    /// A7: the body of a canonical entry of a network kind.
    #[error("A7: the body {hash} of a network entry is not included")]
    NetworkBodyMissing {
        /// Its hash.
        hash: BodyHash,
    },
    /// A8: the journal's last write was cut off.
    #[error("A8: the last {len} bytes, from byte {at}, are no whole item: a write was cut off")]
    Torn {
        /// Offset of the end of the last whole item.
        at: u64,
        /// Bytes after it.
        len: u64,
    },
    /// S3: two entries follow one.
    #[error("S3: two entries follow the head: the log is forked")]
    Forked,
    /// S1: rotations contradict each other.
    #[error("S1: rotations contradict each other beyond the head: the log is contested")]
    Contested,
    /// S5: a rotation stepped back.
    #[error("S5: the rotation disowns {count} entries")]
    Disowns {
        /// How many of those in the bundle.
        count: u64,
    },
    /// A6: signed by a key of the author, but the log up to it is not in the bundle.
    #[error("A6: signed by a key of the author, but not placed: a stolen old key could have made it")]
    Unplaced,
    /// A4: a checkpoint shows more of a log than the bundle holds.
    #[error("A4: the checkpoint shows the log of {author} up to entry {seq}; here it ends at {last}")]
    LogCutOff {
        /// The author.
        author: AuthorId,
        /// The place of the head that the checkpoint names.
        seq: Seq,
        /// The last entry in the bundle.
        last: Seq,
    },
    /// A4: a checkpoint names an entry where the bundle's log has none but others.
    #[error(
        "A4: the checkpoint names entry {seq} of {author} as {id}, which is not included, though others at that place are"
    )]
    HeadNotHere {
        /// The author.
        author: AuthorId,
        /// The place of the head that the checkpoint names.
        seq: Seq,
        /// The head.
        id: EntryId,
    },
    /// A7: the file holds more than an audit keeps ([`MAX_KEPT`](super::MAX_KEPT)).
    #[error("A7: the file holds more than this program keeps; nothing is judged from here on")]
    TooLarge,
    /// B5: the body cannot be read.
    #[error("B5: the body {hash} is malformed")]
    BodyMalformed {
        /// Its hash.
        hash: BodyHash,
    },
    /// B3: the body was withdrawn, and is in the bundle.
    #[error("B3: the body was withdrawn, and is included")]
    PresentThoughWithdrawn,
}

impl Cause {
    /// Returns the id of the rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Bundle(error) => error.rule(),
            Self::Entry(error) => error.rule(),
            Self::Check(error) => error.rule(),
            Self::ParentInvalid => "V3",
            Self::BodyUnclaimed { .. }
            | Self::BodyLength { .. }
            | Self::ParentMissing { .. }
            | Self::AboutMissing { .. }
            | Self::CharterMissing
            | Self::LogMissing { .. }
            | Self::NetworkBodyMissing { .. }
            | Self::TooLarge => "A7",
            Self::Torn { .. } | Self::BodyCutOff { .. } => "A8",
            Self::Forked => "S3",
            Self::Contested => "S1",
            Self::Disowns { .. } => "S5",
            Self::Unplaced => "A6",
            Self::LogCutOff { .. } | Self::HeadNotHere { .. } => "A4",
            Self::BodyMalformed { .. } => "B5",
            Self::PresentThoughWithdrawn => "B3",
        }
    }

    /// Returns a stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Bundle(_) => "bundle",
            Self::Entry(_) => "entry",
            Self::Check(_) => "ancestors",
            Self::ParentInvalid => "parent-invalid",
            Self::BodyCutOff { .. } => "body-cut-off",
            Self::BodyUnclaimed { .. } => "body-unclaimed",
            Self::BodyLength { .. } => "body-length",
            Self::ParentMissing { .. } => "parent-missing",
            Self::AboutMissing { .. } => "about-missing",
            Self::CharterMissing => "charter-missing",
            Self::LogMissing { .. } => "log-missing",
            Self::NetworkBodyMissing { .. } => "network-body-missing",
            Self::TooLarge => "too-large",
            Self::Torn { .. } => "torn",
            Self::Forked => "forked",
            Self::Contested => "contested",
            Self::Disowns { .. } => "disowns",
            Self::Unplaced => "unplaced",
            Self::LogCutOff { .. } => "log-cut-off",
            Self::HeadNotHere { .. } => "head-not-here",
            Self::BodyMalformed { .. } => "body-malformed",
            Self::PresentThoughWithdrawn => "present-though-withdrawn",
        }
    }

    /// Returns what it does to the verdict (A7).
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Bundle(error) if error.is_undecided() => Severity::Undecided,
            Self::Entry(error) if error.is_newer() => Severity::Undecided,
            // The bound on branches is this program's, and blames nobody.
            Self::Check(CheckError::TooManyBranches) => Severity::Undecided,
            Self::Bundle(_)
            | Self::Entry(_)
            | Self::Check(_)
            | Self::ParentInvalid
            | Self::BodyUnclaimed { .. }
            | Self::BodyLength { .. } => Severity::Forged,
            Self::ParentMissing { .. }
            | Self::AboutMissing { .. }
            | Self::CharterMissing
            | Self::LogMissing { .. }
            | Self::NetworkBodyMissing { .. }
            | Self::TooLarge => Severity::Undecided,
            Self::Torn { .. }
            | Self::BodyCutOff { .. }
            | Self::Forked
            | Self::Contested
            | Self::Disowns { .. }
            | Self::Unplaced
            | Self::LogCutOff { .. }
            | Self::HeadNotHere { .. }
            | Self::BodyMalformed { .. }
            | Self::PresentThoughWithdrawn => Severity::Note,
        }
    }
}

/// One finding, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Offset of the item in the file, where it is about one item.
    pub at: Option<u64>,
    /// The entry, where it is about one.
    pub entry: Option<EntryId>,
    /// What was found.
    pub cause: Cause,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Finding", 6)?;
        out.serialize_field("rule", self.cause.rule())?;
        out.serialize_field("severity", &self.cause.severity())?;
        out.serialize_field("code", self.cause.code())?;
        out.serialize_field("entry", &self.entry)?;
        out.serialize_field("at", &self.at)?;
        out.serialize_field("text", &self.cause.to_string())?;
        out.end()
    }
}

/// Findings as they are made: the gravest decides the verdict, and the lists are bounded.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    /// By severity.
    listed: [Vec<Finding>; 3],
    unlisted: u64,
}

impl Findings {
    pub(super) fn add(&mut self, at: Option<u64>, entry: Option<EntryId>, cause: Cause) {
        let list = &mut self.listed[cause.severity() as usize];
        if list.len() < MAX_FINDINGS {
            list.push(Finding { at, entry, cause });
        } else {
            self.unlisted += 1;
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        let is_found = |severity: &Severity| !self.listed[*severity as usize].is_empty();
        let gravest = [Severity::Forged, Severity::Undecided].into_iter().find(is_found);
        gravest.unwrap_or(Severity::Note).verdict()
    }

    /// Returns the findings, the gravest first, and the number of those not listed.
    pub(super) fn list(self) -> (Vec<Finding>, u64) {
        (self.listed.into_iter().rev().flatten().collect(), self.unlisted)
    }
}
