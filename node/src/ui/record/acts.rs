//! What somebody who is signed in can do about a record: each begins a draft in which the record is named already.

use multaqa_protocol::record as kind;

use crate::api::types::{BodyStatus, RecordItem, Status};
use crate::ui::page::Page;

/// Buttons beside a record, on the office's listener.
#[derive(Debug, askama::Template)]
#[template(path = "office/acts.html")]
pub(super) struct Acts {
    acts: Vec<Act>,
    id: String,
    page: Page,
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Act {
    /// The message that says what.
    text: &'static str,
    /// The kind of the draft.
    kind: &'static str,
    /// Whether it is a new version of the record, or about it.
    field: &'static str,
}

const fn about(text: &'static str, kind: &'static str) -> Act {
    Act { text, kind, field: "about" }
}

impl Acts {
    /// Returns what whoever looks at a record can do about it.
    pub(super) fn new(page: &Page, item: &RecordItem) -> Self {
        let may = page.may_write();
        let is_own = page.site.as_ref().is_some_and(|site| site.author == item.author);
        let is_there = item.status == Status::Canonical && item.body == BodyStatus::Present;
        let acts = if may && is_there { acts(item, is_own) } else { Vec::new() };
        Self { acts, id: item.id.to_string(), page: page.clone() }
    }
}

fn acts(item: &RecordItem, is_own: bool) -> Vec<Act> {
    let mut acts = Vec::new();
    if is_own {
        acts.push(Act { text: "act-revise", kind: "", field: "revises" });
        acts.push(about("act-withdraw", "withdraw"));
    }
    match item.kind.as_str() {
        kind::PRACTICE if !is_own => acts.push(about("act-adopt", kind::ADOPTION)),
        kind::CHALLENGE => acts.push(about("act-answer", kind::PRACTICE)),
        kind::PLAN => {
            if is_own {
                acts.push(about("act-propose", kind::PROPOSAL));
            }
            acts.push(about("act-report", kind::PROGRESS));
            acts.push(about("act-evaluate", kind::EVALUATION));
        }
        _ => {}
    }
    acts.push(about("act-reply", kind::REPLY));
    if !is_own {
        acts.push(about("act-endorse", kind::ENDORSE));
    }
    acts
}
