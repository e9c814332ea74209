//! The task that owns the swarm: commands in, events out.
//!
//! What it does by itself between these is beside it: [`dialling`] dials whom the book names, [`upkeep`]
//! looks at every peer each second, [`reaching`] finds out how others reach this node and listens at
//! relays, [`introductions`] asks peers about others.

mod dialling;
mod introductions;
mod reaching;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::StreamExt;
use libp2p::core::ConnectedPoint;
use libp2p::core::transport::ListenerId;
use libp2p::gossipsub::{self, IdentTopic, MessageAcceptance};
use libp2p::metrics::Registry;
use libp2p::swarm::{ConnectionError, ConnectionId, Swarm, SwarmEvent};
use libp2p::{PeerId, Stream, identify, mdns, ping, relay};
use multaqa_protocol::id::MessageId;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout};

use self::dialling::dial_failure;
use self::introductions::Answers;
use super::behaviour::{Behaviour, BehaviourEvent, Extras, swarm};
use super::book::{Book, Opened, Origin, Target};
use super::exchange::Turns;
use super::figures::Recording;
use super::life::{Lives, Traffic};
use super::reach::Standing;
use super::stream::SyncStream;
use super::{
    Command, Config, Direction, Event, FORGIVE_EVERY, GOODBYE, LISTEN_TIME, MAX_SYNC_STREAMS, NetError,
    PEERS_PROTOCOL, Published, RESERVED_EVENTS, SYNC_PROTOCOL, ShedCount, UPKEEP_EVERY, Verdict, Why,
    address, gossip,
};
use crate::ban::Bans;
use crate::clock;

pub(super) struct Task {
    swarm: Swarm<Behaviour>,
    topic: IdentTopic,
    inbound: libp2p_stream::IncomingStreams,
    /// Listeners that have not told an address yet.
    silent: HashSet<ListenerId>,
    commands: mpsc::Receiver<Command>,
    events: mpsc::Sender<Event>,
    /// What the driver has had no room for. While it is not empty the swarm is not polled, so it
    /// holds what one swarm event gives at most.
    backlog: VecDeque<Event>,
    book: Book,
    dials: BTreeMap<ConnectionId, Target>,
    /// Places for inbound sync streams of each connected peer.
    places: BTreeMap<PeerId, Arc<Semaphore>>,
    forgive: Interval,
    upkeep: Interval,
    lives: Lives,
    standing: Standing,
    /// Peers whose connections this node passes on.
    clients: BTreeSet<PeerId>,
    /// When a peer may be let go next, to make room.
    makes_room: Instant,
    /// Streams on which peers ask whom this node knows.
    askers: libp2p_stream::IncomingStreams,
    /// Whom each connected peer was asked about, and told of, and when.
    turns: BTreeMap<PeerId, Turns>,
    answers: Answers,
    streams: libp2p_stream::Control,
    shed: Arc<ShedCount>,
    recording: Recording,
}

impl Task {
    pub(super) fn new(
        config: Config,
        commands: mpsc::Receiver<Command>,
        events: mpsc::Sender<Event>,
        shed: Arc<ShedCount>,
        registry: &mut Registry,
    ) -> Result<(Self, libp2p_stream::Control), NetError> {
        let Config { key, listen, external, dial, known, mdns, relay, upnp, network, bans } = config;
        let mut book = Book::new(key.public().to_peer_id());
        let (mut swarm, lives) = swarm(&key, network, Extras { mdns, relay, upnp }, bans, registry)?;
        let listeners = listen.into_iter().map(|address| {
            swarm.listen_on(address.clone()).map_err(|cause| NetError::Listen { address, cause })
        });
        let silent = listeners.collect::<Result<_, _>>()?;
        let now = Instant::now();
        for address in dial {
            book.configure(address, now);
        }
        book.restore(known, now);
        let mut streams = swarm.behaviour().streams.new_control();
        let inbound = streams.accept(SYNC_PROTOCOL).expect("a new behaviour has no protocols yet");
        let askers = streams.accept(PEERS_PROTOCOL).expect("a new behaviour has no such protocol yet");
        for address in &external {
            swarm.add_external_address(address.clone());
        }
        let mut task = Self {
            swarm,
            topic: gossip::topic(network),
            inbound,
            silent,
            commands,
            events,
            backlog: VecDeque::new(),
            book,
            dials: BTreeMap::new(),
            places: BTreeMap::new(),
            forgive: interval_at(now + FORGIVE_EVERY, FORGIVE_EVERY),
            upkeep: interval_at(now + UPKEEP_EVERY, UPKEEP_EVERY),
            lives,
            standing: Standing::new(&external, now),
            clients: BTreeSet::new(),
            makes_room: now,
            askers,
            turns: BTreeMap::new(),
            answers: Answers::new(),
            streams: streams.clone(),
            shed,
            recording: Recording::new(registry),
        };
        task.upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        task.offer_relay();
        Ok((task, streams))
    }

