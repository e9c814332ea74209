//! What a file is, told from its bytes and not from what somebody calls it.
//!
//! Types by their marks are told by `infer`; what has none is text, or is not taken. Whatever a browser
//! could run is not taken: HTML, SVG and other XML.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::TakeError;

/// Bytes from the beginning that are looked at: marks of archives lie within a few kilobytes.
pub(super) const HEAD: usize = 8 * 1024;

/// Text without further marks.
const TEXT: &str = "text/plain";
/// The types that are taken: what a collectivity attaches, and readers can open.
const TAKEN: [&str; 17] = [
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "audio/mpeg",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
    TEXT,
];
/// Types that are text, and which only their author can tell.
const FINER: [&str; 3] = ["text/csv", "application/json", TEXT];
/// What is declared where nothing is known.
const UNKNOWN: &str = "application/octet-stream";

/// Returns the types that are taken, as browsers are told of them.
pub(crate) fn accepted() -> String {
    let finer = FINER.iter().filter(|finer| !TAKEN.contains(finer));
    TAKEN.iter().chain(finer).copied().collect::<Vec<_>>().join(",")
}

/// Returns the type of a file that begins so; the type that it has where it is none that is taken.
pub(super) fn of(head: &[u8]) -> Result<&'static str, Option<&'static str>> {
    match infer::get(head).map(|found| found.mime_type()) {
        Some(found) => TAKEN.iter().copied().find(|taken| *taken == found).ok_or(Some(found)),
        None if begins_as_markup(head) => Err(Some("text/xml")),
        None if !head.contains(&0) => Ok(TEXT),
        None => Err(None),
    }
}

/// Tells whether a file of a type may be declared so.
pub(super) fn agrees(declared: &str, found: &str) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim();
    declared == found || declared == UNKNOWN || (is_text(found) && FINER.contains(&declared))
}

/// Tells whether a declaration says more than the bytes do.
pub(super) fn is_finer(declared: &str) -> bool {
    FINER.contains(&declared)
}

/// Tells whether a type is text.
pub(super) fn is_text(found: &str) -> bool {
    found == TEXT
}

/// Checks that the whole of a text is text.
pub(super) fn check_text(path: &Path) -> Result<(), TakeError> {
    let mut text = Vec::new();
    File::open(path)?.read_to_end(&mut text).map_err(|error: io::Error| TakeError::Io(error))?;
    match std::str::from_utf8(&text) {
        Ok(text) if !text.contains('\0') => Ok(()),
        _ => Err(TakeError::Type { found: None }),
    }
}

fn begins_as_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // A text in another encoding could hide its marks behind zeros, which no text here has.
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_could_run_is_not_taken() {
        for file in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            "<?xml version=\"1.0\"?><svg/>",
            "\u{feff} \n<html><body>",
            "<!DOCTYPE html>",
            "<a>",
        ] {
            assert!(of(file.as_bytes()).is_err(), "{file}");
        }
        assert_eq!(
            of(b"MZ\x90\x00\x03\x00\x00\x00"),
            Err(Some("application/vnd.microsoft.portable-executable"))
        );
        assert_eq!(of(&[0, 1, 2, 3, 4, 5]), Err(None));
    }

    #[test]
    fn types_are_told_by_content() {
        assert_eq!(of(b"%PDF-1.7\n"), Ok("application/pdf"));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Ok("image/png"));
        assert_eq!(of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Ok("image/jpeg"));
        assert_eq!(of("الجماعة;1\n".as_bytes()), Ok("text/plain"));
        assert!(agrees("text/csv", "text/plain") && agrees("application/octet-stream", "image/png"));
        assert!(!agrees("image/png", "application/pdf") && !agrees("text/html", "text/plain"));
        assert!(agrees("text/plain; charset=utf-8", "text/plain"));
    }
}
