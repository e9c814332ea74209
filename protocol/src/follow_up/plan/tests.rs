use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::record::evidence::Source;
use crate::record::{Period, Ref};

const AUTHOR: AuthorId = AuthorId([1; 32]);
/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

fn ours() -> BTreeSet<AuthorId> {
    BTreeSet::from([AUTHOR])
}

/// Returns a plan with two commitments: `a` of three milestones, `b` of none.
fn plan() -> Plan {
    let milestone = |id: &str, end: &str| Milestone {
        id: Some(id.into()),
        start: Some("2024-01".parse().unwrap()),
        end: Some(end.parse().unwrap()),
        ..Milestone::default()
    };
    let a = Commitment {
        id: "a".into(),
        milestones: vec![milestone("m1", "2024-06"), milestone("m2", "2024-12-31"), milestone("m3", "2025")],
        ..Commitment::default()
    };
    let period = Period { end: Some("2025-06".parse().unwrap()), ..Period::default() };
    let b = Commitment { id: "b".into(), period, ..Commitment::default() };
    // The plan's own dates are not counted.
    let own = vec![milestone("m1", "2023")];
    Plan { commitments: vec![a, b], milestones: own, ..Plan::default() }
}

fn state(milestone: Option<&str>, status: &str) -> MilestoneState {
    MilestoneState {
        milestone: milestone.map(Into::into),
        status: MilestoneStatus::from(status),
        ..MilestoneState::default()
    }
}

fn shown(state: MilestoneState) -> MilestoneState {
    MilestoneState { sources: vec![Source::default()], ..state }
}

fn progress(commitment: &str, milestones: Vec<MilestoneState>) -> Progress {
    Progress {
        plan: Some(Ref { author: AUTHOR, seq: 2, id: EntryId([2; 32]) }),
        commitment: commitment.into(),
        milestones,
        ..Progress::default()
    }
}

/// Returns `body` as signed at noon of `day`.
fn said<'a>(day: &str, body: &'a Progress) -> Said<'a, Progress> {
    let since_1970 = (self::day(day) - Day::constant(1970, 1, 1)).get_days();
    let time = u64::try_from(since_1970).unwrap() * DAY + DAY / 2;
    Said { id: EntryId([since_1970 as u8; 32]), author: AUTHOR, seq: 5, time, body }
}

fn day(day: &str) -> Day {
    day.parse().unwrap()
}

#[test]
fn the_percentage_is_complete_of_all_that_is_not_abandoned() {
    let plan = plan();
    let first = progress("a", vec![shown(state(Some("m1"), "complete")), state(Some("m2"), "limited")]);
    let second = progress("a", vec![state(Some("m3"), "abandoned")]);
    let third = progress("b", vec![state(None, "complete")]);
    let reports = [said("2024-05-10", &first), said("2024-07-01", &second), said("2025-01-15", &third)];
    let then = |date: &str| follow_up(&plan, &ours(), day(date), reports);
    let figures = |date: &str| {
        let tally = then(date).tally;
        (tally.complete(), tally.counted(), tally.evidenced, tally.percent())
    };
    assert_eq!(figures("2024-05-09"), (0, 4, 0, Some(0)));
    assert_eq!(figures("2024-05-10"), (1, 4, 1, Some(25)), "the day itself counts");
    assert_eq!(figures("2024-07-01"), (1, 3, 1, Some(33)), "an abandoned step leaves the count");
    assert_eq!(figures("2025-02-01"), (2, 3, 1, Some(66)), "rounded down: only all is 100");
    let now = then("2025-02-01");
    let of_a = &now.commitments[0];
    assert_eq!(of_a.tally.percent(), Some(50));
    assert_eq!(
        of_a.tally.by_status,
        BTreeMap::from([("complete".into(), 1), ("limited".into(), 1), ("abandoned".into(), 1)])
    );
    assert_eq!(
        of_a.steps[0].reports.iter().map(|report| report.said.id).collect::<Vec<_>>(),
        [reports[0].id]
    );
    assert!(now.unresolved.is_empty() && now.by_others.is_empty());
}

#[test]
fn a_plan_of_nothing_has_no_percentage() {
    assert_eq!(follow_up(&Plan::default(), &ours(), day("2025-01-01"), []).tally.percent(), None);
    let plan =
        Plan { commitments: vec![Commitment { id: "b".into(), ..Commitment::default() }], ..Plan::default() };
    let given_up = progress("b", vec![state(None, "abandoned")]);
    let followed = follow_up(&plan, &ours(), day("2025-01-01"), [said("2024-05-10", &given_up)]);
    assert_eq!((followed.tally.steps(), followed.tally.counted(), followed.tally.percent()), (1, 0, None));
}

