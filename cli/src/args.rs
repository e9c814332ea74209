//! The command line: its verbs and flags, which are a contract with programs. Their help is in the
//! catalogues, under ids made of the verb's and the flag's names, and set by [`help::localise`].

#[cfg(feature = "node")]
mod about;
#[cfg(feature = "node")]
mod config;
#[cfg(feature = "node")]
mod debug;
#[cfg(feature = "node")]
mod digest;
#[cfg(feature = "node")]
mod files;
pub(crate) mod help;
#[cfg(feature = "node")]
mod hiding;
#[cfg(feature = "node")]
mod network;
pub(crate) mod refusal;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};
use clap_complete::Shell;
#[cfg(feature = "node")]
use multaqa_node::driver::rotation::Reason;

#[cfg(feature = "node")]
pub(crate) use about::{Adopt, Endorse, Evaluate, Progress, Reply, Signing};
#[cfg(feature = "node")]
pub(crate) use config::{Config, Run};
#[cfg(feature = "node")]
pub(crate) use debug::Debug;
#[cfg(feature = "node")]
pub(crate) use digest::Digest;
#[cfg(feature = "node")]
pub(crate) use files::{Backup, Export, ExportFile, Import, ImportCsv, Mirror, Which};
#[cfg(feature = "node")]
pub(crate) use hiding::Hide;
#[cfg(feature = "node")]
pub(crate) use network::{Admit, Ban, Invite, Join, Members, Network, Peers, Suspend};

use crate::messages::Language;

// Comments instead of doc comments: clap would show those as help.

#[derive(Debug, Parser)]
#[command(name = "multaqa", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Line {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    #[cfg(feature = "node")]
    #[arg(long, global = true, env = "MULTAQA_DATA", hide_env = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[cfg(feature = "node")]
    #[arg(long, global = true, env = "MULTAQA_CONFIG", hide_env = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true, ignore_case = true, hide_possible_values = true, value_name = "ar|fr|en")]
    pub(crate) lang: Option<Language>,
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    #[arg(long, short = 'V', action = ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[cfg(feature = "node")]
    Demo(Demo),
    #[cfg(feature = "node")]
    Init(Init),
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Network {
        #[command(subcommand)]
        verb: Network,
    },
    #[cfg(feature = "node")]
    Invite(Invite),
    #[cfg(feature = "node")]
    Join(Join),
    #[cfg(feature = "node")]
    Candidates,
    #[cfg(feature = "node")]
    Admit(Admit),
    #[cfg(feature = "node")]
    Suspend(Suspend),
    #[cfg(feature = "node")]
    Members(Members),
    #[cfg(feature = "node")]
    Run(Run),
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Config {
        #[command(subcommand)]
        verb: Config,
    },
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Office {
        #[command(subcommand)]
        verb: Office,
    },
    #[cfg(feature = "node")]
    Status,
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Backup {
        #[command(subcommand)]
        verb: Backup,
    },
    #[cfg(feature = "node")]
    Upgrade {
        #[arg(long)]
        check: bool,
    },
    #[cfg(feature = "node")]
    Doctor {
        #[arg(long)]
        fix: bool,
        #[arg(long)]
        deep: bool,
    },
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Debug {
        #[command(subcommand)]
        verb: Debug,
    },
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Digest {
        #[command(subcommand)]
        verb: Digest,
    },
    #[cfg(feature = "node")]
    Peers {
        #[command(subcommand)]
        verb: Option<Peers>,
    },
    #[cfg(feature = "node")]
    Quota,
    #[cfg(feature = "node")]
    Template(Template),
    #[cfg(feature = "node")]
    Publish(Publish),
    #[cfg(feature = "node")]
    Revise(Revise),
    #[cfg(feature = "node")]
    Withdraw(Withdraw),
    #[cfg(feature = "node")]
    Attach {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    #[cfg(feature = "node")]
    Progress(Progress),
    #[cfg(feature = "node")]
    Evaluate(Evaluate),
    #[cfg(feature = "node")]
    Adopt(Adopt),
    #[cfg(feature = "node")]
    Reply(Reply),
    #[cfg(feature = "node")]
    Endorse(Endorse),
    #[cfg(feature = "node")]
    Hide(Hide),
    #[cfg(feature = "node")]
    Unhide {
        #[arg(value_name = "ID")]
        id: String,
    },
    #[cfg(feature = "node")]
    Show(Show),
    #[cfg(feature = "node")]
    History(Show),
    #[cfg(feature = "node")]
    Plan(Plan),
    #[cfg(feature = "node")]
    List(List),
    #[cfg(feature = "node")]
    Search(Search),
    #[cfg(feature = "node")]
    Log(Log),
    Verify(Verify),
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Export {
        #[command(subcommand)]
        format: Export,
    },
    #[cfg(feature = "node")]
    Mirror(Mirror),
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Import {
        #[command(subcommand)]
        format: Import,
    },
    #[cfg(feature = "node")]
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Key {
        #[command(subcommand)]
        verb: Key,
    },
    Completions {
        #[arg(value_name = "SHELL", hide_possible_values = true)]
        shell: Shell,
    },
    Man {
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[arg(long, default_value_t = 5, hide_default_value = true, value_name = "N")]
    pub(crate) nodes: usize,
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    #[arg(long, value_name = "P")]
    pub(crate) port: Option<u16>,
    #[arg(long)]
    pub(crate) once: bool,
    #[arg(long, default_value_t = 120, hide_default_value = true, value_name = "SECONDS")]
    pub(crate) timeout: u64,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[arg(long, value_name = "CODE")]
    pub(crate) place: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) rotation_key_out: Option<PathBuf>,
    #[arg(long, value_name = "AUTHOR", requires = "invitation")]
    #[arg(conflicts_with_all = ["place", "name", "kind", "rotation_key_out"])]
    pub(crate) recover: Option<String>,
    #[arg(long, value_name = "INVITE", requires = "recover")]
    pub(crate) invitation: Option<String>,
}