    /// Returns what counts the bytes of all connections.
    pub(super) fn traffic(&self) -> Arc<Traffic> {
        self.lives.traffic()
    }

    /// Runs until a shutdown is asked for, or nobody is left to talk to.
    pub(super) async fn run(mut self) {
        self.hear_listeners().await;
        let done = loop {
            let due = self.next_dial();
            tokio::select! {
                biased;
                () = room(&self.events), if !self.backlog.is_empty() => self.empty_backlog(),
                command = self.commands.recv() => match command {
                    Some(Command::Shutdown(done)) => break Some(done),
                    Some(command) => self.on_command(command),
                    None => break None,
                },
                () = self.events.closed() => break None,
                Some((peer, stream)) = self.inbound.next() => self.on_stream(peer, stream),
                Some((peer, stream)) = self.askers.next() => self.tell(peer, stream),
                Some((peer, answer)) = self.answers.next() => self.on_answer(peer, answer),
                // Timers before the swarm: a peer that never ceases to send keeps nobody from being dialled.
                () = at(due) => self.dial_due(),
                _ = self.forgive.tick() => self.forgive(),
                _ = self.upkeep.tick() => self.keep_up(),
                event = self.swarm.select_next_some(), if self.backlog.is_empty() => self.on_event(event),
            }
        };
        self.say_goodbye().await;
        drop(self);
        if let Some(done) = done {
            // Whoever asked may have stopped waiting.
            let _ = done.send(());
        }
    }

    /// Waits until every listener has told its first address, so that nobody is told that the node
    /// listens nowhere because they asked early.
    async fn hear_listeners(&mut self) {
        let hearing = async {
            while !self.silent.is_empty() {
                let event = self.swarm.select_next_some().await;
                self.on_event(event);
            }
        };
        if timeout(LISTEN_TIME, hearing).await.is_err() {
            tracing::warn!("a listener has no address: no network interface is up");
        }
    }

    /// Closes all connections in an orderly way, so that peers need not wait for a time-out.
    async fn say_goodbye(&mut self) {
        for peer in self.book.connected_peers() {
            // It fails for a peer that has just gone, which is what is wanted.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let goodbye = async {
            while self.swarm.connected_peers().next().is_some() {
                self.swarm.select_next_some().await;
            }
        };
        if timeout(GOODBYE, goodbye).await.is_err() {
            tracing::debug!("some connections were cut at shutdown");
        }
    }

    fn on_command(&mut self, command: Command) {
        // A reply that nobody waits for any more is dropped.
        match command {
            Command::Publish { data, reply } => drop(reply.send(self.publish(data))),
            Command::Judge { id, source, verdict } => self.judge(id, source, verdict),
            Command::IsConnected { peer, reply } => drop(reply.send(self.swarm.is_connected(&peer))),
            Command::Dial(address) => self.book.configure(address, Instant::now()),
            Command::Penalise(peer) => {
                let penalties = self.book.penalise(&peer);
                self.score(peer, penalties);
            }
            Command::Gate(bans) => self.set_bans(bans),
            Command::Peers(reply) => drop(reply.send(self.book.infos())),
            Command::Listeners(reply) => drop(reply.send(self.swarm.listeners().cloned().collect())),
            Command::Known(reply) => drop(reply.send(self.book.known())),
            Command::Reachability(reply) => drop(reply.send(self.reachability())),
            Command::Invitable { most, reply } => drop(reply.send(self.invitable(most))),
            Command::Shutdown(_) => unreachable!("taken by the loop"),
        }
    }

