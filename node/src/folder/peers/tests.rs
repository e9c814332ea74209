//! The address book is read as it was written, within its bound, and set aside where it is damaged.

use libp2p::PeerId;

use super::*;
use crate::net::Introducer;

fn known(introducer: Introducer) -> Known {
    Known {
        peer: PeerId::random(),
        addresses: vec!["/ip4/41.92.0.1/udp/4480/quic-v1".parse().unwrap(); 4],
        last_seen: Some(1_700_000_000_000),
        introducer,
        relay: true,
    }
}

#[test]
fn the_book_is_read_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder { dir: dir.path().to_owned() };
    assert_eq!(folder.peers(), []);
    let peer = Introducer::Peer(PeerId::random());
    let all = [Introducer::Invitation, Introducer::Lan, Introducer::Itself, peer].map(known);
    folder.set_peers(&all).unwrap();
    assert_eq!(folder.peers(), all);
}

#[test]
fn the_largest_book_is_within_its_bound() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder { dir: dir.path().to_owned() };
    let all: Vec<Known> = (0..MAX_KNOWN_PEERS).map(|_| known(Introducer::Peer(PeerId::random()))).collect();
    folder.set_peers(&all).unwrap();
    assert!(fs::metadata(dir.path().join(FILE)).unwrap().len() < 300_000);
    assert_eq!(folder.peers().len(), MAX_KNOWN_PEERS);
}

#[test]
fn a_damaged_book_is_set_aside_and_the_node_starts() {
    for damage in ["", "{", "{\"schema\":\"multaqa/peers-file/2\",\"peers\":[]}", "[1]"] {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder { dir: dir.path().to_owned() };
        fs::write(dir.path().join(FILE), damage).unwrap();
        assert_eq!(folder.peers(), []);
        assert_eq!(fs::read_to_string(dir.path().join(DAMAGED)).unwrap(), damage);
        assert!(!dir.path().join(FILE).exists());
        folder.set_peers(&[known(Introducer::Lan)]).unwrap();
        assert_eq!(folder.peers().len(), 1);
    }
}
