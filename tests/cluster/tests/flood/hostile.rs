//! Twenty hostile peers, written against libp2p directly: they keep no rule that this project's own code
//! would keep for them. Each takes a new identity whenever it is turned away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::gossipsub::{self, IdentTopic, MessageAuthenticity, ValidationMode};
use libp2p::identity::Keypair;
use libp2p::swarm::{NetworkBehaviour, Swarm, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, SwarmBuilder, identify, noise, tcp, yamux};
use multaqa_protocol::codec::MAX_MESSAGE;
use multaqa_protocol::entry::{self, Position};
use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::{AuthorId, Bytes32, NetworkId, sha256};
use multaqa_protocol::sync::{Frame, Hello, MAX_ASK, PROTOCOL, Want};

/// Messages that one peer hands to its gossip between two looks at its connection.
const AT_ONCE: usize = 64;
/// Pause of one that was turned away.
const PAUSE: Duration = Duration::from_millis(100);
/// Largest piece of garbage.
const GARBAGE: usize = 16 * 1024;

/// What a hostile peer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attack {
    /// Gossips bytes that are no message.
    Garbage,
    /// Gossips what would be a member's next entry, signed by another key.
    Forgery,
    /// Gossips valid first entries of authors whom nobody knows.
    Strangers,
    /// Sends one valid message over and over, under the library's own suppression of doubles.
    Replay,
    /// Opens sync streams and says nothing more.
    Stall,
    /// Asks for everything, again and again.
    Greed,
    /// Connects and disconnects.
    Knock,
}

impl Attack {
    /// Returns twenty of them.
    pub(crate) fn twenty() -> Vec<Self> {
        let shares = [
            (Self::Garbage, 4),
            (Self::Forgery, 4),
            (Self::Strangers, 3),
            (Self::Replay, 2),
            (Self::Stall, 3),
            (Self::Greed, 2),
            (Self::Knock, 2),
        ];
        shares.into_iter().flat_map(|(attack, count)| std::iter::repeat_n(attack, count)).collect()
    }
}

/// Whom they attack, and what they know.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) address: Multiaddr,
    pub(crate) network: NetworkId,
    pub(crate) authors: Vec<AuthorId>,
    /// A member's entry and its body.
    pub(crate) entry: (Vec<u8>, Vec<u8>),
    /// Where the next one would stand.
    pub(crate) next: Position,
}

/// What they have done, over all identities.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) stop: AtomicBool,
    pub(crate) connections: AtomicU64,
    pub(crate) messages: AtomicU64,
    pub(crate) streams: AtomicU64,
    pub(crate) bytes_fetched: AtomicU64,
}

impl Done {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }
}

#[derive(NetworkBehaviour)]
struct Behaviour {
    gossip: gossipsub::Behaviour,
    identify: identify::Behaviour,
    sync: libp2p_stream::Behaviour,
}

fn swarm(network: NetworkId) -> Swarm<Behaviour> {
    let key = Keypair::generate_ed25519();
    let topic = IdentTopic::new(multaqa_protocol::gossip::topic(network));
    let config = gossipsub::ConfigBuilder::default()
        .validation_mode(ValidationMode::None)
        .max_transmit_size(MAX_MESSAGE + 1_024)
        .message_id_fn(|message| gossipsub::MessageId::new(&sha256(&message.data)))
        // It forgets what it sent, so it sends it again.
        .duplicate_cache_time(Duration::from_millis(1))
        .build()
        .expect("these settings fit each other");
    let mut gossip = gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, config).expect("so do these");
    gossip.subscribe(&topic).expect("a topic");
    let identify = identify::Config::new(topic.hash().into_string(), key.public());
    SwarmBuilder::with_existing_identity(key)
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .expect("a transport")
        .with_behaviour(|_| Behaviour {
            gossip,
            identify: identify::Behaviour::new(identify),
            sync: libp2p_stream::Behaviour::new(),
        })
        .expect("a behaviour")
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(3_600)))
        .build()
}

/// Attacks until it is told to stop, one identity after the other.
pub(crate) async fn attack(attack: Attack, number: u64, target: Arc<Target>, done: Arc<Done>) {
    let mut serial = number << 40;
    while done.goes_on() {
        let mut swarm = swarm(target.network);
        if swarm.dial(target.address.clone()).is_ok()
            && let Some(peer) = connected(&mut swarm).await
        {
            done.connections.fetch_add(1, Ordering::Relaxed);
            match attack {
                Attack::Knock => {}
                Attack::Stall | Attack::Greed => exchange(attack, &mut swarm, peer, &target, &done).await,
                _ => gossip(attack, &mut swarm, &target, &done, &mut serial).await,
            }
        }
        let pause = if attack == Attack::Knock { Duration::from_millis(1) } else { PAUSE };
        tokio::time::sleep(pause).await;
    }
}

