//! libp2p's own figures, for whoever watches the node.
//!
//! Their labels are of its parts and of the forms of addresses, never of peers. Most forms are those that this
//! node's transports take, which are few; those that peers may put together as they like are not counted, see
//! [`Recording::record`] and `docs/decisions/0011-figures.md`.

#[cfg(test)]
mod tests;

use libp2p::metrics::{Metrics, Recorder, Registry};
use libp2p::swarm::SwarmEvent;
use libp2p::{gossipsub, identify};

use super::behaviour::BehaviourEvent;

/// Topics with figures of their own: the network's. Nobody can subscribe to another one here.
const TOPICS: usize = 1;
/// What stands before the names of gossip's figures.
const GOSSIP: &str = "libp2p_gossipsub";

/// What counts the swarm's events.
pub(super) struct Recording(Metrics);

impl Recording {
    /// Registers libp2p's figures.
    pub(super) fn new(registry: &mut Registry) -> Self {
        Self(Metrics::new(registry))
    }

    /// Counts an event, unless it would make a series of what a stranger wrote: the addresses at which peers say
    /// that they see this node, or listen themselves, may be any chain of protocols.
    pub(super) fn record(&self, event: &SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::NewExternalAddrCandidate { .. }
            | SwarmEvent::ExternalAddrConfirmed { .. }
            | SwarmEvent::ExternalAddrExpired { .. }
            | SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { .. })) => {}
            SwarmEvent::Behaviour(event) => self.record_part(event),
            event => self.0.record(event),
        }
    }

    fn record_part(&self, event: &BehaviourEvent) {
        match event {
            BehaviourEvent::Ping(event) => self.0.record(event),
            BehaviourEvent::Identify(event) => self.0.record(event),
            BehaviourEvent::Gossip(event) => self.0.record(event),
            BehaviourEvent::Punch(event) => self.0.record(event),
            BehaviourEvent::Relay(event) => self.0.record(event),
            _ => {}
        }
    }
}

/// Returns where gossip registers its figures, and how many it may make.
pub(super) fn of_gossip(registry: &mut Registry) -> (&mut Registry, gossipsub::MetricsConfig) {
    let config =
        gossipsub::MetricsConfig { max_topics: TOPICS, max_never_subscribed_topics: 0, ..Default::default() };
    (registry.sub_registry_with_prefix(GOSSIP), config)
}
