//! `digest`: the e-mail digest, looked at or tried.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Digest {
    Preview,
    Send,
}
