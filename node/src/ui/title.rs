//! What a record is called: its title or, where its kind has none, what it is and of what.

use multaqa_protocol::record::{ADOPTION, ENDORSE, EVALUATION, PROGRESS, REPLY, Words};

use super::language::Language;
use super::page::Page;
use super::text::{Passage, isolated};
use crate::api::types::{About, RecordItem, Resolved};

/// Returns what a record is called on a page; nothing of one of an unknown kind without a title, or whose body
/// is not here.
pub(crate) fn of(page: &Page, item: &RecordItem) -> Option<Passage> {
    page.passage(&item.title).or_else(|| {
        let text = made_in(page.language, item)?;
        let (tag, direction) = (page.language.tag().to_owned(), page.language.direction());
        Some(Passage { text, tag, direction, is_foreign: false })
    })
}

/// Returns the title that is made for a record without one of its own, with the tag of its language: that of
/// the pages that was asked for, otherwise the first.
pub(crate) fn made(tag: &str, item: &RecordItem) -> Option<(&'static str, String)> {
    if !item.title.is_empty() {
        return None;
    }
    let language = Language::OFFERED.into_iter().find(|language| language.tag() == tag).unwrap_or_default();
    made_in(language, item).map(|title| (language.tag(), title))
}

fn made_in(language: Language, item: &RecordItem) -> Option<String> {
    let about = item.about.as_ref()?;
    let part = best(language, &about.part_title).or_else(|| about.part.as_deref().map(isolated));
    let id = match (item.kind.as_str(), part.is_some()) {
        (REPLY, false) => "untitled-reply",
        (REPLY, true) => "untitled-reply-part",
        (PROGRESS, _) => "untitled-progress",
        (EVALUATION, false) => "untitled-evaluation",
        (EVALUATION, true) => "untitled-evaluation-part",
        (ADOPTION, _) => "untitled-adoption",
        (ENDORSE, _) => "untitled-endorse",
        _ => return None,
    };
    let (subject, part) = (subject(language, about), part.unwrap_or_default());
    Some(language.catalogue().with(id, &[("subject", subject.into()), ("part", part.into())]))
}

/// Returns what the record is called that another one is about.
fn subject(language: Language, about: &About) -> String {
    if about.link.resolved == Resolved::NotHeld {
        return language.catalogue().with("untitled-not-here", &[]);
    }
    best(language, &about.title).unwrap_or_else(|| {
        let known =
            about.kind.as_deref().and_then(|kind| language.catalogue().find(&format!("kind-{kind}"), &[]));
        let kind = known.unwrap_or_else(|| isolated(about.kind.as_deref().unwrap_or_default()));
        match best(language, &about.names) {
            Some(author) => language
                .catalogue()
                .with("untitled-subject", &[("kind", kind.into()), ("author", author.into())]),
            None => kind,
        }
    })
}

fn best(language: Language, words: &Words) -> Option<String> {
    words.best(&[language.tag(), "ar", "fr", "en"]).map(|(_, text)| isolated(text))
}
