use proptest::prelude::*;

use super::*;
use crate::record::Ref;
use crate::record::code::AdoptionState;

const AUTHOR: AuthorId = AuthorId([1; 32]);
/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

fn adoption(version: u8, state: &str) -> Adoption {
    Adoption {
        practice: Some(Ref { author: AUTHOR, seq: version.into(), id: EntryId([version; 32]) }),
        state: AdoptionState::from(state),
        ..Adoption::default()
    }
}

fn said(author: u8, day: u64, body: &Adoption) -> Said<'_, Adoption> {
    Said { id: EntryId([day as u8; 32]), author: AuthorId([author; 32]), seq: 1, time: day * DAY, body }
}

fn on(day: i64) -> Date {
    super::super::day(u64::try_from(day).unwrap() * DAY)
}

#[test]
fn the_latest_word_of_each_adopter_says_how_far_it_has_come() {
    let [interested, adopted, abandoned, own] =
        ["interested", "adopted", "abandoned", "adopted"].map(|state| adoption(1, state));
    let newer = adoption(2, "adopted");
    let all = [
        said(3, 9, &abandoned),
        said(2, 5, &interested),
        said(2, 8, &newer),
        said(3, 6, &interested),
        said(4, 7, &adopted),
        said(1, 3, &own),
    ];
    let spread_then = |day| spread(AUTHOR, on(day), all);
    let now = spread_then(9);
    let states: Vec<_> =
        now.adopters.iter().map(|adopter| (adopter.latest.author.0[0], adopter.state())).collect();
    assert_eq!(states, [(2, "adopted"), (3, "abandoned"), (4, "adopted")], "by who came first");
    assert_eq!(now.adopters[0].statements, [all[1].id, all[2].id]);
    assert_eq!(now.adopters[0].since, 5 * DAY);
    assert_eq!(now.counts(), BTreeMap::from([("adopted", 2), ("abandoned", 1)]));
    assert_eq!(now.own, [all[5].id]);
    let behind: Vec<_> = now.behind(EntryId([2; 32])).map(|adopter| adopter.latest.author.0[0]).collect();
    assert_eq!(behind, [4], "whoever has the newer version, or gave it up, is not told");
    assert_eq!(spread_then(6).counts(), BTreeMap::from([("interested", 2)]));
    assert_eq!(spread_then(4).adopters, []);
}

proptest! {
    #[test]
    fn the_order_of_arrival_and_what_came_later_change_nothing(
        entries in proptest::collection::vec((1..5u8, 1..40u64, 0..5usize), 0..12),
        until in 1..40i64,
        at in any::<prop::sample::Index>(),
    ) {
        let bodies: Vec<_> =
            entries.iter().map(|(_, _, state)| adoption(1, AdoptionState::KNOWN[*state])).collect();
        let mut all: Vec<_> = entries.iter().zip(&bodies).enumerate().map(|(n, ((author, day, _), body))| {
            Said { id: EntryId([n as u8; 32]), ..said(*author, *day, body) }
        }).collect();
        let expected = spread(AUTHOR, on(until), all.clone());
        let early: Vec<_> = all.iter().copied().filter(|said| said.time <= u64::try_from(until).unwrap() * DAY).collect();
        prop_assert_eq!(&spread(AUTHOR, on(until), early.clone()), &expected);
        let middle = if all.is_empty() { 0 } else { at.index(all.len()) };
        all.rotate_left(middle);
        all.reverse();
        prop_assert_eq!(&spread(AUTHOR, on(until), all), &expected);
        prop_assert_eq!(expected.counts().values().sum::<usize>(), expected.adopters.len());
        let statements: usize = expected.adopters.iter().map(|adopter| adopter.statements.len()).sum();
        prop_assert_eq!(statements + expected.own.len(), early.len());
    }
}
