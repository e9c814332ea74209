//! Vocabularies: short codes with a known list each, open to codes that a later list will add.
//!
//! A code is text. Reading takes any (R3); a draft takes a known one, or one with a dot, which
//! names an extension as it does in kinds (`ma.rural_access`), so that a misspelt word is caught.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::draft::{Findings, Problem, nearest};
use super::schema::Field;

macro_rules! vocabulary {
    ($($(#[$meta:meta])* $name:ident [$($code:literal),* $(,)?])*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The codes known to this version, in the order in which they are shown.
            pub const KNOWN: &'static [&'static str] = &[$($code),*];

            /// Returns the code.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Tells whether this version knows the code.
            #[must_use]
            pub fn is_known(&self) -> bool {
                Self::KNOWN.contains(&self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Field for $name {
            fn is_absent(&self) -> bool {
                self.0.is_empty()
            }

            fn check(&self, found: &mut Findings) {
                check_code(&self.0, Self::KNOWN, found);
            }
        }
    )*};
}

vocabulary! {
    /// A principle of openness; every record names at least one of the five.
    Principle ["transparency", "accountability", "access_to_information", "participation", "digitalisation"]

    /// What openness is for: the outcomes that the network's charter names.
    Outcome ["citizen_partner", "service_quality", "trust"]

    /// A value of the Open Government Partnership.
    OgpValue ["access_to_information", "civic_participation", "public_accountability", "technology_and_innovation"]

    /// A stage of a programme of openness.
    Stage [
        "outreach", "axes", "co_creation", "draft_consultation", "council_adoption", "implementation",
        "evaluation",
    ]

    /// How far something has come, as its author says; a plan's percentage is derived from progress
    /// records, never from this.
    Status [
        "not_started", "in_consultation", "in_progress", "limited", "substantial", "complete", "reported",
        "abandoned", "unknown",
    ]

    /// How far a milestone has come, as a progress record says.
    MilestoneStatus ["not_started", "limited", "substantial", "complete", "abandoned"]

    /// What became of a proposal.
    ProposalState ["pending", "commitment", "merged", "declined"]

    /// How far an adopter has come with a practice.
    AdoptionState ["interested", "planned", "in_progress", "adopted", "abandoned"]

    /// How far something was carried out, as the IRM judges it.
    Completion ["no_evidence_available", "not_started", "limited", "substantial", "complete"]

    /// Whether something opened government, as the IRM judges it: the first five of older plans, the
    /// others of those from 2021 on.
    EarlyResult [
        "worsened", "did_not_change", "marginal", "major", "outstanding", "no_notable", "moderate",
        "significant",
    ]

    /// How much something could change, as the IRM judges it (potential for results).
    Ambition ["unclear", "modest", "substantial"]

    /// The answer to a question of the IRM.
    Answer ["yes", "no"]

    /// As what an author co-signs.
    Capacity ["party", "monitoring_committee", "consultative_body", "civil_society", "oversight_body"]

    /// What kind of body an author is; a prefecture is of the level `province`.
    Level [
        "region", "province", "commune", "consultative_body", "association", "oversight_body", "partner",
    ]

    /// What a partner does.
    Role ["lead", "implementation", "funding", "support", "consultation", "monitoring", "evaluation"]

    /// How sure the one who collected a record from public pages is of it.
    Confidence ["high", "medium", "low"]

    /// Who named something in a collected record.
    Origin ["source", "collector"]

    /// A framework that a collectivity joined, or under which it made a plan.
    Framework ["remacto", "pacto", "ogp_local"]
}

impl Level {
    /// Tells whether the level is a territorial collectivity's, which has an official code.
    #[must_use]
    pub fn is_territorial(&self) -> bool {
        matches!(self.as_str(), "region" | "province" | "commune")
    }
}

fn check_code(code: &str, known: &'static [&'static str], found: &mut Findings) {
    if !known.contains(&code) && !code.contains('.') {
        found.report(Problem::UnknownCode { text: code.to_owned(), nearest: nearest(code, known), known });
    }
}
