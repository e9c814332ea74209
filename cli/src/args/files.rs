//! The verbs that write files for others, and read theirs.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

// Which records are exported.
#[derive(Debug, Args)]
pub(crate) struct Which {
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) place: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) author: Option<String>,
    #[arg(long, value_name = "PRINCIPLE")]
    pub(crate) principle: Option<String>,
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
}

// Where an export goes.
#[derive(Debug, Args)]
pub(crate) struct ExportFile {
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    Csv {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        bom: bool,
        #[command(flatten)]
        file: ExportFile,
    },
    Json {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        file: ExportFile,
    },
    Jsonld {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        file: ExportFile,
    },
    Atom {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        file: ExportFile,
    },
    Parquet {
        #[command(flatten)]
        which: Which,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    Bundle {
        #[arg(long, value_name = "ID", conflicts_with = "author")]
        entry: Option<String>,
        #[arg(long, value_name = "ID")]
        author: Option<String>,
        #[arg(long, requires = "entry")]
        no_witnesses: bool,
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Backup {
    Create {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    Verify {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    Restore {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("to").required(true).args(["out", "publish"]))]
pub(crate) struct ImportCsv {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "MAP", conflicts_with = "publish")]
    pub(crate) mapping: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) publish: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Mirror {
    #[arg(long, env = "MULTAQA_MIRROR_TO", hide_env = true, value_name = "URL")]
    pub(crate) to: String,
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    Csv(ImportCsv),
    Bundle {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
