//! A field of a form: its name in the record, how it is filled in, and how much it is wanted.

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Its name in the record.
    pub(crate) name: &'static str,
    /// How it is filled in.
    pub(crate) input: Input,
    /// How much it is wanted.
    pub(crate) need: Need,
}

/// How much a field is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Without it nothing is signed.
    Required,
    /// A good record has it; the meter counts it.
    Wanted,
    /// It may be left out.
    Optional,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input {
    /// One line in each language.
    Line,
    /// Paragraphs in each language.
    Prose,
    /// A line in no language.
    Text,
    /// The address of a page.
    Address,
    /// A number, as text.
    Figure,
    /// A whole number.
    Count,
    /// Yes, or nothing said.
    Flag,
    /// A year, a month or a day.
    Date,
    /// One code of a vocabulary.
    Code(&'static str),
    /// Codes of a vocabulary.
    Codes(&'static str),
    /// Numbers that are codes of a vocabulary.
    Numbers(&'static str),
    /// Tags of languages.
    Tongues,
    /// The official code of a place.
    Place,
    /// One record, of one of these kinds; of any where none is named.
    Record(&'static [&'static str]),
    /// Several records.
    Records(&'static [&'static str]),
    /// The id of a part of a plan.
    Part(PlanPart),
    /// The id of an item within its list, given by the form: this letter and a number.
    Id(&'static str),
    /// What a person neither sees nor changes.
    Kept,
    /// Fields that belong together.
    Group(&'static [Field]),
    /// Such groups, as many as there are.
    Groups(&'static [Field]),
}

/// A part of a plan that is named by its id, and where the plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlanPart {
    /// A commitment of the plan to which the field `plan` beside it refers.
    Commitment,
    /// A commitment of the plan to which the field `about` refers.
    CommitmentJudged,
    /// A milestone of the commitment that a report is about.
    Milestone,
    /// An axis of the plan to which the field `plan` refers.
    Axis,
    /// An axis of the plan that is being written.
    OwnAxis,
    /// A commitment of the record that is answered.
    Answered,
}

impl Field {
    const fn new(name: &'static str, input: Input, need: Need) -> Self {
        Self { name, input, need }
    }

    /// Returns a field without which nothing is signed.
    pub(super) const fn required(name: &'static str, input: Input) -> Self {
        Self::new(name, input, Need::Required)
    }

    /// Returns a field that a good record has.
    pub(super) const fn wanted(name: &'static str, input: Input) -> Self {
        Self::new(name, input, Need::Wanted)
    }

    /// Returns a field that may be left out.
    pub(super) const fn optional(name: &'static str, input: Input) -> Self {
        Self::new(name, input, Need::Optional)
    }
}
