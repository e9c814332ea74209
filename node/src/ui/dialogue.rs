//! Challenges and dialogue: which difficulties ask for experience, who is asked what, and what was said last.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::record::REPLY;

use super::card::Card;
use super::page::{Page, Section};
use super::{Asked, Visit};
use crate::api::Failure;
use crate::api::types::RecordItem;
use crate::clock::now;
use crate::dialogue::Dialogue;
use crate::view::{Addressee, Filter, ViewError};

/// Records of each list; the library has all.
const SHOWN: usize = 8;

#[derive(Debug, askama::Template)]
#[template(path = "dialogue.html")]
struct DialoguePage {
    is_incomplete: bool,
    lists: Vec<Part>,
    feed: String,
    page: Page,
}

/// A list with where all of it is.
#[derive(Debug)]
struct Part {
    anchor: &'static str,
    title: String,
    lead: String,
    none: String,
    /// Each record with how many replies it has.
    cards: Vec<(Card, Option<String>)>,
    all: String,
}

/// `GET /dialogue`.
pub(super) async fn dialogue(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    let (index, snapshot, is_whole) = api.searched().await?;
    api.show_of(snapshot, visit, Section::Dialogue, move |page, view| {
        let dialogue = Dialogue { view: &view, index: &index, is_whole, now: now() };
        let replies = Filter { kinds: BTreeSet::from([REPLY.to_owned()]), ..Filter::default() };
        let questions = Filter { asked: Some(Addressee::Anybody), ..Filter::default() };
        let found = [
            ("challenges", dialogue.open_challenges(SHOWN)?, ("kind", "challenge")),
            ("questions", dialogue.latest(questions, SHOWN)?.items, ("asked", "anybody")),
            ("replies", dialogue.latest(replies, SHOWN)?.items, ("kind", REPLY)),
        ];
        let lists = found.into_iter().map(|(anchor, items, (name, value))| -> Result<Part, ViewError> {
            let say = |what: &str| page.say(&format!("dialogue-{anchor}{what}"));
            Ok(Part {
                anchor,
                title: say(""),
                lead: say("-lead"),
                none: say("-none"),
                cards: items
                    .iter()
                    .map(|item| counted(&page, &dialogue, item))
                    .collect::<Result<_, ViewError>>()?,
                all: page.library_href(name, value),
            })
        });
        Ok(DialoguePage {
            is_incomplete: !is_whole,
            lists: lists.collect::<Result<_, ViewError>>()?,
            feed: "/api/v1/feed.atom?kind=challenge,reply".to_owned(),
            page,
        })
    })
    .await
}

fn counted(
    page: &Page,
    dialogue: &Dialogue<'_>,
    item: &RecordItem,
) -> Result<(Card, Option<String>), ViewError> {
    let replies = dialogue.replies(item)?;
    Ok((Card::new(page, item), (replies > 0).then(|| page.count("thread-count", replies))))
}
