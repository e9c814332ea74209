//! Fuzzes the target `invitation` of `multaqa_fuzz`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| multaqa_fuzz::run("invitation", data));
