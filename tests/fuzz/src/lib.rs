//! Fuzzing: for each format that comes from outside, what must hold of any bytes whatever.
//!
//! A target is one pure function of bytes. It never expects an input to be valid; it holds what the
//! program says of it against a second opinion, the inverse function, or what it says of a part, and
//! panics where they differ. [`run`] also bounds the memory by the length of the input, so that no
//! number in it can ask for more.
//!
//! Coverage-guided runs are in `libfuzzer/`, a package of its own that needs a nightly compiler. What
//! they reach is in `corpus/`, what showed a fault in `found/`, and `tests/corpus.rs` replays both on a
//! stable one. How to run them is in CONTRIBUTING.

mod body;
mod bundle;
mod cbor;
mod draft;
mod entry;
mod envelope;
mod frame;
#[cfg(feature = "node")]
mod invitation;
mod message;
pub mod seed;

use std::path::PathBuf;

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes of memory for each byte of input. The dearest bytes are those of empty containers in an
/// array: one byte each, 32 as a value, twice that while the array grows, and three copies of the
/// value at once where a target compares them.
pub const MEMORY_A_BYTE: usize = 384;
/// Bytes of memory whatever the input: an audit's tables, a message of an error.
pub const MEMORY: usize = 256 * 1_024;

/// A target: panics where something does not hold of `data`.
pub type Check = fn(data: &[u8]);

/// All targets by name.
pub const TARGETS: &[(&str, Check)] = &[
    ("body", body::check),
    ("bundle", bundle::check),
    ("cbor", cbor::check),
    ("draft", draft::check),
    ("entry", entry::check),
    ("envelope", envelope::check),
    ("frame", frame::check),
    #[cfg(feature = "node")]
    ("invitation", invitation::check),
    ("message", message::check),
];

/// Runs a target on `data`.
///
/// # Panics
///
/// Where something does not hold of `data`, memory included, or there is no such target. Memory is
/// that of the process: nothing else may run in it meanwhile.
pub fn run(target: &str, data: &[u8]) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this name");
    within(data.len(), || check(data));
}

/// Runs `work` and holds the memory that it took at most against the bound for `len` bytes of input.
///
/// # Panics
///
/// Where it took more.
pub fn within(len: usize, work: impl FnOnce()) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    work();
    let took = HEAP.peak_usage().saturating_sub(before);
    let bound = MEMORY + MEMORY_A_BYTE * len;
    assert!(took <= bound, "{len} bytes took {took} of memory, more than {bound}");
}

/// Returns the folder of a target's corpus: the smallest inputs that reach what was reached.
#[must_use]
pub fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// Returns the folder of the inputs by which faults were found; it is there where there were any.
#[must_use]
pub fn found(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("found").join(target)
}
