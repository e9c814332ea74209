//! The `multaqa` command: a collectivity's node, its clerk's and its steward's verbs, and the
//! auditor's tool.
//!
//! It decides nothing itself: rules are in `multaqa-protocol`, a node's work in `multaqa-node`. It
//! says things in three languages and ends in one of the frozen exit codes ([`error::Exit`]).

mod args;
mod commands;
mod context;
mod error;
mod messages;
mod output;

#[cfg(feature = "node")]
mod client;
#[cfg(feature = "node")]
mod draft;
#[cfg(feature = "node")]
mod log;
#[cfg(feature = "node")]
mod sheet;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;

use args::Line;
use context::Context;
use error::Exit;
use messages::{Catalogue, Language};

fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().collect();
    let language = Language::choose(&args, |name| env::var(name).ok());
    let catalogue = Catalogue::new(language);
    // A command line that does not parse has no flags yet; programs get their error as JSON all the same.
    let json = args.iter().any(|arg| arg == "--json");
    let parsed = args::help::localise(&catalogue)
        .try_get_matches_from(&args)
        .and_then(|matches| Line::from_arg_matches(&matches));
    let line = match parsed {
        Ok(line) => line,
        Err(error) => {
            let Some(failure) = args::refusal::failure_of(&error) else {
                let _ = error.print();
                return code(if error.use_stderr() { Exit::Usage } else { Exit::Ok });
            };
            failure.report(&catalogue, json);
            return code(failure.exit());
        }
    };
    let context = Context::new(line.global, catalogue);
    match commands::run(line.verb, &context) {
        Ok(exit) => code(exit),
        Err(failure) => {
            failure.report(&context.catalogue, context.out.json);
            code(failure.exit())
        }
    }
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit as u8)
}
