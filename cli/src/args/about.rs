//! The verbs that sign a record about another one.

use clap::Args;

/// How what they say is signed.
#[derive(Debug, Args)]
pub(crate) struct Signing {
    #[arg(long, value_name = "TAG")]
    pub(crate) text_language: Option<String>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Progress {
    #[arg(value_name = "PLAN")]
    pub(crate) plan: String,
    #[arg(long, value_name = "ID")]
    pub(crate) commitment: String,
    #[arg(long, value_name = "ID")]
    pub(crate) milestone: Option<String>,
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "URL")]
    pub(crate) evidence: Vec<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    #[arg(value_name = "PLAN")]
    pub(crate) plan: String,
    #[arg(long, value_name = "CODE")]
    pub(crate) completion: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) summary: String,
    #[arg(long, value_name = "ID")]
    pub(crate) commitment: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) judged: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    #[arg(long, value_name = "yes|no")]
    pub(crate) verifiable: Option<String>,
    #[arg(long, value_name = "yes|no")]
    pub(crate) relevant: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) ambition: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) early_results: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) lessons: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) recommend: Vec<String>,
    #[arg(long, value_name = "URL")]
    pub(crate) evidence: Vec<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    #[arg(value_name = "PRACTICE")]
    pub(crate) practice: String,
    #[arg(long, value_name = "STATE")]
    pub(crate) state: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) start: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) lessons: Option<String>,
    #[arg(long, value_name = "URL")]
    pub(crate) evidence: Vec<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Reply {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: String,
    #[arg(long, value_name = "ID")]
    pub(crate) part: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) practice: Vec<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

#[derive(Debug, Args)]
pub(crate) struct Endorse {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "CODE")]
    pub(crate) capacity: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    #[command(flatten)]
    pub(crate) signing: Signing,
}
