//! Atom feeds: what was published last, in the whole network, by or for one member, or about one record.

use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text, TextType};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use multaqa_protocol::id::{EntryId, Millis};
use multaqa_protocol::record::Words;

use super::Base;
use super::texts::{LANGUAGES, best};
use crate::api::failure::Failure;
use crate::api::types::{RecordItem, ThreadReply};
use crate::api::{Api, query, reply};
use crate::sheet::moment;
use crate::ui::made_title;
use crate::view::{Addressee, MAX_PAGE, View};

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

/// Returns what an author published last, what asks something of it and what addresses its place, as an Atom feed.
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

/// Returns what was said about a record last, as an Atom feed: replies, replies to these, and of a challenge the
/// practices that answer it.
#[utoipa::path(
    get,
    path = "/records/{id}/thread.atom",
    tag = "open data",
    params(
        query::EntryPath,
        ("lang" = Option<String>, Query, description = "The language of titles, where there is one in it; ar if not given")
    ),
    responses((status = 200, description = "The feed", body = String, content_type = "application/atom+xml"))
)]
pub(in crate::api) async fn thread_feed(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
    uri: Uri,
    base: Base,
) -> Result<Response, Failure> {
    let language = query::Language::read(&uri)?;
    let thread = api.thread(id.clone(), query::Page::first()).await?;
    let record = api.ask(move |view| view.record(&id)).await?;
    let mut items = thread.answers;
    thread.items.into_iter().for_each(|reply| flatten(reply, &mut items));
    items.sort_by_key(|item| std::cmp::Reverse((item.time, item.id)));
    let urn = format!("{}:thread", urn(&thread.id));
    let about = link("related", base.to(&format!("/api/v1/records/{}", thread.id)), "application/json");
    let mut feed = feed(urn, title(&record.item, &language), &items, &language, (&uri, &base));
    feed.links.push(about);
    Ok(reply::text(&headers, ATOM, feed.to_string()))
}

fn flatten(reply: ThreadReply, items: &mut Vec<RecordItem>) {
    items.push(reply.item);
    reply.replies.into_iter().for_each(|below| flatten(below, items));
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
        let items = match author {
            None => self.records(asked).await?.items,
            Some(author) => self.of_member(author, asked).await?,
        };
        let feed = feed(id, text(&title, &language), &items, &language, (uri, &base));
        Ok(reply::text(headers, ATOM, feed.to_string()))
    }

    /// Returns what a member published last, what asks something of it, and what addresses its place in its text.
    async fn of_member(&self, author: String, asked: query::Records) -> Result<Vec<RecordItem>, Failure> {
        let place = {
            let author = author.clone();
            self.ask(move |view| Ok(view.addressee(view.find_author(&author)?))).await?
        };
        let most = asked.most().unwrap_or(query::DEFAULT_PAGE).min(MAX_PAGE);
        let by = query::Records { author: Some(author.clone()), ..asked.clone() };
        let mut lists = vec![by, query::Records { asked: Some(author), ..asked.clone() }];
        if let Addressee::One { place: Some(place), .. } = place {
            lists.push(query::Records { mentions: Some(place), ..asked });
        }
        let mut items: Vec<RecordItem> = Vec::new();
        for list in lists {
            for item in self.records(list).await?.items {
                if items.iter().all(|other| other.id != item.id) {
                    items.push(item);
                }
            }
        }
        items.sort_by_key(|item| std::cmp::Reverse((item.time, item.id)));
        items.truncate(most);
        Ok(items)
    }
}

/// Returns a feed of some records.
fn feed(id: String, title: Text, items: &[RecordItem], language: &str, (uri, base): (&Uri, &Base)) -> Feed {
    let latest = items.iter().map(|item| item.time).max().unwrap_or_default();
    let own = base.to(uri.path_and_query().map_or("", |path| path.as_str()));
    Feed {
        id,
        title,
        updated: date(latest),
        links: vec![link("self", own, ATOM), link("alternate", base.to("/"), "text/html")],
        generator: Some(Generator {
            value: "Multaqa".into(),
            version: Some(env!("CARGO_PKG_VERSION").into()),
            uri: None,
        }),
        entries: items.iter().map(|item| entry(item, language, base)).collect(),
        ..Feed::default()
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
        title: title(item, language),
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

/// Returns what a record is called, one without a title by what it is about.
fn title(item: &RecordItem, language: &str) -> Text {
    match made_title(language, item) {
        Some((tag, title)) => Text { value: plain(&title), lang: Some(tag.into()), ..Text::default() },
        None => text(&item.title, language),
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
