//! The routes of networks: found one, invite, enter, admit, suspend. What a statement does is decided
//! by the protocol's rules once it is in the log; here it is only written as the rules need it.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::codec::Value;
use multaqa_protocol::engine::Engine;
use multaqa_protocol::entry::{self, SALT_LEN, VERSION};
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq};
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join, Says, Statement, Suspend, Words};
use multaqa_protocol::record::{self, Principle};

use super::failure::Failure;
use super::types::{
    APPLICATION, AdmissionRequest, AmendmentRequest, Application, INVITATION, Invitation, InvitationRequest,
    JoinRequest, NetworkRequest, Published, SignRequest, SuspensionRequest,
};
use super::{Api, reply};
use crate::driver::Draft;
use crate::{gazetteer, invitation};

fn draft<B: Body>(body: &B) -> Draft {
    Draft { kind: B::KIND.into(), body: body.to_map(), salt: None }
}

fn words(texts: &record::Words) -> Words {
    texts.iter().map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect()
}

/// Returns an author's canonical statements, the latest last.
fn statements(engine: &Engine, author: AuthorId) -> Vec<&Statement> {
    let (Some(known), Some(view)) = (engine.logs().get(&author), engine.view(&author)) else {
        return Vec::new();
    };
    let counts = |statement: &&Statement| view.choice.contains(statement.place);
    let mut found: Vec<_> = known.statements.iter().filter(counts).collect();
    found.sort_by_key(|statement| statement.seq);
    found
}

/// Returns the entry by which an author is joined, if its latest word is a `join`.
fn joined(engine: &Engine, author: AuthorId, network: NetworkId) -> Option<EntryId> {
    let statements = statements(engine, author);
    let word = statements.iter().rev().find_map(|statement| match &statement.says {
        Says::Join { net, .. } if *net == network => Some(Some(statement.id)),
        Says::Leave { net } if *net == network => Some(None),
        _ => None,
    });
    word.flatten()
}

/// Returns the item by which a steward admits an author now, if its latest word is an `admit`.
fn admission(engine: &Engine, steward: AuthorId, network: NetworkId, author: AuthorId) -> Option<Admission> {
    let statements = statements(engine, steward);
    let word = statements.iter().rev().find_map(|statement| match &statement.says {
        Says::Admit { net, items } if *net == network => {
            items.iter().rev().find(|item| item.author == author).map(|item| Some(item.clone()))
        }
        Says::Suspend { net, author: other, .. } if *net == network && *other == author => Some(None),
        _ => None,
    });
    word.flatten()
}

/// Founds a network by signing version 0 of its charter (N1).
///
/// Its founder joins, and as a steward admits itself, with the place that its profile names.
#[utoipa::path(
    post,
    path = "/network",
    tag = "office",
    request_body = NetworkRequest,
    responses((status = 201, description = "The charter is signed", body = Published))
)]
pub(super) async fn found(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: NetworkRequest = reply::request(&body)?;
    let me = api.node.author();
    let mut stewards = if asked.stewards.is_empty() { vec![me] } else { asked.stewards };
    stewards.sort_unstable();
    stewards.dedup();
    let known = || Principle::KNOWN.iter().map(|code| (*code).to_owned()).collect();
    let charter = Charter {
        k: asked.k.unwrap_or(stewards.len() as u64 / 2 + 1),
        prev: None,
        text: words(&asked.text),
        names: words(&asked.names),
        licence: asked.licence,
        version: 0,
        versions: vec![VERSION],
        principles: if asked.principles.is_empty() { known() } else { asked.principles },
        stewards,
    };
    for (field, is_empty) in [("names", charter.names.is_empty()), ("text", charter.text.is_empty())] {
        if is_empty {
            return Err(Failure::field(field, "missing", "a charter has a name and a text"));
        }
    }
    let is_steward = charter.names_steward(me);
    let network = api.node.found(charter).await?;
    let founding = api.node.with(move |engine| founding_entry(engine, me, network)).await?;
    let mut published = Published {
        schema: super::types::PUBLISHED.into(),
        id: founding.ok_or(Failure::NoCharter)?,
        kind: Charter::KIND.into(),
        author: me,
        network: Some(network),
        entries: founding.into_iter().collect(),
        warnings: Vec::new(),
    };
    if asked.join {
        let mut drafts = vec![draft(&Join { act: None, net: network, charter: BodyHash(network.0) })];
        if is_steward {
            let (place, level) = api.ask(move |view| Ok(view.claim_of(me))).await?;
            let item = Admission { place, level, author: me, stands: None, succeeds: None };
            drafts.push(draft(&Admit { net: network, items: vec![item] }));
        }
        published.entries.extend(api.node.publish(drafts).await?);
    }
    Ok(reply::created(&published))
}

