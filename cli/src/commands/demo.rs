//! `demo`: a living network on this machine, of real collectivities and their records.
//!
//! Nothing in it is special: each node has its own identity, folder and ports, and whatever it does
//! is asked of its office's router, as the other verbs do. What is shown of a node is read from that
//! node alone.

mod collectivity;
mod setting;
mod view;

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::args::Demo;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

use super::run::{log_to_stderr, stop_asked};
use setting::Setting;
use view::View;

/// How often the nodes are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Runs the demo.
pub(crate) async fn demo(args: Demo, context: &Context) -> Outcome {
    log_to_stderr(context.verbose, "error");
    let collectivities = collectivity::all();
    if !(1..=collectivities.len()).contains(&args.nodes) {
        let (nodes, most) = (args.nodes, collectivities.len());
        return Err(failure!(Exit::Usage, "error-demo-nodes", nodes = nodes, most = most));
    }
    let dir = setting::folder(args.dir.as_deref())?;
    let began = Instant::now();
    let limit = Duration::from_secs(args.timeout);
    let chosen = collectivities.into_iter().take(args.nodes).collect();
    let mut view = View::new(io::stdout().is_terminal() && !context.out.json && !args.once);
    let setting = timeout(limit, Setting::build(chosen, &dir, args.port, context)).await;
    let mut setting =
        setting.map_err(|_| failure!(Exit::Unreachable, "error-demo-setup", seconds = args.timeout))??;
    for stage in &setting.nodes {
        let url = stage.public_url();
        let office = stage.office();
        context.out.note(say!(context.catalogue, "demo-node", name = stage.name(context), url = url, office = office));
    }
    setting.publish(context).await?;
    let outcome = watch(&mut setting, &mut view, &args, began, context).await;
    setting.stop().await;
    outcome
}

/// Looks at the nodes until every one holds everything, and goes on until the process is stopped
/// unless it was asked to end there.
async fn watch(
    setting: &mut Setting,
    view: &mut View,
    args: &Demo,
    began: Instant,
    context: &Context,
) -> Outcome {
    let limit = Duration::from_secs(args.timeout);
    let mut converged = None;
    let stop = stop_asked();
    tokio::pin!(stop);
    loop {
        let picture = setting.look().await?;
        let lacking = picture.lacking();
        if lacking.is_empty() && converged.is_none() {
            converged = Some(began.elapsed());
            if !args.once {
                let seconds = format!("{:.1}", began.elapsed().as_secs_f64());
                context.out.note(say!(context.catalogue, "demo-converged", seconds = seconds));
                context.out.note(say!(context.catalogue, "demo-running"));
            }
        }
        let ends = args.once && (converged.is_some() || began.elapsed() >= limit);
        if !context.out.json {
            view.show(&picture, ends, context);
        }
        if ends {
            if context.out.json {
                let seconds = converged.unwrap_or_else(|| began.elapsed()).as_secs_f64();
                context.out.object(&picture.report(converged.is_some(), seconds));
            }
            return match converged {
                Some(_) => Ok(Exit::Ok),
                None => {
                    let items = picture.say_lacking(&lacking, context);
                    let seconds = args.timeout;
                    Err(failure!(Exit::Unreachable, "error-demo-lacking", seconds = seconds).items(items))
                }
            };
        }
        tokio::select! {
            () = &mut stop => {
                if context.out.json {
                    let seconds = converged.unwrap_or_else(|| began.elapsed()).as_secs_f64();
                    context.out.object(&picture.report(converged.is_some(), seconds));
                }
                return Ok(Exit::Ok);
            }
            () = sleep(LOOK) => {}
        }
    }
}
