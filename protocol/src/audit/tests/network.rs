//! Bundles that hold a network: what must be there, and what it decides (A7, N5 to N7, B2).

use super::*;
use crate::bundle::MAX_TORN;
use crate::entry::Entry;
use crate::network::Withdraw;

/// The items without those of entries that `drop` names; bodies that another entry names stay.
fn without(items: Vec<Item>, drop: impl Fn(&Entry) -> bool, drop_bodies_only: bool) -> Vec<Item> {
    let decode = |item: &Item| match item {
        Item::Envelope(envelope) => Entry::decode(envelope).ok(),
        _ => None,
    };
    let kept = |entry: &Entry| drop_bodies_only && drop(entry) || !drop(entry);
    let names: Vec<_> = items
        .iter()
        .filter_map(decode)
        .filter(|entry| !drop(entry))
        .map(|entry| entry.header().body.hash.0)
        .collect();
    items
        .into_iter()
        .filter(|item| match item {
            Item::Body(body) => names.contains(&sha256(body)),
            item => decode(item).is_some_and(|entry| kept(&entry)),
        })
        .collect()
}

#[test]
fn a_whole_network_is_verified() {
    let network = Network::new();
    for scope in [Scope::Network, Scope::Journal] {
        let report = audit(&network.bundle(scope));
        assert_eq!(report.verdict, Verdict::Verified);
        assert!(report.findings.is_empty());
        let member = MemberReport {
            author: network.member.id(),
            place: Some("MA-RSK".into()),
            level: Some("region".into()),
        };
        assert_eq!(report.members, Some(vec![member]));
        assert_eq!(report.authors.len(), 4);
        assert_eq!(report.entries.canonical, 3 * 2 + 2 + 3);
    }
}

#[test]
fn no_bit_of_a_network_can_be_flipped() {
    let bytes = Network::new().bundle(Scope::Network);
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..400 {
        let (at, bit) = (random.random_range(0..bytes.len()), random.random_range(0..8));
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << bit;
        assert_ne!(audit(&bytes).verdict, Verdict::Verified, "byte {at}, bit {bit}");
    }
}

#[test]
fn stewards_logs_are_needed_where_a_network_is_promised() {
    let network = Network::new();
    let steward = network.stewards[0].id();
    let items = without(network.items(), |entry| entry.author() == steward, false);
    for scope in [Scope::Network, Scope::Journal] {
        let report = audit(&bundle(network.net, scope, items.clone()));
        assert_eq!(report.verdict, Verdict::Undecided);
        assert_eq!(codes(&report), ["log-missing"]);
        assert_eq!(report.findings[0].cause, Cause::LogMissing { author: steward, role: Role::Steward });
        assert_eq!(report.members, None);
    }
    let about = Some(Bytes32(network.member.id().0));
    let report = audit(&bundle_about(network.net, Scope::Author, about, items));
    assert_eq!(
        (report.verdict, report.members),
        (Verdict::Verified, None),
        "not in this bundle, and no fault"
    );
}

#[test]
fn the_charter_is_needed_where_a_network_is_promised() {
    let network = Network::new();
    let items = network.member.items();
    for scope in [Scope::Network, Scope::Journal] {
        let report = audit(&bundle(network.net, scope, items.clone()));
        assert_eq!((report.verdict, codes(&report)), (Verdict::Undecided, vec!["charter-missing"]));
    }
    let report = audit(&bundle(NET, Scope::Network, network.items()));
    assert_eq!(
        (report.verdict, codes(&report)),
        (Verdict::Undecided, vec!["charter-missing"]),
        "another network"
    );
}

#[test]
fn listed_authors_logs_are_needed_where_a_network_is_promised() {
    let network = Network::new();
    let author = network.member.id();
    let items = without(network.items(), |entry| entry.author() == author, false);
    let report = audit(&bundle(network.net, Scope::Network, items));
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!(report.findings[0].cause, Cause::LogMissing { author, role: Role::Listed });
    assert_eq!(report.members, Some(Vec::new()), "its own word is missing");
}

#[test]
fn an_author_whom_too_few_admit_is_not_needed() {
    let mut network = Network::new();
    network.admit(1, Author::new(9).id(), None);
    assert_eq!(audit(&network.bundle(Scope::Network)).verdict, Verdict::Verified);
    network.admit(2, Author::new(9).id(), None);
    assert_eq!(audit(&network.bundle(Scope::Network)).verdict, Verdict::Undecided);
}