#[cfg(feature = "node")]
#[derive(Debug, Subcommand)]
pub(crate) enum Office {
    Link {
        #[arg(long, value_name = "NAME")]
        account: Option<String>,
    },
    Token {
        #[arg(long, value_name = "TEXT")]
        name: String,
        #[arg(long, hide_possible_values = true, value_parser = ["reader", "author", "publisher"])]
        #[arg(default_value = "publisher", hide_default_value = true, value_name = "ROLE")]
        role: String,
    },
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Template {
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Publish {
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Revise {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) basis: Option<String>,
    #[arg(long)]
    pub(crate) all_versions: bool,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Search {
    #[arg(value_name = "QUERY")]
    pub(crate) query: String,
    #[command(flatten)]
    pub(crate) filter: List,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct List {
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) place: Option<String>,
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) author: Option<String>,
    #[arg(long, value_name = "PRINCIPLE")]
    pub(crate) principle: Option<String>,
    #[arg(long, value_name = "THEME")]
    pub(crate) theme: Option<String>,
    #[arg(long, value_name = "TAG")]
    pub(crate) written_in: Option<String>,
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[arg(long)]
    pub(crate) facets: bool,
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    #[arg(long, value_name = "CURSOR")]
    pub(crate) cursor: Option<String>,
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct Log {
    #[arg(value_name = "AUTHOR")]
    pub(crate) author: String,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

#[cfg(feature = "node")]
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    Show,
    Rotate(KeyRotate),
    Resume {
        #[arg(long)]
        in_full_knowledge: bool,
        #[arg(long, conflicts_with = "in_full_knowledge")]
        clock_is_right: bool,
    },
}

#[cfg(feature = "node")]
#[derive(Debug, Args)]
pub(crate) struct KeyRotate {
    #[arg(long, value_name = "FILE")]
    pub(crate) rotation_key: Option<PathBuf>,
    #[arg(long, hide_possible_values = true, value_parser = Reason::KNOWN, value_name = "REASON")]
    pub(crate) reason: String,
    #[arg(long, value_name = "ID")]
    pub(crate) from: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[arg(long)]
    pub(crate) contest: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) rotation_key_out: Option<PathBuf>,
}
