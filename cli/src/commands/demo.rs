//! `demo`: a living network on this machine, of real collectivities and their records.
//!
//! Nothing in it is special: each node has its own identity, folder and ports, and whatever it does
//! is asked of its office's router, as the other verbs do. What is shown of a node is read from that
//! node alone.

mod collectivity;
mod setting;
mod view;

use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::args::Demo;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::log;
use crate::messages::say;
use crate::output::has_room;

use super::run::stop_asked;
use setting::Setting;
use view::View;

/// How often the nodes are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Rounds in which the nodes say what they hold: first the stewards list it, then the members confirm the lists.
const ROUNDS: u8 = 2;

/// Runs the demo.
pub(crate) async fn demo(args: Demo, context: &Context) -> Outcome {
    log::start(log::Form::Text, context.verbose, "error")?;
    let collectivities = collectivity::all();
    if !(1..=collectivities.len()).contains(&args.nodes) {
        let (nodes, most) = (args.nodes, collectivities.len());
        return Err(failure!(Exit::Usage, "error-demo-nodes", nodes = nodes, most = most));
    }
    let dir = setting::folder(args.dir.as_deref())?;
    let clock = Clock { began: Instant::now(), limit: Duration::from_secs(args.timeout) };
    let chosen = collectivities.into_iter().take(args.nodes).collect();
    let setting = Setting::build(chosen, &dir, args.port, context).await?;
    for stage in &setting.nodes {
        let (name, url, office) = (stage.name(context), stage.public_url(), stage.office_url());
        context.out.note(say!(context.catalogue, "demo-node", name = name, url = url, office = office));
    }
    let played = play(&setting, &clock, &args, context).await;
    setting.stop().await;
    played
}

/// When a demo began, and how long it may take until every node holds everything.
struct Clock {
    began: Instant,
    limit: Duration,
}

impl Clock {
    fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    fn is_over(&self) -> bool {
        self.began.elapsed() >= self.limit
    }

    fn left(&self) -> Duration {
        self.limit.saturating_sub(self.began.elapsed())
    }
}

/// Has the collectivities admitted and their records published, and shows what becomes of it.
async fn play(setting: &Setting, clock: &Clock, args: &Demo, context: &Context) -> Outcome {
    let acts = async {
        setting.admit(context).await?;
        setting.publish(context).await
    };
    let stop = stop_asked();
    tokio::pin!(stop);
    tokio::select! {
        // Where they do not end in time, the picture of the nodes says what is lacking.
        acted = timeout(clock.left(), acts) => acted.unwrap_or(Ok(()))?,
        () = &mut stop => return Ok(Exit::Ok),
    }
    watch(setting, clock, args, stop, context).await
}

/// Looks at the nodes until every one holds everything, and goes on until the process is stopped
/// unless it was asked to end there.
async fn watch(
    setting: &Setting,
    clock: &Clock,
    args: &Demo,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    context: &Context,
) -> Outcome {
    let mut view = View::new(has_room() && !args.once);
    let mut converged = None;
    let mut testified = 0;
    loop {
        let picture = setting.look().await?;
        let lacking = picture.lacking();
        if lacking.is_empty() && converged.is_none() {
            converged = Some(clock.seconds());
        }
        if lacking.is_empty() && !args.once && testified < ROUNDS {
            testified += 1;
            setting.testify().await;
        }
        let ends = args.once && (converged.is_some() || clock.is_over());
        if !context.out.json {
            view.show(&picture, ends, context);
        }
        if let Some(seconds) = converged.filter(|_| !args.once && !view.is_told()) {
            let first = setting.nodes.first().map(setting::Stage::public_url);
            view.tell(seconds, &first.unwrap_or_default(), context);
        }
        let stopped = !ends
            && tokio::select! {
                () = &mut stop => true,
                () = sleep(LOOK) => false,
            };
        if !ends && !stopped {
            continue;
        }
        if context.out.json {
            let seconds = converged.unwrap_or_else(|| clock.seconds());
            context.out.object(&picture.report(converged.is_some(), seconds));
        }
        if stopped || converged.is_some() {
            return Ok(Exit::Ok);
        }
        let items = picture.say_lacking(&lacking, context);
        return Err(failure!(Exit::Unreachable, "error-demo-lacking", seconds = args.timeout).items(items));
    }
}
