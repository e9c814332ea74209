//! What is said of a command line that does not parse.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::{Exit, Failure, failure};

/// Returns the failure for a command line that the parser refused; `None` for what is none: a request
/// for help or for the version.
pub(crate) fn failure_of(error: &clap::Error) -> Option<Box<Failure>> {
    let context = |kind| error.get(kind).map(text).unwrap_or_default();
    let arg = context(ContextKind::InvalidArg);
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .map(context)
        .find(|near| !near.is_empty())
        .unwrap_or_default();
    let failure = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::UnknownArgument if near.is_empty() => {
            failure!(Exit::Usage, "error-unknown-flag", arg = arg)
        }
        ErrorKind::UnknownArgument => {
            failure!(Exit::Usage, "error-unknown-flag-near", arg = arg, near = near)
        }
        ErrorKind::InvalidSubcommand => {
            let verb = context(ContextKind::InvalidSubcommand);
            if near.is_empty() {
                failure!(Exit::Usage, "error-unknown-verb", verb = verb)
            } else {
                failure!(Exit::Usage, "error-unknown-verb-near", verb = verb, near = near)
            }
        }
        ErrorKind::MissingRequiredArgument => failure!(Exit::Usage, "error-missing-argument", arg = arg),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg);
            failure!(Exit::Usage, "error-conflicting-arguments", arg = arg, other = other)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = context(ContextKind::InvalidValue);
            if value.is_empty() {
                failure!(Exit::Usage, "error-value-missing", arg = arg)
            } else {
                let known = context(ContextKind::ValidValue);
                if known.is_empty() {
                    failure!(Exit::Usage, "error-bad-value", arg = arg, value = value)
                } else {
                    failure!(Exit::Usage, "error-bad-value-known", arg = arg, value = value, known = known)
                }
            }
        }
        _ => failure!(Exit::Usage, "error-command-line").detail(error.kind()),
    };
    Some(failure)
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(texts) => texts.join(", "),
        value => value.to_string(),
    }
}
