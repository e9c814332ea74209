//! The primitives of the machine, measured in the same run as what is compared with them.

use std::cell::Cell;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer, SigningKey};
use multaqa_protocol::id::sha256;

/// Bytes that one write to a socket takes.
const WRITE: usize = 64 * 1_024;

/// Returns the seconds that one call of `work` takes, the median of five samples of at least `sample`.
pub fn seconds(sample: Duration, mut work: impl FnMut()) -> f64 {
    work();
    let mut samples: Vec<f64> = (0..5)
        .map(|_| {
            let (begin, mut calls) = (Instant::now(), 0_u32);
            while calls == 0 || begin.elapsed() < sample {
                work();
                calls += 1;
            }
            begin.elapsed().as_secs_f64() / f64::from(calls)
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// Returns the seconds of one `verify_strict` and of one `sign`, of a message as long as a header.
///
/// # Panics
///
/// Never: the signature is good.
#[must_use]
pub fn signature(sample: Duration) -> (f64, f64) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let (public, message) = (key.verifying_key(), [5; 250]);
    let good = key.sign(&message);
    let verify =
        seconds(sample, || public.verify_strict(black_box(&message), &good).expect("a good signature"));
    (
        verify,
        seconds(sample, || {
            black_box(key.sign(black_box(&message)));
        }),
    )
}

/// Returns the seconds of SHA-256 over `bytes` bytes.
#[must_use]
pub fn hash(sample: Duration, bytes: usize) -> f64 {
    let data = vec![3; bytes];
    seconds(sample, || {
        black_box(sha256(black_box(&data)));
    })
}

/// A file that is written to beside the store's, so that both meet the same disk at the same time: a
/// shared disk can be ten times slower a moment later.
#[derive(Debug)]
pub struct Disk {
    file: File,
    /// Where the next write goes.
    end: Cell<u64>,
}

impl Disk {
    /// Makes the file in `dir`.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn new(dir: &Path) -> std::io::Result<Self> {
        Ok(Self { file: File::create(dir.join("raw"))?, end: Cell::new(0) })
    }

    /// Returns the seconds of writing `bytes` bytes at the end of the file, with fdatasync.
    ///
    /// # Panics
    ///
    /// When the disk fails.
    #[must_use]
    pub fn write(&self, bytes: usize) -> f64 {
        let data = vec![9; bytes];
        let begin = Instant::now();
        self.file.write_all_at(&data, self.end.get()).expect("a writable file");
        self.file.sync_data().expect("a working disk");
        self.end.set(self.end.get() + bytes as u64);
        begin.elapsed().as_secs_f64()
    }
}

/// Returns the seconds that `bytes` bytes take through a TCP connection on loopback, and those of a
/// round trip of one byte.
///
/// # Panics
///
/// When loopback does not work.
#[must_use]
pub fn tcp(bytes: usize) -> (f64, f64) {
    const TRIPS: u32 = 200;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let sender = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).expect("loopback");
        stream.set_nodelay(true).expect("loopback");
        let data = vec![1; WRITE];
        for _ in 0..bytes.div_ceil(WRITE) {
            stream.write_all(&data).expect("loopback");
        }
        let mut byte = [0];
        for _ in 0..TRIPS {
            stream.read_exact(&mut byte).expect("loopback");
            stream.write_all(&byte).expect("loopback");
        }
    });
    let (mut stream, _) = listener.accept().expect("loopback");
    stream.set_nodelay(true).expect("loopback");
    let begin = Instant::now();
    let mut data = vec![0; WRITE];
    for _ in 0..bytes.div_ceil(WRITE) {
        stream.read_exact(&mut data).expect("loopback");
    }
    let bulk = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    for _ in 0..TRIPS {
        stream.write_all(&data[..1]).expect("loopback");
        stream.read_exact(&mut data[..1]).expect("loopback");
    }
    let trip = begin.elapsed().as_secs_f64() / f64::from(TRIPS);
    sender.join().expect("the sender ends");
    (bulk, trip)
}