#[test]
fn canonical_network_bodies_are_needed_where_a_network_is_promised() {
    let network = Network::new();
    for (kind, members_known) in [("admit", false), ("join", true)] {
        let items = without(network.items(), |entry| entry.kind() == kind, true);
        let report = audit(&bundle(network.net, Scope::Network, items.clone()));
        assert_eq!(report.verdict, Verdict::Undecided);
        assert!(codes(&report).iter().all(|code| *code == "network-body-missing"));
        assert_eq!(report.members.is_some(), members_known, "{kind}");
        let about = Some(Bytes32(network.member.id().0));
        let report = audit(&bundle_about(network.net, Scope::Author, about, items));
        assert_eq!(report.verdict, Verdict::Verified);
    }
    let items = without(network.items(), |entry| entry.kind() == "practice", true);
    let report = audit(&bundle(network.net, Scope::Network, items));
    assert_eq!(report.verdict, Verdict::Verified, "other bodies may be absent");
}

#[test]
fn network_bodies_off_the_canonical_log_may_be_absent() {
    let mut network = Network::new();
    let practice = network.practice;
    let disowned = network.member.say(&crate::network::Leave { net: network.net });
    network.member.rotate_after(practice);
    let items = without(network.items(), |entry| entry.id() == disowned, true);
    let report = audit(&bundle(network.net, Scope::Network, items));
    assert_eq!((report.verdict, codes(&report)), (Verdict::Verified, vec!["disowns"]));
    assert_eq!(report.members.unwrap().len(), 1, "the leave was disowned");
}

#[test]
fn a_bundle_of_one_entry_shows_its_place_where_stewards_logs_come_with_it() {
    let network = Network::new();
    let about = Some(Bytes32(network.practice.0));
    let report = audit(&bundle_about(network.net, Scope::Entry, about, network.items()));
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.members.unwrap().len(), 1);
    let report = audit(&bundle_about(network.net, Scope::Entry, about, network.member.items()));
    assert_eq!((report.verdict, report.members), (Verdict::Verified, None));
}

#[test]
fn entries_beyond_a_suspension_are_marked() {
    let mut network = Network::new();
    let after = network.member.write("practice", &text("title", "Later"));
    network.suspend(2, network.member.id(), 2);
    let report = audit(&network.bundle(Scope::Network));
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.members, Some(Vec::new()));
    assert_eq!(report.entry(&after).unwrap().mark, Mark::BeyondCut);
    assert_eq!(report.entry(&network.practice).unwrap().mark, Mark::Canonical);
    assert_eq!(report.entries.beyond_cut, 1);
    let member = report.authors.iter().find(|found| found.author == network.member.id()).unwrap();
    assert_eq!((member.seq, member.id, member.cut, member.entries), (2, network.practice, Some(2), 4));
}

#[test]
fn a_stewards_records_are_cut_and_its_statements_are_not() {
    let mut network = Network::new();
    let steward = network.stewards[2].id();
    let record = network.stewards[2].write("practice", &text("title", "A steward's"));
    network.admit(3, steward, None);
    network.suspend(2, steward, 1);
    let report = audit(&network.bundle(Scope::Network));
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.entry(&record).unwrap().mark, Mark::BeyondCut);
    let admit = network.stewards[2].head();
    assert_eq!(report.entry(&admit).unwrap().mark, Mark::Canonical);
}

#[test]
fn a_pin_decides_between_rotations() {
    let mut network = Network::new();
    let practice = network.practice;
    let mut thief = network.member.clone();
    let own = network.member.rotate_after(practice);
    thief.write("practice", &text("title", "The thief's"));
    thief.rotate_after(practice);
    let rotation = thief.head();
    let with_thief = |network: &Network| {
        let mut items = network.items();
        items.extend(thief.items());
        audit(&bundle(network.net, Scope::Network, items))
    };
    let report = with_thief(&network);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Verified, vec!["contested"]));
    network.admit(2, network.member.id(), Some(own));
    let report = with_thief(&network);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.entry(&own).unwrap().mark, Mark::Canonical);
    assert_eq!(report.entry(&rotation).unwrap().mark, Mark::Disowned { by: own });
}

