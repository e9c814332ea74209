//! The sections of the form of each kind, the essential first.

use multaqa_protocol::record as body;

use super::field::Input::*;
use super::field::{Field, PlanPart};
use super::part::*;
use crate::office::draft::WITHDRAWAL;

/// Fields under one heading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    /// Its name, by which the catalogues have its heading and a link reaches it.
    pub(crate) name: &'static str,
    /// Its fields, in the order in which they are filled in.
    pub(crate) fields: &'static [Field],
}

/// Returns the sections of the form of a kind; none for a kind that has no form.
pub(crate) fn sections(kind: &str) -> &'static [Section] {
    match kind {
        body::PRACTICE => PRACTICE,
        body::CHALLENGE => CHALLENGE,
        body::PLAN => PLAN,
        body::PROPOSAL => PROPOSAL,
        body::PROGRESS => PROGRESS,
        body::EVALUATION => EVALUATION,
        body::ADOPTION => ADOPTION,
        body::REPLY => REPLY,
        body::EVENT => EVENT,
        body::ENDORSE => ENDORSE,
        body::PROFILE => PROFILE,
        WITHDRAWAL => WITHDRAW,
        _ => &[],
    }
}

const fn section(name: &'static str, fields: &'static [Field]) -> Section {
    Section { name, fields }
}

const AIMS: &[Field] = &[
    Field::wanted("themes", Codes("policy_area")),
    Field::optional("outcomes", Codes("outcome")),
    Field::optional("ogp_values", Codes("ogp_value")),
    Field::optional("sdgs", Numbers("goal")),
];

/// What records that stand by themselves rest on.
const BASIS: &[Field] = &[
    Field::optional("attachments", Groups(ATTACHMENT)),
    Field::wanted("sources", Groups(SOURCE)),
    Field::optional("external_ids", Groups(EXTERNAL_ID)),
    Field::optional("licence", Text),
    Field::optional("translation", Group(TRANSLATION)),
];

/// What records about others rest on.
const BASIS_ON_OTHERS: &[Field] = &[
    Field::optional("attachments", Groups(ATTACHMENT)),
    Field::optional("sources", Groups(SOURCE)),
    Field::optional("licence", Text),
    Field::optional("translation", Group(TRANSLATION)),
];

/// What is said first of what is told or proposed to others.
const TOLD: &[Field] = &[
    Field::required("title", Line),
    Field::required("summary", Prose),
    Field::required("principles", Codes("principle")),
];

const PRACTICE: &[Section] = &[
    section("essential", TOLD),
    section(
        "done",
        &[
            Field::wanted("context", Prose),
            Field::wanted("actions", Prose),
            Field::optional("beneficiaries", Prose),
            Field::wanted("period", Group(PERIOD)),
            Field::optional("status", Code("status")),
            Field::optional("milestones", Groups(MILESTONE)),
            Field::optional("place", Place),
        ],
    ),
    section(
        "results",
        &[Field::wanted("results", Groups(RESULT)), Field::optional("participation", Groups(PARTICIPATION))],
    ),
    section("cost", &[Field::wanted("resources", Group(RESOURCES))]),
    section(
        "learnt",
        &[
            Field::optional("difficulties", Prose),
            Field::wanted("lessons", Prose),
            Field::optional("conditions", Prose),
            Field::wanted("transferability", Prose),
        ],
    ),
    section(
        "people",
        &[
            Field::wanted("contacts", Groups(CONTACT)),
            Field::optional("partners", Groups(PARTNER)),
            Field::optional("parties", Groups(PARTY)),
        ],
    ),
    section("aims", AIMS),
    section(
        "links",
        &[
            Field::optional("answers", Records(&["challenge"])),
            Field::optional("adopted_from", Records(&["practice"])),
            Field::optional("part_of", Record(&["plan"])),
        ],
    ),
    section("basis", BASIS),
];

