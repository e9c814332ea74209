//! The help of the command line, set from a catalogue.
//!
//! A verb's text is `cmd-VERB`, with an attribute `more` where examples help; a flag's is
//! `arg-VERB-FLAG`, or `arg-FLAG` where it means the same everywhere.

use clap::{Arg, Command, CommandFactory};

use super::Line;
use crate::messages::{Catalogue, say};

/// Flags that stand under every verb, in a group of their own.
const GLOBAL: [&str; 8] = ["data", "config", "json", "lang", "quiet", "verbose", "help", "version"];

/// Returns the command line with its help in the catalogue's language.
pub(crate) fn localise(catalogue: &Catalogue) -> Command {
    set(Line::command(), catalogue, "")
}

fn set(command: Command, catalogue: &Catalogue, path: &str) -> Command {
    let id = if path.is_empty() { "cmd-multaqa".to_owned() } else { format!("cmd-{path}") };
    let usage = say!(catalogue, "heading-usage");
    let mut command = command
        .about(catalogue.with(&id, &[]))
        .subcommand_help_heading(say!(catalogue, "heading-verbs"))
        .subcommand_value_name(say!(catalogue, "value-verb"))
        .help_template(format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"));
    if let Some(more) = catalogue.find(&format!("{id}.more"), &[]) {
        command = command.after_help(more);
    }
    let children: Vec<String> = command.get_subcommands().map(|child| child.get_name().to_owned()).collect();
    for name in children {
        let path = if path.is_empty() { name.clone() } else { format!("{path}-{name}") };
        command = command.mut_subcommand(name, |child| set(child, catalogue, &path));
    }
    command.mut_args(|arg| set_arg(arg, catalogue, path))
}

fn set_arg(arg: Arg, catalogue: &Catalogue, path: &str) -> Arg {
    let name = arg.get_id().as_str().replace('_', "-");
    let heading = if GLOBAL.contains(&name.as_str()) {
        "heading-global"
    } else if arg.is_positional() {
        "heading-arguments"
    } else {
        "heading-flags"
    };
    let ids = [format!("arg-{path}-{name}"), format!("arg-{name}")];
    let text = ids.iter().find_map(|id| catalogue.find(id, &[]));
    let arg = arg.help_heading(say!(catalogue, heading));
    match text {
        Some(text) => arg.help(text),
        None => arg,
    }
}
