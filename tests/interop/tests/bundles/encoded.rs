//! Alterations of form, signed by who has the key all the same: headers and bodies that are not
//! canonical CBOR (C1 to C3), envelopes that are not COSE in its one form (C5).

use multaqa_protocol::codec::{self, Map};
use multaqa_protocol::envelope::{self, Envelope};

use super::corpus::Corpus;
use super::network::Written;

impl Corpus {
    /// Headers whose encoding breaks C1 to C3, all signed.
    pub(crate) fn encodings(&mut self) {
        let last = self.network.rotated.written.last().expect("it has written").clone();
        let honest = Envelope::parse(last.entry.envelope()).expect("it is one").header.to_vec();
        let rest = &honest[1..];
        let after = |field: &[u8]| {
            let at = honest.windows(field.len()).position(|found| found == field);
            at.expect("the field is there") + field.len()
        };
        let time = after(b"\x64time");
        let with_time = |bytes: &[u8]| [&honest[..time], bytes, &honest[time + 9..]].concat();
        let kind = after(b"\x64kind") + 1;
        let with_kind = |bytes: &[u8]| [&honest[..kind], bytes, &honest[kind + bytes.len()..]].concat();
        let deep =
            |depth: usize| [&[honest[0] + 1][..], rest, b"\x67zzzzzzz", &vec![0x81; depth], &[0]].concat();
        let forms: Vec<(&'static str, Vec<u8>)> = vec![
            ("integers in a longer form", [&honest[..3], &[0x18, 1], &honest[4..]].concat()),
            ("integers in a longer form", [&[0xb8, 7], rest].concat()),
            ("integers in a longer form", with_time(&[0x1b, 0, 0, 0, 0, 0, 0, 0, 1])),
            ("an indefinite length", [&[0xbf], rest, &[0xff]].concat()),
            ("a key twice", [&[honest[0] + 1], &honest[1..4], rest].concat()),
            ("keys in another order", [&honest[..1], &honest[4..9], &honest[1..4], &honest[9..]].concat()),
            ("a key that is no text", [&honest[..1], b"\x41v", &honest[3..]].concat()),
            ("a type that is not used", with_time(&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0])),
            ("a type that is not used", with_time(&[0xf6])),
            ("a type that is not used", with_time(&[0xf7])),
            ("a type that is not used", with_time(&[0xc1, 0])),
            ("a type that is not used", with_time(&[0xf8, 0x20])),
            ("an integer too large", with_time(&[0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0])),
            ("an integer too large", with_time(&[0x3b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
            ("an integer too large", with_time(&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
            ("text that is not UTF-8", with_kind(&[0xff])),
            ("text that is not UTF-8", with_kind(&[0xed, 0xa0, 0x80])),
            ("text that is not UTF-8", with_kind(&[0xc0, 0x80])),
            ("text of more than ASCII", with_kind("é".as_bytes())),
            ("bytes after a header", [&honest[..], &[0]].concat()),
            ("a header cut", honest[..honest.len() - 1].to_vec()),
            ("a header cut", Vec::new()),
            ("nested too deep", deep(15)),
            ("nested too deep", deep(16)),
            ("nested too deep", deep(600)),
            ("ten million items in a head", with_time(&[0x9a, 0, 0x98, 0x96, 0x80])),
            ("ten million items in a head", with_time(&[0x7a, 0, 0x98, 0x96, 0x80])),
            ("a header that is no map", b"\x80".to_vec()),
            ("a header that is no map", b"\xa0".to_vec()),
            (
                "a header of more than its size",
                [&[honest[0] + 1], rest, b"\x67zzzzzzz\x59\x03\x40", &[0; 832]].concat(),
            ),
            (
                "a header of more than its size",
                [&[honest[0] + 1], rest, b"\x67zzzzzzz\x59\x04\x00", &[0; 1_024]].concat(),
            ),
        ];
        for (kind, form) in forms {
            let sealed = envelope::seal(&form, &last.key);
            self.instead(kind, &last.entry, sealed);
        }
    }

    /// Envelopes that are not COSE in its one form (C5).
    pub(crate) fn envelopes(&mut self) {
        let entries = [&self.network.rotated, &self.network.cut].map(|log| log.written[1].clone());
        for Written { entry, .. } in entries {
            let honest = entry.envelope().to_vec();
            let header = &honest[7..honest.len() - 66];
            let tail = &honest[honest.len() - 66..];
            let bare = &header[2..];
            let long = [&[0x59, 0], &header[1..]].concat();
            let forms: Vec<(&'static str, Vec<u8>)> = vec![
                ("another algorithm", [b"\xd2\x84\x43\xa1\x01\x26\xa0", header, tail].concat()),
                ("another algorithm", [b"\xd2\x84\x44\xa1\x01\x38\x2e\xa0", header, tail].concat()),
                ("no algorithm", [b"\xd2\x84\x40\xa0", header, tail].concat()),
                ("no algorithm", [b"\xd2\x84\x41\xa0\xa0", header, tail].concat()),
                (
                    "the algorithm where nothing signs it",
                    [b"\xd2\x84\x40\xa1\x01\x27", header, tail].concat(),
                ),
                (
                    "a header that nothing signs",
                    [b"\xd2\x84\x43\xa1\x01\x27\xa1\x04\x41\x00", header, tail].concat(),
                ),
                ("a header that nothing signs", [b"\xd2\x84\x43\xa1\x01\x27\xbf\xff", header, tail].concat()),
                ("another tag", honest[1..].to_vec()),
                ("another tag", [&[0xd8, 0x12], &honest[1..]].concat()),
                ("another tag", [&[0xd1], &honest[1..]].concat()),
                ("another number of parts", [&[0xd2, 0x85], &honest[2..], &[0]].concat()),
                ("another number of parts", [&[0xd2, 0x83], &honest[2..honest.len() - 66]].concat()),
                ("a part in another form", [&honest[..7], &long, tail].concat()),
                ("a part in another form", [&honest[..7], &[0x5f, 0x41], &bare[..1], &[0xff], tail].concat()),
                ("a part in another form", [&honest[..7], &[0xf6], tail].concat()),
                ("a signature of another length", [&honest[..7], header, &[0x58, 63], &tail[3..]].concat()),
                (
                    "a signature of another length",
                    [&honest[..7], header, &[0x58, 65, 0], &tail[2..]].concat(),
                ),
                ("a signature of another length", [&honest[..7], header, &[0x40]].concat()),
                ("bytes after an envelope", [&honest[..], &[0]].concat()),
                ("an envelope cut", honest[..honest.len() - 1].to_vec()),
                ("an envelope cut", honest[..20].to_vec()),
                ("an envelope cut", Vec::new()),
                ("an envelope of more than its size", [&honest[..], &[0; 1_000]].concat()),
                ("an envelope of more than its size", [&honest[..], &[0; 65_536]].concat()),
            ];
            for (kind, form) in forms {
                self.instead(kind, &entry, form);
            }
        }
    }

    /// Bodies that are malformed, odd or too many: their entries are valid, and signed.
    pub(crate) fn bodies(&mut self) {
        let salted = |rest: &[u8]| [&[0x82, 0x50][..], &[6; 16], rest].concat();
        let deep = |depth: usize| salted(&[b"\xa1\x61a", &vec![0x81; depth][..], &[0]].concat());
        let many = |count: u16| {
            salted(&[b"\xa1\x61a\x99", &count.to_be_bytes()[..], &vec![0; count.into()]].concat())
        };
        let bodies = [
            salted(b"\xa1\x61a\x18\x01"),
            salted(b"\xa2\x61a\x01\x61a\x02"),
            salted(b"\xa2\x61b\x01\x61a\x02"),
            salted(b"\xbf\x61a\x01\xff"),
            salted(b"\xa1\x61a\xf6"),
            salted(b"\xa1\x61a\xfb\0\0\0\0\0\0\0\0"),
            salted(b"\xa1\x61a\xc0\x61b"),
            salted(b"\xa1\x01\x01"),
            salted(b"\xa1\x61a\x61\xff"),
            salted(b"\x80"),
            salted(b"\xa0\0"),
            salted(b"\xa1\x61a\x1b\0\x1f\xff\xff\xff\xff\xff\xff"),
            salted(b"\xa1\x61a\x3b\0\x1f\xff\xff\xff\xff\xff\xfe"),
            salted(b"\xa1\x61a\x3b\0\x1f\xff\xff\xff\xff\xff\xff"),
            salted(b"\xa1\x60\xf5"),
            salted(&[b"\xa1\x61a\x66", "\u{feff}abc".as_bytes()].concat()),
            salted(&[b"\xa1\x63", "\u{feff}".as_bytes(), b"\x01"].concat()),
            salted(b"\xa1\x69__proto__\x01"),
            [&[0x82, 0x4f][..], &[6; 15], b"\xa1\x61a\x01"].concat(),
            [&[0x83, 0x50][..], &[6; 16], b"\xa0\x01"].concat(),
            deep(14),
            deep(15),
            many(65_530),
            many(65_531),
            many(65_535),
            vec![0xf6; 19],
            vec![0; codec::MAX_BODY],
        ];
        for body in bodies {
            self.changed("a body in another form", |network| {
                let parent = network.rotated.last().clone();
                network.rotated.write_body(&parent, "practice", body.clone());
            });
            self.changed("a statement in another form", |network| {
                let parent = network.stewards[2].last().clone();
                network.stewards[2].write_body(&parent, "admit", body);
            });
        }
        let body = self.network.rotated.written[2].body.clone();
        self.changed("a body that two entries name", |network| {
            let parent = network.cut.written[2].entry.clone();
            network.cut.write_body(&parent, "practice", body);
        });
        let withdrawn = self.network.erased[0].clone();
        for restored in [false, true] {
            self.changed("a withdrawn body that another entry names", |network| {
                let parent = network.cut.last().clone();
                network.cut.write_body(&parent, "practice", withdrawn.clone());
                if restored {
                    network.erased.clear();
                }
            });
        }
        self.more("a body of more than its size", &[], &[vec![0; codec::MAX_BODY + 1]]);
        self.changed("many tiny entries", |network| {
            for _ in 0..600 {
                network.cut.write("practice", &Map::default());
            }
        });
    }
}
