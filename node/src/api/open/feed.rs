//! Atom feeds: what was published last, in the whole network or by one member.

use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text, TextType};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use multaqa_protocol::id::{EntryId, Millis};
use multaqa_protocol::record::Words;

use super::Base;
use super::texts::{LANGUAGES, best};
use crate::api::failure::Failure;
use crate::api::types::RecordItem;
use crate::api::{Api, query, reply};
use crate::sheet::moment;
use crate::view::View;

/// The media type of a feed.
const ATOM: &str = "application/atom+xml";

/// Returns what was published last in the network, as an Atom feed.
#[utoipa::path(
    get,
    path = "/feed.atom",
    tag = "open data",
    params(query::Records, ("lang" = Option<String>, Query, description = "The language of titles, where there is one in it; ar if not given")),
    responses((status = 200, description = "The feed", body = String, content_type = "application/atom+xml"))
)]
pub(in crate::api) async fn network_feed(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
    base: Base,
) -> Result<Response, Failure> {
    api.feed(&headers, &uri, base, None).await
}

/// Returns what an author published last, as an Atom feed.
#[utoipa::path(
    get,
    path = "/members/{author}/feed.atom",
    tag = "open data",
    params(
        query::AuthorPath,
        query::Records,
        ("lang" = Option<String>, Query, description = "The language of titles, where there is one in it; ar if not given")
    ),
    responses((status = 200, description = "The feed", body = String, content_type = "application/atom+xml"))
)]
pub(in crate::api) async fn member_feed(
    State(api): State<Api>,
    Path(query::AuthorPath { author }): Path<query::AuthorPath>,
    headers: HeaderMap,
    uri: Uri,
    base: Base,
) -> Result<Response, Failure> {
    api.feed(&headers, &uri, base, Some(author)).await
}

impl Api {
    async fn feed(
        &self,
        headers: &HeaderMap,
        uri: &Uri,
        base: Base,
        author: Option<String>,
    ) -> Result<Response, Failure> {
        let query::Feed { records: asked, language } = query::Feed::read(uri)?;
        let whose = author.clone();
        let (id, title) = self
            .ask(move |view| match whose {
                None => Ok(network(&view)),
                Some(author) => {
                    let author = view.find_author(&author)?;
                    Ok((format!("urn:multaqa:author:{author}"), view.names_of(author)))
                }
            })
            .await?;
        let found = self.records(query::Records { author: author.or(asked.author), ..asked }).await?;
        let latest = found.items.iter().map(|item| item.time).max().unwrap_or_default();
        let own = base.to(uri.path_and_query().map_or("", |path| path.as_str()));
        let feed = Feed {
            id,
            title: text(&title, &language),
            updated: date(latest),
            links: vec![link("self", own, ATOM), link("alternate", base.to("/"), "text/html")],
            generator: Some(Generator {
                value: "Multaqa".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
                uri: None,
            }),
            entries: found.items.iter().map(|item| entry(item, &language, &base)).collect(),
            ..Feed::default()
        };
        Ok(reply::text(headers, ATOM, feed.to_string()))
    }
}

/// Returns the id and the name of the network, or of the author where there is no network yet.
fn network(view: &View<'_>) -> (String, Words) {
    let network = view.network();
    let id = network
        .id
        .map_or_else(|| "urn:multaqa:network:none".to_owned(), |id| format!("urn:multaqa:network:{id}"));
    (id, network.names)
}

fn entry(item: &RecordItem, language: &str, base: &Base) -> Entry {
    let [first, ..] = LANGUAGES;
    let pages = LANGUAGES.into_iter().find(|tag| *tag == language).unwrap_or(first);
    let category = |scheme: &str, code: &str| Category {
        term: plain(code),
        scheme: Some(format!("urn:multaqa:{scheme}")),
        label: None,
    };
    let principles = item.principles.iter().map(|code| category("principle", code));
    Entry {
        id: urn(&item.id),
        title: text(&item.title, language),
        updated: date(item.time),
        published: Some(date(item.time)),
        authors: vec![Person {
            name: plain(best(&item.names, language)),
            uri: Some(base.to(&format!("/api/v1/members/{}", item.author))),
            ..Person::default()
        }],
        summary: Some(text(&item.summary, language)).filter(|text| !text.value.is_empty()),
        categories: std::iter::once(category("kind", &item.kind)).chain(principles).collect(),
        links: vec![
            link("alternate", base.to(&format!("/{pages}/records/{}", item.id)), "text/html"),
            link("alternate", base.to(&format!("/api/v1/records/{}", item.id)), "application/json"),
        ],
        ..Entry::default()
    }
}

fn link(rel: &str, href: String, kind: &str) -> Link {
    Link { rel: rel.into(), href, mime_type: Some(kind.into()), ..Link::default() }
}

/// Returns the name of an entry that stays the same wherever it is read.
fn urn(id: &EntryId) -> String {
    format!("urn:multaqa:entry:{id}")
}

/// Returns a text in the language wanted, else in another, with its tag.
fn text(words: &Words, language: &str) -> Text {
    let [ar, fr, en] = LANGUAGES;
    let (tag, value) = words.best(&[language, ar, fr, en]).unzip();
    Text { value: plain(value.unwrap_or_default()), lang: tag.map(plain), r#type: TextType::Text, base: None }
}

/// Returns text without the characters that XML cannot carry at all.
fn plain(text: &str) -> String {
    let fits = |letter: &char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}

/// Returns a claimed time as a date; one beyond the calendar is its end, since a feed needs one.
fn date(time: Millis) -> FixedDateTime {
    let last = || "9999-12-31T00:00:00Z".to_owned();
    let text = Some(moment(time)).filter(|text| !text.is_empty()).unwrap_or_else(last);
    text.parse().expect("a date of the calendar in RFC 3339")
}
