//! Poor lines: loss, delay, little room.

use std::collections::BTreeMap;
use std::time::Duration;

use multaqa_reach::{Limit, Line, Member, Switch, figure, tell};

use crate::{AMMELNE, HAJEB, SETTAT};

/// Of each line, so that a frame from one node to another takes 300 ms.
const DELAY: Duration = Duration::from_millis(150);
/// The milliseconds of the way there and back.
const ROUND_TRIP: u64 = 600;
/// Of a hundred frames.
const LOSS: u8 = 5;
/// Who looks at whom.
const PAIRS: [(usize, usize); 6] = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)];
/// Records and their size: some 300 KB that each node lacks in part.
const RECORDS: usize = 12;
const BYTES: usize = 12_000;
/// Some five times what it takes.
const SECONDS: u64 = 240;

#[test]
fn with_loss_and_delay_everything_converges_and_no_connection_breaks() {
    converge("5% loss, 300 ms each way", None);
}

#[test]
fn with_a_narrow_line_too_everything_converges_and_no_connection_breaks() {
    converge("5% loss, 300 ms each way, 1 Mbit/s", Some("1mbit"));
}

fn converge(what: &str, rate: Option<&'static str>) {
    let dir = tempfile::tempdir().unwrap();
    let internet = Switch::internet();
    let line = Line::Slow { delay: DELAY, rate };
    let mut members = [("settat", SETTAT), ("hajeb", HAJEB), ("ammelne", AMMELNE)]
        .map(|(name, code)| Member::new(dir.path(), name, code, internet.host(name, line)));
    let mut records = Vec::new();
    let limit = Limit::seconds(SECONDS);
    let [settat, hajeb, ammelne] = &mut members;
    settat.found();
    let mut running = vec![settat.start(&[])];
    internet.lose(LOSS);
    let invitation = settat.invite(&[]);
    for newcomer in [hajeb, ammelne] {
        newcomer.join(&invitation);
        running.push(newcomer.start(&[]));
        settat.admit(newcomer, limit);
    }
    for member in &members {
        limit.wait(|| member.is_member());
    }
    figure(&format!("{what}: all are members after"), limit.elapsed());

    // From here on nothing breaks: each is connected with the others since the same moment until the end.
    // A peer may be silent for a moment, which is told and closes nothing.
    let mut since = BTreeMap::new();
    let pairs = PAIRS.map(|(one, other)| (&members[one], &members[other]));
    for (one, other) in pairs {
        let (row, _) = limit.wait(|| one.is_connected(other));
        since.insert((&one.author, &other.author), row["since"].clone());
    }
    let limit = Limit::seconds(SECONDS);
    for number in 0..RECORDS {
        for member in &members[..2] {
            records.push(member.publish(&format!("Pratique {number}"), BYTES));
        }
    }
    let mut silences = 0;
    let (_, took) = limit.wait(|| {
        silences += pairs.iter().filter(|(one, other)| one.is_connected(other).is_err()).count();
        members.iter().try_for_each(|member| member.holds(&records))
    });
    figure(&format!("{what}: {} records of {BYTES} bytes are everywhere after", records.len()), took);
    for (one, other) in pairs {
        let (row, _) = limit.wait(|| one.is_connected(other));
        assert_eq!(row["since"], since[&(&one.author, &other.author)], "it broke meanwhile: {row}");
        assert!(row["rtt_ms"].as_u64() >= Some(ROUND_TRIP), "the line is not slow: {row}");
    }
    tell(&format!("{what}: looks at which a peer was silent meanwhile: {silences}"));
    assert!(internet.lost() > 0, "the line loses nothing");
}
