//! A body as it is shown: read once, typed where this version knows the kind.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry;
use multaqa_protocol::record::party::Party;
use multaqa_protocol::record::plan::Commitment;
use multaqa_protocol::record::{self, Record, Ref, Words};

use super::snapshot::is_network_kind;
use crate::api::types::BodyStatus;
use crate::index::mentions;
use crate::store::BodyState;

/// Most references that are followed in one body: those of a plan with a hundred commitments.
const MAX_LINKS: usize = 128;
/// Most years of one record: longer than any programme; a period of a thousand years is a slip.
const MAX_YEARS: usize = 30;

/// What is to be shown of a body.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: BodyStatus,
    /// What it says, where it is a map at all.
    pub(super) map: Option<Map>,
    /// The record, where it keeps the schema of its kind.
    pub(super) record: Option<Record>,
    /// Why it cannot be read.
    pub(super) unreadable: Option<String>,
}

/// What a list says of a body: no more than it shows.
#[derive(Clone, Debug)]
pub(super) struct Gist {
    pub(super) status: BodyStatus,
    pub(super) title: Words,
    pub(super) summary: Words,
    pub(super) principles: Vec<String>,
    pub(super) progress: Vec<String>,
    pub(super) subject: Option<Subject>,
}

/// The record that another one is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// The field that names it.
    pub(super) field: &'static str,
    /// The record.
    pub(super) target: Ref,
    /// The part of it, by its id there.
    pub(super) part: Option<String>,
}

/// What the parts of a record are called that others can point at: by the id of a commitment or a
/// recommendation, and by the id of a milestone within it.
pub(super) type Parts = BTreeMap<(String, Option<String>), Words>;

impl Shown {
    const fn absent(status: BodyStatus) -> Self {
        Self { status, map: None, record: None, unreadable: None }
    }

    /// Returns what is shown of a body that this node hides: that it does.
    pub(super) const fn hidden() -> Self {
        Self::absent(BodyStatus::Hidden)
    }