fn founding_entry(engine: &Engine, author: AuthorId, network: NetworkId) -> Option<EntryId> {
    let founds = |statement: &&&Statement| matches!(&statement.says, Says::Charter { hash, .. } if hash.as_network() == network);
    statements(engine, author).iter().find(founds).map(|statement| statement.id)
}

/// Proposes the successor of the charter in force, which is a vote for it (N3).
///
/// A steward votes once for each version: what the others propose is signed instead.
#[utoipa::path(
    post,
    path = "/network/amend",
    tag = "office",
    request_body = AmendmentRequest,
    responses((status = 201, description = "The proposal is signed", body = Published))
)]
pub(super) async fn amend(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: AmendmentRequest = reply::request(&body)?;
    let me = api.node.author();
    let read = move |engine: &Engine| {
        let governance = engine.governance();
        let version = governance.charter().ok_or(Failure::NoCharter)?;
        if !version.charter.names_steward(me) {
            return Err(Failure::NotASteward);
        }
        // A first vote stands (N3): another one would be signed for nothing.
        if governance.proposals().iter().any(|proposal| proposal.votes.contains_key(&me)) {
            return Err(Failure::HasVoted);
        }
        Ok((version.hash, (*version.charter).clone()))
    };
    let (hash, before) = api.node.with(read).await??;
    let mut stewards = if asked.stewards.is_empty() { before.stewards.clone() } else { asked.stewards };
    stewards.sort_unstable();
    stewards.dedup();
    let charter = Charter {
        k: asked.k.unwrap_or(stewards.len() as u64 / 2 + 1),
        prev: Some(hash),
        text: if asked.text.is_empty() { before.text } else { words(&asked.text) },
        names: if asked.names.is_empty() { before.names } else { words(&asked.names) },
        licence: asked.licence.unwrap_or(before.licence),
        version: before.version + 1,
        versions: before.versions,
        principles: if asked.principles.is_empty() { before.principles } else { asked.principles },
        stewards,
    };
    charter.check()?;
    Ok(reply::created(&api.sign(vec![draft(&charter)], 0).await?))
}

/// Signs a version of the charter that others have signed or proposed.
///
/// By the same bytes that others sign: version 0 (N1), or a successor that somebody proposed, which is a vote (N3).
/// Asking again signs nothing new.
#[utoipa::path(
    post,
    path = "/network/sign",
    tag = "office",
    request_body = SignRequest,
    responses((status = 201, description = "It is signed", body = Published))
)]
pub(super) async fn sign(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: SignRequest = if body.is_empty() { SignRequest::default() } else { reply::request(&body)? };
    let network = api.node.network().ok_or(Failure::NoNetwork)?;
    let me = api.node.author();
    let hash = asked.hash.unwrap_or(BodyHash(network.0));
    let signed = api.node.with(move |engine| signed(engine, me, hash)).await??;
    let entry = match signed {
        Some(entry) => entry,
        None => {
            let store = api.node.store().clone();
            let read = tokio::task::spawn_blocking(move || store.body(&hash)).await;
            let bytes = read.map_err(|_| Failure::Stopped)??.ok_or(Failure::NoCharter)?;
            let draft = Draft {
                kind: Charter::KIND.into(),
                body: entry::decode_body(&bytes).map_err(|_| Failure::NoCharter)?,
                salt: Some(salt_of(&bytes).ok_or(Failure::NoCharter)?),
            };
            api.sign(vec![draft], 0).await?.id
        }
    };
    Ok(reply::created(&Published {
        schema: super::types::PUBLISHED.into(),
        id: entry,
        kind: Charter::KIND.into(),
        author: me,
        network: Some(network),
        entries: vec![entry],
        warnings: Vec::new(),
    }))
}

