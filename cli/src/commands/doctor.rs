//! `doctor`: what is wrong with a node and what to do about it, whether it runs or not.
//!
//! The folder and the machine are looked at first, without opening the folder; then the node is asked. A node that
//! cannot be asked is a fault like another.

use multaqa_node::api::types::{MemberDetail, NodeStatus};
use multaqa_node::config::{Given, Settings};
use multaqa_node::doctor::{Finding, Severity, examine};
use multaqa_node::store::condemn_index;
use multaqa_protocol::audit::{self, Cause};
use multaqa_protocol::record::Words;
use serde::Serialize;
use serde_json::json;

use super::verify;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::{FluentValue, say};

/// Schema of what was found.
const SCHEMA: &str = "multaqa/doctor/1";

/// What a node's status notes, and how much each matters. Those that are not named here are warnings.
const NOTED: [(&str, Severity); 7] = [
    ("store-read-only", Severity::Error),
    ("journal-unreadable", Severity::Error),
    ("own-entries-from-elsewhere", Severity::Error),
    ("own-log-frozen", Severity::Error),
    ("bodies-missing", Severity::Note),
    ("heads-not-supplied", Severity::Note),
    ("logs-frozen", Severity::Note),
];

/// A fault, as it is shown.
#[derive(Serialize)]
struct Fault {
    code: String,
    severity: Severity,
    subject: String,
    mended: bool,
}

/// Looks for faults and says what to do; with `fix`, mends what loses nothing. With `deep` the whole journal is checked.
pub(crate) async fn doctor(fix: bool, deep: bool, context: &Context) -> Outcome {
    let data = context.data();
    let running = Client::is_answered(&data).await;
    let mut faults = Vec::new();
    let settings = match super::settings(context) {
        Ok(settings) => settings,
        Err(failure) => {
            faults.push(fault("config-invalid", Severity::Error, failure.line(&context.catalogue)));
            Settings::new(Given::default(), Given::default())
        }
    };
    for finding in examine(&data, &settings, running) {
        faults.push(mended(finding, fix, context));
    }
    let is_stopped =
        |fault: &Fault| fault.severity == Severity::Error && !fault.mended && !is_of_machine(&fault.code);
    if running || !faults.iter().any(is_stopped) {
        ask(&mut faults, context).await;
    }
    if deep && data.join("journal").is_dir() {
        let found = damage(context)?;
        if fix && found.iter().any(|fault| fault.severity != Severity::Note) {
            condemn_index(&data).map_err(|error| {
                failure!(Exit::Other, "error-write", path = data.display().to_string()).detail(error)
            })?;
        }
        faults.extend(found);
    }
    faults.sort_by_key(|fault| fault.severity);
    show(&faults, context);
    let is_left = faults.iter().any(|fault| fault.severity == Severity::Error && !fault.mended);
    Ok(if is_left { Exit::Config } else { Exit::Ok })
}

/// Tells whether a fault keeps no folder from being opened.
fn is_of_machine(code: &str) -> bool {
    matches!(code, "port-taken" | "disk-full" | "clock-behind" | "config-invalid")
}

fn fault(code: &str, severity: Severity, subject: String) -> Fault {
    Fault { code: code.to_owned(), severity, subject, mended: false }
}

fn mended(finding: Finding, fix: bool, context: &Context) -> Fault {
    let mended = fix
        && finding.mend().unwrap_or_else(|error| {
            context.out.note(format!("{}: {error}", finding.subject));
            false
        });
    Fault { mended, ..fault(finding.code, finding.severity, finding.subject) }
}

/// Asks the node how it is.
async fn ask(faults: &mut Vec<Fault>, context: &Context) {
    let client = match Client::connect(context).await {
        Ok(client) => client,
        Err(failure) => {
            return faults.push(fault("not-opened", Severity::Error, failure.line(&context.catalogue)));
        }
    };
    let status: Outcome<NodeStatus> = client.get("/status", &[]).await;
    match status {
        Ok(status) => {
            let member: Outcome<MemberDetail> = client.get(&format!("/members/{}", status.author), &[]).await;
            faults.extend(status.notes.into_iter().map(|(code, detail)| {
                let noted = NOTED.iter().find(|(noted, _)| *noted == code);
                fault(&code, noted.map_or(Severity::Warning, |(_, severity)| *severity), detail)
            }));
            let private = status.reach.filter(|reach| reach.state == "private" && reach.relays.is_empty());
            faults.extend(private.map(|_| fault("reach-missing", Severity::Warning, String::new())));
            // Who is in no network has no row there.
            faults.extend(member.ok().and_then(|detail| {
                let place = detail.member.place?;
                place_fault(place, &detail.member.names, &detail.member.place_names)
            }));
        }
        Err(failure) => faults.push(fault("not-answered", Severity::Error, failure.line(&context.catalogue))),
    }
    client.close().await;
}

/// Compares what a collectivity calls itself with the official table, which is renewed with the program.
fn place_fault(place: String, own: &Words, official: &Words) -> Option<Fault> {
    if official.is_empty() {
        return Some(fault("place-unknown", Severity::Warning, place));
    }
    let differs =
        |(language, name): &(&str, &str)| official.get(language).is_some_and(|known| known != *name);
    let differing = own.iter().find(differs)?;
    Some(fault("place-name-differs", Severity::Note, format!("{place}: {}", differing.1)))
}

/// Checks every item of the journal.
fn damage(context: &Context) -> Outcome<Vec<Fault>> {
    let (report, _) = verify::audit(&context.data(), context)?;
    let grave = report.findings.iter().filter(|finding| finding.cause.severity() != audit::Severity::Note);
    let torn = report.findings.iter().filter(|finding| matches!(finding.cause, Cause::Torn { .. }));
    let absent = Some(report.bodies.absent).filter(|absent| *absent > 0);
    Ok(grave
        .map(|finding| fault("journal-damaged", Severity::Error, finding.cause.rule().to_owned()))
        .chain(absent.map(|absent| fault("contents-absent", Severity::Warning, absent.to_string())))
        .chain(torn.map(|_| fault("journal-torn", Severity::Note, String::new())))
        .collect())
}

fn show(faults: &[Fault], context: &Context) {
    let (catalogue, out) = (&context.catalogue, context.out);
    if out.json {
        return out.object(&json!({ "schema": SCHEMA, "findings": faults }));
    }
    for fault in faults {
        let severity = match (fault.mended, fault.severity) {
            (true, _) => say!(catalogue, "doctor-mended"),
            (false, Severity::Error) => say!(catalogue, "doctor-error"),
            (false, Severity::Warning) => say!(catalogue, "doctor-warning"),
            (false, Severity::Note) => say!(catalogue, "doctor-note"),
        };
        let args = [("subject", FluentValue::from(fault.subject.as_str()))];
        let id = format!("doctor-{}", fault.code);
        let text = catalogue.find(&id, &args).unwrap_or_else(|| format!("{}: {}", fault.code, fault.subject));
        out.line(say!(catalogue, "doctor-row", severity = severity, text = text));
        let remedy = catalogue.find(&format!("{id}.fix"), &args).filter(|_| !fault.mended);
        if let Some(remedy) = remedy {
            out.line(say!(catalogue, "doctor-remedy", text = remedy));
        }
    }
    if faults.is_empty() {
        out.line(say!(catalogue, "doctor-well"));
    }
}
