//! `key show`, `key rotate` and `key resume`: the node's keys, and what heals a log.
//!
//! The rotation key is read from a file or from standard input, signs in this process, and is wiped:
//! it is no argument, which others on the machine could see, and it never goes to the node.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use inquire::{Password, PasswordDisplayMode, Select};
use multaqa_node::api::types::{
    ClockConfirmed, Key, List, LogHealth, LogRow, NodeStatus, Resumed, Rotated, RotationPlan,
    RotationRequest, SignedRotation, Status,
};
use multaqa_node::keys::rotation::RotationKey;
use multaqa_protocol::entry::Position;
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::record::Words;
use serde_json::json;
use zeroize::Zeroizing;

use super::init::{ask, create_private};
use super::list::{kind, marked};
use super::member::{also, time};
use super::status::{log_health, quarantine};
use crate::args::KeyRotate;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::{Catalogue, say};
use crate::output::short;

/// Schema of the answer of `key rotate`.
const SCHEMA: &str = "multaqa/rotate/1";
/// Longest file or input that is read as a rotation key: 64 digits and what people put between them.
const MAX_KEY_TEXT: u64 = 1_024;
/// Entries of the own log that are offered or shown, the newest.
const OFFERED: usize = 20;

/// Shows the node's public keys.
pub(crate) async fn show(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let key: Outcome<Key> = client.get("/key", &[]).await;
    client.close().await;
    let key = key?;
    if context.out.json {
        context.out.object(&key);
        return Ok(Exit::Ok);
    }
    let mut state = log_health(key.log, catalogue);
    if let Some(why) = &key.quarantine {
        state = also(state, quarantine(why, catalogue), catalogue);
    }
    let since = say!(
        catalogue,
        "key-since-entry",
        seq = key.seq,
        id = short(&key.establishment.to_string()),
        time = time(key.since)
    );
    let rows = [
        (say!(catalogue, "status-author"), key.author.to_string()),
        (say!(catalogue, "key-sign"), key.sign.to_string()),
        (say!(catalogue, "key-since"), since),
        (say!(catalogue, "key-rotations"), key.rotations.to_string()),
        (say!(catalogue, "key-next"), key.next.to_string()),
        (say!(catalogue, "head-log"), state),
        (say!(catalogue, "key-peer"), key.peer.unwrap_or_default()),
    ];
    for (name, value) in rows {
        context.out.line(say!(catalogue, "status-row", name = name, value = value));
    }
    for rotation in &key.contest {
        context.out.line(say!(catalogue, "contest-rotation", id = rotation.to_string()));
    }
    if key.log == LogHealth::Contested {
        context.out.note(say!(catalogue, "contest-own"));
    }
    Ok(Exit::Ok)
}

/// Changes the signing key, by the rotation key that its keeper gives.
pub(crate) async fn rotate(args: KeyRotate, context: &Context) -> Outcome {
    let key = read_key(args.rotation_key.as_deref(), context)?;
    if args.rotation_key_out.is_none() && context.out.json {
        // It must be in its keeper's hands before the rotation is signed, and an answer comes after it.
        return Err(failure!(Exit::Usage, "error-rotation-key-out"));
    }
    let note = note(args.note.as_deref(), context);
    let client = Client::connect(context).await?;
    let outcome = with_node(args, &key, note, &client, context).await;
    client.close().await;
    outcome
}

async fn with_node(
    args: KeyRotate,
    key: &RotationKey,
    note: Words,
    client: &Client,
    context: &Context,
) -> Outcome {
    let from = match args.from {
        Some(from) => Some(from),
        None if args.contest || !heals(&args.reason) => None,
        None => Some(last_own(client, context).await?),
    };
    let request = RotationRequest {
        reveal: key.public().to_bytes(),
        reason: args.reason.clone(),
        from,
        note,
        contest: args.contest,
    };
    let plan: RotationPlan = client.post("/key/rotation", &request).await?;
    let next = RotationKey::draw().map_err(|error| failure!(Exit::Other, "error-runtime").detail(error))?;
    keep(&next, args.rotation_key_out.as_deref(), context)?;
    let rotated = finish(&plan, key, &next, client).await;
    match rotated {
        Ok(rotated) => {
            shown(&plan, &rotated, &args.reason, args.rotation_key_out.as_deref(), context);
            Ok(Exit::Ok)
        }
        Err(failure) => {
            // Refused is refused. Where no answer came, the rotation may be on disk, and the new key the
            // only one that fits: it stays where it is.
            let is_certain = !matches!(failure.exit(), Exit::Unreachable | Exit::Other);
            match &args.rotation_key_out {
                Some(path) if is_certain => drop(fs::remove_file(path)),
                Some(path) => {
                    let path = path.display().to_string();
                    context.out.note(say!(context.catalogue, "rotate-unsure", path = path));
                }
                None if is_certain => context.out.note(say!(context.catalogue, "rotate-key-void")),
                None => context.out.note(say!(context.catalogue, "rotate-unsure-shown")),
            }
            Err(failure)
        }
    }
}

