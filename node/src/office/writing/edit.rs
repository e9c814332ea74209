//! The form of a draft: what is filled in, what lacks, and in which languages.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::around::Around;
use super::check::problems;
use super::list::told;
use super::publish::settle;
use super::shown::{Block, Form, Source, anchor, label};
use super::{address, go_on, load, title_of, with_script};
use crate::api::types::FieldProblem;
use crate::api::{Api, Failure, query};
use crate::office::draft::{Draft, State as DraftState, WITHDRAWAL};
use crate::office::form::{Meter, Tongue};
use crate::office::{Role, SignedIn};
use crate::ui::Visit;
use crate::ui::page::Page;

/// Languages that are offered for writing, besides those that a draft has.
const OFFERED: [&str; 4] = ["ar", "fr", "en", "zgh"];
/// Texts that lack in a language and are named one by one; a number tells of the others.
const NAMED: usize = 6;

/// What an address of a form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    /// Whether faults are shown: not before somebody asks what is wrong.
    check: Option<String>,
    /// The name of the place to come back to.
    at: Option<String>,
    /// Whether it was just saved.
    saved: Option<String>,
    /// Why a file was not taken, as a stable code.
    refused: Option<String>,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/form.html")]
struct FormPage {
    title: String,
    kind: String,
    is_withdrawal: bool,
    /// What the draft is about: the record that it replaces or takes back.
    target: Option<(String, String)>,
    id: String,
    version: u64,
    here: String,
    form: Form,
    meter: Gauge,
    tongues: Vec<TongueRow>,
    languages: Vec<(String, String, bool)>,
    changed: String,
    waiting: Option<String>,
    remark: Option<(String, String)>,
    is_saved: bool,
    /// What was found, where somebody asked what is wrong.
    checked: Option<String>,
    page: Page,
}

/// The meter as it is shown.
#[derive(Debug)]
struct Gauge {
    filled: usize,
    wanted: usize,
    text: String,
    /// What lacks: the way to it, its name, and whether nothing is signed without it.
    lacking: Vec<(String, String, bool)>,
}

/// How far a record is translated into a language.
#[derive(Debug)]
struct TongueRow {
    language: String,
    text: String,
    is_whole: bool,
    lacking: Vec<(String, String)>,
    /// How many others lack.
    others: Option<String>,
}

/// `GET /office/drafts/{id}`.
pub(super) async fn form(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let parameters: Parameters = query::parameters(&visit.uri)?;
    let draft = settle(&api, load(&api, &id).await?).await?;
    if let Some(entry) = draft.entry() {
        return Ok(go_on(&format!("/{}/records/{entry}", visit.language.tag())));
    }
    if signed_in.account.role < Role::Author || !draft.is_open() {
        return Ok(go_on(&address(visit.language, &draft.id, "/preview")));
    }
    let mut problems = if parameters.check.is_some() { problems(&api, &draft).await? } else { Vec::new() };
    if let (Some(code), Some(path)) = (&parameters.refused, &parameters.at) {
        let (path, code) = (path.clone(), code.clone());
        problems.push(FieldProblem { path, message: code.clone(), code, nearest: None, known: Vec::new() });
    }
    let around = Around::of(&api, &draft.kind, &draft.fields).await?;
    let target = target_of(&api, &draft).await?;
    let response = api
        .show_in_office(visit, move |page, _| {
            let target = target.and_then(|(id, title)| {
                Some((page.record_href(&id), page.passage(&title).map(|passage| passage.text)?))
            });
            Ok(FormPage::new(page, &draft, &parameters, &problems, &around, target))
        })
        .await?;
    Ok(with_script(response))
}

/// Returns the record that a draft replaces or takes back, with its title.
async fn target_of(
    api: &Api,
    draft: &Draft,
) -> Result<Option<(multaqa_protocol::id::EntryId, multaqa_protocol::record::Words)>, Failure> {
    let Some(target) = draft.target else { return Ok(None) };
    api.ask(move |view| Ok(view.record(&target.to_string()).ok().map(|record| (target, record.item.title))))
        .await
}

