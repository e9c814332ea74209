//! `progress`, `evaluate`, `adopt`, `reply` and `endorse`: a record about another one, made of what stands
//! on the command line. What they cannot say is said in a file (`template`, `publish`).
//!
//! Each names the exact version that it is about: the entry whose id was given, not a later one.

use std::io::{self, Read};

use multaqa_node::api::types::{Checked, Published, RecordRequest};
use multaqa_node::today;
use multaqa_protocol::record::{ADOPTION, ENDORSE, EVALUATION, PROGRESS, REPLY};
use serde_json::{Map, Value, json};

use super::member::signed;
use super::publish::{show_check, warn};
use crate::args::{Adopt, Endorse, Evaluate, Progress, Reply, Signing};
use crate::client::Client;
use crate::context::Context;
use crate::draft;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// What stands for the standard input.
const STDIN: &str = "-";

/// The fields of a record, as they are filled in.
struct Fields {
    map: Map<String, Value>,
    /// The language of its texts.
    tag: String,
}

impl Fields {
    fn new(signing: &Signing, context: &Context) -> Self {
        let tag = signing.text_language.as_deref().unwrap_or(context.catalogue.language().tag());
        Self { map: Map::new(), tag: tag.to_owned() }
    }

    /// Returns text as words in the language of the record's texts.
    fn words(&self, text: &str) -> Value {
        json!({ &self.tag: text })
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.map.insert(name.to_owned(), value.into());
    }

    /// Sets what was given; a list with nothing in it was not.
    fn given(&mut self, name: &str, value: Option<impl Into<Value>>) {
        let value =
            value.map(Into::into).filter(|value| value.as_array().is_none_or(|list| !list.is_empty()));
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn text(&mut self, name: &str, text: Option<&String>) {
        let words = text.map(|text| self.words(text));
        self.given(name, words);
    }
}

fn pages(addresses: &[String]) -> Value {
    addresses.iter().map(|address| json!({ "address": address })).collect()
}

/// Signs how far a milestone has come.
pub(crate) async fn progress(args: Progress, context: &Context) -> Outcome {
    let mut fields = Fields::new(&args.signing, context);
    let mut state = Fields::new(&args.signing, context);
    state.given("milestone", args.milestone);
    state.set("status", args.status);
    state.text("note", args.note.as_ref());
    state.given("sources", Some(pages(&args.evidence)));
    fields.set("plan", args.plan);
    fields.set("commitment", args.commitment);
    fields.set("as_of", args.as_of.unwrap_or_else(|| today().to_string()));
    fields.set("milestones", vec![Value::Object(state.map)]);
    sign(PROGRESS, fields, &args.signing, context).await
}

/// Signs a verdict on a plan or one of its commitments.
pub(crate) async fn evaluate(args: Evaluate, context: &Context) -> Outcome {
    let mut fields = Fields::new(&args.signing, context);
    let recommendations: Value =
        args.recommend.iter().map(|text| json!({ "text": fields.words(text) })).collect();
    fields.set("about", args.plan);
    fields.given("commitment", args.commitment);
    fields.given("judged", Some(args.judged));
    fields.text("title", args.title.as_ref());
    fields.text("summary", Some(&args.summary));
    fields.set("completion", args.completion);
    for (name, code) in [
        ("verifiable", args.verifiable),
        ("relevant", args.relevant),
        ("ambition", args.ambition),
        ("early_results", args.early_results),
    ] {
        fields.given(name, code);
    }
    fields.text("lessons", args.lessons.as_ref());
    fields.given("recommendations", Some(recommendations));
    fields.given("sources", Some(pages(&args.evidence)));
    sign(EVALUATION, fields, &args.signing, context).await
}

/// Signs how far another's practice is taken up here.
pub(crate) async fn adopt(args: Adopt, context: &Context) -> Outcome {
    let mut fields = Fields::new(&args.signing, context);
    fields.set("practice", args.practice);
    fields.set("state", args.state);
    fields.text("adaptation", args.note.as_ref());
    fields.given("period", args.start.map(|start| json!({ "start": start })));
    fields.text("lessons", args.lessons.as_ref());
    fields.given("sources", Some(pages(&args.evidence)));
    sign(ADOPTION, fields, &args.signing, context).await
}

/// Signs an answer to a record.
pub(crate) async fn reply(args: Reply, context: &Context) -> Outcome {
    let mut fields = Fields::new(&args.signing, context);
    let text = if args.text == STDIN { read_stdin()? } else { args.text };
    fields.set("to", args.id);
    fields.given("part", args.part);
    fields.text("text", Some(&text));
    fields.given("practices", Some(args.practice));
    sign(REPLY, fields, &args.signing, context).await
}

/// Co-signs one version of a record.
pub(crate) async fn endorse(args: Endorse, context: &Context) -> Outcome {
    let mut fields = Fields::new(&args.signing, context);
    fields.set("endorses", args.id);
    fields.given("capacity", args.capacity);
    fields.text("note", args.note.as_ref());
    fields.given("reference", args.reference);
    fields.given("date", args.date);
    sign(ENDORSE, fields, &args.signing, context).await
}

fn read_stdin() -> Outcome<String> {
    let mut text = String::new();
    let read = io::stdin().read_to_string(&mut text);
    read.map_err(|error| failure!(Exit::Usage, "error-read", path = STDIN).detail(error))?;
    Ok(text.trim().to_owned())
}

/// Signs a record of `kind`, or only has it checked.
async fn sign(kind: &str, fields: Fields, signing: &Signing, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let faults = draft::faults(kind, &fields.map, catalogue);
    if !faults.is_empty() {
        let items = faults.into_iter().map(|(path, text)| format!("{path}: {text}")).collect();
        return Err(failure!(Exit::Usage, "error-statement").items(items));
    }
    let request = RecordRequest { kind: kind.to_owned(), fields: Value::Object(fields.map) };
    let client = Client::connect(context).await?;
    if signing.dry_run {
        let checked: Outcome<Checked> = client.post("/records/check", &request).await;
        client.close().await;
        show_check(&[(None, checked?)], context);
        return Ok(Exit::Ok);
    }
    let published: Outcome<Published> = client.post("/records", &request).await;
    client.close().await;
    let published = published?;
    if !context.out.json {
        warn(&published.warnings, context);
    }
    signed(&published, &say!(catalogue, "publish-done", count = 1), context)
}
