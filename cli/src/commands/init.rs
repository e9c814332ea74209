//! `init`: a new identity in a new data folder, or a new folder for one whose machine is lost.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use inquire::validator::Validation;
use inquire::{Autocomplete, CustomUserError, InquireError, Select, Text};
use multaqa_node::folder::{self, FolderError};
use multaqa_node::gazetteer::{self, Territory};
use multaqa_node::invitation::Invitation;
use multaqa_protocol::record::code::Level;
use multaqa_protocol::record::{Place, Profile, Words};
use serde_json::json;

use super::network::line_of;
use crate::args::Init;
use crate::commands::causes;
use crate::context::Context;
use crate::draft::level_name;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::{Language, say};

/// Schema of the answer.
const SCHEMA: &str = "multaqa/init/1";
/// Places offered while one is typed.
const OFFERED: usize = 12;

/// Makes a data folder and shows the author's id and, once, the rotation key.
pub(crate) fn init(args: Init, context: &Context) -> Outcome {
    if let (Some(author), Some(invitation)) = (&args.recover, &args.invitation) {
        return recover(author, invitation, context);
    }
    let catalogue = &context.catalogue;
    let out_file = args.rotation_key_out.clone();
    let profile = profile(args, context)?;
    let place = profile.code.as_ref().map(|code| code.as_str().to_owned());
    let data = context.data();
    // Opened first: a key that has nowhere to go must not be made.
    let key_file = out_file.as_deref().map(create_private).transpose()?;
    let made = folder::init(&folder::Init { dir: data.clone(), profile }).map_err(|error| {
        if let Some(path) = &out_file {
            let _ = fs::remove_file(path);
        }
        not_made(&error, &data)
    })?;
    if let (Some(mut file), Some(path)) = (key_file, &out_file) {
        let written = writeln!(file, "{}", made.rotation_key.as_str()).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // The node exists and this is the only copy: losing it would cost the author its log.
            context.out.line(made.rotation_key.as_str());
            let path = path.display().to_string();
            return Err(failure!(Exit::Other, "error-rotation-key", path = path).detail(error));
        }
    }
    let shown = out_file.is_none().then(|| made.rotation_key.as_str());
    if context.out.json {
        let mut object = json!({
            "schema": SCHEMA, "author": made.author, "place": place, "data": data,
            "peer": made.peer.to_string(),
        });
        if let Some(key) = shown {
            object["rotation_key"] = key.into();
        }
        if let Some(path) = &out_file {
            object["rotation_key_file"] = path.display().to_string().into();
        }
        context.out.object(&object);
        return Ok(Exit::Ok);
    }
    context.out.line(made.author.to_string());
    context.out.note(say!(catalogue, "init-done", data = data.display().to_string()));
    match (shown, &out_file) {
        (Some(key), _) => {
            context.out.note(say!(catalogue, "init-rotation-key"));
            context.out.line(key);
        }
        (None, path) => {
            let path = path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            context.out.note(say!(catalogue, "init-rotation-key-file", path = path));
        }
    }
    context.out.note(say!(catalogue, "init-next"));
    Ok(Exit::Ok)
}

/// Makes a data folder for an author whose machine is lost.
fn recover(author: &str, invitation: &str, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let Ok(author) = author.trim().parse() else {
        return Err(failure!(Exit::Usage, "error-whole-author", text = author.to_owned()));
    };
    let invitation = Invitation::read(&line_of(invitation)?)
        .map_err(|error| failure!(Exit::Usage, "error-bad-invitation").detail(error))?;
    let (data, network) = (context.data(), invitation.network);
    let peer = folder::recover(&folder::Recover { dir: data.clone(), author, invitation })
        .map_err(|error| not_made(&error, &data))?;
    if context.out.json {
        context.out.object(&json!({
            "schema": SCHEMA, "author": author, "network": network, "data": data, "peer": peer.to_string(),
        }));
        return Ok(Exit::Ok);
    }
    context.out.line(author.to_string());
    context.out.note(say!(catalogue, "recover-done", data = data.display().to_string()));
    Ok(Exit::Ok)
}

/// Returns the profile that the flags and the answers on the terminal make.
fn profile(args: Init, context: &Context) -> Outcome<Profile> {
    let may_ask = io::stdin().is_terminal() && io::stderr().is_terminal() && !context.out.json;
    let asks = args.place.is_none() && args.name.is_none() && may_ask;
    let kind = match args.kind {
        Some(kind) => Some(kind),
        None if asks => Some(ask_level(context)?),
        None => None,
    };
    let territorial = kind.as_deref().is_none_or(|kind| Level::from(kind).is_territorial());
    if let Some(kind) = kind.as_deref().filter(|kind| !Level::from(*kind).is_known()) {
        let known = Level::KNOWN.join(", ");
        return Err(failure!(Exit::Usage, "error-unknown-level", kind = kind.to_owned(), known = known));
    }
    let place = match args.place {
        Some(code) => Some(find(&code)?),
        None if asks => Some(ask_place(kind.clone().filter(|_| territorial), context)?),
        None if territorial => return Err(failure!(Exit::Usage, "error-place-missing")),
        None => None,
    };
    let name = match args.name {
        Some(name) => Some(name),
        None if asks && !territorial => Some(ask(Text::new(&say!(context.catalogue, "ask-name")).prompt())?),
        None if territorial => None,
        None => return Err(failure!(Exit::Usage, "error-name-missing")),
    };
    let mut profile = Profile::default();
    match place {
        Some(place) if territorial => {
            if let Some(kind) = kind.filter(|kind| *kind != place.level.as_str()) {
                let (level, code) =
                    (level_name(place.level.as_str(), &context.catalogue), place.code.clone());
                return Err(failure!(
                    Exit::Usage,
                    "error-other-level",
                    kind = kind,
                    code = code,
                    level = level
                ));
            }
            profile.names = place.names();
            profile.level = place.level.clone();
            profile.code = Some(Place::from(place.code.as_str()));
            profile.parent = place.parent.as_deref().map(Place::from);
        }
        place => {
            profile.level = Level::from(kind.as_deref().unwrap_or_default());
            profile.parent = place.map(|place| Place::from(place.code.as_str()));
        }
    }
    if let Some(name) = name {
        profile.names.insert(context.catalogue.language().tag(), name);
    }
    Ok(profile)
}

