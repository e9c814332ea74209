//! The groups of fields that several kinds share; each is a table of the record layer.

use super::field::Input::*;
use super::field::{Field, PlanPart};

const NOTHING: &[&str] = &[];
const PLAN: &[&str] = &["plan"];

pub(super) const PERIOD: &[Field] =
    &[Field::optional("start", Date), Field::optional("end", Date), Field::optional("ongoing", Flag)];

pub(super) const RESULT: &[Field] = &[
    Field::required("indicator", Line),
    Field::optional("baseline", Figure),
    Field::required("value", Figure),
    Field::optional("unit", Text),
    Field::optional("date", Date),
    Field::optional("source", Address),
    Field::optional("note", Prose),
];

pub(super) const PARTICIPATION: &[Field] = &[
    Field::optional("occasion", Line),
    Field::optional("date", Date),
    Field::optional("people", Count),
    Field::optional("women", Count),
    Field::optional("youth", Count),
    Field::optional("organisations", Count),
];

pub(super) const SOURCE: &[Field] = &[
    Field::required("address", Address),
    Field::optional("title", Line),
    Field::optional("note", Prose),
    Field::optional("read", Date),
];

pub(super) const EXTERNAL_ID: &[Field] =
    &[Field::required("scheme", Text), Field::required("id", Text), Field::optional("address", Address)];

pub(super) const ATTACHMENT: &[Field] = &[
    Field::required("name", Text),
    Field::required("hash", Kept),
    Field::required("size", Kept),
    Field::optional("chunks", Kept),
    Field::required("mime", Kept),
    Field::wanted("alt", Line),
];

pub(super) const DECLARED: &[Field] = &[
    Field::optional("percent", Count),
    Field::optional("as_of", Date),
    Field::optional("source", Address),
    Field::optional("note", Prose),
];

pub(super) const TRANSLATION: &[Field] = &[
    Field::optional("original", Tongues),
    Field::optional("translated", Tongues),
    Field::optional("note", Line),
];

pub(super) const PARTNER: &[Field] =
    &[Field::required("name", Line), Field::optional("role", Code("role")), Field::optional("place", Place)];

pub(super) const PARTY: &[Field] = &[Field::optional("place", Place), Field::optional("author", Text)];

pub(super) const CONTACT: &[Field] = &[
    Field::required("function", Line),
    Field::optional("email", Text),
    Field::optional("phone", Text),
    Field::optional("page", Address),
];

pub(super) const RESOURCES: &[Field] = &[
    Field::optional("budget", Count),
    Field::optional("currency", Text),
    Field::optional("funding", Line),
    Field::optional("staff", Count),
    Field::optional("note", Prose),
];

pub(super) const MILESTONE: &[Field] = &[
    Field::optional("id", Id("m")),
    Field::required("title", Line),
    Field::optional("date", Date),
    Field::optional("start", Date),
    Field::optional("end", Date),
    Field::optional("output", Prose),
];

pub(super) const STAGE: &[Field] = &[
    Field::required("stage", Code("stage")),
    Field::optional("title", Line),
    Field::optional("start", Date),
    Field::optional("end", Date),
    Field::optional("reference", Text),
    Field::optional("source", Address),
    Field::optional("participation", Groups(PARTICIPATION)),
];

pub(super) const AXIS: &[Field] =
    &[Field::required("id", Id("a")), Field::required("title", Line), Field::optional("note", Prose)];

pub(super) const COMMITMENT: &[Field] = &[
    Field::required("id", Id("c")),
    Field::required("title", Line),
    Field::optional("summary", Prose),
    Field::optional("axis", Part(PlanPart::OwnAxis)),
    Field::optional("problem", Prose),
    Field::optional("status_quo", Prose),
    Field::optional("action", Prose),
    Field::optional("contribution", Prose),
    Field::optional("goal", Prose),
    Field::optional("lead", Group(PARTNER)),
    Field::optional("partners", Groups(PARTNER)),
    Field::optional("period", Group(PERIOD)),
    Field::wanted("milestones", Groups(MILESTONE)),
    Field::optional("resources", Group(RESOURCES)),
    Field::optional("principles", Codes("principle")),
    Field::optional("ogp_values", Codes("ogp_value")),
    Field::optional("themes", Codes("policy_area")),
    Field::optional("sdgs", Numbers("goal")),
    Field::optional("status", Code("status")),
    Field::optional("declared", Groups(DECLARED)),
    Field::optional("proposals", Records(&["proposal"])),
    Field::optional("external_ids", Groups(EXTERNAL_ID)),
    Field::optional("sources", Groups(SOURCE)),
    Field::optional("translation", Group(TRANSLATION)),
];

pub(super) const MILESTONE_STATE: &[Field] = &[
    Field::optional("milestone", Part(PlanPart::Milestone)),
    Field::required("status", Code("milestone_status")),
    Field::optional("date", Date),
    Field::wanted("note", Prose),
    Field::optional("results", Groups(RESULT)),
    Field::optional("sources", Groups(SOURCE)),
    Field::optional("attachments", Groups(ATTACHMENT)),
];

pub(super) const BECAME: &[Field] = &[
    Field::optional("state", Code("proposal_state")),
    Field::optional("plan", Record(PLAN)),
    Field::optional("commitment", Part(PlanPart::Commitment)),
    Field::optional("merged_into", Record(&["proposal"])),
    Field::optional("reason", Prose),
    Field::optional("date", Date),
];

pub(super) const OPENING: &[Field] = &[
    Field::required("value", Code("ogp_value")),
    Field::required("result", Code("early_result")),
    Field::optional("note", Prose),
];

pub(super) const RECOMMENDATION: &[Field] = &[
    Field::optional("id", Id("r")),
    Field::required("text", Prose),
    Field::optional("addressees", Groups(PARTY)),
];

pub(super) const FRAMEWORK: &[Field] = &[
    Field::required("framework", Code("framework")),
    Field::optional("since", Date),
    Field::optional("source", Address),
];

pub(super) const ANY: &[&str] = NOTHING;
