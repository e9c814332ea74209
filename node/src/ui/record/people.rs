//! Who stands beside the author: partners, those who took part, and whom to ask.

use multaqa_protocol::record::Place;
use multaqa_protocol::record::evidence::Participation;
use multaqa_protocol::record::party::{Contact, Partner, Party};

use super::part::{Cell, Part, Piece, Table};
use crate::gazetteer;
use crate::ui::page::Page;
use crate::view::View;

/// Returns what the official table calls a place, otherwise its code.
pub(super) fn place(page: &Page, place: &Place) -> Piece {
    let names = gazetteer::find(place.as_str()).and_then(|found| page.passage(&found.names()));
    names.map_or_else(|| Piece::Code(page.plain(place.as_str())), Piece::Said)
}

/// Returns a partner with what it does.
pub(super) fn partner(page: &Page, partner: &Partner) -> Cell {
    let role =
        partner.role.as_ref().map(|role| Piece::Ours(format!("({})", page.code("role", role.as_str()))));
    let place = partner.place.as_ref().map(|code| place(page, code));
    Cell::words(page, &partner.name).and(place).and(role)
}

/// Returns a list of partners.
pub(super) fn partners(page: &Page, partners: &[Partner]) -> Option<Part> {
    Part::list(partners.iter().map(|named| partner(page, named)).collect())
}

/// Returns the collectivities expected to co-sign.
pub(super) fn parties(page: &Page, parties: &[Party]) -> Option<Part> {
    let row = |party: &Party| {
        let author = party.author.map(|author| Piece::Inside {
            href: page.member_href(&author),
            text: page.author(&Default::default(), author),
        });
        Cell::default().and(party.place.as_ref().map(|code| place(page, code))).and(author)
    };
    Part::list(parties.iter().map(row).filter(|cell| !cell.is_empty()).collect())
}

/// The columns of [`took_part`], as ids of messages.
pub(super) const PARTICIPATION: [&str; 6] = [
    "column-occasion",
    "column-date",
    "column-people",
    "column-women",
    "column-youth",
    "column-organisations",
];
/// Returns a collectivity that is asked, as a link to its page: by its place, which the stewards confirm to one
/// of the members, or by its log.
pub(super) fn party(page: &Page, view: &View<'_>, party: &Party) -> Cell {
    let author = party.author.map(|author| Piece::Inside {
        href: page.member_href(&author),
        text: page.author(&view.names_of(author), author),
    });
    let place = party.place.as_ref().filter(|_| author.is_none());
    let place = place.map(|code| match gazetteer::find(code.as_str()) {
        Some(found) => Piece::Inside {
            href: page.place_href(&found.code),
            text: page.passage(&found.names()).unwrap_or_else(|| page.unnamed(&found.code)),
        },
        None => Piece::Code(page.plain(code.as_str())),
    });
    Cell::default().and(author).and(place)
}

/// Returns who is asked to answer.
pub(super) fn addressees(page: &Page, view: &View<'_>, addressees: &[Party]) -> Option<Part> {
    let mut asked = Cell::default();
    for piece in addressees.iter().flat_map(|addressee| party(page, view, addressee).0) {
        asked = asked.and(Some(piece));
    }
    Part::facts(vec![(page.say("fact-addressees"), asked)])
}

/// Returns who took part, in numbers.
pub(super) fn participation(page: &Page, participation: &[Participation]) -> Option<Part> {
    let head = PARTICIPATION.map(|id| page.say(id)).to_vec();
    Table::part(page.say("table-participation"), head, took_part(page, participation))
}

/// Returns a row for each occasion on which people took part.
pub(super) fn took_part(page: &Page, participation: &[Participation]) -> Vec<Vec<Cell>> {
    let number = |count: Option<u64>| count.map(|count| Cell::ours(page.number(count))).unwrap_or_default();
    let row = |held: &Participation| {
        vec![
            Cell::words(page, &held.occasion),
            held.date.map(|date| Cell::ours(page.date(date))).unwrap_or_default(),
            number(held.people),
            number(held.women),
            number(held.youth),
            number(held.organisations),
        ]
    };
    participation.iter().map(row).collect()
}

/// Returns whom to ask: functions, not persons (R4).
pub(super) fn contacts(page: &Page, contacts: &[Contact]) -> Option<Part> {
    let row = |contact: &Contact| {
        let name = |text: &Option<String>| text.as_deref().map(|text| Piece::Name(page.plain(text)));
        let form = contact.page.as_ref().map(|address| Piece::address(page, address));
        Cell::words(page, &contact.function).and(name(&contact.email)).and(name(&contact.phone)).and(form)
    };
    Part::list(contacts.iter().map(row).collect())
}
