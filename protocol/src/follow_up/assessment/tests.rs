use super::*;
use crate::record::Ref;
use crate::record::code::Capacity;

const AUTHOR: AuthorId = AuthorId([1; 32]);
const TARGET: EntryId = EntryId([7; 32]);

fn endorse(of: EntryId, capacity: &str) -> Endorse {
    Endorse {
        endorses: Some(Ref { author: AUTHOR, seq: 3, id: of }),
        capacity: Some(Capacity::from(capacity)),
        ..Endorse::default()
    }
}

fn said(author: u8, time: u64, body: &Endorse) -> Said<'_, Endorse> {
    Said { id: EntryId([time as u8; 32]), author: AuthorId([author; 32]), seq: 1, time, body }
}

fn by_author(author: u8) -> Party {
    Party { author: Some(AuthorId([author; 32])), place: None }
}

#[test]
fn an_evaluation_by_who_carries_the_plan_out_is_a_self_assessment() {
    let implementers = BTreeSet::from([AUTHOR, AuthorId([2; 32])]);
    assert_eq!(assessor(AUTHOR, &implementers), Assessor::Implementer);
    assert_eq!(assessor(AuthorId([2; 32]), &implementers), Assessor::Implementer);
    assert_eq!(assessor(AuthorId([3; 32]), &implementers), Assessor::Other);
}

#[test]
fn two_of_four_have_signed() {
    let (association, council) = (endorse(TARGET, "civil_society"), endorse(TARGET, "consultative_body"));
    let parties = [2, 3, 4, 5].map(by_author);
    let signed = [said(3, 20, &council), said(2, 10, &association)];
    let endorsements = endorsements(TARGET, AUTHOR, &parties, signed, |_| None);
    assert_eq!(endorsements.by, [signed[1], signed[0]], "in the order in which they were made");
    assert_eq!((endorsements.signed(), endorsements.expected.len()), (2, 4));
    assert_eq!(endorsements.expected[3], (&parties[3], None));
}

#[test]
fn only_signatures_of_others_on_the_exact_version_count_and_one_for_each() {
    let (this, older) = (endorse(TARGET, "party"), endorse(EntryId([6; 32]), "party"));
    let of_another_log = Endorse {
        endorses: Some(Ref { author: AuthorId([9; 32]), seq: 3, id: TARGET }),
        ..Endorse::default()
    };
    let latest = endorse(TARGET, "monitoring_committee");
    let all = [
        said(1, 1, &this),
        said(2, 2, &older),
        said(3, 3, &of_another_log),
        said(4, 9, &latest),
        said(4, 4, &this),
    ];
    let endorsements = endorsements(TARGET, AUTHOR, &[], all, |_| None);
    assert_eq!(endorsements.by, [all[3]]);
}

#[test]
fn a_party_named_by_its_place_signs_from_the_place_that_stewards_confirm() {
    let this = endorse(TARGET, "party");
    let party = |code: &str| Party { place: Some(Place::from(code)), author: None };
    let parties = [party("05"), party("06"), party("MA-01"), Party::default()];
    let place_of = |author: AuthorId| match author.0[0] {
        1 => Some(Place::from("05")),
        2 => Some(Place::from("06")),
        _ => None,
    };
    let endorsements =
        endorsements(TARGET, AUTHOR, &parties, [said(2, 1, &this), said(3, 2, &this)], place_of);
    let by: Vec<_> = endorsements.expected.iter().map(|(_, by)| by.map(|by| by.0[0])).collect();
    assert_eq!(by, [Some(1), Some(2), None, None], "the author's own signature is under its record");
}