    fn publish(&mut self, data: Vec<u8>) -> Published {
        match self.swarm.behaviour_mut().gossip.publish(self.topic.clone(), data) {
            Ok(_) => Published::Sent,
            Err(gossipsub::PublishError::Duplicate) => Published::Known,
            Err(error) => {
                tracing::debug!(%error, "a message was published to nobody");
                Published::Nobody
            }
        }
    }

    fn judge(&mut self, id: MessageId, source: PeerId, verdict: Verdict) {
        let acceptance = match verdict {
            Verdict::Accept => MessageAcceptance::Accept,
            Verdict::Ignore => MessageAcceptance::Ignore,
            Verdict::Reject => MessageAcceptance::Reject,
        };
        let id = gossipsub::MessageId::new(id.as_bytes());
        self.swarm.behaviour_mut().gossip.report_message_validation_result(&id, &source, acceptance);
    }

    fn score(&mut self, peer: PeerId, penalties: u32) {
        let score = gossip::application_score(penalties);
        self.swarm.behaviour_mut().gossip.set_application_score(&peer, score);
    }

    fn forgive(&mut self) {
        for (peer, penalties) in self.book.forgive() {
            self.score(peer, penalties);
        }
        let (gate, now) = (&self.swarm.behaviour().gate, clock::now());
        self.book.readmit(|peer| !gate.bans(peer, now), Instant::now());
    }

    /// Closes the gate to some, and opens it to others again.
    fn set_bans(&mut self, bans: Bans) {
        let now = clock::now();
        let gate = &mut self.swarm.behaviour_mut().gate;
        for peer in gate.set_bans(bans, now) {
            self.book.turn_away(&peer, Why::Banned);
        }
        self.book.readmit(|peer| !gate.bans(peer, now), Instant::now());
    }

    fn on_stream(&mut self, peer: PeerId, stream: Stream) {
        let place = self.places.get(&peer).and_then(|places| Arc::clone(places).try_acquire_owned().ok());
        if place.is_some() && self.events.capacity() > RESERVED_EVENTS {
            self.emit(Event::Sync(peer, SyncStream::new(stream, place)));
        } else {
            self.shed.streams.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(%peer, "a sync stream was refused");
        }
    }

    /// Hands an event to the driver, or keeps it until there is room.
    fn emit(&mut self, event: Event) {
        if let Err(mpsc::error::TrySendError::Full(event)) = self.events.try_send(event) {
            self.backlog.push_back(event);
        }
    }

