//! How a draft begins: from nothing, from a record that it is about, or as a new version of one.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::id::EntryId;
use multaqa_protocol::record as kind;
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::{address, go_on, with_drafts};
use crate::api::types::{BodyStatus, Record, Status};
use crate::api::{Api, Failure};
use crate::clock;
use crate::office::draft::{Draft, Stamp, WITHDRAWAL};
use crate::office::form::{Tree, reference, sections};
use crate::office::{Role, SignedIn};
use crate::ui::Visit;
use crate::ui::page::Page;

/// The kinds that a clerk chooses among, in the order in which they are offered, by what they are for.
const GROUPS: [(&str, &[&str]); 3] = [
    ("share", &[kind::PRACTICE, kind::CHALLENGE, kind::REPLY, kind::ADOPTION]),
    ("plan", &[kind::PLAN, kind::PROPOSAL, kind::PROGRESS, kind::EVALUATION, kind::EVENT]),
    ("other", &[kind::ENDORSE, kind::PROFILE]),
];

/// The languages in which is written where nobody has chosen any.
const DEFAULT_LANGUAGES: [&str; 2] = ["ar", "fr"];

/// The field in which a kind names the record that it is about.
fn about_field(kind: &str) -> Option<&'static str> {
    match kind {
        kind::ADOPTION => Some("practice"),
        kind::REPLY => Some("to"),
        kind::EVALUATION => Some("about"),
        kind::PROGRESS | kind::PROPOSAL => Some("plan"),
        kind::ENDORSE => Some("endorses"),
        kind::EVENT => Some("part_of"),
        _ => None,
    }
}

#[derive(Debug, askama::Template)]
#[template(path = "office/kinds.html")]
struct ChoosePage {
    groups: Vec<(String, Vec<Offer>)>,
    page: Page,
}

/// A kind that can be written.
#[derive(Debug)]
struct Offer {
    kind: &'static str,
    name: String,
    /// What it is for, in a sentence.
    about: String,
}

/// `GET /office/drafts/new`: which kind of record it is to be.
pub(super) async fn choose(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Author)?;
    api.show_in_office(visit, |page, _| {
        let offer = |kind: &&'static str| Offer {
            kind,
            name: page.code("kind", kind),
            about: page.say(&format!("form-kind-{kind}")),
        };
        let groups = GROUPS.map(|(name, kinds)| {
            (page.say(&format!("draft-choose-{name}")), kinds.iter().map(offer).collect())
        });
        Ok(ChoosePage { groups: groups.into(), page })
    })
    .await
}

/// What a new draft is about.
#[derive(Debug, Default)]
struct Asked {
    kind: String,
    /// The record that it is about.
    about: Option<String>,
    /// The record of which it is a new version.
    revises: Option<String>,
    /// Parts of the record that it is about.
    commitment: Option<String>,
    milestone: Option<String>,
    part: Option<String>,
}

impl Asked {
    fn read(body: &[u8]) -> Self {
        let mut sent: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let mut take = |name: &str| sent.remove(name).filter(|text| !text.is_empty());
        Self {
            kind: take("kind").unwrap_or_default(),
            about: take("about"),
            revises: take("revises"),
            commitment: take("commitment"),
            milestone: take("milestone"),
            part: take("part"),
        }
    }
}

