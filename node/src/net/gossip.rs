//! Gossip's settings: one topic, anonymous messages, manual validation (G1, G2), and peer scoring.
//!
//! Only the numbers are here. Whether a message is accepted, ignored or rejected is decided by the
//! protocol (G3) and told with [`super::Handle::judge`].

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use libp2p::gossipsub::{
    self, IdentTopic, IdentityTransform, MessageAuthenticity, MessageId, PeerScoreParams,
    PeerScoreThresholds, TopicScoreParams, ValidationMode, WhitelistSubscriptionFilter,
    score_parameter_decay,
};
use multaqa_protocol::codec::MAX_MESSAGE;
use multaqa_protocol::id::{NetworkId, sha256};

/// Gossip whose peers can subscribe to nothing but this network's topic, so their subscriptions
/// take no room.
pub(super) type Behaviour = gossipsub::Behaviour<IdentityTransform, WhitelistSubscriptionFilter>;

/// Peers in the mesh. Each more costs most of a copy more of every record: with the field's 6 (4 to
/// 12) a node of 230 receives 5.0 copies, with 4 (3 to 5) 2.5, and the last one is five hops away in
/// both, because a publisher tells all its peers (`tests/bench/propagation`). A mesh that stays silent
/// costs a round of upkeep: records are offered to peers outside it too.
const MESH: usize = 4;
/// Below this the mesh takes in more peers.
const MESH_LOW: usize = 3;
/// Above this it lets some go.
const MESH_HIGH: usize = 5;
/// Of the mesh, at least this many were dialled by this node: whoever dials in cannot fill it.
const MESH_OUTBOUND: usize = 2;
/// Time between two rounds of upkeep.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// The first round comes at once: a node that starts wants its mesh now.
const FIRST_HEARTBEAT: Duration = Duration::from_millis(100);
/// Rounds that a message can still be judged and fetched, so a verdict has ten seconds.
const HISTORY: usize = 10;
/// Rounds that a message is offered to peers outside the mesh.
const HISTORY_OFFERED: usize = 4;
/// How long a message id is remembered: longer than a message travels (eight hops, each judged within a
/// second or two); known entries are ignored by the protocol anyway. Not longer, because it is some 200
/// bytes for each message of a flood.
const REMEMBERED: Duration = Duration::from_secs(30);
/// Largest RPC: the message of 51,200 bytes, its topic, and room for control messages.
const MAX_RPC: usize = 65_536;
/// Messages that wait for one slow peer, 6.5 MB at most; then it misses some, and sync repairs it.
const PEER_QUEUE: usize = 128;
/// Time a message may wait for a slow line: 51,200 bytes take four seconds at 100 kbit/s.
const QUEUE_TIME: Duration = Duration::from_secs(5);
/// From this size on, peers are told at once that they need not send a message again. A name of 32
/// bytes is not worth it for much less.
const UNWANTED_FROM: usize = 512;

/// What one application penalty costs; see [`super::Handle::penalise`].
const PENALTY_WEIGHT: f64 = 10.0;

/// Returns the network's topic, which is also the protocol version that nodes tell when they meet.
pub(super) fn topic(network: NetworkId) -> IdentTopic {
    IdentTopic::new(format!("/multaqa/1/{network}"))
}