const CHALLENGE: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("title", Line),
            Field::required("summary", Prose),
            Field::required("principles", Codes("principle")),
            Field::wanted("sought", Prose),
        ],
    ),
    section(
        "situation",
        &[
            Field::wanted("context", Prose),
            Field::optional("beneficiaries", Prose),
            Field::wanted("attempts", Prose),
            Field::optional("place", Place),
        ],
    ),
    section(
        "people",
        &[Field::optional("addressees", Groups(PARTY)), Field::wanted("contacts", Groups(CONTACT))],
    ),
    section("aims", AIMS),
    section("links", &[Field::optional("answered_by", Records(&["practice", "reply"]))]),
    section(
        "basis",
        &[
            Field::optional("attachments", Groups(ATTACHMENT)),
            Field::optional("sources", Groups(SOURCE)),
            Field::optional("external_ids", Groups(EXTERNAL_ID)),
            Field::optional("licence", Text),
            Field::optional("translation", Group(TRANSLATION)),
        ],
    ),
];

const PLAN: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("title", Line),
            Field::required("summary", Prose),
            Field::required("principles", Codes("principle")),
            Field::wanted("period", Group(PERIOD)),
            Field::optional("programme", Code("framework")),
            Field::optional("cycle", Count),
            Field::optional("status", Code("status")),
            Field::optional("place", Place),
        ],
    ),
    section("stages", &[Field::wanted("stages", Groups(STAGE))]),
    section("axes", &[Field::optional("axes", Groups(AXIS))]),
    section("commitments", &[Field::wanted("commitments", Groups(COMMITMENT))]),
    section(
        "follow-up",
        &[Field::optional("milestones", Groups(MILESTONE)), Field::optional("declared", Groups(DECLARED))],
    ),
    section(
        "people",
        &[
            Field::wanted("contacts", Groups(CONTACT)),
            Field::wanted("partners", Groups(PARTNER)),
            Field::optional("parties", Groups(PARTY)),
        ],
    ),
    section("aims", AIMS),
    section("basis", BASIS),
];

const PROPOSAL: &[Section] = &[
    section("essential", TOLD),
    section(
        "collected-at",
        &[
            Field::wanted("plan", Record(&["plan"])),
            Field::optional("axis", Part(PlanPart::Axis)),
            Field::wanted("stage", Code("stage")),
            Field::wanted("occasion", Line),
            Field::wanted("date", Date),
            Field::optional("place", Place),
        ],
    ),
    section("became", &[Field::optional("became", Group(BECAME))]),
    section("aims", AIMS),
    section("basis", BASIS),
];

const PROGRESS: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("plan", Record(&["plan"])),
            Field::required("commitment", Part(PlanPart::Commitment)),
            Field::required("as_of", Date),
            Field::wanted("summary", Prose),
        ],
    ),
    section("milestones", &[Field::required("milestones", Groups(MILESTONE_STATE))]),
    section(
        "more",
        &[
            Field::optional("participation", Groups(PARTICIPATION)),
            Field::optional("difficulties", Prose),
            Field::wanted("next", Prose),
            Field::optional("licence", Text),
            Field::optional("translation", Group(TRANSLATION)),
        ],
    ),
];

const EVALUATION: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("about", Record(&["plan"])),
            Field::optional("commitment", Part(PlanPart::CommitmentJudged)),
            Field::optional("title", Line),
            Field::required("summary", Prose),
            Field::required("completion", Code("completion")),
        ],
    ),
    section(
        "verdict",
        &[
            Field::wanted("verifiable", Code("answer")),
            Field::wanted("relevant", Code("answer")),
            Field::wanted("ambition", Code("ambition")),
            Field::wanted("early_results", Code("early_result")),
            Field::optional("opened", Groups(OPENING)),
        ],
    ),
    section(
        "method",
        &[
            Field::wanted("judged", Records(&["progress", "reply", "evaluation"])),
            Field::optional("period", Group(PERIOD)),
            Field::wanted("method", Prose),
            Field::optional("results", Groups(RESULT)),
        ],
    ),
    section(
        "learnt",
        &[Field::wanted("lessons", Prose), Field::wanted("recommendations", Groups(RECOMMENDATION))],
    ),
    section(
        "people",
        &[Field::optional("partners", Groups(PARTNER)), Field::optional("parties", Groups(PARTY))],
    ),
    section("basis", BASIS_ON_OTHERS),
];

