//! The verbs that settings are for. Their variables are read beside the command line, since every verb heeds them.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[arg(long, value_delimiter = ',', value_name = "MULTIADDR")]
    pub(crate) listen: Vec<String>,
    #[arg(long, value_delimiter = ',', value_name = "MULTIADDR")]
    pub(crate) dial: Vec<String>,
    #[arg(long, value_name = "ADDR")]
    pub(crate) public: Option<std::net::SocketAddr>,
    #[arg(long, value_name = "ADDR")]
    pub(crate) office: Option<std::net::SocketAddr>,
    #[arg(long, value_delimiter = ',', value_name = "MULTIADDR")]
    pub(crate) external: Vec<String>,
    #[arg(long, value_name = "true|false")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true)]
    pub(crate) relay: Option<bool>,
    #[arg(long)]
    pub(crate) no_mdns: bool,
    #[arg(long)]
    pub(crate) no_upnp: bool,
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    #[arg(long, env = "MULTAQA_LOG", hide_env = true, value_enum, default_value = "text")]
    #[arg(hide_default_value = true, hide_possible_values = true, value_name = "text|json|journald")]
    pub(crate) log: crate::log::Form,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    Show(Run),
    Check(Run),
    Template,
    Set {
        #[arg(value_name = "KEY")]
        key: String,
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
    Unset {
        #[arg(value_name = "KEY")]
        key: String,
    },
}
