//! What every page has: its language, its place in the navigation, and whose node it is on.

use axum::http::Uri;
use multaqa_catalogue::FluentValue;
use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::{Date, Words};
pub(crate) use multaqa_report::short;

use super::language::Language;
use super::text::{Passage, disarm, language_of};
use super::{assets, link};
use crate::gazetteer;
use crate::office::{Account, Role, Visitor};
use crate::view::View;

/// A part of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// What is new, and how the network is.
    Home,
    /// Records.
    Library,
    /// Challenges, questions and replies.
    Dialogue,
    /// Who belongs.
    Members,
    /// Nodes and how they reach each other.
    Network,
    /// How to read and check all this.
    Help,
    /// Where the node's own people work; on their listener only.
    Office,
    /// None of them.
    Elsewhere,
}

/// An item of the navigation.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) is_here: bool,
}

/// The same page in another language.
#[derive(Clone, Debug)]
pub(crate) struct Tongue {
    pub(crate) tag: &'static str,
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) is_here: bool,
}

/// Whose node a page is on.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Who keeps the node.
    pub(crate) keeper: Option<Passage>,
    /// Its author.
    pub(crate) author: AuthorId,
    /// What the network is called.
    pub(crate) network: Option<Passage>,
    /// How many other nodes are connected.
    pub(crate) connected: u64,
}

/// What every page has.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) language: Language,
    section: Section,
    /// The path after the language, with the query.
    rest: String,
    /// The language in which texts are wanted, where it is another one than the page's.
    text_language: Option<String>,
    /// Whether there are no other pages yet.
    is_alone: bool,
    /// Who looks at it, on the office's listener.
    pub(crate) visitor: Option<Visitor>,
    /// Whose node it is on; absent on a page that says that something went wrong.
    pub(crate) site: Option<Site>,
}

impl Page {
    /// Returns the frame of the page at an address.
    pub(crate) fn new(language: Language, section: Section, uri: &Uri) -> Self {
        let path = uri.path().trim_start_matches('/');
        let rest = path.strip_prefix(language.tag()).unwrap_or("/");
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Self {
            language,
            section,
            rest: format!("{rest}{query}"),
            text_language: None,
            is_alone: false,
            visitor: None,
            site: None,
        }
    }

    /// Adds whose node it is on.
    pub(crate) fn beside(mut self, view: &View<'_>, author: AuthorId, connected: u64) -> Self {
        let network = self.passage(&view.network().names);
        let keeper = self.passage(&view.names_of(author));
        self.site = Some(Site { keeper, author, network, connected });
        self
    }

    /// Shows it without ways to other pages: there are none yet.
    pub(crate) fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Adds who looks at it, on the office's listener.
    pub(crate) fn seen_by(mut self, visitor: Option<Visitor>) -> Self {
        self.visitor = visitor;
        self
    }

    /// Returns who is signed in.
    pub(crate) fn account(&self) -> Option<&Account> {
        self.visitor.as_ref()?.account()
    }

    /// Tells whether who is signed in looks after the office.
    pub(crate) fn may_administer(&self) -> bool {
        self.account().is_some_and(|account| account.role == Role::Administrator)
    }

    /// Tells whether who is signed in writes drafts.
    pub(crate) fn may_write(&self) -> bool {
        self.account().is_some_and(|account| account.role >= Role::Author)
    }

    /// Tells whether who is signed in has not been here before.
    pub(crate) fn is_first_visit(&self) -> bool {
        self.account().is_some_and(|account| account.visited_before.is_none())
    }

