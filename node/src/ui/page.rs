//! What every page has: its language, its place in the navigation, and whose node it is on.

use axum::http::Uri;
use multaqa_catalogue::FluentValue;
use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::{Date, Words};

use super::language::Language;
use super::text::{Passage, disarm, language_of};
use super::{assets, link};
use crate::gazetteer;
use crate::view::View;

/// Digits of an id that are shown where there is no room for all: enough to ask for it by.
const SHORT_ID: usize = 12;

/// A part of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// What is new, and how the network is.
    Home,
    /// Records.
    Library,
    /// Who belongs.
    Members,
    /// Nodes and how they reach each other.
    Network,
    /// How to read and check all this.
    Help,
    /// None of them.
    Elsewhere,
}

/// An item of the navigation.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) is_here: bool,
}

/// The same page in another language.
#[derive(Clone, Debug)]
pub(super) struct Tongue {
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
    pub(super) href: String,
    pub(super) is_here: bool,
}

/// Whose node a page is on.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Who keeps the node.
    pub(super) keeper: Option<Passage>,
    /// Its author.
    pub(super) author: AuthorId,
    /// What the network is called.
    pub(super) network: Option<Passage>,
    /// How many other nodes are connected.
    pub(super) connected: u64,
}

/// What every page has.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) language: Language,
    section: Section,
    /// The path after the language, with the query.
    rest: String,
    /// The language in which texts are wanted, where it is another one than the page's.
    text_language: Option<String>,
    /// Whose node it is on; absent on a page that says that something went wrong.
    pub(super) site: Option<Site>,
}

impl Page {
    /// Returns the frame of the page at an address.
    pub(super) fn new(language: Language, section: Section, uri: &Uri) -> Self {
        let path = uri.path().trim_start_matches('/');
        let rest = path.strip_prefix(language.tag()).unwrap_or("/");
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Self { language, section, rest: format!("{rest}{query}"), text_language: None, site: None }
    }

    /// Adds whose node it is on.
    pub(super) fn beside(mut self, view: &View<'_>, author: AuthorId, connected: u64) -> Self {
        let network = self.passage(&view.network().names);
        let keeper = self.passage(&view.names_of(author));
        self.site = Some(Site { keeper, author, network, connected });
        self
    }

    /// Shows texts in the language `tag` where there is one, whatever the page's is.
    pub(super) fn preferring(mut self, tag: Option<String>) -> Self {
        self.text_language = tag;
        self
    }

    /// Returns a message.
    pub(super) fn say(&self, id: &str) -> String {
        self.language.catalogue().with(id, &[])
    }

    /// Returns a message with what goes into it.
    pub(super) fn tell(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.language.catalogue().with(id, args)
    }

    /// Returns a message with one text that goes into it.
    pub(super) fn fill(&self, id: &str, name: &str, text: &str) -> String {
        self.tell(id, &[(name, text.into())])
    }

    /// Returns a message about a number of things: `$count` chooses the words, `$shown` is written.
    pub(super) fn count(&self, id: &str, count: u64) -> String {
        self.tell(id, &[("count", count.into()), ("shown", self.language.number(count).into())])
    }

    /// Returns "N of M".
    pub(super) fn out_of(&self, some: u64, all: u64) -> String {
        let (some, all) = (self.language.number(some), self.language.number(all));
        self.tell("so-many-of", &[("some", some.into()), ("all", all.into())])
    }

    /// Returns texts one after the other.
    pub(super) fn list(&self, texts: &[String]) -> String {
        texts.join(&self.say("list-separator"))
    }

    /// Writes a number.
    pub(super) fn number(&self, number: u64) -> String {
        self.language.number(number)
    }

    /// Writes the day of a moment.
    pub(super) fn day(&self, moment: Millis) -> String {
        self.language.day(moment)
    }

    /// Writes a date.
    pub(super) fn date(&self, date: Date) -> String {
        self.language.date(date)
    }

    /// Returns what a code of a vocabulary is called; the code itself where the catalogues do not have it,
    /// since vocabularies are open.
    pub(super) fn code(&self, vocabulary: &str, code: &str) -> String {
        let id = format!("{vocabulary}-{}", code.replace('_', "-"));
        let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let known = if is_id { self.language.catalogue().find(&id, &[]) } else { None };
        known.unwrap_or_else(|| disarm(code).into_owned())
    }