/// `POST /office/drafts`: begins a draft and goes to its form.
pub(super) async fn begin(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Failure> {
    signed_in.require(Role::Author)?;
    let asked = Asked::read(&body);
    let by = Stamp::now(&signed_in.account);
    let languages = languages(&api, &visit)?;
    let draft = match (&asked.revises, &asked.about) {
        (Some(id), _) => revision(&api, id.clone(), by).await?,
        (None, Some(id)) if asked.kind == WITHDRAWAL => withdrawal(&api, id.clone(), by).await?,
        (None, _) if sections(&asked.kind).is_empty() || asked.kind == WITHDRAWAL => {
            return Err(Failure::BadParameter(format!("`{}` has no form", asked.kind)));
        }
        (None, about) => {
            let mut fields = Tree::new();
            if let Some(id) = about.clone() {
                let record = api.ask(move |view| view.record(&id)).await?;
                begin_about(&asked, &record, &mut fields);
            }
            Draft::new(&asked.kind, fields, languages, by)
        }
    };
    let id = draft.id.clone();
    with_drafts(&api, move |drafts| drafts.add(&draft)).await?;
    Ok(go_on(&address(visit.language, &id, "")))
}

/// Returns the languages in which a record is written at first: those of the collectivity, that of the page first.
fn languages(api: &Api, visit: &Visit) -> Result<Vec<String>, Failure> {
    let mut languages = api.office.settings()?.languages;
    if languages.is_empty() {
        languages = DEFAULT_LANGUAGES.map(str::to_owned).to_vec();
    }
    let own = visit.language.tag();
    languages.sort_by_key(|tag| tag != own);
    Ok(languages)
}

/// Fills in what follows from the record that a draft is about.
fn begin_about(asked: &Asked, record: &Record, fields: &mut Tree) {
    let item = &record.item;
    let about = reference(&item.id, item.seq, &item.author);
    let today = clock::in_morocco(clock::now()).map(|now| now.date().to_string());
    let field = match (asked.kind.as_str(), item.kind.as_str()) {
        (kind::PRACTICE, kind::CHALLENGE) => return drop(fields.insert("answers".into(), json!([about]))),
        (kind::PRACTICE, kind::PRACTICE) => {
            return drop(fields.insert("adopted_from".into(), json!([about])));
        }
        (kind::EVALUATION, other) if other != kind::PLAN => None,
        (new, _) => about_field(new),
    };
    fields.extend(field.map(|field| (field.to_owned(), about)));
    fields.extend(asked.commitment.clone().map(|id| ("commitment".to_owned(), Json::String(id))));
    if asked.kind == kind::REPLY {
        fields.extend(asked.part.clone().map(|id| ("part".to_owned(), Json::String(id))));
    }
    if asked.kind == kind::PROGRESS {
        let state = asked.milestone.as_ref().map_or_else(|| json!({}), |id| json!({ "milestone": id }));
        fields.insert("milestones".into(), json!([state]));
        fields.extend(today.map(|today| ("as_of".to_owned(), Json::String(today))));
    }
}

/// Returns an own record that can be revised or withdrawn.
async fn own(api: &Api, id: String) -> Result<Record, Failure> {
    let me = api.node.author();
    let record = api.ask(move |view| view.record(&id)).await?;
    match (record.item.author == me, record.item.status) {
        (false, _) => Err(Failure::NotOwn),
        (true, Status::Canonical) if record.item.body == BodyStatus::Present => Ok(record),
        (true, _) => Err(Failure::BodyWithdrawn),
    }
}

/// Returns a draft of a new version of a record: its current one, with all that it says.
async fn revision(api: &Api, id: String, by: Stamp) -> Result<Draft, Failure> {
    let current = api.ask(move |view| Ok(view.current_version(&view.find(&id)?)?.0)).await?;
    let record = own(api, current.to_string()).await?;
    let Some(Json::Object(mut fields)) = record.fields.map(|fields| json!(fields)) else {
        return Err(Failure::BodyMissing);
    };
    fields.remove("replaces");
    if sections(&record.item.kind).is_empty() {
        return Err(Failure::NotARecord(record.item.kind));
    }
    let mut languages: Vec<String> = record.item.title.iter().map(|(tag, _)| tag.to_owned()).collect();
    if languages.is_empty() {
        languages = record.item.summary.iter().map(|(tag, _)| tag.to_owned()).collect();
    }
    if languages.is_empty() {
        languages = DEFAULT_LANGUAGES.map(str::to_owned).to_vec();
    }
    let id: EntryId = record.item.id;
    Ok(Draft::new(&record.item.kind, fields, languages, by).about(id))
}

/// Returns a draft that takes back a record.
async fn withdrawal(api: &Api, id: String, by: Stamp) -> Result<Draft, Failure> {
    let record = own(api, id).await?;
    Ok(Draft::new(WITHDRAWAL, Tree::new(), Vec::new(), by).about(record.item.id))
}