const ADOPTION: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("practice", Record(&["practice"])),
            Field::required("state", Code("adoption_state")),
            Field::wanted("adaptation", Prose),
            Field::optional("period", Group(PERIOD)),
            Field::optional("place", Place),
        ],
    ),
    section("results", &[Field::optional("results", Groups(RESULT))]),
    section("cost", &[Field::optional("resources", Group(RESOURCES))]),
    section("learnt", &[Field::optional("lessons", Prose)]),
    section(
        "people",
        &[Field::wanted("contacts", Groups(CONTACT)), Field::optional("partners", Groups(PARTNER))],
    ),
    section("basis", BASIS_ON_OTHERS),
];

const REPLY: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("to", Record(ANY)),
            Field::optional("part", Part(PlanPart::Answered)),
            Field::required("text", Prose),
            Field::optional("practices", Records(&["practice"])),
        ],
    ),
    section("people", &[Field::optional("addressees", Groups(PARTY))]),
    section(
        "basis",
        &[
            Field::optional("attachments", Groups(ATTACHMENT)),
            Field::optional("sources", Groups(SOURCE)),
            Field::optional("translation", Group(TRANSLATION)),
        ],
    ),
];

const EVENT: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("title", Line),
            Field::required("summary", Prose),
            Field::required("period", Group(PERIOD)),
            Field::required("principles", Codes("principle")),
        ],
    ),
    section(
        "held",
        &[
            Field::wanted("venue", Line),
            Field::optional("online", Address),
            Field::optional("place", Place),
            Field::optional("agenda", Prose),
            Field::optional("part_of", Record(&["plan"])),
            Field::optional("stage", Code("stage")),
        ],
    ),
    section(
        "outputs",
        &[
            Field::wanted("outputs", Prose),
            Field::wanted("participation", Groups(PARTICIPATION)),
            Field::optional("recommendations", Groups(RECOMMENDATION)),
        ],
    ),
    section(
        "people",
        &[
            Field::optional("contacts", Groups(CONTACT)),
            Field::optional("partners", Groups(PARTNER)),
            Field::optional("parties", Groups(PARTY)),
        ],
    ),
    section("aims", AIMS),
    section("basis", BASIS),
];

const ENDORSE: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("endorses", Record(ANY)),
            Field::wanted("capacity", Code("capacity")),
            Field::optional("note", Prose),
        ],
    ),
    section(
        "decision",
        &[
            Field::optional("reference", Text),
            Field::wanted("date", Date),
            Field::optional("sources", Groups(SOURCE)),
        ],
    ),
];

const PROFILE: &[Section] = &[
    section(
        "essential",
        &[
            Field::required("names", Line),
            Field::required("level", Code("level")),
            Field::optional("code", Place),
            Field::optional("parent", Place),
            Field::wanted("summary", Prose),
        ],
    ),
    section("people", &[Field::wanted("contacts", Groups(CONTACT)), Field::wanted("site", Address)]),
    section("frameworks", &[Field::wanted("frameworks", Groups(FRAMEWORK))]),
    section(
        "basis",
        &[
            Field::optional("external_ids", Groups(EXTERNAL_ID)),
            Field::optional("sources", Groups(SOURCE)),
            Field::optional("translation", Group(TRANSLATION)),
        ],
    ),
];

/// What a withdrawal says; it is no record.
const WITHDRAW: &[Section] = &[section(
    "essential",
    &[Field::required("reason", Text), Field::optional("basis", Text), Field::optional("all_versions", Flag)],
)];
