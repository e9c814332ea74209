//! Who an author is: what its latest profile says, and what stewards confirm of it (N5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::{Record, Words};

use super::View;
use super::body::Shown;
use super::filter::{Addressee, official};
use super::snapshot::Applied;
use crate::api::types::{AuthorRef, Confirmation, Stewards};
use crate::gazetteer;
use crate::store::BodyState;

/// Who an author says it is: what of a profile is shown beside everything else of that author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) names: Words,
    pub(super) level: String,
    pub(super) code: Option<String>,
    /// The peer ids of its nodes.
    pub(super) peers: Vec<String>,
}

impl View<'_> {
    /// Returns an author with its name.
    pub(super) fn author_ref(&self, author: AuthorId) -> AuthorRef {
        AuthorRef { author, names: self.names(author) }
    }

    /// Returns what an author is called.
    #[must_use]
    pub fn names_of(&self, author: AuthorId) -> Words {
        self.names(author)
    }

    /// Returns the code and the level that an author claims.
    #[must_use]
    pub fn claim_of(&self, author: AuthorId) -> (Option<String>, Option<String>) {
        let identity = self.identity(author);
        (identity.as_ref().and_then(|claim| claim.code.clone()), identity.map(|claim| claim.level.clone()))
    }

    /// Returns an author as others ask it: by its log, or by the place that k stewards confirm to it.
    #[must_use]
    pub fn addressee(&self, author: AuthorId) -> Addressee {
        let (place, confirmation) = self.place_of(author);
        let place = place.filter(|_| confirmation.confirmed).map(|code| official(&code));
        Addressee::One { author: Some(author), place }
    }

    /// Returns the peer ids of an author's nodes, as its profile names them.
    #[must_use]
    pub fn peers_of(&self, author: AuthorId) -> Vec<String> {
        self.identity(author).map(|identity| identity.peers.clone()).unwrap_or_default()
    }

    /// Returns which authors' profiles name these nodes.
    #[must_use]
    pub fn authors_of_peers(&self, peers: &BTreeSet<String>) -> BTreeMap<String, AuthorRef> {
        let mut named = BTreeMap::new();
        for author in self.snapshot.authors_known() {
            for peer in self.peers_of(author).into_iter().filter(|peer| peers.contains(peer)) {
                named.entry(peer).or_insert_with(|| self.author_ref(author));
            }
        }
        named
    }

    /// Returns what an author is called, by its latest profile or its application's.
    pub(super) fn names(&self, author: AuthorId) -> Words {
        self.identity(author).map(|identity| identity.names.clone()).unwrap_or_default()
    }

    /// Returns who an author says it is, in the latest profile that is held or in its application.
    pub(super) fn identity(&self, author: AuthorId) -> Option<Arc<Identity>> {
        let shelf = self.library.shelf(author);
        let held = shelf.and_then(|shelf| shelf.identity.clone()).map(|(_, identity)| identity);
        held.or_else(|| applied(self.snapshot.candidates.get(&author)?).map(Arc::new))
    }

    /// Returns the code of an author's place, as k stewards confirm it, otherwise as it claims, with
    /// who confirms it.
    pub(super) fn place_of(&self, author: AuthorId) -> (Option<String>, Confirmation) {
        let governance = &self.snapshot.governance;
        let standing = governance.standing(author);
        let stewards = |by| Stewards { by, of: governance.stewards().len() as u64, k: governance.k() };
        let claimed = self.identity(author);
        let level = standing
            .and_then(|standing| standing.level.clone())
            .or_else(|| Some(claimed.as_ref()?.level.clone()));
        let confirmed = standing.and_then(|standing| standing.place.clone());
        let code = confirmed.clone().or_else(|| claimed?.code.clone());
        let confirmation = Confirmation {
            confirmed: confirmed.is_some(),
            // Some stewards may confirm another place than the one claimed; their number means nothing.
            stewards: stewards(
                standing.filter(|_| confirmed.is_some()).map_or(0, |standing| standing.place_by),
            ),
            level,
            place_names: code.as_deref().map(place_names).unwrap_or_default(),
        };
        (code, confirmation)
    }
}

/// Returns what the official table calls a place; nothing for a code that it does not have.
pub(super) fn place_names(code: &str) -> Words {
    gazetteer::find(code).map(gazetteer::Territory::names).unwrap_or_default()
}

/// Returns the last profile of an application.
fn applied(entries: &[Applied]) -> Option<Identity> {
    entries.iter().rev().find_map(|entry| {
        let body = BodyState::Present(entry.body.as_ref()?.to_vec());
        Identity::of(&Shown::read(&entry.kind, &body, false))
    })
}

impl Identity {
    /// Returns what a profile says; `None` for any other body.
    pub(super) fn of(shown: &Shown) -> Option<Self> {
        let Some(Record::Profile(profile)) = &shown.record else { return None };
        Some(Self {
            names: profile.names.clone(),
            level: profile.level.as_str().to_owned(),
            code: profile.code.as_ref().map(|code| code.as_str().to_owned()),
            peers: profile.nodes.iter().map(|node| node.peer.clone()).collect(),
        })
    }
}
