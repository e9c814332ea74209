//! `template`: a commented file to fill in.

use std::collections::BTreeSet;

use include_dir::{Dir, include_dir};

use crate::context::Context;
use crate::error::{Exit, Outcome, failure};

/// The templates, each a file `KIND.LANGUAGE.toml`.
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Shows the template of a kind.
pub(crate) fn template(kind: &str, context: &Context) -> Outcome {
    let tag = context.catalogue.language().tag();
    let file = TEMPLATES.get_file(format!("{kind}.{tag}.toml"));
    let Some(text) = file.and_then(|file| file.contents_utf8()) else {
        let known = kinds().into_iter().collect::<Vec<_>>().join(", ");
        return Err(failure!(Exit::Usage, "error-no-template", kind = kind.to_owned(), known = known));
    };
    context.out.raw(text);
    Ok(Exit::Ok)
}

/// Returns the kinds that have a template.
fn kinds() -> BTreeSet<&'static str> {
    let names = TEMPLATES.files().filter_map(|file| file.path().to_str());
    names.filter_map(|name| Some(name.split_once('.')?.0)).collect()
}
