//! Peers that do not help: one that says it holds exactly what it is told of, and so nothing more, and
//! one that never answers.

use multaqa_node::net::{self, Event, Keypair, Multiaddr, SyncStream};
use multaqa_protocol::id::NetworkId;
use multaqa_protocol::sync::{EndCode, Frame, Hello};
use tokio::task::JoinHandle;

/// What a peer does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Says that it holds the same, whatever it is told, by a clock that is so many milliseconds ahead.
    Agrees { ahead: i64 },
    /// Takes the stream and says nothing.
    Mute,
}

/// A peer that withholds.
pub(super) struct Liar {
    pub(super) address: Multiaddr,
    task: JoinHandle<()>,
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Liar {
    pub(super) async fn start(network: NetworkId, manner: Manner) -> Self {
        let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
        let config = net::Config { listen, ..net::Config::new(Keypair::generate_ed25519(), network) };
        let (handle, mut events) = net::start(config).unwrap();
        let address = loop {
            if let Event::Listening(address) = events.recv().await.unwrap() {
                break address.with_p2p(handle.own()).unwrap();
            }
        };
        let task = tokio::spawn(async move {
            // The handle keeps the network alive.
            let _handle = handle;
            let mut silent = Vec::new();
            while let Some(event) = events.recv().await {
                match (event, manner) {
                    (Event::Sync(_, stream), Manner::Agrees { ahead }) => {
                        tokio::spawn(agree(stream, ahead));
                    }
                    (Event::Sync(_, stream), Manner::Mute) => silent.push(stream),
                    _ => {}
                }
            }
        });
        Self { address, task }
    }
}

/// Answers a session as one who holds what the other says to hold.
async fn agree(stream: SyncStream, ahead: i64) -> Option<()> {
    let (mut reader, mut writer) = stream.split();
    while let Ok(Some(bytes)) = reader.next().await {
        let answer = match Frame::decode(&bytes).ok()? {
            Frame::Hello(hello) => {
                let time = hello.time.saturating_add_signed(ahead);
                vec![Frame::Hello(Hello { time, candidates: None, ..hello }), Frame::Done]
            }
            Frame::Want(want) => vec![Frame::End { author: want.author, code: EndCode::NotHeld }],
            Frame::Ask(hashes) => hashes.into_iter().map(|hash| Frame::BodyIs(hash, None)).collect(),
            _ => Vec::new(),
        };
        for frame in answer {
            writer.send(&frame.encode()).await.ok()?;
        }
        writer.flush().await.ok()?;
    }
    Some(())
}