/// Returns the entry by which `author` has signed the version of the charter with this hash; `None`
/// where it may still do so.
fn signed(engine: &Engine, author: AuthorId, hash: BodyHash) -> Result<Option<EntryId>, Failure> {
    let governance = engine.governance();
    let first = governance.versions().first().ok_or(Failure::NoCharter)?;
    let voters = governance.charter().unwrap_or(first);
    let (version, deciders) = match governance.proposals().iter().find(|proposal| proposal.hash == hash) {
        Some(proposal) => (proposal, voters),
        None if first.hash == hash => (first, first),
        None => return Err(Failure::NoCharter),
    };
    if !deciders.charter.names_steward(author) {
        return Err(Failure::NotASteward);
    }
    if let Some(entry) = version.votes.get(&author) {
        return Ok(Some(*entry));
    }
    // A first vote stands (N3): another one would be signed for nothing.
    if governance.proposals().iter().any(|proposal| proposal.votes.contains_key(&author))
        && hash != first.hash
    {
        return Err(Failure::HasVoted);
    }
    Ok(None)
}

/// Returns the salt at the start of a body: `82 50` and 16 bytes.
fn salt_of(body: &[u8]) -> Option<[u8; SALT_LEN]> {
    body.get(2..2 + SALT_LEN)?.try_into().ok()
}

/// Makes an invitation to the network.
#[utoipa::path(
    post,
    path = "/invitations",
    tag = "office",
    request_body = InvitationRequest,
    responses((status = 201, description = "The line to hand on", body = Invitation))
)]
pub(super) async fn invite(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: InvitationRequest =
        if body.is_empty() { InvitationRequest::default() } else { reply::request(&body)? };
    let network = api.node.network().ok_or(Failure::NoNetwork)?;
    let charter = api.node.with(|engine| {
        let version = engine.governance().charter()?;
        Some((version.hash, version.charter.names.clone()))
    });
    let (charter, names) = charter.await?.ok_or(Failure::NoCharter)?;
    let addresses = if asked.addresses.is_empty() {
        api.node.invitable(invitation::MAX_ADDRESSES).await
    } else {
        let read = |text: &String| {
            text.parse().map_err(|error| Failure::BadParameter(format!("`{text}` is no address: {error}")))
        };
        asked.addresses.iter().map(read).collect::<Result<_, _>>()?
    };
    let line = invitation::Invitation { network, charter, names, addresses }.line();
    // What is shown is what stands in the line, its bounds applied.
    let made = invitation::Invitation::read(&line)?;
    let mut names = record::Words::default();
    made.names.into_iter().for_each(|(tag, name)| names.insert(tag, name));
    Ok(reply::created(&Invitation {
        schema: INVITATION.into(),
        line,
        network,
        charter,
        names,
        addresses: made.addresses.iter().map(ToString::to_string).collect(),
    }))
}

/// Enters a network by an invitation, and applies to it.
///
/// Asking again signs nothing new.
#[utoipa::path(
    post,
    path = "/network/enter",
    tag = "office",
    request_body = JoinRequest,
    responses((status = 201, description = "The application is signed", body = Application))
)]
pub(super) async fn enter(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: JoinRequest = reply::request(&body)?;
    let invitation = invitation::Invitation::read(&asked.invitation)?;
    let (me, network) = (api.node.author(), invitation.network);
    let (entry, _) = api.enter(invitation, asked.act).await?;
    let k = api.node.with(|engine| Some(engine.governance().k()).filter(|k| *k > 0)).await?;
    Ok(reply::created(&Application { schema: APPLICATION.into(), author: me, network, entry, k }))
}

