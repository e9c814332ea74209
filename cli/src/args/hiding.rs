//! The verbs by which a node's keeper decides what it shows.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Hide {
    #[arg(value_name = "ID", required_unless_present = "list", requires = "reason")]
    pub(crate) id: Option<String>,
    #[arg(long, value_name = "TEXT", requires = "id")]
    pub(crate) reason: Option<String>,
    #[arg(long, conflicts_with_all = ["id", "reason"])]
    pub(crate) list: bool,
}