/// Signs what was planned and hands it to the node.
async fn finish(
    plan: &RotationPlan,
    key: &RotationKey,
    next: &RotationKey,
    client: &Client,
) -> Outcome<Rotated> {
    let garbled = || failure!(Exit::Other, "error-answer");
    let position = Position { author: plan.author, seq: plan.seq, prev: plan.prev, time: plan.time };
    let sign = PublicKey::from_bytes(&plan.sign).ok_or_else(garbled)?;
    let body = hex::decode(&plan.body).map_err(|_| garbled())?;
    let entry = key.rotate(position, &sign, next.next(), &body);
    let request = SignedRotation { envelope: hex::encode(entry.envelope()), body: plan.body.clone() };
    client.post("/key/rotation/signed", &request).await
}

fn shown(plan: &RotationPlan, rotated: &Rotated, reason: &str, file: Option<&Path>, context: &Context) {
    let catalogue = &context.catalogue;
    if context.out.json {
        let mut object = json!({
            "schema": SCHEMA, "id": rotated.id, "author": rotated.author, "sign": rotated.sign,
            "log": rotated.log, "reason": reason, "from": { "seq": plan.seq.saturating_sub(1), "id": plan.prev },
            "disowned": plan.disowned,
        });
        if let Some(path) = file {
            object["rotation_key_file"] = path.display().to_string().into();
        }
        return context.out.object(&object);
    }
    context.out.line(rotated.id.to_string());
    let from = short(&plan.prev.to_string());
    let seq = plan.seq.saturating_sub(1);
    context.out.note(say!(catalogue, "rotate-done", seq = seq, id = from, count = plan.disowned));
    if let Some(path) = file {
        context.out.note(say!(catalogue, "init-rotation-key-file", path = path.display().to_string()));
    }
    context.out.note(say!(catalogue, "rotate-old-key"));
    if rotated.log == LogHealth::Contested {
        context.out.note(say!(catalogue, "contest-own"));
    }
}

/// Ends a quarantine by the operator's order.
pub(crate) async fn resume(in_full_knowledge: bool, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    if !in_full_knowledge {
        let status: Outcome<NodeStatus> = client.get("/status", &[]).await;
        client.close().await;
        return match status?.quarantine {
            None => Err(failure!(Exit::Usage, "error-no-quarantine")),
            Some(found) => {
                let (asked, needed) = (found.asked, found.needed);
                let why = quarantine(&found.why, catalogue);
                Err(failure!(Exit::Usage, "error-full-knowledge", why = why, asked = asked, needed = needed))
            }
        };
    }
    let resumed: Outcome<Resumed> = client.post("/key/resume", &json!({})).await;
    client.close().await;
    let resumed = resumed?;
    if context.out.json {
        context.out.object(&resumed);
    } else {
        context.out.note(match resumed.quarantine {
            Some(_) => say!(catalogue, "resume-done"),
            None => say!(catalogue, "resume-nothing"),
        });
    }
    Ok(Exit::Ok)
}

/// Signs by this machine's clock though the log is ahead of it, by the operator's word.
pub(crate) async fn confirm_clock(context: &Context) -> Outcome {
    let client = Client::connect_running(context).await?;
    let confirmed: Outcome<ClockConfirmed> = client.post("/clock/confirm", &json!({})).await;
    client.close().await;
    let confirmed = confirmed?;
    if context.out.json {
        context.out.object(&confirmed);
    } else {
        context.out.note(say!(context.catalogue, "resume-clock", time = time(confirmed.time)));
    }
    Ok(Exit::Ok)
}