impl FormPage {
    fn new(
        page: Page,
        draft: &Draft,
        parameters: &Parameters,
        problems: &[FieldProblem],
        around: &Around,
        target: Option<(String, String)>,
    ) -> Self {
        let here = address(page.language, &draft.id, "");
        let form = Form::new(Source {
            page: &page,
            kind: &draft.kind,
            tree: &draft.fields,
            languages: &draft.languages,
            around,
            problems,
            here: &here,
            at: parameters.at.as_deref(),
        });
        let kind = page.code("kind", &draft.kind);
        let is_withdrawal = draft.kind == WITHDRAWAL;
        let title = match (&draft.target, is_withdrawal) {
            (_, true) => page.say("draft-title-withdrawal"),
            (Some(_), false) => page.fill("draft-title-revision", "kind", &kind),
            (None, false) => page.fill("draft-title", "kind", &kind),
        };
        let offered = OFFERED.iter().map(|tag| (*tag).to_owned());
        let others = offered.filter(|tag| !draft.languages.contains(tag));
        let languages =
            draft.languages.iter().map(|tag| (tag.clone(), true)).chain(others.map(|tag| (tag, false)));
        Self {
            title: title_of(&page, &draft.fields).unwrap_or(title),
            is_withdrawal,
            target,
            id: draft.id.to_string(),
            version: draft.version,
            here,
            meter: Gauge::new(&page, draft),
            tongues: tongues(&page, draft),
            languages: languages.map(|(tag, is_set)| (page.language_name(&tag), tag, is_set)).collect(),
            changed: told(&page, "draft-changed-by", &draft.changed),
            waiting: match &draft.state {
                DraftState::Waiting { asked } => Some(told(&page, "draft-asked-by", asked)),
                _ => None,
            },
            remark: draft
                .remark
                .as_ref()
                .map(|remark| (told(&page, "draft-returned-by", &remark.by), page.plain(&remark.text))),
            is_saved: parameters.saved.is_some(),
            checked: parameters.check.as_ref().or(parameters.refused.as_ref()).map(|_| {
                match form.faults.len() {
                    0 => page.say("draft-no-faults"),
                    faults => page.count("draft-faults", faults as u64),
                }
            }),
            form,
            kind,
            page,
        }
    }
}

impl Gauge {
    fn new(page: &Page, draft: &Draft) -> Self {
        let meter = Meter::of(&draft.kind, &draft.fields);
        let (filled, wanted) = (page.number(meter.filled as u64), page.number(meter.wanted as u64));
        let lack = |lack: &crate::office::form::Lack| {
            (format!("#{}", anchor(lack.name)), label(page, &draft.kind, lack.name), lack.is_required)
        };
        Self {
            filled: meter.filled,
            wanted: meter.wanted,
            text: page.tell("draft-meter", &[("filled", filled.into()), ("wanted", wanted.into())]),
            lacking: meter.lacking.iter().map(lack).collect(),
        }
    }
}

fn tongues(page: &Page, draft: &Draft) -> Vec<TongueRow> {
    let row = |tongue: Tongue| {
        let all = tongue.written + tongue.lacking.len();
        let lack = |name: &String| {
            (format!("#{}", anchor(&format!("{name}.{}", tongue.tag))), label(page, &draft.kind, name))
        };
        let others = tongue.lacking.len().saturating_sub(NAMED) as u64;
        TongueRow {
            language: page.language_name(&tongue.tag),
            text: page.out_of(tongue.written as u64, all as u64),
            is_whole: tongue.written > 0 && tongue.lacking.is_empty(),
            lacking: tongue.lacking.iter().take(NAMED).map(lack).collect(),
            others: (others > 0).then(|| page.count("draft-more-texts", others)),
        }
    };
    let tongues = Tongue::all(&draft.kind, &draft.fields, &draft.languages);
    tongues.into_iter().map(row).collect()
}
