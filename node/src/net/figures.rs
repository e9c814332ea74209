//! What libp2p counts, for whoever watches a node.
//!
//! Only figures whose labels are few and the library's own: gossip on the one topic, pings, circuits, punched holes. What it
//! counts of connections and of what peers say about themselves has labels that strangers choose, such as the names
//! of their protocols, and would grow without bound.

use std::fmt::{self, Write};

use libp2p::gossipsub::MetricsConfig;
use libp2p::metrics::{Metrics, Recorder, Registry};
use prometheus_client::encoding::text::encode_registry;

use super::behaviour::BehaviourEvent;
use super::gossip;

/// Families that the library registers with all others.
const NOT_COUNTED: [&str; 2] = ["libp2p_identify", "libp2p_swarm"];

/// The figures of a swarm.
pub(super) struct Figures {
    registry: Registry,
    metrics: Metrics,
}

impl Figures {
    pub(super) fn new() -> Self {
        let mut registry = Registry::default();
        let metrics = Metrics::new(&mut registry);
        Self { registry, metrics }
    }

    /// Has the gossip count; it does so by itself.
    pub(super) fn of_gossip(&mut self, behaviour: gossip::Behaviour) -> gossip::Behaviour {
        let registry = self.registry.sub_registry_with_prefix("gossipsub");
        behaviour.with_metrics(registry, MetricsConfig::default())
    }

    /// Counts what happens in the swarm.
    pub(super) fn record(&self, event: &BehaviourEvent) {
        match event {
            BehaviourEvent::Gossip(event) => self.metrics.record(event),
            BehaviourEvent::Ping(event) => self.metrics.record(event),
            BehaviourEvent::Relay(event) => self.metrics.record(event),
            BehaviourEvent::Punch(event) => self.metrics.record(event),
            _ => {}
        }
    }

    /// Writes them in the format of OpenMetrics, without what is registered and never counted.
    pub(super) fn write(&self, text: &mut String) -> fmt::Result {
        let mut all = String::new();
        encode_registry(&mut all, &self.registry)?;
        let name = |line: &str| line.trim_start_matches("# HELP ").trim_start_matches("# TYPE ").to_owned();
        for line in
            all.lines().filter(|line| !NOT_COUNTED.iter().any(|family| name(line).starts_with(family)))
        {
            writeln!(text, "{line}")?;
        }
        Ok(())
    }
}