/// Signs a steward's word for an author (N5).
///
/// An `admit` stands in place of the steward's earlier one (N4), so what the request leaves open is said again; the
/// pin holds by itself (N6).
#[utoipa::path(
    post,
    path = "/admissions",
    tag = "office",
    request_body = AdmissionRequest,
    responses((status = 201, description = "It is signed", body = Published))
)]
pub(super) async fn admit(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: AdmissionRequest = reply::request(&body)?;
    let (network, author) = api.steward_about(&asked.author).await?;
    let me = api.node.author();
    let before = api.node.with(move |engine| admission(engine, me, network, author)).await?;
    let territory = asked
        .place
        .as_deref()
        .map(|code| gazetteer::find(code).ok_or_else(|| Failure::UnknownPlace(code.to_owned())));
    let territory = territory.transpose()?;
    let level = asked.level.or_else(|| territory.map(|territory| territory.level.as_str().to_owned()));
    let stands = match asked.stands {
        Some(stands) => Some(api.entry_named(stands).await?),
        None => None,
    };
    let mut succeeds = Vec::new();
    for before in asked.succeeds {
        succeeds.push(api.author_named(before).await?);
    }
    // The lists of k stewards are compared as they stand, so all of them write them in one order (N5).
    succeeds.sort_unstable();
    succeeds.dedup();
    if succeeds.contains(&author) {
        return Err(Failure::field("succeeds", "repeated", "an author does not continue itself"));
    }
    let item = Admission {
        place: territory
            .map(|territory| territory.code.clone())
            .or_else(|| before.as_ref().and_then(|before| before.place.clone())),
        level: level.or_else(|| before.as_ref().and_then(|before| before.level.clone())),
        author,
        stands,
        succeeds: Some(succeeds)
            .filter(|succeeds| !succeeds.is_empty())
            .or_else(|| before.and_then(|before| before.succeeds)),
    };
    let drafts = vec![draft(&Admit { net: network, items: vec![item] })];
    Ok(reply::created(&api.sign(drafts, 0).await?))
}

/// Signs a steward's word against an author, from an entry on (N7).
#[utoipa::path(
    post,
    path = "/suspensions",
    tag = "office",
    request_body = SuspensionRequest,
    responses((status = 201, description = "It is signed", body = Published))
)]
pub(super) async fn suspend(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: SuspensionRequest = reply::request(&body)?;
    if asked.reason.trim().is_empty() {
        return Err(Failure::field("reason", "missing", "a suspension says why"));
    }
    let (network, author) = api.steward_about(&asked.author).await?;
    let head = api.node.with(move |engine| engine.view(&author)?.head.map(|head| head.seq)).await?;
    let upto: Seq = match asked.upto.or(head) {
        Some(upto) => upto,
        None => return Err(Failure::field("upto", "missing", "the author's log is not held here")),
    };
    let suspend = Suspend {
        net: network,
        note: Some(words(&asked.note)).filter(|note| !note.is_empty()),
        upto: upto.into(),
        author,
        reason: asked.reason,
    };
    Ok(reply::created(&api.sign(vec![draft(&suspend)], 0).await?))
}

impl Api {
    /// Enters the network of an invitation and asks to be a member. Returns the application, and whether it was
    /// signed now.
    pub(crate) async fn enter(
        &self,
        invitation: invitation::Invitation,
        act: Option<String>,
    ) -> Result<(EntryId, bool), Failure> {
        let invitation::Invitation { network, charter, addresses, .. } = invitation;
        self.node.enter(network, addresses).await?;
        let me = self.node.author();
        if let Some(entry) = self.node.with(move |engine| joined(engine, me, network)).await? {
            return Ok((entry, false));
        }
        let join = Join { act: act.map(Value::Text), net: network, charter };
        Ok((self.sign(vec![draft(&join)], 0).await?.id, true))
    }

    /// Finds the author of whom a steward is about to speak: any whole id, or the beginning of one that
    /// is known here.
    async fn steward_about(&self, author: &str) -> Result<(NetworkId, AuthorId), Failure> {
        let network = self.node.network().ok_or(Failure::NoNetwork)?;
        let me = self.node.author();
        let (known, is_steward) = self
            .node
            .with(move |engine| (engine.governance().charter_known(), engine.governance().is_steward(me)))
            .await?;
        match (known, is_steward) {
            (false, _) => return Err(Failure::NoCharter),
            (true, false) => return Err(Failure::NotASteward),
            (true, true) => {}
        }
        Ok((network, self.author_named(author.to_owned()).await?))
    }

    /// Returns the author of whom a whole id is given, known here or not, or the one that is known here
    /// and whose id begins so.
    async fn author_named(&self, text: String) -> Result<AuthorId, Failure> {
        match text.parse() {
            Ok(author) => Ok(author),
            Err(_) => self.ask(move |view| view.find_author(&text)).await,
        }
    }
}
