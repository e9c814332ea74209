use clap::{Command, FromArgMatches};

use super::help::localise;
use super::refusal::failure_of;
use super::*;
use crate::error::Exit;
use crate::messages::Catalogue;

fn parse(line: &str) -> Result<Line, clap::Error> {
    let matches = localise(&Catalogue::new(Language::En)).try_get_matches_from(line.split(' '))?;
    Line::from_arg_matches(&matches)
}

#[test]
fn the_command_line_is_well_formed() {
    for language in Language::ALL {
        localise(&Catalogue::new(language)).debug_assert();
    }
}

/// Calls `check` with every command and its path.
fn each(command: &Command, path: &str, check: &mut dyn FnMut(&str, &Command)) {
    check(path, command);
    for child in command.get_subcommands() {
        each(child, &format!("{path} {}", child.get_name()), check);
    }
}

#[test]
fn every_verb_and_flag_has_help_in_every_language() {
    for language in Language::ALL {
        let command = localise(&Catalogue::new(language));
        each(&command, "multaqa", &mut |path, command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.starts_with("cmd-") && !about.is_empty(), "{path} has no text in {}", language.tag());
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{path} {} has no text in {}", arg.get_id(), language.tag());
            }
        });
    }
}

#[test]
fn help_says_nothing_in_another_language() {
    let mut command = localise(&Catalogue::new(Language::Ar));
    let help = command.render_long_help().to_string();
    for word in ["Usage", "Options", "Commands", "Print"] {
        assert!(!help.contains(word), "{word} in {help}");
    }
}

#[test]
fn what_does_not_parse_is_a_failure_of_usage() {
    for line in [
        "multaqa --nonsense verify a",
        "multaqa vrify a",
        "multaqa verify",
        "multaqa verify a b",
        "multaqa completions tcsh",
        "multaqa --lang de verify a",
    ] {
        let failure = failure_of(&parse(line).unwrap_err()).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(failure.exit(), Exit::Usage, "{line}");
    }
    assert!(failure_of(&parse("multaqa --help").unwrap_err()).is_none());
}

#[cfg(feature = "node")]
#[test]
fn flags_may_stand_before_and_after_the_verb() {
    let line = parse("multaqa --json list --kind practice --data /srv/multaqa").unwrap();
    assert!(line.global.json);
    assert_eq!(line.global.data, Some(PathBuf::from("/srv/multaqa")));
}

#[cfg(feature = "node")]
#[test]
fn one_bundle_is_of_one_thing() {
    assert!(parse("multaqa export bundle --entry 00000000 --author 00000000").is_err());
}
