//! What a node knows of its peers, and whom it keeps out.

use std::collections::BTreeMap;
use std::time::Duration;

use libp2p::{Multiaddr, PeerId};

use super::Node;
use crate::ban::{Ban, Subject};
use crate::driver::{Behind, ChangeError, Command, Stopped};
use crate::net::{PeerInfo, Reachability};

impl Node {
    /// Returns the bans in force.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn bans(&self) -> Result<Vec<Ban>, Stopped> {
        self.ask(Command::Bans).await
    }

    /// Bans a peer or a range of addresses, for a time or until the ban is lifted. It is kept in the data
    /// folder, and closes the connections that it hits.
    ///
    /// # Errors
    ///
    /// See [`ChangeError`].
    pub async fn ban(
        &self,
        subject: Subject,
        reason: String,
        lasting: Option<Duration>,
    ) -> Result<(), ChangeError> {
        self.ask(|reply| Command::Ban { subject, reason, lasting, reply }).await?
    }

    /// Lifts a ban and tells whether there was one.
    ///
    /// # Errors
    ///
    /// See [`ChangeError`].
    pub async fn unban(&self, subject: Subject) -> Result<bool, ChangeError> {
        self.ask(|reply| Command::Unban(subject, reply)).await?
    }

    /// Returns what is known of every peer; nobody where the node is not online.
    pub async fn peers(&self) -> Vec<PeerInfo> {
        match &self.0.net {
            Some(net) => net.peers().await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Returns the addresses on which it listens, with its peer id.
    pub async fn listeners(&self) -> Vec<Multiaddr> {
        let Some(net) = &self.0.net else { return Vec::new() };
        let own = net.own();
        let listeners = net.listeners().await.unwrap_or_default();
        listeners.into_iter().filter_map(|address| address.with_p2p(own).ok()).collect()
    }

    /// Returns how others reach it; `None` where the node is not online.
    pub async fn reachability(&self) -> Option<Reachability> {
        self.0.net.as_ref()?.reachability().await.ok()
    }

    /// Returns at most `most` addresses for an invitation: see [`crate::net::Handle::invitable`].
    pub async fn invitable(&self, most: usize) -> Vec<Multiaddr> {
        match &self.0.net {
            Some(net) => net.invitable(most).await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Returns what the last comparison with each peer told.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn behind(&self) -> Result<BTreeMap<PeerId, Behind>, Stopped> {
        self.ask(Command::Behind).await
    }
}