    fn empty_backlog(&mut self) {
        for event in std::mem::take(&mut self.backlog) {
            self.emit(event);
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        self.recording.record(&event);
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            SwarmEvent::NewListenAddr { address, listener_id } => {
                self.silent.remove(&listener_id);
                self.emit(Event::Listening(address));
            }
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                self.on_connected(peer_id, connection_id, endpoint);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, cause, .. } => {
                self.on_closed(peer_id, connection_id, cause);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(target) = self.dials.remove(&connection_id) {
                    self.book.dial_failed(&target, dial_failure(error), Instant::now());
                }
            }
            SwarmEvent::IncomingConnectionError { send_back_addr, error, .. } => {
                tracing::debug!(address = %send_back_addr, %error, "an inbound connection failed");
            }
            SwarmEvent::ListenerClosed { listener_id, addresses, reason } => {
                self.silent.remove(&listener_id);
                self.on_listener_closed(listener_id, &addresses, reason);
            }
            SwarmEvent::ExternalAddrConfirmed { .. } | SwarmEvent::ExternalAddrExpired { .. } => {
                self.offer_relay();
            }
            SwarmEvent::ListenerError { error, .. } => tracing::debug!(%error, "a listener's error"),
            _ => {}
        }
    }

    fn on_connected(&mut self, peer: PeerId, connection: ConnectionId, endpoint: ConnectedPoint) {
        let now = Instant::now();
        let asked = self.dials.remove(&connection);
        if let Some(target) = &asked {
            self.book.dial_succeeded(target, peer, now);
        }
        let (address, relay, direction) = match endpoint {
            ConnectedPoint::Dialer { address, .. } => {
                let relay = address::relay_of(&address);
                (address, relay, Direction::Outbound)
            }
            ConnectedPoint::Listener { send_back_addr, local_addr } => {
                (send_back_addr, address::relay_of(&local_addr), Direction::Inbound)
            }
        };
        let opened = Opened { address: address.clone(), direction, relay, asked: asked.is_some() };
        if self.book.connected(peer, connection, opened, (now, clock::now())) {
            self.turns.insert(peer, Turns::default());
            self.places.insert(peer, Arc::new(Semaphore::new(MAX_SYNC_STREAMS)));
            self.score(peer, self.book.penalties(&peer));
            self.emit(Event::Connected { peer, address, direction });
        }
    }

    fn on_closed(&mut self, peer: PeerId, connection: ConnectionId, cause: Option<ConnectionError>) {
        let why = match cause {
            Some(ConnectionError::IO(error)) if upkeep::is_silence(&error) => Why::Silent,
            Some(ConnectionError::IO(error)) => Why::Broken { detail: error.to_string() },
            Some(ConnectionError::KeepAliveTimeout) | None => Why::Closed,
        };
        if let Some(why) = self.book.disconnected(&peer, connection, why, (Instant::now(), clock::now())) {
            self.forget(peer, why);
        }
    }

    /// Lets go of what belonged to a connected peer, and tells the driver that it is gone.
    fn forget(&mut self, peer: PeerId, why: Why) {
        self.places.remove(&peer);
        self.turns.remove(&peer);
        self.clients.remove(&peer);
        self.emit(Event::Disconnected { peer, why });
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Gossip(gossipsub::Event::Message { propagation_source, message_id, message }) => {
                self.on_message(propagation_source, &message_id, message.data);
            }
            BehaviourEvent::Ping(ping::Event { peer, connection, result }) => match result {
                Ok(rtt) => self.book.answered(&peer, rtt, clock::now()),
                // Another implementation may do without; it is not silent for that.
                Err(ping::Failure::Unsupported) => {}
                Err(error) => {
                    tracing::debug!(%peer, %error, "no answer to a ping");
                    self.on_unanswered(peer, connection);
                }
            },
            BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. }) => {
                self.on_identified(peer_id, info);
            }
            BehaviourEvent::Mdns(mdns::Event::Discovered(found)) => {
                let now = Instant::now();
                for (peer, told) in found {
                    // Whoever announces itself here is on the local network.
                    if let Some(address) = address::keepable(&told, &told) {
                        self.book.learn(peer, address, Origin::Lan, now);
                    }
                }
            }
            BehaviourEvent::Autonat(event) => self.on_dial_back(event),
            BehaviourEvent::Upnp(event) => self.on_mapping(event),
            BehaviourEvent::Circuits(event) => self.on_circuit(event),
            BehaviourEvent::Relay(event) => self.on_relaying(&event),
            BehaviourEvent::Punch(event) => {
                tracing::debug!(peer = %event.remote_peer_id, result = ?event.result, "a hole was punched, or not");
            }
            _ => {}
        }
    }

    fn on_message(&mut self, source: PeerId, id: &gossipsub::MessageId, data: Vec<u8>) {
        let id = MessageId(id.0.as_slice().try_into().expect("a message id is a SHA-256"));
        if self.events.capacity() > RESERVED_EVENTS {
            self.emit(Event::Message { id, source, data });
        } else {
            self.shed.messages.fetch_add(1, Ordering::Relaxed);
            self.judge(id, source, Verdict::Ignore);
        }
    }

    fn on_identified(&mut self, peer: PeerId, info: identify::Info) {
        if info.protocol_version != self.topic.hash().as_str() {
            tracing::debug!(%peer, version = %info.protocol_version, "a peer of another network");
            self.book.turn_away(&peer, Why::OtherNetwork);
            // It fails for a peer that has just gone, which is what is wanted.
            let _ = self.swarm.disconnect_peer_id(peer);
            return;
        }
        let offers = info.protocols.contains(&relay::HOP_PROTOCOL_NAME);
        self.book.identified(&peer, info.agent_version, offers);
        let Some(seen) = self.book.seen_at(&peer).cloned() else { return };
        let now = Instant::now();
        for told in &info.listen_addrs {
            if let Some(address) = address::keepable(told, &seen) {
                self.book.learn(peer, address, Origin::Met, now);
            }
        }
        self.ask(peer, now);
    }
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

/// Waits until the driver has room for an event, or is gone.
async fn room(events: &mpsc::Sender<Event>) {
    // Only this task sends, so the room is still there when the permit is given back.
    let _ = events.reserve().await;
}
