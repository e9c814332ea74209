//! The routes of keys and of what signing waits for: show them, change the signing key, sign again after a
//! quarantine or by a clock that the log is ahead of.
//!
//! A change of key takes two requests, between which the caller signs with the rotation key: that key
//! is never part of a request.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::EntryId;
use multaqa_protocol::log::Status;

use super::failure::Failure;
use super::types::{
    CLOCK, ClockConfirmed, KEY, Key, LogHealth, RESUMED, ROTATION, ROTATION_PLAN, Resumed, Rotated,
    RotationPlan, RotationRequest, SignedRotation,
};
use super::{Api, reply};
use crate::clock::now;
use crate::driver::rotation::{self, Reason};
use crate::net;

/// Shows the public keys of the node.
#[utoipa::path(get, path = "/key", tag = "office", responses((status = 200, body = Key)))]
pub(super) async fn show(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let author = api.node.author();
    let peer = api.node.listeners().await.first().and_then(net::peer_of);
    let quarantine = api.node.health().await?.quarantine.map(|why| why.code().to_owned());
    let answer = api.ask(move |view| {
        let found = view.keys(author)?;
        let peer = peer.map(|peer| peer.to_string()).or_else(|| view.peers_of(author).into_iter().next());
        let (log, contest) = view.log_state(author)?;
        let contest = if log == LogHealth::Contested { contest } else { Vec::new() };
        Ok(Key {
            schema: KEY.into(),
            author,
            sign: found.keys.sign,
            next: found.keys.next,
            establishment: found.establishment,
            seq: found.seq,
            since: found.time,
            rotations: found.rotations,
            log,
            contest: contest.into_iter().map(|rotation| rotation.id).collect(),
            quarantine,
            peer,
        })
    });
    Ok(reply::json(&headers, &answer.await?))
}

/// Prepares a change of the signing key.
#[utoipa::path(
    post,
    path = "/key/rotation",
    tag = "office",
    request_body = RotationRequest,
    responses((status = 201, description = "What is to be signed with the rotation key", body = RotationPlan))
)]
pub(super) async fn begin(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: RotationRequest = reply::request(&body)?;
    let Ok(reason) = asked.reason.parse::<Reason>() else {
        let known = Reason::KNOWN.join(", ");
        return Err(Failure::field("reason", "unknown_code", format!("none of {known}")));
    };
    let Some(reveal) = PublicKey::from_bytes(&asked.reveal) else {
        return Err(Failure::field("reveal", "wrong_type", "not a public key"));
    };
    let from = match asked.from {
        Some(from) => Some(api.entry_named(from).await?),
        None => None,
    };
    let request = rotation::RotationRequest {
        reveal,
        reason,
        from,
        note: asked.note.iter().map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect(),
        contest: asked.contest,
    };
    let plan = api.node.begin_rotation(request).await?;
    Ok(reply::created(&RotationPlan {
        schema: ROTATION_PLAN.into(),
        author: plan.position.author,
        seq: plan.position.seq,
        prev: plan.position.prev,
        time: plan.position.time,
        sign: plan.sign.to_bytes(),
        body: hex::encode(&plan.body),
        disowned: plan.disowned,
    }))
}

/// Takes the rotation that was prepared, signed.
#[utoipa::path(
    post,
    path = "/key/rotation/signed",
    tag = "office",
    request_body = SignedRotation,
    responses((status = 201, description = "The rotation is in the log", body = Rotated))
)]
pub(super) async fn rotate(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let asked: SignedRotation = reply::request(&body)?;
    let bytes = |field: &str, text: &str| {
        hex::decode(text).map_err(|_| Failure::field(field, "wrong_type", "not hexadecimal"))
    };
    let (envelope, body) = (bytes("envelope", &asked.envelope)?, bytes("body", &asked.body)?);
    let rotated = api.node.rotate(envelope, body).await?;
    Ok(reply::created(&Rotated {
        schema: ROTATION.into(),
        id: rotated.id,
        author: api.node.author(),
        sign: rotated.sign.to_bytes(),
        log: match rotated.status {
            Status::Ok => LogHealth::Ok,
            Status::Forked => LogHealth::Forked,
            Status::Contested => LogHealth::Contested,
        },
    }))
}

/// Ends a quarantine by an operator's order in full knowledge (W2).
#[utoipa::path(
    post,
    path = "/key/resume",
    tag = "office",
    responses((status = 201, description = "The node signs again", body = Resumed))
)]
pub(super) async fn resume(State(api): State<Api>) -> Result<Response, Failure> {
    let quarantine = api.node.health().await?.quarantine.map(|why| why.code().to_owned());
    api.node.resume().await?;
    Ok(reply::created(&Resumed { schema: RESUMED.into(), quarantine }))
}

/// Confirms that the clock is right though the last own entry is ahead of it (W3).
#[utoipa::path(
    post,
    path = "/clock/confirm",
    tag = "office",
    responses((status = 201, description = "The node signs by its clock", body = ClockConfirmed))
)]
pub(super) async fn confirm_clock(State(api): State<Api>) -> Result<Response, Failure> {
    api.node.confirm_clock().await?;
    Ok(reply::created(&ClockConfirmed { schema: CLOCK.into(), time: now() }))
}

impl Api {
    /// Returns the entry of which a whole id is given, held here or not, or the one that is held here
    /// and whose id begins so.
    pub(super) async fn entry_named(&self, text: String) -> Result<EntryId, Failure> {
        match text.parse() {
            Ok(id) => Ok(id),
            Err(_) => self.ask(move |view| Ok(view.find(&text)?.id)).await,
        }
    }
}