    /// Tells whether it is at a path, without its language and parameters.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.rest.split('?').next() == Some(path)
    }

    /// Shows texts in the language `tag` where there is one, whatever the page's is.
    pub(crate) fn preferring(mut self, tag: Option<String>) -> Self {
        self.text_language = tag;
        self
    }

    /// Returns a message.
    pub(crate) fn say(&self, id: &str) -> String {
        self.language.catalogue().with(id, &[])
    }

    /// Returns a message with what goes into it.
    pub(crate) fn tell(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.language.catalogue().with(id, args)
    }

    /// Returns a message with one text that goes into it.
    pub(crate) fn fill(&self, id: &str, name: &str, text: &str) -> String {
        self.tell(id, &[(name, text.into())])
    }

    /// Returns a message about a number of things: `$count` chooses the words, `$shown` is written.
    pub(crate) fn count(&self, id: &str, count: u64) -> String {
        self.tell(id, &[("count", count.into()), ("shown", self.language.number(count).into())])
    }

    /// Returns what a type of files is called, where there is a name for it.
    pub(crate) fn file_type(&self, mime: &str) -> Option<String> {
        let name = mime.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        self.language.catalogue().find(&format!("file-type-{name}"), &[])
    }

    /// Writes how large a file is, in the units that people know: thousands and millions of bytes.
    pub(crate) fn size(&self, bytes: u64) -> String {
        let rounded = |to: u64| (bytes + to / 2) / to;
        let (id, figure) = match bytes {
            0..1_000 => return self.count("bytes", bytes),
            1_000..999_500 => ("size-kilobytes", rounded(1_000).to_string()),
            _ => {
                let tenths = rounded(100_000);
                let figure = match tenths % 10 {
                    0 => (tenths / 10).to_string(),
                    part => format!("{}.{part}", tenths / 10),
                };
                ("size-megabytes", figure)
            }
        };
        self.fill(id, "size", &self.language.figure(&figure))
    }

    /// Returns "N of M".
    pub(crate) fn out_of(&self, some: u64, all: u64) -> String {
        let (some, all) = (self.language.number(some), self.language.number(all));
        self.tell("so-many-of", &[("some", some.into()), ("all", all.into())])
    }

    /// Returns texts one after the other.
    pub(crate) fn list(&self, texts: &[String]) -> String {
        texts.join(&self.say("list-separator"))
    }

    /// Writes a number.
    pub(crate) fn number(&self, number: u64) -> String {
        self.language.number(number)
    }

    /// Writes the day of a moment.
    pub(crate) fn day(&self, moment: Millis) -> String {
        self.language.day(moment)
    }

    /// Writes the hour and minute of a moment.
    pub(crate) fn time(&self, moment: Millis) -> String {
        self.language.time(moment)
    }

    /// Writes a date.
    pub(crate) fn date(&self, date: Date) -> String {
        self.language.date(date)
    }

    /// Returns what a code is called: one of records by the table of vocabularies, one of this program by the
    /// catalogue. The code itself where neither has it, since vocabularies are open (R3).
    pub(crate) fn code(&self, vocabulary: &str, code: &str) -> String {
        if let Some(label) = self.language.label(vocabulary, code) {
            return label.into_owned();
        }
        let id = format!("{vocabulary}-{}", code.replace('_', "-"));
        let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let known = if is_id { self.language.catalogue().find(&id, &[]) } else { None };
        known.unwrap_or_else(|| disarm(code).into_owned())
    }

    /// Returns how many there are of a state: "3 complete".
    pub(super) fn state_of(&self, vocabulary: &str, code: &str, count: u64) -> String {
        let (number, state) = (self.number(count), self.code(vocabulary, code));
        self.tell("state-count", &[("number", number.into()), ("state", state.into())])
    }

    /// Returns words of ours as a passage, for links.
    pub(super) fn ours(&self, text: String) -> Passage {
        Passage {
            text,
            tag: self.language.tag().to_owned(),
            direction: self.language.direction(),
            is_foreign: false,
        }
    }

    /// Returns what a code is called by the first of several vocabularies that has it.
    pub(crate) fn code_of(&self, vocabularies: &[&str], code: &str) -> String {
        let names = vocabularies.iter().map(|vocabulary| self.code(vocabulary, code));
        names.into_iter().find(|name| name != code).unwrap_or_else(|| disarm(code).into_owned())
    }

    /// Returns what a code is called by which a record says how far something has come.
    pub(crate) fn progress(&self, code: &str) -> String {
        self.code_of(&["status", "adoption_state", "proposal_state", "milestone_status", "completion"], code)
    }

    /// Returns what a language is called; its tag where there is no name for it.
    pub(crate) fn language_name(&self, tag: &str) -> String {
        match language_of(tag) {
            Some(language) => self.say(&format!("language-{language}")),
            None => disarm(tag).into_owned(),
        }
    }

    /// Chooses the language in which a text is shown.
    pub(crate) fn passage(&self, words: &Words) -> Option<Passage> {
        let own = self.language.tag();
        let first = self.text_language.as_deref().unwrap_or(own);
        Passage::choose(words, &[first, own, "ar", "fr", "en"], own)
    }

    /// Returns a text in the language `tag`.
    pub(crate) fn passage_in(&self, tag: &str, text: &str) -> Passage {
        Passage::new(tag, text, self.language.tag())
    }

    /// Returns a text that is in no language.
    pub(crate) fn plain(&self, text: &str) -> String {
        disarm(text).into_owned()
    }

    /// Returns what an author is called; the beginning of its id where it has said nothing yet.
    pub(crate) fn author(&self, names: &Words, author: AuthorId) -> Passage {
        self.passage(names).unwrap_or_else(|| self.unnamed(&short(&author.to_string())))
    }

    /// Returns a part of an id, where there is no name.
    pub(crate) fn unnamed(&self, id: &str) -> Passage {
        Passage { text: self.plain(id), tag: String::new(), direction: "ltr", is_foreign: true }
    }

    /// Returns what the level of a place is called, a prefecture told from a province by its code.
    pub(crate) fn level(&self, level: &str, place: Option<&str>) -> String {
        let territory = place.and_then(gazetteer::find);
        let is_prefecture = territory.is_some_and(|found| found.subtype == "prefecture");
        self.code("level", if is_prefecture && level == "province" { "prefecture" } else { level })
    }

    /// Returns what the region of a place is called; nothing for a region itself.
    pub(crate) fn region_of(&self, place: Option<&str>) -> Option<Passage> {
        let territory = place.and_then(gazetteer::find)?;
        if territory.code == territory.region {
            return None;
        }
        self.passage(&gazetteer::find(&territory.region)?.names())
    }

    /// Returns the address of a page in this one's language.
    pub(crate) fn href(&self, rest: &str) -> String {
        format!("/{}{rest}", self.language.tag())
    }

    /// Returns the address of an asset.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::path(name)
    }

    /// Returns the address of a record's page.
    pub(crate) fn record_href(&self, id: &EntryId) -> String {
        self.href(&format!("/records/{id}"))
    }

    /// Returns the address of a member's page.
    pub(crate) fn member_href(&self, author: &AuthorId) -> String {
        self.href(&format!("/members/{author}"))
    }

    /// Returns the address of whoever has a place: the member, or what the library has of it.
    pub(crate) fn place_href(&self, code: &str) -> String {
        self.href(&format!("/places/{code}"))
    }

    /// Returns the address of the library with one parameter set.
    pub(crate) fn library_href(&self, name: &str, value: &str) -> String {
        self.href(&format!("/library?{}", link::query(&[(name, value)])))
    }

    /// Returns the navigation.
    pub(crate) fn navigation(&self) -> Vec<Item> {
        if self.is_alone {
            return Vec::new();
        }
        let items = [
            (Section::Home, "/", "nav-home"),
            (Section::Library, "/library", "nav-library"),
            (Section::Dialogue, "/dialogue", "nav-dialogue"),
            (Section::Members, "/members", "nav-members"),
            (Section::Network, "/network", "nav-network"),
            (Section::Help, "/help", "nav-help"),
        ];
        let office = self.visitor.as_ref().map(|_| (Section::Office, "/office", "office-nav"));
        let item = |(section, path, id)| Item {
            href: self.href(path),
            text: self.say(id),
            is_here: section == self.section,
        };
        office.into_iter().chain(items).map(item).collect()
    }

    /// Returns this page in all languages.
    pub(crate) fn tongues(&self) -> Vec<Tongue> {
        let tongue = |language: Language| Tongue {
            tag: language.tag(),
            name: language.own_name(),
            href: format!("/{}{}", language.tag(), self.rest),
            is_here: language == self.language,
        };
        Language::OFFERED.map(tongue).to_vec()
    }
}
