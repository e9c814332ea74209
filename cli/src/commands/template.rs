//! `template`: a commented file to fill in.

use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::Language;

/// Templates by kind, in Arabic, French and English.
const TEMPLATES: [(&str, [&str; 3]); 4] = [
    (
        "charter",
        [
            include_str!("../../templates/charter.ar.toml"),
            include_str!("../../templates/charter.fr.toml"),
            include_str!("../../templates/charter.en.toml"),
        ],
    ),
    (
        "plan",
        [
            include_str!("../../templates/plan.ar.toml"),
            include_str!("../../templates/plan.fr.toml"),
            include_str!("../../templates/plan.en.toml"),
        ],
    ),
    (
        "practice",
        [
            include_str!("../../templates/practice.ar.toml"),
            include_str!("../../templates/practice.fr.toml"),
            include_str!("../../templates/practice.en.toml"),
        ],
    ),
    (
        "profile",
        [
            include_str!("../../templates/profile.ar.toml"),
            include_str!("../../templates/profile.fr.toml"),
            include_str!("../../templates/profile.en.toml"),
        ],
    ),
];

/// Shows the template of a kind.
pub(crate) fn template(kind: &str, context: &Context) -> Outcome {
    let Some((_, texts)) = TEMPLATES.iter().find(|(name, _)| *name == kind) else {
        let known: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        return Err(failure!(Exit::Usage, "error-no-template", kind = kind.to_owned(), known = known.join(", ")));
    };
    let [arabic, french, english] = texts;
    context.out.raw(match context.catalogue.language() {
        Language::Ar => arabic,
        Language::Fr => french,
        Language::En => english,
    });
    Ok(Exit::Ok)
}
