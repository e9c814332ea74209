//! A node as far as gossip goes: libp2p's swarm and gossipsub with a Multaqa node's own settings, and a
//! verdict on each record that takes as long as checking and storing it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc::UnboundedReceiver;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, select};
use futures_timer::Delay;
use libp2p::gossipsub::{self, MessageAcceptance};
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{self, Swarm, SwarmEvent};
use libp2p::{PeerId, Transport};
use multaqa_protocol::id::NetworkId;
use web_time::Instant;

use crate::link::{self, Shared};
use crate::{gossip, record};

/// The network of the measurement.
pub(crate) const NETWORK: NetworkId = NetworkId([7; 32]);
/// Time until a node forwards a record: its signature checked and the record on a cheap disk.
const VERDICT: Duration = Duration::from_millis(5);

/// What a node is told to do.
pub(crate) enum Order {
    /// Dial these.
    Dial(Vec<(usize, PeerId)>),
    /// Publish this record.
    Publish(u32),
    /// Tell what its mesh is.
    Count,
}

/// When and over how many links a record came to a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Came {
    pub(crate) hops: u32,
    pub(crate) at: Instant,
}

/// What all nodes have seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) numbers: BTreeMap<PeerId, usize>,
    /// By record and node.
    pub(crate) came: BTreeMap<(u32, usize), Came>,
    /// Connections and peers in the mesh of each node, when last asked.
    pub(crate) links: BTreeMap<usize, (usize, usize)>,
}

/// Returns the swarm of node `own`.
pub(crate) fn swarm(hub: &Shared, peer: PeerId) -> Swarm<gossip::Behaviour> {
    let transport = hub.transport(peer).boxed();
    let mut behaviour = gossip::behaviour(NETWORK).expect("a node's own settings");
    gossip::subscribe(&mut behaviour, NETWORK).expect("a node's own settings");
    let config = swarm::Config::without_executor().with_idle_connection_timeout(Duration::from_secs(1 << 30));
    let mut swarm = Swarm::new(transport, behaviour, peer, config);
    swarm.listen_on(link::address(0)).expect("a transport that takes any address");
    swarm
}

/// What a node does with what it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// It forwards what is good.
    Honest,
    /// It takes part in meshes and forwards nothing.
    Silent,
}

/// Runs a node for as long as there are orders.
pub(crate) async fn run(
    own: usize,
    conduct: Conduct,
    mut swarm: Swarm<gossip::Behaviour>,
    mut orders: UnboundedReceiver<Order>,
    seen: Rc<RefCell<Seen>>,
) {
    let topic = gossip::topic(NETWORK);
    let mut verdicts = FuturesUnordered::new();
    loop {
        select! {
            order = orders.next() => match order {
                None => return,
                Some(Order::Dial(nodes)) => for (node, peer) in nodes {
                    let to = DialOpts::peer_id(peer).addresses(vec![link::address(node)]).build();
                    swarm.dial(to).expect("a peer that was not dialled before");
                },
                Some(Order::Publish(number)) => {
                    let came = Came { hops: 0, at: Instant::now() };
                    seen.borrow_mut().came.insert((number, own), came);
                    let sent = swarm.behaviour_mut().publish(topic.clone(), record::message(number));
                    sent.expect("a node that has peers");
                }
                Some(Order::Count) => {
                    let mesh = swarm.behaviour().mesh_peers(&topic.hash()).count();
                    seen.borrow_mut().links.insert(own, (swarm.connected_peers().count(), mesh));
                }
            },
            event = swarm.select_next_some() => {
                let SwarmEvent::Behaviour(gossipsub::Event::Message { propagation_source, message_id, message }) = event
                else { continue };
                let number = record::number(&message.data).expect("nothing but records");
                let mut seen = seen.borrow_mut();
                let from = seen.numbers[&propagation_source];
                let hops = seen.came[&(number, from)].hops + 1;
                seen.came.insert((number, own), Came { hops, at: Instant::now() });
                if conduct == Conduct::Silent {
                    continue;
                }
                verdicts.push(Delay::new(VERDICT).map(move |()| (message_id, propagation_source)));
            }
            (message, source) = verdicts.select_next_some() => {
                let accept = MessageAcceptance::Accept;
                swarm.behaviour_mut().report_message_validation_result(&message, &source, accept);
            }
        }
    }
}
