//! The sync stream: frames of a big-endian u32 length and at most [`MAX_FRAME`] bytes.
//!
//! A stream is both ways at once and is split into a [`FrameReader`] and a [`FrameWriter`]. Frames
//! are opaque here. Back-pressure is the stream's own: whoever reads slowly makes the other side's
//! [`FrameWriter::send`] wait once the window is full, and nothing is queued in between.

#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use futures::io::{AsyncReadExt, AsyncWriteExt, BufWriter, ReadHalf, WriteHalf};
use futures::{AsyncRead, StreamExt};
use multaqa_protocol::codec::MAX_FRAME;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::codec::{FramedRead, LengthDelimitedCodec, LengthDelimitedCodecError};
use tokio_util::compat::{Compat, FuturesAsyncReadCompatExt};

/// Bytes that a writer gathers before they go to the stream: small frames leave together, and a
/// larger frame passes without a copy.
const WRITE_BUFFER: usize = 64 * 1024;

/// Why a frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The frame, or the length announced for it, is over the limit.
    #[error("a frame of more than {MAX_FRAME} bytes")]
    TooLong,
    /// The stream ended inside a frame.
    #[error("the stream ended inside a frame")]
    Truncated,
    /// An earlier `send` was dropped before it ended, so the stream may hold half a frame.
    #[error("an earlier frame was left unfinished")]
    Unfinished,
    /// The connection or the stream is gone.
    #[error("the stream broke")]
    Broken(#[source] io::Error),
}

/// Keeps the peer's count of open streams until both halves are dropped.
type Slot = Option<Arc<OwnedSemaphorePermit>>;

/// One stream of `/multaqa/sync/1` with one peer.
pub struct SyncStream {
    reader: FrameReader,
    writer: FrameWriter,
}

impl SyncStream {
    pub(super) fn new(stream: libp2p::Stream, permit: Option<OwnedSemaphorePermit>) -> Self {
        let slot = permit.map(Arc::new);
        let (read, write) = stream.split();
        Self {
            reader: FrameReader { frames: frames(read), ended: false, _slot: slot.clone() },
            writer: FrameWriter {
                io: BufWriter::with_capacity(WRITE_BUFFER, write),
                unfinished: false,
                _slot: slot,
            },
        }
    }

    /// Returns the two halves, which work at the same time and independently.
    #[must_use]
    pub fn split(self) -> (FrameReader, FrameWriter) {
        (self.reader, self.writer)
    }
}

impl std::fmt::Debug for SyncStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SyncStream")
    }
}

type Frames<R> = FramedRead<Compat<R>, LengthDelimitedCodec>;

fn frames<R: AsyncRead>(read: R) -> Frames<R> {
    LengthDelimitedCodec::builder().big_endian().max_frame_length(MAX_FRAME).new_read(read.compat())
}

/// The receiving half of a sync stream.
pub struct FrameReader {
    frames: Frames<ReadHalf<libp2p::Stream>>,
    ended: bool,
    _slot: Slot,
}

impl FrameReader {
    /// Returns the next frame, or `None` once the peer has closed its half. Cancel safe: a call that
    /// is dropped loses nothing.
    ///
    /// # Errors
    ///
    /// An announced length over the limit is refused before any room is made for it. After an error
    /// every later call returns `None`.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        if self.ended {
            return Ok(None);
        }
        match self.frames.next().await {
            Some(Ok(frame)) => Ok(Some(frame.into())),
            Some(Err(error)) => {
                self.ended = true;
                Err(read_error(error))
            }
            None => {
                self.ended = true;
                Ok(None)
            }
        }
    }
}

/// Tells apart what the codec packs into one kind of error.
fn read_error(error: io::Error) -> FrameError {
    if error.get_ref().is_some_and(|inner| inner.is::<LengthDelimitedCodecError>()) {
        return FrameError::TooLong;
    }
    match error.kind() {
        // The framing says `Other` for bytes left over at the end of the stream.
        io::ErrorKind::Other | io::ErrorKind::UnexpectedEof => FrameError::Truncated,
        _ => FrameError::Broken(error),
    }
}

/// The sending half of a sync stream.
pub struct FrameWriter {
    io: BufWriter<WriteHalf<libp2p::Stream>>,
    unfinished: bool,
    _slot: Slot,
}

impl FrameWriter {
    /// Sends one frame, waiting while the peer's window is full. It may stay in the buffer of 64 KiB
    /// until [`FrameWriter::flush`], so flush when the peer's answer is awaited.
    ///
    /// Not cancel safe: when a call is dropped, later ones return [`FrameError::Unfinished`].
    ///
    /// # Errors
    ///
    /// A frame over the limit is refused and nothing is sent; otherwise the stream is of no more use.
    pub async fn send(&mut self, frame: &[u8]) -> Result<(), FrameError> {
        if frame.len() > MAX_FRAME {
            return Err(FrameError::TooLong);
        }
        let length = u32::try_from(frame.len()).expect("MAX_FRAME is below 2^32");
        self.start()?;
        self.io.write_all(&length.to_be_bytes()).await.map_err(FrameError::Broken)?;
        self.io.write_all(frame).await.map_err(FrameError::Broken)?;
        self.unfinished = false;
        Ok(())
    }

    /// Sends what the buffer holds.
    ///
    /// # Errors
    ///
    /// The stream broke, or an earlier `send` was dropped.
    pub async fn flush(&mut self) -> Result<(), FrameError> {
        self.start()?;
        self.io.flush().await.map_err(FrameError::Broken)?;
        self.unfinished = false;
        Ok(())
    }

    /// Flushes and closes this half; the peer reads to the end and may go on sending.
    ///
    /// # Errors
    ///
    /// The stream broke, or an earlier `send` was dropped: then it is reset, not closed.
    pub async fn close(mut self) -> Result<(), FrameError> {
        self.start()?;
        self.io.close().await.map_err(FrameError::Broken)
    }

    fn start(&mut self) -> Result<(), FrameError> {
        if std::mem::replace(&mut self.unfinished, true) { Err(FrameError::Unfinished) } else { Ok(()) }
    }
}