    /// Returns what a code is called by the first of several vocabularies that has it.
    pub(super) fn code_of(&self, vocabularies: &[&str], code: &str) -> String {
        let names = vocabularies.iter().map(|vocabulary| self.code(vocabulary, code));
        names.into_iter().find(|name| name != code).unwrap_or_else(|| disarm(code).into_owned())
    }

    /// Returns what a language is called; its tag where there is no name for it.
    pub(super) fn language_name(&self, tag: &str) -> String {
        match language_of(tag) {
            Some(language) => self.say(&format!("language-{language}")),
            None => disarm(tag).into_owned(),
        }
    }

    /// Chooses the language in which a text is shown.
    pub(super) fn passage(&self, words: &Words) -> Option<Passage> {
        let own = self.language.tag();
        let first = self.text_language.as_deref().unwrap_or(own);
        Passage::choose(words, &[first, own, "ar", "fr", "en"], own)
    }

    /// Returns a text in the language `tag`.
    pub(super) fn passage_in(&self, tag: &str, text: &str) -> Passage {
        Passage::new(tag, text, self.language.tag())
    }

    /// Returns a text that is in no language.
    pub(super) fn plain(&self, text: &str) -> String {
        disarm(text).into_owned()
    }

    /// Returns what an author is called; the beginning of its id where it has said nothing yet.
    pub(super) fn author(&self, names: &Words, author: AuthorId) -> Passage {
        self.passage(names).unwrap_or_else(|| self.unnamed(&short(&author.to_string())))
    }

    /// Returns a part of an id, where there is no name.
    pub(super) fn unnamed(&self, id: &str) -> Passage {
        Passage { text: self.plain(id), tag: String::new(), direction: "ltr", is_foreign: true }
    }

    /// Returns what the level of a place is called, a prefecture told from a province by its code.
    pub(super) fn level(&self, level: &str, place: Option<&str>) -> String {
        let territory = place.and_then(gazetteer::find);
        let is_prefecture = territory.is_some_and(|found| found.subtype == "prefecture");
        self.code("level", if is_prefecture && level == "province" { "prefecture" } else { level })
    }

    /// Returns what the region of a place is called; nothing for a region itself.
    pub(super) fn region_of(&self, place: Option<&str>) -> Option<Passage> {
        let territory = place.and_then(gazetteer::find)?;
        if territory.code == territory.region {
            return None;
        }
        self.passage(&gazetteer::find(&territory.region)?.names())
    }

    /// Returns the address of a page in this one's language.
    pub(super) fn href(&self, rest: &str) -> String {
        format!("/{}{rest}", self.language.tag())
    }

    /// Returns the address of an asset.
    pub(super) fn asset(&self, name: &str) -> String {
        assets::path(name)
    }

    /// Returns the address of a record's page.
    pub(super) fn record_href(&self, id: &EntryId) -> String {
        self.href(&format!("/records/{id}"))
    }

    /// Returns the address of a member's page.
    pub(super) fn member_href(&self, author: &AuthorId) -> String {
        self.href(&format!("/members/{author}"))
    }

    /// Returns the address of the library with one parameter set.
    pub(super) fn library_href(&self, name: &str, value: &str) -> String {
        self.href(&format!("/library?{}", link::query(&[(name, value)])))
    }

    /// Returns the navigation.
    pub(super) fn navigation(&self) -> Vec<Item> {
        let items = [
            (Section::Home, "/", "nav-home"),
            (Section::Library, "/library", "nav-library"),
            (Section::Members, "/members", "nav-members"),
            (Section::Network, "/network", "nav-network"),
            (Section::Help, "/help", "nav-help"),
        ];
        let item = |(section, path, id)| Item {
            href: self.href(path),
            text: self.say(id),
            is_here: section == self.section,
        };
        items.into_iter().map(item).collect()
    }

    /// Returns this page in all languages.
    pub(super) fn tongues(&self) -> Vec<Tongue> {
        let tongue = |language: Language| Tongue {
            tag: language.tag(),
            name: language.own_name(),
            href: format!("/{}{}", language.tag(), self.rest),
            is_here: language == self.language,
        };
        Language::OFFERED.map(tongue).to_vec()
    }
}

/// Returns the beginning of an id.
pub(super) fn short(id: &str) -> String {
    id.chars().take(SHORT_ID).collect()
}
