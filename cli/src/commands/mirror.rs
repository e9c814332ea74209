//! `mirror`: keeps a copy of the network in PostgreSQL. It asks the node, as every verb does, and hands the answers to
//! [`Mirror`], which verifies and writes them; whichever of the two is away is waited for.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use multaqa_node::api::types::{Members, MirrorLogs, MirrorPage};
use multaqa_node::mirror::{Mirror, MirrorError, Written};
use multaqa_protocol::log::Place;
use serde_json::json;
use tokio::time::sleep;

use super::causes;
use super::run::stop_asked;
use crate::args;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;

/// Schema of what is said once the copy is the same as the node.
const SCHEMA: &str = "multaqa/mirror/1";
/// How often a running node is asked whether anything is new: what people notice as at once.
const LOOK: Duration = Duration::from_secs(2);
/// How often a folder is opened and looked into where no node runs: other commands wait meanwhile.
const LOOK_INTO_FOLDER: Duration = Duration::from_secs(30);
/// The first wait for a database or a node that is away; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How often one that is away is asked again where one copy was wanted: some fifteen seconds.
const TRIES: usize = 5;

/// What a round came to.
struct Round {
    written: Written,
    /// Whether the copy is the same as the node was when the round began; a log that was rewritten meanwhile is read
    /// in the next.
    is_whole: bool,
    is_running: bool,
}

/// Copies what the node holds, once or until the process is asked to stop.
pub(crate) async fn mirror(args: args::Mirror, context: &Context) -> Outcome {
    tokio::select! {
        done = keep(&args, context) => done,
        () = stop_asked() => Ok(Exit::Ok),
    }
}

