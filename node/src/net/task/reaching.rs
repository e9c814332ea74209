//! How others reach this node: what AutoNAT and UPnP find out, and the relays it listens at.

use libp2p::core::transport::ListenerId;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, autonat, relay, upnp};
use tokio::time::Instant;

use super::super::address::{is_relayed, sort_for_strangers};
use super::super::reach::Reachability;
use super::Task;
use crate::clock;

/// Addresses of other nodes in an invitation: three nodes, of which one is likely to be there.
const OTHERS_INVITING: usize = 3;

impl Task {
    pub(super) fn on_dial_back(&mut self, event: autonat::Event) {
        let answered = match event {
            autonat::Event::OutboundProbe(autonat::OutboundProbeEvent::Response { .. }) => true,
            autonat::Event::StatusChanged { new: autonat::NatStatus::Private, .. } => false,
            _ => return,
        };
        if self.standing.dialled_back(answered) {
            tracing::info!(public = answered, "others were asked to dial back");
        }
        if !answered {
            let stale: Vec<Multiaddr> = self
                .swarm
                .external_addresses()
                .filter(|address| self.standing.rests_on_dial_back(address))
                .cloned()
                .collect();
            stale.iter().for_each(|address| self.swarm.remove_external_address(address));
            self.offer_relay();
        }
    }

    pub(super) fn on_mapping(&mut self, event: upnp::Event) {
        match event {
            upnp::Event::NewExternalAddr { external_addr, .. } => self.standing.map(external_addr, true),
            upnp::Event::ExpiredExternalAddr { external_addr, .. } => self.standing.map(external_addr, false),
            upnp::Event::GatewayNotFound => tracing::debug!("no router passes on a port"),
            upnp::Event::NonRoutableGateway => {
                tracing::debug!("the router is itself behind another one");
            }
        }
    }

    pub(super) fn on_circuit(&mut self, event: relay::client::Event) {
        if let relay::client::Event::ReservationReqAccepted { relay_peer_id, renewal, .. } = event {
            if !renewal {
                tracing::info!(relay = %relay_peer_id, "a relay passes on connections to this node");
            }
            self.standing.accepted(relay_peer_id);
            if let Some(turns) = self.turns.get_mut(&relay_peer_id).filter(|_| !renewal) {
                turns.hurry(Instant::now());
            }
        }
    }

    pub(super) fn on_relaying(&mut self, event: &relay::Event) {
        match event {
            relay::Event::ReservationReqAccepted { src_peer_id, .. } => {
                self.clients.insert(*src_peer_id);
            }
            relay::Event::ReservationTimedOut { src_peer_id } => {
                self.clients.remove(src_peer_id);
            }
            event => tracing::debug!(?event, "at the relay"),
        }
    }

    /// Offers to relay exactly while others can dial this node.
    pub(super) fn offer_relay(&mut self) {
        let status = if self.is_public() { relay::Status::Enable } else { relay::Status::Disable };
        if let Some(relay) = self.swarm.behaviour_mut().relay.as_mut() {
            relay.set_status(Some(status));
        }
    }

    fn is_public(&self) -> bool {
        self.swarm.external_addresses().any(|address| !is_relayed(address))
    }

    /// Takes a reservation where one is wanted, and gives all up where none is.
    pub(super) fn listen_at_relay(&mut self, now: Instant) {
        let is_public = self.is_public();
        if is_public {
            for listener in self.standing.give_up() {
                self.swarm.remove_listener(listener);
            }
        }
        let offers = self.book.relays();
        let Some(relay) = self.standing.wants(is_public, offers.keys().copied(), now) else { return };
        let address = offers[&relay].clone().with(Protocol::P2p(relay)).with(Protocol::P2pCircuit);
        match self.swarm.listen_on(address) {
            Ok(listener) => self.standing.asked(listener, relay),
            Err(error) => {
                tracing::debug!(%relay, %error, "a relay cannot be asked");
                self.standing.refused(relay, now);
            }
        }
    }

    pub(super) fn on_listener_closed(
        &mut self,
        listener: ListenerId,
        addresses: &[Multiaddr],
        reason: Result<(), std::io::Error>,
    ) {
        match self.standing.closed(listener, Instant::now()) {
            Some(relay) => tracing::info!(%relay, ?reason, "a relay is lost"),
            None if addresses.iter().any(is_relayed) => {}
            None => tracing::warn!(?addresses, ?reason, "a listener has closed"),
        }
    }

    pub(super) fn reachability(&self) -> Reachability {
        let mut external: Vec<Multiaddr> = self.swarm.external_addresses().cloned().collect();
        sort_for_strangers(&mut external);
        self.standing.reachability(external)
    }

    /// Returns addresses for an invitation: see [`super::super::Handle::invitable`].
    pub(super) fn invitable(&self, most: usize) -> Vec<Multiaddr> {
        let own = *self.swarm.local_peer_id();
        let mut others = Vec::new();
        for told in self.book.public(clock::now()).into_iter().take(OTHERS_INVITING) {
            let address = told.addresses.into_iter().next();
            others.extend(address.and_then(|address| address.with_p2p(told.peer).ok()));
        }
        let external = self.swarm.external_addresses();
        let mut all: Vec<Multiaddr> = Vec::new();
        for address in external.chain(self.swarm.listeners()) {
            if let Ok(address) = address.clone().with_p2p(own)
                && !all.contains(&address)
            {
                all.push(address);
            }
        }
        sort_for_strangers(&mut all);
        all.truncate(most.saturating_sub(others.len()));
        all.extend(others);
        all
    }
}
