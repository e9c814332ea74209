//! `debug`: what to send to whoever helps.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Debug {
    Bundle {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}