async fn keep(args: &args::Mirror, context: &Context) -> Outcome {
    let waits =
        ExponentialBuilder::new().with_min_delay(FIRST_WAIT).with_max_delay(LONGEST_WAIT).with_jitter();
    let waits = if args.once { waits.with_max_times(TRIES) } else { waits.without_max_times() };
    let mut total = Written::default();
    loop {
        // Until a round is done the waits grow; after one they begin anew.
        let (mut mirror, mut round) = (|| begin(&args.to, context))
            .retry(waits)
            .sleep(sleep)
            .when(|failure| is_passing(failure))
            .notify(|failure, wait| {
                let (why, seconds) = (failure.line(&context.catalogue), wait.as_secs().max(1));
                context.out.note(say!(context.catalogue, "mirror-waits", why = why, seconds = seconds));
            })
            .await?;
        loop {
            total += round.written;
            if args.once && round.is_whole {
                return say_done(&mirror, total, context).await;
            }
            if !args.once && round.written != Written::default() {
                match say_copied(&mirror, round.written, context).await {
                    Err(failure) if is_passing(&failure) => break,
                    said => said?,
                }
            }
            sleep(if round.is_running { LOOK } else { LOOK_INTO_FOLDER }).await;
            match copy(&mut mirror, context).await {
                Ok(next) => round = next,
                Err(failure) if is_passing(&failure) => {
                    context.out.note(failure.line(&context.catalogue));
                    break;
                }
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// Opens the copy and brings it up to the node once.
async fn begin(to: &str, context: &Context) -> Outcome<(Mirror, Round)> {
    let mut mirror = Mirror::open(to).await.map_err(|error| failed(&error))?;
    let round = copy(&mut mirror, context).await?;
    Ok((mirror, round))
}

async fn copy(mirror: &mut Mirror, context: &Context) -> Outcome<Round> {
    let client = Client::connect(context).await?;
    let copied = copy_from(mirror, &client).await;
    let is_running = client.is_running();
    client.close().await;
    copied.map(|(written, is_whole)| Round { written, is_whole, is_running })
}

/// Writes all that the copy lacks; returns what was written, and whether that was all.
async fn copy_from(mirror: &mut Mirror, client: &Client) -> Outcome<(Written, bool)> {
    let failed = |error| failed(&error);
    let state = mirror.state().await.map_err(failed)?;
    let logs: MirrorLogs = client.get("/mirror", &[("unless", &state)]).await?;
    mirror.belong(&logs).await.map_err(failed)?;
    if logs.state == state {
        mirror.agree(&state).await.map_err(failed)?;
        return Ok((Written::default(), true));
    }
    let members: Members = client.get("/members", &[]).await?;
    mirror.members(&members, &logs).await.map_err(failed)?;
    let (mut written, mut is_whole) = (Written::default(), true);
    for log in &logs.items {
        let Some(mut after) = mirror.lacks(log) else { continue };
        loop {
            let page = page(client, &log.author.to_string(), after).await?;
            if page.log.base != log.base {
                is_whole = false;
                break;
            }
            written += mirror.take(&page).await.map_err(failed)?;
            let last = page.items.last().map(|item| Place { branch: item.branch, seq: item.seq });
            if !page.more || last.is_none() {
                break;
            }
            after = last;
        }
    }
    for day in mirror.days().await.map_err(failed)? {
        let members: Members = client.get("/members", &[("as_of", &day)]).await?;
        mirror.day(&day, &members).await.map_err(failed)?;
    }
    if is_whole {
        mirror.agree(&logs.state).await.map_err(failed)?;
    }
    Ok((written, is_whole))
}

async fn page(client: &Client, author: &str, after: Option<Place>) -> Outcome<MirrorPage> {
    let path = format!("/mirror/{author}");
    let Some(Place { branch, seq }) = after else { return client.get(&path, &[]).await };
    client.get(&path, &[("branch", &branch.to_string()), ("seq", &seq.to_string())]).await
}

/// Says what was copied while the node is followed: a remark, or one line of JSON.
async fn say_copied(mirror: &Mirror, written: Written, context: &Context) -> Outcome<()> {
    if context.out.json {
        return say_done(mirror, written, context).await.map(drop);
    }
    let Written { entries, changed } = written;
    context.out.note(say!(context.catalogue, "mirror-copied", entries = entries, changed = changed));
    Ok(())
}

async fn say_done(mirror: &Mirror, written: Written, context: &Context) -> Outcome {
    let (entries, records, batch) = mirror.totals().await.map_err(|error| failed(&error))?;
    let Written { entries: new, changed } = written;
    if context.out.json {
        context.out.object(&json!({
            "schema": SCHEMA, "new": new, "changed": changed, "entries": entries, "records": records, "batch": batch,
        }));
    } else {
        context.out.line(say!(
            context.catalogue,
            "mirror-done",
            new = new,
            changed = changed,
            entries = entries,
            records = records
        ));
    }
    Ok(Exit::Ok)
}

/// Tells whether it may go better another time.
const fn is_passing(failure: &Failure) -> bool {
    matches!(failure.exit(), Exit::Unreachable)
}

/// Returns the failure for a copy that cannot go on. The address is not among it: it may hold a password.
fn failed(error: &MirrorError) -> Box<Failure> {
    let failed = match error {
        MirrorError::Address(_) => failure!(Exit::Usage, "error-mirror-address"),
        MirrorError::Held => return failure!(Exit::Unreachable, "error-mirror-held"),
        MirrorError::Database(_) if error.is_passing() => failure!(Exit::Unreachable, "error-mirror-away"),
        MirrorError::Database(_) => failure!(Exit::Config, "error-mirror-database"),
        MirrorError::Newer { .. } => failure!(Exit::Config, "error-mirror-newer"),
        MirrorError::OtherNetwork { .. } => failure!(Exit::Config, "error-mirror-network"),
        MirrorError::Refused { id, rule } => {
            failure!(Exit::Forged, "error-mirror-forged", id = id.to_string(), rule = *rule)
        }
        MirrorError::Altered { .. } => failure!(Exit::Config, "error-mirror-altered"),
    };
    failed.detail(causes(error))
}
