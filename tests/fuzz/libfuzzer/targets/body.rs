//! Fuzzes the target `body` of `multaqa_fuzz`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| multaqa_fuzz::run("body", data));
