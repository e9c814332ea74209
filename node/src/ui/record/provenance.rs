//! Where a record comes from: who signed it, with which key, who confirms the author, and how to check
//! all that without this node.

use crate::api::types::{ExistedBefore, Record, SignatureStatus};
use crate::ui::page::{Page, short};
use crate::ui::text::Passage;
use crate::view::{View, ViewError};

/// What is shown beside every record.
#[derive(Debug)]
pub(super) struct Provenance {
    pub(super) signature: String,
    pub(super) is_verified: bool,
    pub(super) author: Passage,
    pub(super) author_href: String,
    /// The official code of the author's place, and who confirms it.
    pub(super) place: Option<String>,
    pub(super) confirmation: String,
    pub(super) admitted_by: Vec<(String, Passage)>,
    pub(super) time: String,
    /// What others say of when it existed, and what follows from what its author confirmed before.
    pub(super) existed: Option<String>,
    pub(super) listed: Option<String>,
    pub(super) not_before: Option<String>,
    pub(super) version: String,
    pub(super) history_href: String,
    pub(super) has_versions: bool,
    pub(super) seq: String,
    pub(super) id: String,
    pub(super) key: Option<String>,
    /// Which of the author's keys it is, and since when.
    pub(super) key_since: Option<String>,
    pub(super) body_hash: String,
    pub(super) bundle: String,
    pub(super) file: String,
}

impl Provenance {
    /// Returns where a record comes from.
    pub(super) fn new(page: &Page, view: &View<'_>, shown: &Record) -> Result<Self, ViewError> {
        let id = shown.item.id.to_string();
        let from = view.provenance(&id)?;
        let history = view.history(&id)?;
        let at = history.items.iter().position(|version| version.id == shown.item.id);
        let stewards = from.confirmation.stewards;
        let by = page.out_of(stewards.by, stewards.of);
        let signing = from.keys.iter().rfind(|key| Some(key.key) == shown.signed.key);
        Ok(Self {
            signature: page.code(
                "signature",
                match shown.signed.status {
                    SignatureStatus::Verified => "verified",
                    SignatureStatus::Forged => "forged",
                    SignatureStatus::Undecided => "undecided",
                },
            ),
            is_verified: shown.signed.status == SignatureStatus::Verified,
            author: page.author(&shown.item.names, shown.item.author),
            author_href: page.member_href(&shown.item.author),
            place: from.place.as_deref().map(|code| page.plain(code)),
            confirmation: match from.confirmation.confirmed {
                true => page.tell("place-confirmed", &[("by", by.into())]),
                false => page.say("place-claimed"),
            },
            admitted_by: from
                .admitted_by
                .iter()
                .map(|steward| {
                    (page.member_href(&steward.author), page.author(&steward.names, steward.author))
                })
                .collect(),
            time: page.language.moment(shown.item.time),
            existed: from.dates.existed_before.map(|before| existed(page, before)),
            listed: from.dates.listed.as_ref().map(|listing| {
                let by = page.author(&listing.by.names, listing.by.author).text;
                let date = page.language.moment(listing.time);
                page.tell("dates-listed", &[("by", by.into()), ("date", date.into())])
            }),
            not_before: from.dates.not_before.as_ref().map(|listing| page.language.moment(listing.time)),
            version: page.out_of(at.map_or(1, |at| at as u64 + 1), shown.versions.max(1)),
            history_href: page.href(&format!("/records/{id}/history")),
            has_versions: history.items.len() > 1,
            seq: page.number(u64::from(shown.item.seq)),
            key: shown.signed.key.map(|key| key.to_string()),
            key_since: signing.map(|key| {
                let number = from.keys.iter().position(|other| other.key == key.key).unwrap_or_default();
                let (number, date) = (page.number(number as u64 + 1), page.day(key.time));
                page.tell("key-since", &[("number", number.into()), ("date", date.into())])
            }),
            body_hash: shown.body_hash.to_string(),
            bundle: format!("{}&witnesses=true&figures=true", from.bundle),
            file: format!("multaqa-entry-{}.bundle", short(&id).get(..8).unwrap_or_default()),
            id,
        })
    }
}

/// Says by when a record existed, and how many members say so.
pub(in crate::ui) fn existed(page: &Page, before: ExistedBefore) -> String {
    let args = [
        ("date", page.language.moment(before.date).into()),
        ("witnesses", page.number(before.witnesses).into()),
        ("members", page.number(before.members).into()),
    ];
    let Some(others) = before.other_regions else { return page.tell("dates-existed", &args) };
    let others = [("regions", page.number(others).into())];
    page.tell("dates-existed-regions", &args.into_iter().chain(others).collect::<Vec<_>>())
}
