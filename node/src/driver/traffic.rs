//! The driver's dealings with the network: sessions, gossip, penalties.

use libp2p::PeerId;
use multaqa_protocol::engine::{Ending, Input, Peer, SessionId};
use multaqa_protocol::gossip::{Message, Verdict};
use multaqa_protocol::id::{AuthorId, MessageId};
use multaqa_protocol::log::Place;
use multaqa_protocol::sync::{Carried, Frame};

use super::checks::Waiting;
use super::comparison::Comparison;
use super::limits::{self, Offence};
use super::stream::{self, Heard, Order};
use super::{Behind, Checked, Driver, Event, Stream};
use crate::clock::now;
use crate::ingest::CheckError;
use crate::net::{self, OpenError, SyncStream};

impl Driver {
    pub(super) async fn net_event(&mut self, event: net::Event) {
        match event {
            net::Event::Connected { peer, direction, .. } => {
                self.peers.connect(peer);
                self.limits.connected(peer, true, now());
                self.peers.number(peer);
                let _ = self.events.send(Event::PeerUp(peer));
                // The side that dialled opens the first session, so that not both do.
                if direction == net::Direction::Outbound {
                    self.open_to(peer);
                }
            }
            net::Event::Disconnected { peer, .. } => {
                let gone: Vec<SessionId> = self
                    .streams
                    .iter()
                    .filter(|(_, stream)| stream.peer == peer)
                    .map(|(session, _)| *session)
                    .collect();
                for session in gone {
                    self.close(session).await;
                }
                self.peers.disconnect(&peer);
                self.checks.forget(&peer);
                self.limits.connected(peer, false, now());
                let _ = self.events.send(Event::PeerDown(peer));
            }
            net::Event::Message { id, source, data } => self.take_gossip(id, source, data).await,
            net::Event::Sync(peer, stream) => self.begin(peer, stream, false).await,
            net::Event::Listening(_) => {}
        }
    }

    /// Opens a session with a peer, unless one is open.
    pub(super) fn open_to(&self, peer: PeerId) {
        let (Some(net), None) = (&self.net, self.peers.session(&peer)) else { return };
        let (net, opened) = (net.clone(), self.opened.sender.clone());
        tokio::spawn(async move {
            let _ = opened.send((peer, net.open_sync(peer).await)).await;
        });
    }

    /// Begins the session that was asked for. Where its stream took a connection that is dying, of
    /// several that a peer has for a moment, another is opened at the next tick.
    pub(super) async fn opened(&mut self, peer: PeerId, stream: Result<SyncStream, OpenError>) {
        match stream {
            Ok(stream) => self.begin(peer, stream, true).await,
            Err(error) => {
                tracing::debug!(%peer, %error, "no session can be opened");
                if matches!(error, OpenError::Broken(_) | OpenError::TimedOut) {
                    self.peers.pull_from(peer);
                }
            }
        }
    }

    /// Begins a session on a stream. Where both sides opened one, that of the smaller peer id goes on.
    pub(super) async fn begin(&mut self, peer: PeerId, stream: SyncStream, ours: bool) {
        if !self.peers.connected().contains(&peer) {
            return;
        }
        if !ours && !self.limits.may_open(peer, now()) {
            return self.count("busy");
        }
        if let Some(other) = self.peers.session(&peer) {
            let both = self.streams.get(&other).is_some_and(|stream| stream.ours != ours);
            let own_is_smaller = self.net.as_ref().is_some_and(|net| net.own() < peer);
            // A second stream from the same side replaces one that it no longer knows.
            let keep_new = if both { ours == own_is_smaller } else { !ours };
            if !keep_new {
                return;
            }
            self.close(other).await;
        }
        self.next_session += 1;
        let session = SessionId(self.next_session);
        let (reader, writer) = stream.split();
        let heard = self.heard.sender.clone();
        let shared = stream::Shared {
            ingest: self.ingest.clone(),
            store: self.store.clone(),
            hidden: self.hidden.clone(),
            budget: self.limits.budget(peer, now()),
            lanes: self.lanes.clone(),
        };
        let read = tokio::spawn(stream::read(session, reader, shared.clone(), heard.clone()));
        let (orders, write) = stream::write(session, writer, shared, heard);
        let comparison = Comparison::default();
        self.streams.insert(
            session,
            Stream { peer, ours, brought: false, comparison, orders, reader: read, writer: write },
        );
        self.peers.set_session(peer, session);
        let steward_node = self.is_steward_node(&peer);
        let number = self.peers.number(peer);
        self.handle(Input::Opened { session, peer: number, steward_node }).await;
    }

