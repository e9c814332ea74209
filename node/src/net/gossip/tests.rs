//! Gossip against a peer that keeps to other limits.

use futures::StreamExt;
use libp2p::swarm::SwarmEvent;
use libp2p::{SwarmBuilder, noise, tcp, yamux};

use super::*;
use crate::net::tests::{NETWORK, Node, TCP, soon};

#[tokio::test]
async fn a_larger_message_from_a_peer_is_not_even_shown() {
    let mut node = Node::listening(TCP, &[]).await;
    let mut peer = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|_| {
            let config = gossipsub::ConfigBuilder::default()
                .max_transmit_size(MAX_RPC)
                .validation_mode(ValidationMode::Anonymous)
                .message_id_fn(|message| MessageId::new(&sha256(&message.data)))
                .build()
                .unwrap();
            let mut behaviour: gossipsub::Behaviour =
                gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, config).unwrap();
            behaviour.subscribe(&topic(NETWORK)).unwrap();
            behaviour
        })
        .unwrap()
        .build();
    peer.dial(node.address.clone()).unwrap();
    soon(async {
        while !matches!(
            peer.select_next_some().await,
            SwarmEvent::Behaviour(gossipsub::Event::Subscribed { .. })
        ) {}
    })
    .await;
    for length in [MAX_MESSAGE + 1, MAX_MESSAGE] {
        peer.behaviour_mut().publish(topic(NETWORK), vec![1; length]).unwrap();
    }
    tokio::spawn(async move {
        loop {
            peer.select_next_some().await;
        }
    });
    let (_, _, data) = node.message().await;
    assert_eq!(data.len(), MAX_MESSAGE, "G1");
}

#[test]
fn the_topic_names_the_network() {
    let topic = topic(NETWORK).hash().into_string();
    assert_eq!(topic, format!("/multaqa/1/{}", "07".repeat(32)));
}