    /// Reads a body of an entry of `kind`; one of a withdrawn entry is not looked at (B3).
    pub(super) fn read(kind: &str, state: &BodyState, withdrawn: bool) -> Self {
        let bytes = match state {
            BodyState::Present(bytes) if !withdrawn => bytes,
            BodyState::Missing if !withdrawn => return Self::absent(BodyStatus::Missing),
            _ => return Self::absent(BodyStatus::Withdrawn),
        };
        let unreadable =
            |map, why| Self { map, unreadable: Some(why), ..Self::absent(BodyStatus::Unreadable) };
        let map = match entry::decode_body(bytes) {
            Ok(map) => map,
            Err(error) => return unreadable(None, error.to_string()),
        };
        match record::read(kind, &map) {
            Ok(record) => Self { map: Some(map), record: Some(record), ..Self::absent(BodyStatus::Present) },
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                unreadable(Some(map), format!("{error}{}", cause.unwrap_or_default()))
            }
        }
    }

    /// Returns what a list says of the body.
    pub(super) fn gist(&self) -> Gist {
        Gist {
            status: self.status,
            title: self.title(),
            summary: self.summary(),
            principles: self.principles(),
            progress: self.progress().into_iter().collect(),
            subject: self.subject(),
        }
    }

    /// Returns who is asked to answer.
    pub(super) fn addressees(&self) -> &[Party] {
        match &self.record {
            Some(Record::Challenge(challenge)) => &challenge.addressees,
            Some(Record::Reply(reply)) => &reply.addressees,
            _ => &[],
        }
    }

    /// Returns the practices and replies that it names as answers: those of a challenge that its author says
    /// answered it, those with which a reply answers.
    pub(super) fn answers(&self) -> &[Ref] {
        match &self.record {
            Some(Record::Challenge(challenge)) => &challenge.answered_by,
            Some(Record::Reply(reply)) => &reply.practices,
            _ => &[],
        }
    }

    /// Returns the official codes of the places that its texts address.
    pub(super) fn mentions(&self) -> BTreeSet<&'static str> {
        let texts = self.texts();
        let mentions = texts.iter().flat_map(|text| mentions(&text.text));
        mentions.flat_map(|mention| mention.places).map(|place| place.code.as_str()).collect()
    }

    /// Returns what a record is about that is nothing by itself, such as a reply.
    pub(super) fn subject(&self) -> Option<Subject> {
        let (field, target, part) = match self.record.as_ref()? {
            Record::Reply(reply) => ("to", reply.to, reply.part.clone()),
            Record::Progress(progress) => ("plan", progress.plan, Some(progress.commitment.clone())),
            Record::Evaluation(evaluation) => ("about", evaluation.about, evaluation.commitment.clone()),
            Record::Adoption(adoption) => ("practice", adoption.practice, None),
            Record::Endorse(endorse) => ("endorses", endorse.endorses, None),
            _ => return None,
        };
        Some(Subject { field, target: target?, part: part.filter(|part| !part.is_empty()) })
    }

    /// Returns what its parts are called that others can point at.
    pub(super) fn parts(&self) -> Parts {
        let mut parts = Parts::new();
        for commitment in self.commitments() {
            parts.insert((commitment.id.clone(), None), commitment.title.clone());
            for milestone in &commitment.milestones {
                if let Some(id) = &milestone.id {
                    parts.insert((commitment.id.clone(), Some(id.clone())), milestone.title.clone());
                }
            }
        }
        let recommendations = match &self.record {
            Some(Record::Evaluation(evaluation)) => evaluation.recommendations.as_slice(),
            Some(Record::Event(event)) => event.recommendations.as_slice(),
            _ => &[],
        };
        for recommendation in recommendations {
            if let Some(id) = &recommendation.id {
                parts.insert((id.clone(), None), recommendation.text.clone());
            }
        }
        parts
    }

    /// Returns what the record is called: of a kind without a schema here, what stands in `title` or
    /// `names` if that is text for people.
    pub(super) fn title(&self) -> Words {
        let known = self.record.as_ref().and_then(Record::title).cloned();
        known.or_else(|| self.words("title")).or_else(|| self.words("names")).unwrap_or_default()
    }

    fn words(&self, field: &str) -> Option<Words> {
        self.map.as_ref()?.get(field)?.to().ok()
    }

    /// Returns what it says in short.
    fn summary(&self) -> Words {
        self.record.as_ref().and_then(Record::summary).cloned().unwrap_or_default()
    }

    /// Returns the principles that it names.
    fn principles(&self) -> Vec<String> {
        let named = self.record.as_ref().map(Record::principles).unwrap_or_default();
        named.iter().map(|principle| principle.as_str().to_owned()).collect()
    }

    /// Returns the principles that it or a commitment in it names.
    pub(super) fn principles_within(&self) -> BTreeSet<String> {
        let own = self.record.as_ref().map(Record::principles).unwrap_or_default();
        let commitments = self.commitments().iter().flat_map(|commitment| &commitment.principles);
        own.iter().chain(commitments).map(|principle| principle.as_str().to_owned()).collect()
    }

    /// Returns the policy areas that it or a commitment in it names.
    pub(super) fn themes_within(&self) -> BTreeSet<String> {
        let own = self.record.as_ref().map(Record::themes).unwrap_or_default();
        let commitments = self.commitments().iter().flat_map(|commitment| &commitment.themes);
        own.iter().chain(commitments).cloned().collect()
    }

    fn commitments(&self) -> &[Commitment] {
        match &self.record {
            Some(Record::Plan(plan)) => &plan.commitments,
            _ => &[],
        }
    }

    /// Returns the tags of the languages in which its title or its summary can be read.
    pub(super) fn languages(&self) -> BTreeSet<String> {
        let (title, summary) = (self.title(), self.summary());
        title.iter().chain(summary.iter()).map(|(tag, _)| tag.to_owned()).collect()
    }

    /// Returns how far it has come, as its author says: of progress the states of the milestones.
    pub(super) fn progress(&self) -> BTreeSet<String> {
        let one = |code: &str| BTreeSet::from([code.to_owned()]);
        match &self.record {
            Some(Record::Adoption(adoption)) => one(adoption.state.as_str()),
            Some(Record::Evaluation(evaluation)) => one(evaluation.completion.as_str()),
            Some(Record::Proposal(proposal)) => {
                proposal.became.iter().map(|became| became.state.as_str().to_owned()).collect()
            }
            Some(Record::Progress(progress)) => {
                progress.milestones.iter().map(|milestone| milestone.status.as_str().to_owned()).collect()
            }
            record => {
                let status = record.as_ref().and_then(Record::status);
                status.map(|status| status.as_str().to_owned()).into_iter().collect()
            }
        }
    }

    /// Returns the years in which it ran, as far as they are known, at most [`MAX_YEARS`] of them.
    pub(super) fn years(&self) -> BTreeSet<String> {
        let Some(period) = self.record.as_ref().and_then(Record::period) else { return BTreeSet::new() };
        let first = period.start.or(period.end).map(|date| date.first().year());
        let last = period.end.or(period.start).map(|date| date.last().year());
        let (Some(first), Some(last)) = (first, last) else { return BTreeSet::new() };
        (first..=last).take(MAX_YEARS).map(|year| year.to_string()).collect()
    }

    /// Returns what the body says, as JSON.
    pub(super) fn fields(&self) -> Option<serde_json::Value> {
        // A map of plain values under text keys always has a form in JSON.
        serde_json::to_value(Value::Map(self.map.clone()?)).ok()
    }

    /// Returns the entries that the body of an entry of `kind` refers to, each with the field that does: all
    /// that it names but the version that it replaces.
    pub(super) fn references(&self, kind: &str) -> impl Iterator<Item = (String, Ref)> {
        self.links(kind).into_iter().filter(|(field, _)| field != "replaces")
    }

    /// Returns the entries that the body names, each with the field that does (R1).
    fn links(&self, kind: &str) -> Vec<(String, Ref)> {
        let mut links = Vec::new();
        if let (Some(map), false) = (&self.map, is_network_kind(kind)) {
            map.iter().for_each(|(field, value)| collect(field, value, &mut links));
        }
        links
    }
}

fn collect(path: &str, value: &Value, links: &mut Vec<(String, Ref)>) {
    if links.len() >= MAX_LINKS {
        return;
    }
    match value {
        Value::Map(map) => match value.to::<Ref>() {
            Ok(target) => links.push((path.to_owned(), target)),
            Err(_) => map.iter().for_each(|(field, value)| collect(&format!("{path}.{field}"), value, links)),
        },
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(&format!("{path}[{at}]"), item, links);
            }
        }
        Value::Bool(_) | Value::Int(_) | Value::Bytes(_) | Value::Text(_) => {}
    }
}

/// Returns the top-level fields in which two versions differ.
pub(super) fn changed(before: &Map, after: &Map) -> Vec<String> {
    let names = before.iter().chain(after.iter()).map(|(name, _)| name);
    let differs = |name: &&str| *name != "replaces" && before.get(name) != after.get(name);
    let mut names: Vec<String> = names.filter(differs).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}
