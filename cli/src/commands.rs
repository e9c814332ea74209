//! The verbs, one file each or a family together: they ask, and show the answer.

mod manual;
mod verify;

#[cfg(feature = "node")]
mod about;
#[cfg(feature = "node")]
mod attach;
#[cfg(feature = "node")]
mod backup;
#[cfg(feature = "node")]
mod bundle;
#[cfg(feature = "node")]
mod config;
#[cfg(feature = "node")]
mod debug;
#[cfg(feature = "node")]
mod demo;
#[cfg(feature = "node")]
mod digest;
#[cfg(feature = "node")]
mod doctor;
#[cfg(feature = "node")]
mod export;
#[cfg(feature = "node")]
mod fields;
#[cfg(feature = "node")]
mod hiding;
#[cfg(feature = "node")]
mod import_csv;
#[cfg(feature = "node")]
mod init;
#[cfg(feature = "node")]
mod key;
#[cfg(feature = "node")]
mod limits;
#[cfg(feature = "node")]
mod list;
#[cfg(feature = "node")]
mod member;
#[cfg(feature = "node")]
mod mirror;
#[cfg(feature = "node")]
mod network;
#[cfg(feature = "node")]
mod office;
#[cfg(feature = "node")]
mod peers;
#[cfg(feature = "node")]
mod plan;
#[cfg(feature = "node")]
mod publish;
#[cfg(feature = "node")]
mod run;
#[cfg(feature = "node")]
mod search;
#[cfg(feature = "node")]
mod show;
#[cfg(feature = "node")]
mod status;
#[cfg(feature = "node")]
mod template;
#[cfg(feature = "node")]
mod upgrade;

#[cfg(feature = "node")]
pub(crate) use bundle::read as read_file;
#[cfg(feature = "node")]
pub(crate) use config::settings;
#[cfg(feature = "node")]
pub(crate) use run::causes;
#[cfg(feature = "node")]
pub(crate) use upgrade::unknown;

use crate::args::Verb;
#[cfg(feature = "node")]
use crate::args::{Debug, Digest, Import, Key, Network, Office, Peers};
use crate::context::Context;
use crate::error::Outcome;
#[cfg(feature = "node")]
use crate::error::{Exit, failure};

/// Runs a verb.
#[cfg(feature = "node")]
pub(crate) fn run(verb: Verb, context: &Context) -> Outcome {
    // Verbs that ask no node need no runtime either.
    match verb {
        Verb::Verify(args) => verify::verify(&args, context),
        Verb::Completions { shell } => Ok(manual::completions(shell, context)),
        Verb::Man { dir } => manual::man(dir.as_deref(), context),
        Verb::Template(args) => template::template(&args.kind, context),
        Verb::Init(args) => init::init(args, context),
        Verb::Config { verb } => config::config(&verb, context),
        verb => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| failure!(Exit::Other, "error-runtime").detail(error))?
            .block_on(ask(verb, context)),
    }
}

#[cfg(feature = "node")]
async fn ask(verb: Verb, context: &Context) -> Outcome {
    match verb {
        Verb::Demo(args) => demo::demo(args, context).await,
        Verb::Run(args) => run::run(args, context).await,
        Verb::Network { verb: Network::Create { charter } } => network::create(&charter, context).await,
        Verb::Network { verb: Network::Show } => network::show(context).await,
        Verb::Network { verb: Network::Amend { charter } } => network::amend(&charter, context).await,
        Verb::Network { verb: Network::Sign { hash } } => network::sign(hash.as_deref(), context).await,
        Verb::Invite(args) => network::invite(args, context).await,
        Verb::Join(args) => network::join(args, context).await,
        Verb::Candidates => member::candidates(context).await,
        Verb::Admit(args) => member::admit(args, context).await,
        Verb::Suspend(args) => member::suspend(args, context).await,
        Verb::Members(args) => member::members(args.as_of.as_deref(), context).await,
        Verb::Office { verb } => match verb {
            Office::Link { account } => office::link(account, context).await,
            Office::Token { name, role } => office::token(name, role, context).await,
        },
        Verb::Status => status::status(context).await,
        Verb::Backup { verb } => backup::backup(verb, context).await,
        Verb::Upgrade { check } => upgrade::upgrade(check, context).await,
        Verb::Debug { verb: Debug::Bundle { out } } => debug::bundle(&out, context).await,
        Verb::Digest { verb: Digest::Preview } => digest::preview(context).await,
        Verb::Digest { verb: Digest::Send } => digest::send(context).await,
        Verb::Doctor { fix, deep } => doctor::doctor(fix, deep, context).await,
        Verb::Peers { verb: None } => peers::peers(context).await,
        Verb::Peers { verb: Some(Peers::Bans) } => limits::bans(context).await,
        Verb::Peers { verb: Some(Peers::Ban(args)) } => limits::ban(args, context).await,
        Verb::Peers { verb: Some(Peers::Unban { who }) } => limits::unban(&who, context).await,
        Verb::Quota => limits::quota(context).await,
        Verb::Key { verb: Key::Show } => key::show(context).await,
        Verb::Key { verb: Key::Rotate(args) } => key::rotate(args, context).await,
        Verb::Key { verb: Key::Resume { clock_is_right: true, .. } } => key::confirm_clock(context).await,
        Verb::Key { verb: Key::Resume { in_full_knowledge, .. } } => {
            key::resume(in_full_knowledge, context).await
        }
        Verb::Publish(args) => publish::publish(&args, context).await,
        Verb::Attach { file } => attach::attach(&file, context).await,
        Verb::Progress(args) => about::progress(args, context).await,
        Verb::Evaluate(args) => about::evaluate(args, context).await,
        Verb::Adopt(args) => about::adopt(args, context).await,
        Verb::Reply(args) => about::reply(args, context).await,
        Verb::Endorse(args) => about::endorse(args, context).await,
        Verb::Revise(args) => publish::revise(&args.id, &args.file, context).await,
        Verb::Withdraw(args) => publish::withdraw(args, context).await,
        Verb::Hide(args) => hiding::hide(args, context).await,
        Verb::Unhide { id } => hiding::unhide(&id, context).await,
        Verb::Show(args) => show::show(&args.id, context).await,
        Verb::Plan(args) => plan::plan(&args, context).await,
        Verb::History(args) => show::history(&args.id, context).await,
        Verb::List(args) => list::list(args, context).await,
        Verb::Search(args) => search::search(args, context).await,
        Verb::Log(args) => list::log(&args.author, context).await,
        Verb::Export { format } => export::export(format, context).await,
        Verb::Mirror(args) => mirror::mirror(args, context).await,
        Verb::Import { format: Import::Csv(args) } => import_csv::import(args, context).await,
        Verb::Import { format: Import::Bundle { file } } => bundle::import(&file, context).await,
        Verb::Verify(_)
        | Verb::Completions { .. }
        | Verb::Man { .. }
        | Verb::Template(_)
        | Verb::Init(_)
        | Verb::Config { .. } => unreachable!("these ask no node"),
    }
}

/// Runs a verb.
#[cfg(not(feature = "node"))]
pub(crate) fn run(verb: Verb, context: &Context) -> Outcome {
    match verb {
        Verb::Verify(args) => verify::verify(&args, context),
        Verb::Completions { shell } => Ok(manual::completions(shell, context)),
        Verb::Man { dir } => manual::man(dir.as_deref(), context),
    }
}