/// Why gossip could not be set up; each names a mistake in the numbers above.
#[derive(Debug, thiserror::Error)]
pub enum GossipSetupError {
    /// The settings contradict each other.
    #[error("the gossip settings contradict each other")]
    Settings(#[source] gossipsub::ConfigBuilderError),
    /// The behaviour or its scoring refused the settings.
    #[error("gossip refused its settings: {reason}")]
    Refused {
        /// What it said.
        reason: String,
    },
    /// The own topic could not be subscribed to.
    #[error("the network's topic was refused")]
    Topic(#[source] gossipsub::SubscriptionError),
}

/// Returns gossip of `network`, scoring its peers and not subscribed yet: what counts has to be there before.
pub(super) fn behaviour(network: NetworkId) -> Result<Behaviour, GossipSetupError> {
    let topic = topic(network);
    let mut config = gossipsub::ConfigBuilder::default();
    config
        .mesh_n(MESH)
        .mesh_n_low(MESH_LOW)
        .mesh_n_high(MESH_HIGH)
        .mesh_outbound_min(MESH_OUTBOUND)
        .heartbeat_interval(HEARTBEAT)
        .heartbeat_initial_delay(FIRST_HEARTBEAT)
        .history_length(HISTORY)
        .history_gossip(HISTORY_OFFERED)
        .duplicate_cache_time(REMEMBERED)
        .max_transmit_size(MAX_RPC)
        .max_transmit_size_for_topic(max_encoded(&topic), topic.hash())
        .connection_handler_queue_len(PEER_QUEUE)
        .publish_queue_duration(QUEUE_TIME)
        .forward_queue_duration(QUEUE_TIME)
        .idontwant_message_size_threshold(UNWANTED_FROM)
        // A publisher tells all its peers, some 24, and the others their mesh: the first step of a record is
        // the widest, which saves more than a hop, and no four silent peers keep it back. On an office's
        // line of 1 Mbit/s a record of 4 KB is out within a second; of the largest, which need ten, sync
        // brings what the line loses.
        .flood_publish(true)
        .validate_messages()
        .validation_mode(ValidationMode::Anonymous)
        .message_id_fn(|message| MessageId::new(&sha256(&message.data)));
    let config = config.build().map_err(GossipSetupError::Settings)?;

    let filter = WhitelistSubscriptionFilter(HashSet::from([topic.hash()]));
    let refused = |reason: &str| GossipSetupError::Refused { reason: reason.to_owned() };
    let mut behaviour =
        Behaviour::new_with_subscription_filter(MessageAuthenticity::Anonymous, config, filter)
            .map_err(refused)?;
    let (parameters, thresholds) = scoring(&topic);
    behaviour.with_peer_score(parameters, thresholds).map_err(|reason| refused(&reason))?;
    Ok(behaviour)
}

/// Subscribes to the topic of `network`.
pub(super) fn subscribe(behaviour: &mut Behaviour, network: NetworkId) -> Result<(), GossipSetupError> {
    behaviour.subscribe(&topic(network)).map(drop).map_err(GossipSetupError::Topic)
}

/// Returns the encoded size of a message of [`MAX_MESSAGE`] bytes (G1): the data with a tag and a
/// length of three bytes, the topic with a tag and a length of one.
fn max_encoded(topic: &IdentTopic) -> usize {
    MAX_MESSAGE + 4 + topic.hash().as_str().len() + 2
}

/// Returns the score of `penalties` application penalties.
pub(super) fn application_score(penalties: u32) -> f64 {
    -f64::from(penalties)
}

/// Scores decide who is in the mesh (0 and above), is offered messages (-10), and is listened to
/// (-80). What counts here is provable misbehaviour; silence and slowness do not, since an honest
/// collectivity publishes a few records a month over whatever line it has.
fn scoring(topic: &IdentTopic) -> (PeerScoreParams, PeerScoreThresholds) {
    let hour = Duration::from_secs(3_600);
    let topic_parameters = TopicScoreParams {
        topic_weight: 1.0,
        // P1: at most 5, after 5 hours in the mesh: enough to prefer who stayed, too little to buy an
        // invalid message.
        time_in_mesh_weight: 1.0,
        time_in_mesh_quantum: hour,
        time_in_mesh_cap: 5.0,
        // P2: at most 10, for being the first with what is new; fades within a day.
        first_message_deliveries_weight: 0.5,
        first_message_deliveries_decay: score_parameter_decay(24 * hour),
        first_message_deliveries_cap: 20.0,
        // P3, P3b: off. They punish peers that deliver little, and there is little to deliver.
        mesh_message_deliveries_weight: 0.0,
        mesh_failure_penalty_weight: 0.0,
        // P4: rejected messages (G3) are proof, since honest nodes check before they forward. The
        // square of their number counts, and fades in an hour or so: the first costs the place in the
        // mesh (-20), the third is the last that is read (-180).
        invalid_message_deliveries_weight: -20.0,
        invalid_message_deliveries_decay: score_parameter_decay(hour),
        ..TopicScoreParams::default()
    };
    let parameters = PeerScoreParams {
        topics: [(topic.hash(), topic_parameters)].into(),
        // Merit never outweighs one rejected message.
        topic_score_cap: 15.0,
        // P5: a penalty from the application costs 10: one or two cost the place in the mesh, nine or ten
        // silence it, merit counted.
        app_specific_weight: PENALTY_WEIGHT,
        // P6: a region may host the nodes of its communes behind one address, so a crowd is no fault,
        // only no majority: 40 peers, the most there can be, come to -45, out of the mesh but heard.
        // Tests and the demo are crowds on loopback.
        ip_colocation_factor_weight: -0.05,
        ip_colocation_factor_threshold: 10.0,
        ip_colocation_factor_whitelist: HashSet::from([
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ]),
        // P7: promises not kept and grafts too early; six happen to honest nodes on a bad line. Three more
        // within minutes silence a peer, and are forgiven by half in seven: nobody is banned for them.
        behaviour_penalty_weight: -10.0,
        behaviour_penalty_threshold: 6.0,
        behaviour_penalty_decay: score_parameter_decay(Duration::from_secs(600)),
        // A slow line is no fault, and its queue is bounded.
        slow_peer_weight: 0.0,
        // Counters fade every second, and to nothing below a hundredth: often enough for the shortest of
        // them, ten minutes, and cheap for forty peers.
        decay_interval: Duration::from_secs(1),
        decay_to_zero: 0.01,
        // Leaving does not wash a score away.
        retain_score: hour,
        ..PeerScoreParams::default()
    };
    let thresholds = PeerScoreThresholds {
        // One rejected message or one penalty: such a peer is neither told nor asked what is new.
        gossip_threshold: -10.0,
        // The worst that a crowd behind one address can come to is -45: its own messages still reach it.
        publish_threshold: -50.0,
        // Two rejected messages with their penalties, or nine penalties: nothing that it sends is read.
        graylist_threshold: -80.0,
        // Peer exchange is off.
        accept_px_threshold: 100.0,
        // The median of a mesh of strangers; above it, better peers are taken in.
        opportunistic_graft_threshold: 1.0,
    };
    (parameters, thresholds)
}