/// Returns the place with a code.
pub(crate) fn find(code: &str) -> Outcome<&'static Territory> {
    gazetteer::find(code).ok_or_else(|| failure!(Exit::Usage, "error-unknown-place", code = code.to_owned()))
}

fn ask_level(context: &Context) -> Outcome<String> {
    let catalogue = &context.catalogue;
    let names: Vec<String> = Level::KNOWN.iter().map(|level| level_name(level, catalogue)).collect();
    let question = say!(catalogue, "ask-level");
    let help = say!(catalogue, "ask-level-help");
    let chosen = ask(Select::new(&question, names).with_help_message(&help).raw_prompt())?;
    Ok(Level::KNOWN[chosen.index].to_owned())
}

/// Asks for a place, of a level where one is named.
fn ask_place(level: Option<String>, context: &Context) -> Outcome<&'static Territory> {
    let unknown = say!(context.catalogue, "ask-place-unknown");
    let question = say!(context.catalogue, "ask-place");
    let help = say!(context.catalogue, "ask-place-help");
    let answer = Text::new(&question)
        .with_help_message(&help)
        .with_autocomplete(Places { level })
        .with_validator(move |typed: &str| {
            Ok(if gazetteer::find(code_of(typed)).is_some() {
                Validation::Valid
            } else {
                Validation::Invalid(unknown.clone().into())
            })
        })
        .prompt();
    find(code_of(&ask(answer)?))
}

/// The places that fit what is typed, of a level where one is named.
#[derive(Clone, Debug)]
struct Places {
    level: Option<String>,
}

impl Places {
    fn offers(&self, typed: &str) -> Vec<String> {
        let typed = typed.trim().to_lowercase();
        let fits = |place: &&Territory| {
            let is_named = place.code.starts_with(&typed)
                || place.name_fr.to_lowercase().contains(&typed)
                || place.name_ar.contains(&typed);
            is_named && self.level.as_deref().is_none_or(|level| place.level.as_str() == level)
        };
        let offer = |place: &Territory| format!("{} {} · {}", place.code, place.name_ar, place.name_fr);
        gazetteer::all().iter().filter(fits).take(OFFERED).map(offer).collect()
    }
}

impl Autocomplete for Places {
    fn get_suggestions(&mut self, typed: &str) -> Result<Vec<String>, CustomUserError> {
        Ok(self.offers(typed))
    }

    fn get_completion(
        &mut self,
        typed: &str,
        chosen: Option<String>,
    ) -> Result<Option<String>, CustomUserError> {
        Ok(chosen.or_else(|| self.offers(typed).into_iter().next()))
    }
}

fn code_of(answer: &str) -> &str {
    answer.split_whitespace().next().unwrap_or_default()
}

pub(super) fn ask<T>(answer: Result<T, InquireError>) -> Outcome<T> {
    answer.map_err(|error| failure!(Exit::Other, "error-not-answered").detail(error))
}

pub(super) fn create_private(path: &Path) -> Outcome<fs::File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
        failure!(Exit::Usage, "error-key-file", path = path.display().to_string()).detail(error)
    })
}

fn not_made(error: &FolderError, data: &Path) -> Box<Failure> {
    let data = data.display().to_string();
    match error {
        FolderError::NotEmpty { .. } => failure!(Exit::Config, "error-folder-not-empty", data = data),
        error => failure!(Exit::Config, "error-folder", data = data).detail(causes(error)),
    }
}

/// Returns text in the language of the catalogue, or in another if there is none.
pub(crate) fn best(words: &Words, context: &Context) -> String {
    let wanted: &[&str] = match context.catalogue.language() {
        Language::Ar => &["ar", "fr", "en"],
        Language::Fr => &["fr", "ar", "en"],
        // Names of places are in Arabic and French: who reads English can read the latter's letters.
        Language::En => &["en", "fr", "ar"],
    };
    words.best(wanted).map(|(_, text)| text.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_offered_by_name_in_both_scripts_and_by_code() {
        let communes = Places { level: Some("commune".into()) };
        let settat = "06.461.01.15 سطات · Settat";
        for typed in ["settat", "سطات", "06.461.01.15"] {
            assert!(communes.offers(typed).iter().any(|offer| offer == settat), "{typed}");
        }
        assert!(
            Places { level: Some("region".into()) }
                .offers("settat")
                .iter()
                .all(|offer| offer.starts_with("06 "))
        );
        assert_eq!(code_of(settat), "06.461.01.15");
    }
}