#[test]
fn reports_by_others_and_of_steps_that_there_are_not_change_nothing_and_are_told() {
    let plan = plan();
    let complete = progress("a", vec![state(Some("m1"), "complete")]);
    let by_another = Said { author: AuthorId([9; 32]), ..said("2024-05-10", &complete) };
    let strange = progress("a", vec![state(Some("m9"), "complete"), state(None, "complete")]);
    let of_nothing = progress("z", vec![state(None, "complete")]);
    let reports = [by_another, said("2024-05-11", &strange), said("2024-05-12", &of_nothing)];
    let followed = follow_up(&plan, &ours(), day("2025-01-01"), reports);
    assert_eq!(followed.tally.percent(), Some(0));
    assert_eq!(followed.by_others, [by_another.id]);
    let unresolved: Vec<_> = followed.unresolved.iter().map(|one| (one.commitment, one.milestone)).collect();
    assert_eq!(unresolved, [("a", None), ("a", Some("m9")), ("z", None)]);
    let both = BTreeSet::from([AUTHOR, by_another.author]);
    assert_eq!(follow_up(&plan, &both, day("2025-01-01"), reports).tally.percent(), Some(25));
}

#[test]
fn evidence_counts_while_the_status_that_it_shows_lasts() {
    let plan = plan();
    let [with, without, back] = [
        progress("b", vec![shown(state(None, "complete"))]),
        progress("b", vec![state(None, "complete")]),
        progress("b", vec![state(None, "limited")]),
    ];
    let of = |bodies: &[(&str, &Progress)]| {
        let reports: Vec<_> = bodies.iter().map(|(day, body)| said(day, body)).collect();
        let followed = follow_up(&plan, &ours(), day("2025-01-01"), reports);
        (followed.tally.complete(), followed.tally.evidenced, followed.commitments[1].steps[0].reports.len())
    };
    assert_eq!(of(&[("2024-05-01", &with), ("2024-06-01", &without)]), (1, 1, 2));
    let again = [("2024-05-01", &with), ("2024-06-01", &back), ("2024-07-01", &without)];
    assert_eq!(of(&again), (1, 0, 1), "what showed that it was complete did not show it for the second time");
}

#[test]
fn steps_past_their_date_are_overdue_and_steps_at_rest_are_stalled() {
    let plan = plan();
    let begun = progress("a", vec![state(Some("m2"), "limited")]);
    let done = progress("a", vec![state(Some("m1"), "complete")]);
    let reports = [said("2024-02-01", &begun), said("2024-06-15", &done)];
    let paces = |date: &str| {
        let followed = follow_up(&plan, &ours(), day(date), reports);
        let paces: Vec<_> = followed.steps().map(|(_, step)| step.pace).collect();
        assert_eq!(
            followed.overdue().count() + followed.stalled().count(),
            paces
                .iter()
                .filter(|pace| { matches!(pace, Pace::Overdue { .. } | Pace::Stalled { .. }) })
                .count()
        );
        paces
    };
    let (on_time, settled) = (Pace::OnTime, Pace::Settled);
    assert_eq!(paces("2024-06-14"), [on_time; 4]);
    assert_eq!(paces("2024-07-20"), [settled, on_time, on_time, on_time], "complete is not late");
    let never_begun = |days| Pace::Stalled { days };
    assert_eq!(
        paces("2024-08-31"),
        [settled, Pace::Stalled { days: 212 }, never_begun(213), on_time],
        "one has not moved since 1 February, one should have begun by the end of January"
    );
    assert_eq!(paces("2025-01-01")[1], Pace::Overdue { days: 1 });
    assert_eq!(paces("2025-07-01")[3], Pace::Overdue { days: 1 }, "the commitment's own end");
    assert_eq!(paces("2024-05-31")[0], on_time);
    let late = follow_up(&plan, &ours(), day("2024-07-01"), []);
    assert_eq!(
        late.overdue()
            .map(|(of, step)| (of.id.as_str(), step.milestone.unwrap().id.as_deref()))
            .collect::<Vec<_>>(),
        [("a", Some("m1"))]
    );
}

#[test]
fn a_status_is_as_old_as_its_report_says_but_not_younger_than_its_signature() {
    let plan = plan();
    let since = |as_of: Option<&str>, date: Option<&str>| {
        let state = MilestoneState { date: date.map(|date| date.parse().unwrap()), ..state(None, "limited") };
        let body = Progress { as_of: as_of.map(|date| date.parse().unwrap()), ..progress("b", vec![state]) };
        let followed = follow_up(&plan, &ours(), day("2024-12-31"), [said("2024-05-10", &body)]);
        followed.commitments[1].steps[0].since().unwrap().to_string()
    };
    assert_eq!(since(None, None), "2024-05-10");
    assert_eq!(since(Some("2024-03"), None), "2024-03-31");
    assert_eq!(since(Some("2024-03"), Some("2024-02-05")), "2024-02-05");
    assert_eq!(since(Some("2030"), None), "2024-05-10", "nobody knows the future");
}