    /// Takes what a stream brought.
    pub(super) async fn hear(&mut self, session: SessionId, heard: Heard) {
        let Some(stream) = self.streams.get_mut(&session) else { return };
        let peer = stream.peer;
        stream.brought |= matches!(heard, Heard::Entries(..));
        let (ordered, brought) = (self.ordered, heard.brought());
        match heard {
            Heard::Frame(frame, len) => {
                if let Frame::Hello(hello) = &frame {
                    self.peers.note_clock(peer, hello.time, self.clock.now());
                }
                if let Frame::Rows(rows) = &frame {
                    let told = stream.comparison.theirs(rows);
                    self.note_behind(peer, told);
                }
                self.handle(Input::Frame { session, frame, len }).await;
            }
            Heard::Entries(checked, len, _place) => {
                let (entries, newer) = (checked.entries, checked.newer);
                self.handle(Input::Entries { session, entries, newer, len }).await;
            }
            Heard::HalfClosed => self.handle(Input::HalfClosed { session }).await,
            Heard::Broken(rule) => {
                if let Some(rule) = rule {
                    let number = self.peers.number(peer);
                    self.penalise(number, rule).await;
                } else if self.streams.get(&session).is_some_and(|stream| stream.brought) {
                    // The connection was changed for a better one, or broke: what was left is asked for.
                    let number = self.peers.number(peer);
                    self.peers.pull(number);
                }
                self.close(session).await;
            }
        }
        // What was stored, or is on its way to be, was worth its bytes.
        let (bytes, items) = brought;
        let useful = (self.ordered - ordered).min(items);
        if useful > 0 {
            self.limits.budget(peer, now()).was_useful(bytes * useful / items, useful);
        }
    }

    fn note_behind(&mut self, peer: PeerId, told: Option<(u64, u64)>) {
        if let Some((here, there)) = told {
            self.peers.note_behind(peer, Behind { here, there, at: now() });
        }
    }

    /// Drops a stream and tells the engine.
    async fn close(&mut self, session: SessionId) {
        self.drop_stream(session);
        Box::pin(self.handle(Input::Closed { session })).await;
    }

    fn drop_stream(&mut self, session: SessionId) -> Option<PeerId> {
        let stream = self.streams.remove(&session)?;
        stream.reader.abort();
        self.peers.end_session(&stream.peer, session);
        Some(stream.peer)
    }

    pub(super) async fn order(&mut self, session: SessionId, order: Order) {
        let Some(stream) = self.streams.get_mut(&session) else { return };
        let peer = stream.peer;
        let told = match &order {
            Order::Frame(Frame::Rows(rows)) => stream.comparison.ours(rows),
            _ => None,
        };
        self.note_behind(peer, told);
        let Some(stream) = self.streams.get(&session) else { return };
        if !stream.orders.give(order) {
            let number = self.peers.number(stream.peer);
            self.penalise(number, "Y7").await;
            self.close(session).await;
        }
    }

    pub(super) fn end(&mut self, session: SessionId, ending: Ending) {
        self.to_spread |= self.streams.get(&session).is_some_and(|stream| stream.brought);
        let Some(peer) = self.drop_stream(session) else { return };
        tracing::debug!(%peer, ?ending, "a session ended");
        match ending {
            Ending::Complete => {
                self.peers.note_synced(peer);
                self.note_behind(peer, Some((0, 0)));
                let _ = self.events.send(Event::Synced(peer));
            }
            Ending::Bound => {
                self.unfinished.push(peer);
                self.go_on();
            }
            Ending::Stalled | Ending::OtherNetwork | Ending::Fault(_) => {}
        }
    }

