//! The log of a process that is or was a node: to standard error as text or as JSON, or to the system's journal.
//! Its last lines are kept in memory as well.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use multaqa_node::office::NEVER_LOGGED;
use multaqa_node::recent::Keep;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::error::{Exit, Outcome, failure};

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Lines on standard error.
    #[default]
    Text,
    /// An object a line, on standard error.
    Json,
    /// The system's journal, with its fields.
    Journald,
}

/// Starts the log; `RUST_LOG` says what is in it, otherwise the flags.
pub(crate) fn start(form: Form, verbose: u8, quiet: &str) -> Outcome<()> {
    let level = match verbose {
        0 => quiet,
        1 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,multaqa={level},multaqa_node={level}")))
        .add_directive(NEVER_LOGGED.parse().expect("it is a directive"));
    let told: Box<dyn Layer<Registry> + Send + Sync> = match form {
        // It would tell its own errors on standard error, and panic where that is a file on a full disk.
        Form::Text => fmt::layer()
            .with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .log_internal_errors(false)
            .boxed(),
        Form::Json => fmt::layer().json().with_writer(io::stderr).log_internal_errors(false).boxed(),
        Form::Journald => tracing_journald::layer()
            .map_err(|error| failure!(Exit::Config, "error-journald").detail(error))?
            .boxed(),
    };
    let kept = fmt::layer().with_ansi(false).with_writer(Keep::default);
    tracing_subscriber::registry().with(told.and_then(kept).with_filter(filter)).init();
    Ok(())
}
