//! An invitation is refused, or says the same once it is written again (N11).
//!
//! The input is the line, or what the line would hold: no fuzzer finds a checksum.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use multaqa_node::invitation::{Invitation, MAX_ADDRESS, MAX_ADDRESSES, MAX_LINE, PREFIX};
use multaqa_protocol::id::{BodyHash, NetworkId, sha256};

pub(crate) fn check(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        check_line(text);
    }
    let sum = sha256(data);
    check_line(&format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([data, &sum[..4]].concat())));
}

fn check_line(text: &str) {
    let Ok(read) = Invitation::read(text) else { return };
    assert!(read.addresses.len() <= MAX_ADDRESSES);
    let line = read.line();
    assert!(line.len() <= MAX_LINE, "N11: {} bytes", line.len());
    // An address may be longer as this program writes it than as it came, and is then left out.
    let fits = read.addresses.iter().all(|address| address.to_string().len() <= MAX_ADDRESS);
    let again = Invitation::read(&line);
    if fits {
        assert_eq!(again.as_ref(), Ok(&read), "N11");
    } else {
        assert!(again.is_ok(), "N11: {again:?}");
    }
}

/// Returns lines, and what such a line holds.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let names = [("fr", "Réseau d'essai"), ("ar-MA", "شبكة")].map(|(tag, name)| (tag.into(), name.into()));
    let addresses = ["/ip4/192.0.2.7/tcp/4480", "/dns4/noeud.example.ma/udp/4480/quic-v1", "/ip6/::1/tcp/1"];
    let full = Invitation {
        network: NetworkId([7; 32]),
        charter: BodyHash([9; 32]),
        names: names.into(),
        addresses: addresses.map(|address| address.parse().expect("an address")).into(),
    };
    let bare = Invitation { names: [].into(), addresses: Vec::new(), ..full.clone() };
    let lines = [full.line(), bare.line()];
    let content = |line: &String| {
        let mut bytes = URL_SAFE_NO_PAD.decode(&line[PREFIX.len()..]).expect("our own line");
        bytes.truncate(bytes.len() - 4);
        bytes
    };
    lines.iter().map(content).chain(lines.iter().map(|line| line.clone().into_bytes())).collect()
}
