//! Texts that people read, by id: one [`Catalogue`] for each language, out of a Fluent file that is
//! part of the program.
//!
//! The command and the pages have files of their own and share this. It knows how to find a text, not
//! when to show it. What tests hold the files to is in [`mod@shape`].

pub mod shape;

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue;

/// The texts of one language.
pub struct Catalogue {
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// Reads the texts of the language `tag` out of a Fluent file.
    ///
    /// # Panics
    ///
    /// Where the file cannot be read or an id stands twice in it: it is part of the program.
    #[must_use]
    pub fn new(tag: &str, source: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().expect("the tags of the catalogues are valid");
        let resource = FluentResource::try_new(source.to_owned())
            .unwrap_or_else(|(_, errors)| panic!("the catalogue {tag} cannot be read: {errors:?}"));
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks would be copied along with the commands and ids in a text.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("no id stands twice in a catalogue");
        Self { bundle }
    }

    /// Changes what the file says, but not what goes into it, by `change`: a language that nobody speaks
    /// shows which texts did not come from the file.
    #[must_use]
    pub fn changed_by(mut self, change: fn(&str) -> Cow<'_, str>) -> Self {
        self.bundle.set_transform(Some(change));
        self
    }

    /// Returns the text with an id, or `id.attribute`; `None` where there is none.
    #[must_use]
    pub fn find(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let (id, attribute) = id.split_once('.').map_or((id, None), |(id, name)| (id, Some(name)));
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors);
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
        Some(text.into_owned())
    }

    /// Returns the text with an id; the id itself where there is none.
    #[must_use]
    pub fn with(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.find(id, args).unwrap_or_else(|| id.to_owned())
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("locales", &self.bundle.locales).finish_non_exhaustive()
    }
}

/// Returns a text: `say!(catalogue, "id", name = value, ...)`.
#[macro_export]
macro_rules! say {
    ($catalogue:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $catalogue.with($id, &[$((stringify!($name), $crate::FluentValue::from($value))),*])
    };
}