#[test]
fn a_declared_rate_stands_beside_the_derived_one() {
    let declare = |percent, as_of: Option<&str>| Declared {
        percent,
        as_of: as_of.map(|date| date.parse().unwrap()),
        ..Declared::default()
    };
    let mut plan = plan();
    let complete = progress("a", vec![state(Some("m1"), "complete"), state(Some("m3"), "abandoned")]);
    let report = said("2024-05-10", &complete);
    let mut compare = |declared: Vec<Declared>, date: &str| {
        plan.declared = declared;
        let followed = follow_up(&plan, &ours(), day(date), [report]);
        followed.declared.map(|beside| (beside.declared.percent.unwrap(), beside.differs))
    };
    assert_eq!(compare(vec![], "2025-01-01"), None);
    assert_eq!(compare(vec![declare(None, None)], "2025-01-01"), None);
    for (percent, differs) in [(32, true), (33, false), (34, false), (35, true), (44, true), (133, true)] {
        assert_eq!(compare(vec![declare(Some(percent), None)], "2025-01-01"), Some((percent, differs)));
    }
    let two = || vec![declare(Some(44), Some("2024-11-12")), declare(Some(0), Some("2024-02"))];
    assert_eq!(compare(two(), "2025-01-01"), Some((44, true)));
    assert_eq!(compare(two(), "2024-03-01"), Some((0, false)), "what was declared later was not known");
    assert_eq!(compare(two(), "2024-01-01"), None);
}

#[test]
fn an_unknown_status_is_counted_and_is_not_complete() {
    let plan = plan();
    let odd = progress("b", vec![state(None, "ma.paused")]);
    let followed = follow_up(&plan, &ours(), day("2024-06-01"), [said("2024-05-10", &odd)]);
    assert_eq!(
        (followed.tally.of("ma.paused"), followed.tally.counted(), followed.tally.complete()),
        (1, 4, 0)
    );
}

const MILESTONES: [(&str, Option<&str>); 5] =
    [("a", Some("m1")), ("a", Some("m2")), ("a", Some("m3")), ("b", None), ("z", None)];

prop_compose! {
    /// A report of one step: by whom, on which day, of which step, its status, and whether it has evidence.
    fn report()(
        author in 1..3u8,
        day in 0..600u64,
        step in prop::sample::select(MILESTONES.as_slice()),
        status in prop::sample::select(MilestoneStatus::KNOWN),
        has_evidence in any::<bool>(),
    ) -> (u8, u64, Progress) {
        let plain = state(step.1, status);
        (author, day, progress(step.0, vec![if has_evidence { shown(plain) } else { plain }]))
    }
}

proptest! {
    #[test]
    fn figures_keep_their_rules_whatever_is_reported(
        entries in vec(report(), 0..14),
        until in 0..600u64,
        turn in any::<prop::sample::Index>(),
    ) {
        let start = (day("2024-01-01") - Day::constant(1970, 1, 1)).get_days();
        let start = u64::try_from(start).unwrap();
        let mut all: Vec<_> = entries.iter().enumerate().map(|(n, (author, day, body))| Said {
            id: EntryId([u8::try_from(n).unwrap(); 32]),
            author: AuthorId([*author; 32]),
            seq: 1,
            time: (start + day) * DAY,
            body,
        }).collect();
        let plan = plan();
        let as_of = super::super::day((start + until) * DAY);
        let followed = follow_up(&plan, &ours(), as_of, all.clone());

        let tally = &followed.tally;
        prop_assert_eq!(tally.steps(), 4);
        prop_assert!(tally.evidenced <= tally.complete() && tally.complete() <= tally.counted());
        prop_assert_eq!(tally.percent().is_none(), tally.counted() == 0);
        if let Some(percent) = tally.percent() {
            prop_assert!(percent <= 100);
            prop_assert_eq!(percent == 100, tally.complete() == tally.counted());
        }
        let parts: u64 = followed.commitments.iter().map(|of| of.tally.complete()).sum();
        prop_assert_eq!(parts, tally.complete());
        for (_, step) in followed.steps() {
            let counts = |report: &Report<'_>| {
                report.said.author == AUTHOR && report.said.day() <= as_of && report.state.status == step.status
            };
            prop_assert!(step.reports.iter().all(counts));
            prop_assert!(!step.reports.is_empty() || step.status.as_str() == "not_started");
        }

        // Neither what was signed later nor what others say changes a figure.
        let known: Vec<_> = all.iter().copied().filter(|said| said.day() <= as_of).collect();
        prop_assert_eq!(&follow_up(&plan, &ours(), as_of, known.clone()), &followed);
        let own = known.iter().copied().filter(|said| said.author == AUTHOR);
        prop_assert_eq!(&follow_up(&plan, &ours(), as_of, own).tally, tally);
        prop_assert_eq!(followed.by_others.len(), known.iter().filter(|said| said.author != AUTHOR).count());

        // Nor does the order in which entries arrived.
        let at = if all.is_empty() { 0 } else { turn.index(all.len()) };
        all.rotate_left(at);
        all.reverse();
        prop_assert_eq!(&follow_up(&plan, &ours(), as_of, all), &followed);
    }
}
