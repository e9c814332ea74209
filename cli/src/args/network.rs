//! The verbs about a network: how it is founded and joined, who its members are, and which nodes are met.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Network {
    Create {
        #[arg(long, value_name = "FILE")]
        charter: PathBuf,
    },
    Show,
    Amend {
        #[arg(long, value_name = "FILE")]
        charter: PathBuf,
    },
    Sign {
        #[arg(value_name = "HASH")]
        hash: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Invite {
    #[arg(long, value_name = "MULTIADDR")]
    pub(crate) address: Vec<String>,
    #[arg(long)]
    pub(crate) qr: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    #[arg(value_name = "INVITE")]
    pub(crate) invite: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) act: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Admit {
    #[arg(value_name = "AUTHOR|FILE")]
    pub(crate) who: String,
    #[arg(long, value_name = "CODE")]
    pub(crate) place: Option<String>,
    #[arg(long, value_name = "KIND")]
    pub(crate) level: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) stands: Option<String>,
    #[arg(long, value_name = "AUTHOR")]
    pub(crate) succeeds: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Suspend {
    #[arg(value_name = "AUTHOR")]
    pub(crate) author: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[arg(long, value_name = "SEQ")]
    pub(crate) upto: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Members {
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Peers {
    Bans,
    Ban(Ban),
    Unban {
        #[arg(value_name = "PEER|RANGE")]
        who: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Ban {
    #[arg(value_name = "PEER|RANGE")]
    pub(crate) who: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[arg(long = "for", value_name = "DURATION")]
    pub(crate) lasting: Option<String>,
}
