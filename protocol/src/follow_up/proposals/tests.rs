use proptest::prelude::*;

use super::*;
use crate::id::AuthorId;
use crate::record::code::ProposalState;
use crate::record::proposal::Became;

const PLAN: EntryId = EntryId([200; 32]);

fn id(n: u8) -> EntryId {
    EntryId([n; 32])
}

fn target(id: EntryId) -> Ref {
    Ref { author: AuthorId([1; 32]), seq: 1, id }
}

fn proposal(state: &str, merged_into: Option<EntryId>) -> Proposal {
    let became = Became {
        state: ProposalState::from(state),
        plan: Some(target(EntryId([201; 32]))),
        commitment: Some("c1".into()),
        merged_into: merged_into.map(target),
        reason: Words::from([("fr", "Hors compétence.")]),
        ..Became::default()
    };
    Proposal { became: Some(became), ..Proposal::default() }
}

fn said(n: u8, body: &Proposal) -> Said<'_, Proposal> {
    Said { id: id(n), author: AuthorId([1; 32]), seq: n.into(), time: 0, body }
}

/// Entry 201 is a version of the plan, an entry beyond 100 a version of the proposal a hundred below.
fn record_of(entry: EntryId) -> EntryId {
    match entry.0[0] {
        201 => PLAN,
        n @ 101..=199 => id(n - 100),
        _ => entry,
    }
}

#[test]
fn an_idea_is_followed_through_mergers_to_its_commitment_and_back() {
    let into_third = proposal("merged", Some(id(103)));
    let into_first = proposal("merged", Some(id(1)));
    let commitment = proposal("commitment", None);
    let declined = proposal("declined", None);
    let open = Proposal::default();
    let all = [
        said(1, &into_third),
        said(2, &into_first),
        said(103, &commitment),
        said(4, &declined),
        said(5, &open),
    ];
    let followed = follow_proposals(all, record_of);
    let ends: Vec<_> = followed.iter().map(|followed| &followed.end).collect();
    let taken = End::Commitment { plan: PLAN, commitment: "c1" };
    let reason = Words::from([("fr", "Hors compétence.")]);
    assert_eq!(ends, [&taken, &taken, &taken, &End::Declined { reason: &reason }, &End::Open]);
    assert_eq!(followed[1].through, [id(1), id(3)]);

    let origin = |n, proposal_says, commitment_says| Origin { record: id(n), proposal_says, commitment_says };
    let named = [103, 4].map(|n| target(id(n))).to_vec();
    let c1 = Commitment { id: "c1".into(), proposals: named, ..Commitment::default() };
    assert_eq!(
        origins(PLAN, &c1, &followed, record_of),
        [origin(1, true, false), origin(2, true, false), origin(3, true, true), origin(4, false, true)]
    );
    let c2 = Commitment { id: "c2".into(), ..Commitment::default() };
    assert_eq!(origins(PLAN, &c2, &followed, record_of), []);
    assert_eq!(origins(id(202), &Commitment { proposals: vec![], ..c1 }, &followed, record_of), []);
}

#[test]
fn what_does_not_lead_anywhere_is_said() {
    let [to_itself, to_other, to_nothing] = [1, 3, 9].map(|n| proposal("merged", Some(id(n))));
    let back = proposal("merged", Some(id(2)));
    let unknown = proposal("ma.deferred", None);
    let all =
        [said(1, &to_itself), said(2, &to_other), said(3, &back), said(4, &to_nothing), said(5, &unknown)];
    let ends: Vec<_> = follow_proposals(all, record_of).into_iter().map(|followed| followed.end).collect();
    assert_eq!(ends, [End::Circle, End::Circle, End::Circle, End::NotHeld(target(id(9))), End::Open]);
}

proptest! {
    #[test]
    fn every_walk_ends_and_every_taken_idea_is_found_again(
        links in proptest::collection::vec((0..4usize, 0..12u8), 1..10),
    ) {
        let bodies: Vec<_> = links.iter().map(|(state, into)| {
            proposal(ProposalState::KNOWN[*state], Some(id(*into)))
        }).collect();
        let all = bodies.iter().enumerate().map(|(n, body)| said(u8::try_from(n).unwrap(), body));
        let followed = follow_proposals(all, record_of);
        prop_assert_eq!(followed.len(), links.len());
        let commitment = Commitment { id: "c1".into(), ..Commitment::default() };
        let found: Vec<_> =
            origins(PLAN, &commitment, &followed, record_of).into_iter().map(|origin| origin.record).collect();
        for one in &followed {
            prop_assert!(one.through.len() < links.len());
            let is_taken = matches!(one.end, End::Commitment { .. });
            prop_assert_eq!(found.contains(&one.record), is_taken);
        }
    }
}
