//! The files that a record names: what each of them shows, what it is, and the way to its bytes.
//!
//! A file that is here is one link away; one that is not says so, and comes when somebody asks for it
//! ([`crate::ui::file`]). Nothing is fetched because a page was looked at.

use multaqa_protocol::id::{Bytes32, EntryId};
use multaqa_protocol::record::Record as Body;
use multaqa_protocol::record::evidence::Attachment;
use multaqa_protocol::record::progress::MilestoneState;

use super::named::Named;
use super::part::{Cell, Piece};
use crate::attachment::{Attachments, named_by};
use crate::ui::page::Page;
use crate::ui::text::Passage;

/// Pictures that a page shows itself; none of them can run anything.
const PICTURES: [&str; 4] = ["image/gif", "image/jpeg", "image/png", "image/webp"];
/// Largest picture that a page shows itself: a photograph as wide as the page. A larger one is a link away, for
/// whoever pays for what a phone loads.
const MAX_PICTURE: u64 = 512 << 10;

/// Where the files of a record are had.
#[derive(Clone, Debug)]
pub(crate) enum Shelf {
    /// From this node and others, for a record that is signed.
    Record(EntryId),
    /// From the office's own route, of this address, for a draft.
    Draft(String),
    /// From nowhere: the record does not count.
    Nowhere,
}

/// The files of a record.
#[derive(Debug, askama::Template)]
#[template(path = "files.html")]
pub(in crate::ui) struct Files {
    rows: Vec<Row>,
    page: Page,
}

/// A file.
#[derive(Debug)]
struct Row {
    name: String,
    /// Its type and size.
    what: Cell,
    /// What it shows.
    alt: Option<Passage>,
    /// The milestone that it is evidence for.
    milestone: Option<Cell>,
    /// Its bytes, where they are here.
    href: Option<String>,
    /// Where to ask for them, where they are not.
    ask: Option<String>,
    is_picture: bool,
}

impl Files {
    /// Returns the files that a record names; nothing where it names none.
    pub(super) fn new(
        page: &Page,
        named: &Named,
        body: &Body,
        shelf: &Shelf,
        held: &Attachments,
    ) -> Option<Self> {
        let rows: Vec<Row> = match body {
            Body::Progress(progress) => {
                let of = |state: &MilestoneState| match state.milestone.as_deref() {
                    Some(id) if !id.is_empty() => {
                        named.part(page, progress.plan.as_ref(), &progress.commitment, Some(id))
                    }
                    _ => Cell::ours(page.say("whole-commitment")),
                };
                let states = progress.milestones.iter();
                let files = states.flat_map(|state| state.attachments.iter().map(move |file| (state, file)));
                files.map(|(state, file)| Row::new(page, file, Some(of(state)), shelf, held)).collect()
            }
            body => named_by(body).into_iter().map(|file| Row::new(page, file, None, shelf, held)).collect(),
        };
        (!rows.is_empty()).then(|| Self { rows, page: page.clone() })
    }
}

impl Row {
    fn new(
        page: &Page,
        file: &Attachment,
        milestone: Option<Cell>,
        shelf: &Shelf,
        held: &Attachments,
    ) -> Self {
        let is_here = file.hash.is_some_and(|hash| held.note(&hash).is_some());
        let (href, ask) = match (file.hash, shelf, is_here) {
            (Some(hash), Shelf::Record(id), true) => (Some(bytes(&hash, id)), None),
            (Some(hash), Shelf::Record(id), false) => (None, Some(way(page, id, &hash))),
            (Some(hash), Shelf::Draft(at), true) => (Some(format!("{at}/files/{hash}")), None),
            _ => (None, None),
        };
        Self {
            name: page.plain(&file.name),
            what: what(page, &file.mime, file.size),
            alt: page.passage(&file.alt),
            milestone,
            is_picture: href.is_some()
                && PICTURES.contains(&file.mime.as_str())
                && file.size.is_some_and(|size| size <= MAX_PICTURE),
            href,
            ask,
        }
    }
}

/// Returns the type and the size of a file, for people.
fn what(page: &Page, mime: &str, size: Option<u64>) -> Cell {
    let kind = page.file_type(mime).map_or_else(|| Piece::Name(page.plain(mime)), Piece::Ours);
    Cell(vec![kind]).and(size.map(|size| Piece::Ours(format!("· {}", page.size(size)))))
}

/// Returns the address of the bytes of a file that is here, for a record that names it.
pub(in crate::ui) fn bytes(hash: &Bytes32, record: &EntryId) -> String {
    format!("/api/v1/attachments/{hash}?record={record}")
}

/// Returns the address that leads to a file wherever it is.
fn way(page: &Page, record: &EntryId, hash: &Bytes32) -> String {
    format!("{}/files/{hash}", page.record_href(record))
}

/// Returns a file that another record names, as a link that leads to it wherever it is.
pub(super) fn link(page: &Page, record: &EntryId, file: &Attachment) -> Piece {
    let name = page.plain(&file.name);
    match file.hash {
        Some(hash) => Piece::Inside {
            href: way(page, record, &hash),
            text: Passage { text: name, tag: String::new(), direction: "auto", is_foreign: true },
        },
        None => Piece::Name(name),
    }
}