#[test]
fn a_withdrawn_body_is_told_from_one_that_is_missing() {
    let mut network = Network::new();
    let practice = network.practice;
    let reference = network.member.reference(practice);
    let by_author = network.member.say(&Withdraw {
        net: None,
        basis: None,
        reason: "mistake".into(),
        entries: vec![reference],
    });
    let present = audit(&network.bundle(Scope::Network));
    assert_eq!((present.verdict, codes(&present)), (Verdict::Verified, vec!["present-though-withdrawn"]));
    assert_eq!(present.entry(&practice).unwrap().body, BodyState::PresentThoughWithdrawn);
    assert_eq!(present.withdrawal(&practice).unwrap().own.as_ref().unwrap().entry, by_author);
    let items = without(network.items(), |entry| entry.id() == practice, true);
    let absent = audit(&bundle(network.net, Scope::Network, items));
    assert_eq!((absent.verdict, absent.findings.len()), (Verdict::Verified, 0));
    assert_eq!(absent.entry(&practice).unwrap().body, BodyState::Withdrawn);
    assert_eq!(absent.bodies.withdrawn, 1);
}

#[test]
fn an_order_takes_k_stewards_and_spares_network_entries_and_others_bodies() {
    let mut network = Network::new();
    let practice = network.practice;
    network.withdraw(1, network.member.reference(practice));
    let join = network.member.written[1].0.id();
    network.withdraw(2, network.member.reference(join));
    let report = audit(&network.bundle(Scope::Network));
    assert_eq!((report.verdict, codes(&report)), (Verdict::Verified, vec![]));
    assert!(report.withdrawal(&practice).is_none() && report.withdrawal(&join).is_none());

    network.withdraw(2, network.member.reference(practice));
    let report = audit(&network.bundle(Scope::Network));
    assert_eq!(codes(&report), ["present-though-withdrawn"]);
    assert_eq!(report.withdrawal(&practice).unwrap().by().count(), 2);

    let body = network.member.entry(practice).1.clone();
    let other = network.member.write_body(network.member.head(), "practice", body);
    let report = audit(&network.bundle(Scope::Network));
    assert_eq!((report.verdict, codes(&report)), (Verdict::Verified, vec![]));
    assert_eq!(report.entry(&practice).unwrap().body, BodyState::Withdrawn);
    assert_eq!(report.entry(&other).unwrap().body, BodyState::Present, "the body stays with that one");
}

#[test]
fn the_same_body_under_another_kind_hides_no_statement() {
    let network = Network::new();
    let charter = network.stewards[0].written[1].1.clone();
    let mut first = Author::new(9);
    first.write_body(first.head(), "practice", charter);
    let items = first.items().into_iter().chain(network.items()).collect();
    let report = audit(&bundle(network.net, Scope::Network, items));
    assert_eq!((report.verdict, report.members.unwrap().len()), (Verdict::Verified, 1));
}

#[test]
fn a_journal_may_be_torn_and_must_not_be_damaged() {
    let network = Network::new();
    let bytes = network.bundle(Scope::Journal);
    let last = network.items().iter().last().unwrap().encode().len();
    let whole = bytes.len() - last;
    for len in whole + 1..bytes.len() {
        let report = audit(&bytes[..len]);
        assert_eq!((report.verdict, codes(&report)), (Verdict::Verified, vec!["torn"]), "cut to {len}");
    }
    let zeros = |len: u64| [bytes.clone(), vec![0; usize::try_from(len).unwrap()]].concat();
    let report = audit(&zeros(MAX_TORN));
    assert_eq!((report.verdict, rules(&report)), (Verdict::Verified, vec!["A8"]));
    let report = audit(&zeros(MAX_TORN + 1));
    assert_eq!((report.verdict, rules(&report)), (Verdict::Undecided, vec!["A8"]));
}

#[test]
fn a_journal_cut_anywhere_panics_nowhere_and_is_not_forged() {
    let network = Network::new();
    let bytes = network.bundle(Scope::Journal);
    let start = bytes.len() - network.items().iter().map(|item| item.encode().len()).sum::<usize>();
    for len in (start..bytes.len()).step_by(7) {
        let report = audit(&bytes[..len]);
        assert_ne!(report.verdict, Verdict::Forged, "cut to {len}: {:?}", report.findings);
    }
}
