//! `GET /backup`: the data folder as one file, for whoever owns the machine.
//!
//! It holds the keys, so it is given out on the socket in the data folder alone, to whoever can read that folder anyway.

use std::fs::File;
use std::io::{self, Write};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;

use super::failure::Failure;
use super::{Api, reply};
use crate::backup::{Contents, Manifest, TAKEN};
use crate::clock::now;

/// Bytes gathered before they are handed to the connection.
const PIECE: usize = 256 << 10;
/// Pieces that wait for a slow reader; then reading the folder waits too.
const PIECES: usize = 4;

/// Returns a backup: the data folder as a tar file, the node's keys in it.
#[utoipa::path(
    get,
    path = "/backup",
    tag = "office",
    responses((status = 200, description = "The backup", body = Vec<u8>, content_type = "application/x-tar"))
)]
pub(super) async fn download(State(api): State<Api>) -> Result<Response, Failure> {
    let place = api.streams.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
    let manifest = Manifest::new(now(), api.node.author(), api.node.network());
    let (dir, store) = (api.node.dir().to_owned(), api.node.store().clone());
    let (sender, receiver) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let to = Sender { to: sender.clone(), piece: Vec::new() };
        let written = Contents::open(&dir, &store, manifest).and_then(|contents| contents.write(to));
        if let Err(error) = written.and_then(|()| File::create(dir.join(TAKEN)).map(drop)) {
            tracing::warn!(%error, "a backup was cut off");
            // The reader is told by a connection that breaks, so that no half backup looks whole.
            let _ = sender.blocking_send(Err(error));
        }
        drop(place);
    });
    let headers = [(header::CONTENT_TYPE, "application/x-tar")];
    Ok((headers, reply::pieces(receiver)).into_response())
}

/// Hands on what is written, piece by piece.
struct Sender {
    to: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.to.blocking_send(Ok(std::mem::take(&mut self.piece).into())).map_err(gone)
    }
}