async fn connected(swarm: &mut Swarm<Behaviour>) -> Option<PeerId> {
    loop {
        match swarm.select_next_some().await {
            SwarmEvent::ConnectionEstablished { peer_id, .. } => return Some(peer_id),
            SwarmEvent::OutgoingConnectionError { .. } => return None,
            _ => {}
        }
    }
}

fn is_lost(event: &SwarmEvent<BehaviourEvent>) -> bool {
    matches!(event, SwarmEvent::ConnectionClosed { .. })
}

/// Returns the next message of an attack, another each time.
fn message(attack: Attack, target: &Target, serial: u64) -> Vec<u8> {
    let (envelope, body) = &target.entry;
    match attack {
        Attack::Forgery => {
            let key = ed25519_dalek::SigningKey::from_bytes(&sha256(&serial.to_le_bytes()));
            let place = Position { time: serial, ..target.next };
            let entry = entry::write(place, "practice", body, &key);
            Message::Entry { envelope: entry.envelope().to_vec(), body: Some(body.clone()) }.encode()
        }
        Attack::Strangers => {
            let seed = sha256(&serial.to_le_bytes());
            let key = ed25519_dalek::SigningKey::from_bytes(&seed);
            let (entry, body) = entry::incept(&key, Bytes32(seed), serial, [7; 16]);
            Message::Entry { envelope: entry.envelope().to_vec(), body: Some(body) }.encode()
        }
        Attack::Replay => Message::Entry { envelope: envelope.clone(), body: Some(body.clone()) }.encode(),
        _ => serial.to_le_bytes().repeat(GARBAGE / 8),
    }
}

async fn gossip(
    attack: Attack,
    swarm: &mut Swarm<Behaviour>,
    target: &Target,
    done: &Done,
    serial: &mut u64,
) {
    let topic = IdentTopic::new(multaqa_protocol::gossip::topic(target.network));
    while done.goes_on() {
        for _ in 0..AT_ONCE {
            *serial += 1;
            let data = message(attack, target, *serial);
            if swarm.behaviour_mut().gossip.publish(topic.clone(), data).is_err() {
                break;
            }
            done.messages.fetch_add(1, Ordering::Relaxed);
        }
        // As fast as the connection takes it.
        for _ in 0..AT_ONCE {
            let Ok(event) = tokio::time::timeout(Duration::from_millis(1), swarm.select_next_some()).await
            else {
                break;
            };
            if is_lost(&event) {
                return;
            }
        }
    }
}

/// Opens sync streams while its connection lasts.
async fn exchange(attack: Attack, swarm: &mut Swarm<Behaviour>, peer: PeerId, target: &Target, done: &Done) {
    let mut control = swarm.behaviour().sync.new_control();
    let streams = async {
        let mut kept = Vec::new();
        while done.goes_on() {
            let opened = control.open_stream(peer, StreamProtocol::new(PROTOCOL));
            let Ok(Ok(mut stream)) = tokio::time::timeout(Duration::from_secs(5), opened).await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            done.streams.fetch_add(1, Ordering::Relaxed);
            if say_hello(&mut stream, target).await.is_err() {
                continue;
            }
            if attack == Attack::Greed {
                // A fault of the stream ends this one, and the next begins.
                let _ = ask_for_everything(stream, target, done).await;
            } else {
                kept.push(stream);
                kept.truncate(64);
            }
        }
    };
    let lost = async { while !is_lost(&swarm.select_next_some().await) {} };
    tokio::select! {
        () = streams => {}
        () = lost => {}
    }
}

async fn send(stream: &mut libp2p::Stream, frame: &Frame) -> std::io::Result<()> {
    let bytes = frame.encode();
    let len = u32::try_from(bytes.len()).expect("a small frame");
    stream.write_all(&len.to_be_bytes()).await?;
    stream.write_all(&bytes).await?;
    stream.flush().await
}

async fn say_hello(stream: &mut libp2p::Stream, target: &Target) -> std::io::Result<()> {
    let hello = Hello { net: target.network, root: Bytes32([0; 32]), time: 0, candidates: None };
    send(stream, &Frame::Hello(hello)).await
}

async fn ask_for_everything(stream: libp2p::Stream, target: &Target, done: &Done) -> std::io::Result<()> {
    let (mut reader, mut writer) = stream.split();
    let read = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match reader.read(&mut buffer).await? {
                0 => return Ok(()),
                len => done.bytes_fetched.fetch_add(len as u64, Ordering::Relaxed),
            };
        }
    };
    let ask = async {
        while done.goes_on() {
            for author in target.authors.iter().cycle().take(MAX_ASK / 2) {
                let want = Want { tip: None, have: Vec::new(), author: *author };
                let bytes = Frame::Want(want).encode();
                let len = u32::try_from(bytes.len()).expect("a small frame");
                writer.write_all(&len.to_be_bytes()).await?;
                writer.write_all(&bytes).await?;
            }
            writer.flush().await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    };
    futures::future::try_select(std::pin::pin!(read), std::pin::pin!(ask))
        .await
        .map(drop)
        .map_err(|error| error.factor_first().0)
}