    /// Goes on with the peers whose session reached its bound, once all that it brought is on disk: what
    /// is not would be asked for again.
    pub(super) fn go_on(&mut self) {
        if self.engine.appends_on_their_way() == 0 {
            std::mem::take(&mut self.unfinished).into_iter().for_each(|peer| self.open_to(peer));
        }
    }

    /// Puts a message in its peer's line to be checked; beyond the peer's pace it is ignored unread.
    async fn take_gossip(&mut self, id: MessageId, source: PeerId, data: Vec<u8>) {
        let heard = self.limits.hears(source, data.len(), now());
        if heard == limits::Heard::Read && self.checks.offer(source, Waiting { id, data }).is_ok() {
            return self.begin_checks();
        }
        self.count("busy");
        self.judge_peer(source, id, Verdict::Ignore).await;
        if heard == limits::Heard::Flood {
            self.strike(source, Offence::Flooded).await;
        }
    }

    /// Checks on the pool as many of the messages that wait as may be checked at once.
    fn begin_checks(&mut self) {
        while let Some((source, Waiting { id, data })) = self.checks.begin() {
            self.check_gossip(id, source, data);
        }
    }

    /// Checks a message on the pool, which comes back as [`Checked`].
    fn check_gossip(&self, id: MessageId, source: PeerId, data: Vec<u8>) {
        let (ingest, checked) = (self.ingest.clone(), self.checked.sender.clone());
        tokio::spawn(async move {
            let len = data.len();
            let (carried, fork) = match Message::decode(&data) {
                Ok(Message::Entry { envelope, body }) => (vec![Carried { envelope, body }], false),
                Ok(Message::Fork(pair)) => {
                    (pair.map(|envelope| Carried { envelope, body: None }).into(), true)
                }
                Err(_) => {
                    let result = Err(CheckError::Carriage);
                    return drop(checked.send(Checked { id, source, result, fork: false, len }).await);
                }
            };
            let result = ingest.check_all(carried).await;
            let result = result.map(|found| if found.newer { Vec::new() } else { found.entries });
            drop(checked.send(Checked { id, source, result, fork, len }).await);
        });
    }

    /// Takes a checked message: G1's last word on what it carries, then the engine.
    pub(super) async fn gossiped(&mut self, checked: Checked) {
        let Checked { id, source, result, fork, len } = checked;
        self.checks.end();
        self.begin_checks();
        // Nobody waits for the verdict on what a peer sent that is gone.
        if !self.peers.connected().contains(&source) {
            return;
        }
        let from = self.peers.number(source);
        let entries = match result {
            Ok(entries) => entries,
            Err(error) => {
                let verdict = if error.is_newer() { Verdict::Ignore } else { Verdict::Reject };
                self.judge_peer(source, id, verdict).await;
                if verdict == Verdict::Reject {
                    self.penalise(from, error.rule()).await;
                }
                return;
            }
        };
        match <[_; 2]>::try_from(entries) {
            Ok(pair) if fork => {
                self.weighed.insert(id, len);
                self.handle(Input::ForkProof { from, id, entries: Box::new(pair) }).await;
            }
            Ok(_) => self.judge_peer(source, id, Verdict::Reject).await,
            Err(mut single) => match single.pop() {
                // The body is there exactly when it is small enough (G1).
                Some(entry) if entry.body.is_some() == entry.signed.carries_body() => {
                    self.weighed.insert(id, len);
                    self.handle(Input::Gossip { from, id, entry: Box::new(entry) }).await;
                }
                Some(_) => {
                    self.judge_peer(source, id, Verdict::Reject).await;
                    self.penalise(from, "G1").await;
                }
                // An entry of a later version (V2).
                None => self.judge_peer(source, id, Verdict::Ignore).await,
            },
        }
    }

    /// Tells gossip the engine's verdict. What would go beyond the pace at which this node sends is not
    /// forwarded: peers are asked to compare, and read it from the log.
    pub(super) async fn judge(&mut self, from: Peer, id: MessageId, verdict: Verdict) {
        let len = self.weighed.remove(&id).unwrap_or(0);
        let forwards = verdict != Verdict::Accept || self.limits.may_send(len, now());
        self.to_spread |= !forwards;
        let verdict = if forwards { verdict } else { Verdict::Ignore };
        if let Some(source) = self.peers.id(from) {
            self.judge_peer(source, id, verdict).await;
        }
    }

