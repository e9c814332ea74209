//! How connections are made: TCP with Noise and Yamux, QUIC, names, and circuits through a relay, each
//! the library's; around them the meter of [`super::life`].
//!
//! It is put together by hand because the library's builder leaves no place for the meter. Nothing here
//! decides whom to connect to.

use std::time::Duration;

use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::{PeerId, Transport, dns, noise, quic, relay, tcp, yamux};

use super::NetError;
use super::life::Lives;

/// Streams in one connection: gossip, ping, identify and AutoNAT need ten, sync and introductions three,
/// and a relay's connection one more for each of at most forty circuits. A peer that never reads can make
/// this node hold 256 KiB for each.
pub(super) const MAX_STREAMS: usize = 64;
/// Bytes under way in one QUIC stream: 40 MB/s at a round trip of 100 ms.
const QUIC_STREAM_WINDOW: u32 = 4 << 20;
/// Bytes under way in one QUIC connection.
const QUIC_WINDOW: u32 = 6 << 20;
/// Time for a handshake: ten round trips of a bad line.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Returns the transports of a node, and the behaviour that its circuits need.
pub(super) fn transport(
    key: &Keypair,
    lives: Lives,
) -> Result<(Boxed<(PeerId, StreamMuxerBox)>, relay::client::Behaviour), NetError> {
    let noise = noise::Config::new(key).map_err(NetError::Noise)?;
    let tcp = tcp::tokio::Transport::new(tcp::Config::default())
        .upgrade(Version::V1Lazy)
        .authenticate(noise.clone())
        .multiplex(multiplexer())
        .timeout(HANDSHAKE)
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let mut settings = quic::Config::new(key);
    settings.max_stream_data = QUIC_STREAM_WINDOW;
    settings.max_connection_data = QUIC_WINDOW;
    settings.max_concurrent_stream_limit = u32::try_from(MAX_STREAMS).expect("a small constant");
    let quic =
        quic::tokio::Transport::new(settings).map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let direct = quic.or_transport(tcp).map(|either, _| either.into_inner());
    let named = dns::tokio::Transport::system(direct).map_err(NetError::Resolver)?;
    let (circuits, client) = relay::client::new(key.public().to_peer_id());
    let circuits = circuits
        .upgrade(Version::V1Lazy)
        .authenticate(noise)
        .multiplex(multiplexer())
        .timeout(HANDSHAKE)
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let all = circuits
        .or_transport(named)
        .map(|either, _| either.into_inner())
        .map(move |(peer, muxer), _| (peer, StreamMuxerBox::new(lives.watch(peer, muxer))));
    Ok((all.boxed(), client))
}

/// Returns the settings of streams over TCP. A stream's window starts at 256 KiB and grows with what
/// is read, twice the product of bandwidth and round trip, so bulk needs no setting.
fn multiplexer() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(MAX_STREAMS);
    config
}
