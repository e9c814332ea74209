//! What sections of a record are made of: texts, facts, tables, lists, and groups of these. A part that
//! says nothing is left out, and so is a section without parts.

use askama::Template;
use multaqa_protocol::record::Words;
use multaqa_protocol::record::evidence::Address;

use super::followed::Panel;
use crate::ui::chart::{Gantt, Meter};
use crate::ui::link;
use crate::ui::mention::{Paragraph, paragraphs};
use crate::ui::page::Page;
use crate::ui::text::Passage;

/// A heading with what stands under it.
#[derive(Debug, Template)]
#[template(path = "section.html")]
pub(in crate::ui) struct Section {
    /// The name by which a link reaches it.
    pub(super) anchor: &'static str,
    pub(super) title: String,
    /// The level of the headings in it.
    pub(super) level: u8,
    /// The language of the page.
    pub(super) page_language: &'static str,
    pub(super) parts: Vec<Part>,
}

/// A part of a section.
#[derive(Debug)]
pub(in crate::ui) enum Part {
    Text(Text),
    /// Names with what they stand for.
    Facts(Vec<(String, Cell)>),
    Table(Table),
    List(Vec<Cell>),
    /// A heading over what follows it.
    Heading(String),
    /// Something to notice.
    Note(Cell),
    /// A plan's figure.
    Panel(Box<Panel>),
    Meter(Box<Meter>),
    Gantt(Box<Gantt>),
    Group(Box<Group>),
}

/// Paragraphs, with their language where that is not the page's.
#[derive(Debug)]
pub(in crate::ui) struct Text {
    pub(in crate::ui) title: Option<String>,
    pub(in crate::ui) passage: Passage,
    pub(in crate::ui) paragraphs: Vec<Paragraph>,
    pub(in crate::ui) language: Option<String>,
}

impl Text {
    /// Returns a passage as paragraphs, the places that it addresses as links.
    pub(in crate::ui) fn new(page: &Page, title: Option<String>, passage: Passage) -> Self {
        let language = passage.is_foreign.then(|| page.language_name(&passage.tag));
        Self { title, paragraphs: paragraphs(page, &passage), passage, language }
    }
}

/// A table with its caption; a column in which nothing stands is left out.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// Something with a title of its own within a section, such as a commitment of a plan.
#[derive(Debug, Template)]
#[template(path = "group.html")]
pub(super) struct Group {
    pub(super) anchor: String,
    pub(super) title: Option<Passage>,
    pub(super) chips: Vec<String>,
    /// The level of the headings in it.
    pub(super) level: u8,
    /// The language of the page.
    pub(super) page_language: &'static str,
    pub(super) parts: Vec<Part>,
}

/// What stands in one place, piece by piece.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "cell.html")]
pub(super) struct Cell(pub(super) Vec<Piece>);

/// A piece of what stands in one place.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Words of a record.
    Said(Passage),
    /// Words of ours, a number or a date.
    Ours(String),
    /// A name of a record in no language.
    Name(String),
    /// A page elsewhere.
    Outside { href: String, text: String },
    /// A page here.
    Inside { href: String, text: Passage },
    /// An id.
    Code(String),
}

impl Cell {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn ours(text: impl Into<String>) -> Self {
        Self(vec![Piece::Ours(text.into())])
    }

    pub(super) fn words(page: &Page, words: &Words) -> Self {
        Self(page.passage(words).map(Piece::Said).into_iter().collect())
    }

    /// Returns a name of a record in no language.
    pub(super) fn name(page: &Page, text: &str) -> Self {
        Self(vec![Piece::Name(page.plain(text))])
    }

    /// Adds a piece, if there is one.
    pub(super) fn and(mut self, piece: Option<Piece>) -> Self {
        self.0.extend(piece);
        self
    }
}

impl Piece {
    /// Returns the words of a record, where it has some.
    pub(super) fn words(page: &Page, words: &Words) -> Option<Self> {
        page.passage(words).map(Self::Said)
    }

    /// Returns an address that a record names: a link where it may be followed, otherwise its text.
    pub(super) fn address(page: &Page, address: &Address) -> Self {
        let text = page.plain(address.as_str());
        link::outside(address.as_str()).map_or(Self::Name(text.clone()), |href| Self::Outside {
            text: Self::host(&href).unwrap_or(text),
            href,
        })
    }

    /// Returns a link called `text` to an address that a record names.
    pub(super) fn named_address(page: &Page, text: String, address: &Address) -> Self {
        match link::outside(address.as_str()) {
            Some(href) => Self::Outside { href, text },
            None => Self::Name(page.plain(address.as_str())),
        }
    }

    /// Returns what is shown of an address: its host and the beginning of its path.
    fn host(href: &str) -> Option<String> {
        let rest = href.split_once("://")?.1.trim_end_matches('/');
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        let shown: String = rest.chars().take(MAX_ADDRESS).collect();
        Some(if shown.len() < rest.len() { format!("{shown}…") } else { shown })
    }
}

/// Characters of an address that are shown: the host, and what tells pages of one host apart.
const MAX_ADDRESS: usize = 60;

impl Table {
    /// Returns a table without the columns in which nothing stands; nothing where no row is left.
    pub(super) fn part(caption: String, head: Vec<String>, rows: Vec<Vec<Cell>>) -> Option<Part> {
        if rows.is_empty() {
            return None;
        }
        let is_used = |at: &usize| rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty()));
        let used: Vec<usize> = (0..head.len()).filter(is_used).collect();
        let pick = |row: Vec<Cell>| used.iter().map(|at| row[*at].clone()).collect();
        Some(Part::Table(Self {
            caption,
            head: used.iter().map(|at| head[*at].clone()).collect(),
            rows: rows.iter().cloned().map(pick).collect(),
        }))
    }
}

impl Part {
    /// Returns a text as paragraphs, under a heading of its own where it has one.
    pub(super) fn text(page: &Page, title: Option<&str>, words: &Words) -> Option<Self> {
        let passage = page.passage(words)?;
        Some(Self::Text(Text::new(page, title.map(|id| page.say(id)), passage)))
    }

    /// Returns what stands over a list.
    pub(super) fn heading(page: &Page, id: &str) -> Self {
        Self::Heading(page.say(id))
    }

    /// Returns the facts that there are.
    pub(super) fn facts(facts: Vec<(String, Cell)>) -> Option<Self> {
        let facts: Vec<_> = facts.into_iter().filter(|(_, cell)| !cell.is_empty()).collect();
        (!facts.is_empty()).then_some(Self::Facts(facts))
    }

    /// Returns a list under a heading of its own, if anything is on it.
    pub(super) fn titled_list(page: &Page, title: &str, cells: Vec<Cell>) -> Vec<Self> {
        let list = Self::list(cells);
        let heading = list.is_some().then(|| Self::Heading(page.say(title)));
        heading.into_iter().chain(list).collect()
    }

    /// Returns a list, if anything is on it.
    pub(super) fn list(cells: Vec<Cell>) -> Option<Self> {
        (!cells.is_empty()).then_some(Self::List(cells))
    }
}

impl Section {
    /// Returns a section with the parts that there are.
    pub(super) fn of(page: &Page, anchor: &'static str, parts: Vec<Option<Part>>) -> Option<Self> {
        let parts: Vec<Part> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| Self {
            anchor,
            title: page.say(&format!("section-{anchor}")),
            level: 3,
            page_language: page.language.tag(),
            parts,
        })
    }
}
