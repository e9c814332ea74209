//! C3: the scan allocates nothing, so a hostile mebibyte costs its own room only. The test is alone
//! in its process, whose peak memory it reads.

#![cfg(target_os = "linux")]

use multaqa_protocol::codec::{MAX_FRAME, scan};

/// Returns the process's peak resident memory in KiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak is among it");
    line.trim().trim_end_matches(" kB").parse().expect("a number of KiB")
}

#[test]
fn a_hostile_mebibyte_does_not_grow_memory() {
    // Empty containers, the dearest to decode; deep nests; one text; a promise of 2^60 bytes.
    let inputs = [
        [vec![0x9a, 0x00, 0x0f, 0xff, 0xfb], vec![0x80; MAX_FRAME - 5]].concat(),
        [vec![0x99, 0xff, 0xff], vec![0xa0; MAX_FRAME - 3]].concat(),
        vec![0x81; MAX_FRAME],
        [vec![0x7a, 0x00, 0x0f, 0xff, 0xfb], vec![b'a'; MAX_FRAME - 5]].concat(),
        [vec![0x5b, 0x10], vec![0; MAX_FRAME - 2]].concat(),
    ];
    let accepted: Vec<bool> = inputs.iter().map(|bytes| scan(bytes, MAX_FRAME).is_ok()).collect();
    assert_eq!(accepted, [false, false, false, true, false]);
    let before = peak();
    for bytes in inputs.iter().cycle().take(100) {
        assert_eq!(scan(bytes, MAX_FRAME).is_ok(), bytes[0] == 0x7a);
    }
    let grown = peak() - before;
    assert!(grown < 512, "the scan made the process grow by {grown} KiB");
}