    async fn judge_peer(&mut self, source: PeerId, id: MessageId, verdict: Verdict) {
        if verdict == Verdict::Reject {
            self.strike(source, Offence::Rejected).await;
        }
        let Some(net) = &self.net else { return };
        let verdict = match verdict {
            Verdict::Accept => net::Verdict::Accept,
            Verdict::Ignore => net::Verdict::Ignore,
            Verdict::Reject => net::Verdict::Reject,
        };
        let _ = net.judge(id, source, verdict).await;
    }

    pub(super) async fn announce(&mut self, message: Vec<u8>) {
        let may_send = self.limits.may_send(message.len(), now());
        let Some(net) = &self.net else { return };
        if !may_send {
            // Peers are asked to compare instead, and read it from the log.
            self.to_spread = true;
            return;
        }
        if let Err(error) = net.publish(message).await {
            tracing::debug!(%error, "an entry is not announced; the next comparison brings it");
        }
    }

    /// Announces the proof of a fork, the smaller entry id first (G1).
    pub(super) async fn announce_fork(&mut self, author: AuthorId, places: [Place; 2]) {
        let read = places.map(|place| self.store.entry(author, place));
        let [Ok(Some(a)), Ok(Some(b))] = read else { return };
        let (first, second) = if a.entry.id() < b.entry.id() { (a, b) } else { (b, a) };
        let pair = [first, second].map(|stored| stored.entry.envelope().to_vec());
        self.announce(Message::Fork(pair).encode()).await;
    }

    pub(super) async fn penalise(&mut self, peer: Peer, rule: &'static str) {
        self.count(rule);
        if let (Some(net), Some(id)) = (&self.net, self.peers.id(peer)) {
            tracing::info!(peer = %id, rule, "a peer broke a rule");
            let _ = net.penalise(id).await;
            if let Some(offence) = Offence::of(rule) {
                self.strike(id, offence).await;
            }
        }
    }

    /// Counts an offence of a peer, which may be the last before a ban.
    async fn strike(&mut self, peer: PeerId, offence: Offence) {
        // What was on its way when it was banned is not another offence.
        if self.bans.of_peer(&peer, now()).is_some() || !self.limits.strike(peer, offence, now()) {
            return;
        }
        self.bans.ban_for_a_time(peer, offence.code(), now());
        self.bans_changed = true;
        self.count("banned");
        tracing::warn!(%peer, offence = offence.code(), "a peer is banned for a time");
        self.shut_out().await;
    }

    /// Tells the network who may not connect.
    pub(super) async fn shut_out(&self) {
        if let Some(net) = &self.net {
            let _ = net.set_bans(self.bans.clone()).await;
        }
    }

    /// Tells whether a current steward's profile names this node (N12).
    fn is_steward_node(&self, peer: &PeerId) -> bool {
        let text = peer.to_string();
        let stewards = self.engine.governance().stewards();
        stewards.iter().any(|steward| crate::folder::names_node(&self.store, &self.engine, *steward, &text))
    }

    /// Keeps the address book for the next start: where somebody new is in it, or `anyway`.
    pub(super) async fn remember_peers(&mut self, anyway: bool) {
        let Some(net) = &self.net else { return };
        let Ok(known) = net.known().await else { return };
        let same = |a: &net::Known, b: &net::Known| a.peer == b.peer && a.addresses == b.addresses;
        let is_news = known.len() != self.written_peers.len()
            || known.iter().zip(&self.written_peers).any(|(new, old)| !same(new, old));
        if !is_news && !anyway {
            return;
        }
        let (folder, book) = (self.folder.clone(), known.clone());
        let written = tokio::task::spawn_blocking(move || folder.set_peers(&book)).await;
        match written {
            Ok(Ok(())) => self.written_peers = known,
            Ok(Err(error)) => tracing::warn!(%error, "the address book cannot be written"),
            Err(error) => tracing::warn!(%error, "writing the address book panicked"),
        }
    }
}
