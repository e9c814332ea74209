use libp2p::Multiaddr;
use prometheus_client::encoding::text::encode;

use super::*;

/// Returns the number of samples in a registry's text.
fn samples(registry: &Registry) -> usize {
    let mut text = String::new();
    encode(&mut text, registry).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).count()
}

#[test]
fn addresses_that_strangers_put_together_make_no_series() {
    let mut registry = Registry::default();
    let recording = Recording::new(&mut registry);
    let before = samples(&registry);
    let mut address: Multiaddr = "/ip4/192.0.2.1/tcp/1".parse().unwrap();
    for _ in 0..50 {
        address.push(libp2p::multiaddr::Protocol::Http);
        for event in [
            SwarmEvent::NewExternalAddrCandidate { address: address.clone() },
            SwarmEvent::ExternalAddrConfirmed { address: address.clone() },
            SwarmEvent::ExternalAddrExpired { address: address.clone() },
        ] {
            recording.record(&event);
        }
    }
    assert_eq!(samples(&registry), before);
    // What is counted is counted.
    recording.record(&SwarmEvent::ExpiredListenAddr {
        listener_id: libp2p::core::transport::ListenerId::next(),
        address,
    });
    assert_eq!(samples(&registry), before + 1);
}
