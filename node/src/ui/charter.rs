//! A version of the charter: what it said, who decided by it, who approved it and when.

use axum::extract::{Path, State};
use axum::response::Response;

use super::page::{Page, Section};
use super::record::Text;
use super::text::{Passage, isolated};
use super::{Asked, Visit};
use crate::api::Failure;
use crate::view::{Adopted, ViewError};

#[derive(Debug, askama::Template)]
#[template(path = "charter.html")]
struct CharterPage {
    version: Version,
    name: Option<Passage>,
    text: Option<Text>,
    stewards: Vec<(String, Passage)>,
    k: String,
    licence: Option<String>,
    /// The page of the version in force, where this is an older one.
    current: Option<String>,
    before: Option<String>,
    after: Option<String>,
    page: Page,
}

/// A version in short.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) title: String,
    pub(super) href: String,
    /// How many of those who could approve it did.
    pub(super) votes: String,
    pub(super) approvals: Vec<Approval>,
    pub(super) hash: String,
}

/// Who approved a version, and on which day.
#[derive(Debug)]
pub(super) struct Approval {
    pub(super) href: String,
    pub(super) name: Passage,
    pub(super) day: Option<String>,
}

impl Version {
    pub(super) fn new(page: &Page, adopted: &Adopted) -> Self {
        let number = adopted.charter.version;
        let approval = |(by, time): &(crate::api::types::AuthorRef, Option<u64>)| Approval {
            href: page.member_href(&by.author),
            name: page.author(&by.names, by.author),
            day: time.map(|time| page.day(time)),
        };
        Self {
            title: page.fill("charter-version", "number", &page.number(number)),
            href: href(page, number),
            votes: page.out_of(adopted.approvals.len() as u64, adopted.voters),
            approvals: adopted.approvals.iter().map(approval).collect(),
            hash: adopted.hash.to_string(),
        }
    }
}

fn href(page: &Page, number: u64) -> String {
    page.href(&format!("/charters/{number}"))
}

/// `GET /charters/{version}`.
pub(super) async fn charter(
    State(api): Asked,
    Path(number): Path<u64>,
    visit: Visit,
) -> Result<Response, Failure> {
    api.show(visit, Section::Network, move |page, view| {
        let missing = || ViewError::NotFound { text: number.to_string() };
        let adopted = view.charter(number)?.ok_or_else(missing)?;
        let last = view.charter_versions().next_back().unwrap_or(number);
        let steward = |steward: &crate::api::types::AuthorRef| {
            (page.member_href(&steward.author), page.author(&steward.names, steward.author))
        };
        let licence = &adopted.charter.licence;
        Ok(CharterPage {
            version: Version::new(&page, &adopted),
            name: page.passage(&adopted.names),
            text: page.passage(&adopted.text).map(|passage| Text::new(&page, None, passage)),
            stewards: adopted.stewards.iter().map(steward).collect(),
            k: page.count("network-k", adopted.charter.k),
            licence: (!licence.is_empty()).then(|| isolated(licence)),
            current: (number != last).then(|| href(&page, last)),
            before: number.checked_sub(1).map(|before| href(&page, before)),
            after: (number < last).then(|| href(&page, number + 1)),
            page,
        })
    })
    .await
}