/// Tells whether a rotation for this reason has to say by what the owner stands: the head may be the
/// thief's, and in a fork it lies before both branches.
fn heals(reason: &str) -> bool {
    matches!(reason, "theft" | "fork")
}

/// Asks for the last entry by which the owner stands, or says how to name it.
async fn last_own(client: &Client, context: &Context) -> Outcome<String> {
    let catalogue = &context.catalogue;
    let status: NodeStatus = client.get("/status", &[]).await?;
    let path = format!("/authors/{}/log", status.author);
    let log: List<LogRow> = client.get(&path, &[("marked", "true"), ("limit", "100")]).await?;
    let may_stand = |row: &&LogRow| !matches!(row.status, Status::Disowned);
    let rows: Vec<&LogRow> = log.items.iter().filter(may_stand).take(OFFERED).collect();
    let lines: Vec<String> = rows.iter().map(|row| entry_line(row, catalogue)).collect();
    if !may_ask(context) {
        let author = status.author.to_string();
        return Err(failure!(Exit::Usage, "error-from-missing", author = author).items(lines));
    }
    let question = say!(catalogue, "ask-from");
    let help = say!(catalogue, "ask-from-help");
    let chosen = ask(Select::new(&question, lines).with_help_message(&help).raw_prompt())?;
    rows.get(chosen.index)
        .map(|row| row.id.to_string())
        .ok_or_else(|| failure!(Exit::Other, "error-not-answered"))
}

fn entry_line(row: &LogRow, catalogue: &Catalogue) -> String {
    let status = marked(row.status, row.body, row.disowned.as_ref(), catalogue);
    format!("{}  {}  {}  {}  {status}", row.seq, row.id, kind(&row.kind, catalogue), time(row.time))
}

fn may_ask(context: &Context) -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && !context.out.json
}

/// Reads the rotation key: from a file, from standard input, or, on a terminal, unseen.
fn read_key(from: Option<&Path>, context: &Context) -> Outcome<RotationKey> {
    let unread = |path: &Path, error: io::Error| {
        failure!(Exit::Usage, "error-read", path = path.display().to_string()).detail(error)
    };
    let mut text = Zeroizing::new(String::with_capacity(MAX_KEY_TEXT as usize));
    match from {
        Some(path) if path == Path::new("-") => {
            let read = io::stdin().lock().take(MAX_KEY_TEXT).read_to_string(&mut text);
            read.map_err(|error| unread(path, error))?;
        }
        Some(path) => {
            let file = fs::File::open(path).map_err(|error| unread(path, error))?;
            file.take(MAX_KEY_TEXT).read_to_string(&mut text).map_err(|error| unread(path, error))?;
        }
        None if may_ask(context) => {
            let question = say!(context.catalogue, "ask-rotation-key");
            let prompt = Password::new(&question).with_display_mode(PasswordDisplayMode::Hidden);
            text = Zeroizing::new(ask(prompt.without_confirmation().prompt())?);
        }
        None => return Err(failure!(Exit::Usage, "error-rotation-key-missing")),
    }
    RotationKey::read(&text).map_err(|error| failure!(Exit::Usage, "error-not-a-rotation-key").detail(error))
}

/// Puts the new rotation key where its keeper finds it, before the rotation that announces it is signed:
/// after that it cannot be made again.
fn keep(next: &RotationKey, file: Option<&Path>, context: &Context) -> Outcome<()> {
    let text = next.text();
    let Some(path) = file else {
        context.out.note(say!(context.catalogue, "rotate-new-key"));
        context.out.line(text.as_str());
        return Ok(());
    };
    let mut file = create_private(path)?;
    let written = writeln!(file, "{}", text.as_str()).and_then(|()| file.sync_all());
    written.map_err(|error| -> Box<Failure> {
        let _ = fs::remove_file(path);
        failure!(Exit::Other, "error-write", path = path.display().to_string()).detail(error)
    })
}

/// Returns the note in the language of texts.
fn note(text: Option<&str>, context: &Context) -> Words {
    let mut words = Words::default();
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        words.insert(context.catalogue.language().tag(), text);
    }
    words
}
