//! What checkpoints and witnesses in a bundle say (A1 to A4).

use super::*;
use crate::id::{BodyHash, EntryId, Seq};
use crate::log::{Head, Status};
use crate::network::Ref;
use crate::sync::Row;
use crate::witness::{Checkpoint, Witness};

/// A row that names the entry `id` of `author` as its head.
fn row(author: &Author, id: EntryId) -> Row {
    let seq = author.entry(id).0.seq();
    Row::new(author.id(), Head { seq, id, status: Status::Ok })
}

fn checkpoint(network: &Network, rows: Vec<Row>) -> Checkpoint {
    Checkpoint { net: network.net, heads: rows, charter: BodyHash(network.net.0) }
}

fn witness(network: &Network, checkpoint: Ref, except: Vec<AuthorId>) -> Witness {
    Witness { net: network.net, except, checkpoint }
}

/// Lets a steward list the member's log up to `head`, and returns the checkpoint.
fn list(network: &mut Network, steward: usize, head: EntryId) -> Ref {
    let body = checkpoint(network, vec![row(&network.member, head)]);
    let id = network.stewards[steward].say(&body);
    network.stewards[steward].reference(id)
}

/// Lets the member confirm it.
fn confirm(network: &mut Network, checkpoint: Ref, except: Vec<AuthorId>) -> EntryId {
    let body = witness(network, checkpoint, except);
    network.member.say(&body)
}

fn report(network: &Network) -> Report {
    audit(&network.bundle(Scope::Network))
}

fn reach(report: &Report, author: AuthorId) -> (Option<Seq>, Option<Seq>) {
    let found = report.authors.iter().find(|found| found.author == author).unwrap();
    (found.shown_to, found.witnessed_to)
}

#[test]
fn a_checkpoint_shows_an_entry_and_its_ancestors_and_a_witness_confirms_it() {
    let mut network = Network::new();
    let practice = network.practice;
    let listed = list(&mut network, 0, practice);
    let before = report(&network);
    assert_eq!(reach(&before, network.member.id()), (Some(2), None));
    assert_eq!(before.dates(&practice).witnessed_before(u64::MAX), 0);

    let own = confirm(&mut network, listed, Vec::new());
    let later = network.member.write("practice", &text("title", "Later"));
    let report = report(&network);
    assert_eq!((report.verdict, report.findings.len()), (Verdict::Verified, 0));
    assert_eq!(reach(&report, network.member.id()), (Some(2), Some(2)));

    let inception = network.member.written[0].0.id();
    for id in [practice, inception] {
        let dates = report.dates(&id);
        assert_eq!(dates.checkpoints.iter().map(|shown| shown.checkpoint).collect::<Vec<_>>(), [listed.id]);
        assert_eq!(dates.witnesses.iter().map(|word| word.witness).collect::<Vec<_>>(), [own]);
        assert_eq!(dates.not_before, None);
    }
    let dates = report.dates(&later);
    assert_eq!((dates.checkpoints.len(), dates.witnesses.len()), (0, 0), "nobody has shown it yet");
    assert_eq!(dates.not_before.unwrap().checkpoint, listed.id);
}

#[test]
fn a_witness_says_nothing_of_whom_it_excepts() {
    let mut network = Network::new();
    let (practice, member) = (network.practice, network.member.id());
    let listed = list(&mut network, 0, practice);
    confirm(&mut network, listed, vec![member]);
    let report = report(&network);
    assert_eq!(reach(&report, member), (Some(2), None));
    assert_eq!(report.dates(&practice).witnesses, []);
}

#[test]
fn only_stewards_list_and_only_members_confirm() {
    let mut network = Network::new();
    let practice = network.practice;
    let body = checkpoint(&network, vec![row(&network.member, practice)]);
    let id = network.member.say(&body);
    let by_member = network.member.reference(id);
    confirm(&mut network, by_member, Vec::new());
    let listed = list(&mut network, 1, practice);
    let body = witness(&network, listed, Vec::new());
    network.stewards[2].say(&body);
    let other = Witness { net: NetworkId([9; 32]), ..body };
    network.member.say(&other);

    let report = report(&network);
    let dates = report.dates(&practice);
    assert_eq!(dates.checkpoints.iter().map(|shown| shown.checkpoint).collect::<Vec<_>>(), [listed.id]);
    assert_eq!(dates.witnesses, [], "a steward that is no member, and a word in another network");
}

#[test]
fn a_log_whose_tail_was_cut_off_is_contradicted_by_the_checkpoint() {
    let mut network = Network::new();
    let head = network.member.write("practice", &text("title", "Unwelcome"));
    let listed = list(&mut network, 0, head);
    network.member.written.pop();
    let report = report(&network);
    assert_eq!(report.verdict, Verdict::Verified, "what is there is valid; what is not was shown");
    assert_eq!(codes(&report), ["log-cut-off"]);
    assert_eq!((rules(&report), report.findings[0].entry), (vec!["A4"], Some(listed.id)));
}

#[test]
fn a_rewritten_log_is_contradicted_by_the_checkpoint() {
    let mut network = Network::new();
    let parent = network.member.written[1].0.id();
    let practice = network.practice;
    let listed = list(&mut network, 0, practice);
    network.member.written.pop();
    network.member.write_after(parent, "practice", &text("title", "Another past"));
    let report = report(&network);
    assert_eq!(codes(&report), ["head-not-here"]);
    assert_eq!(report.findings[0].entry, Some(listed.id));
}

#[test]
fn what_was_disowned_keeps_its_witnesses() {
    let mut network = Network::new();
    let parent = network.member.written[1].0.id();
    let practice = network.practice;
    let listed = list(&mut network, 0, practice);
    let member = network.member.id();
    network.member.rotate_after(parent);
    confirm(&mut network, listed, Vec::new());
    let report = report(&network);
    assert!(matches!(report.entry(&practice).unwrap().mark, Mark::Disowned { .. }));
    assert_eq!(report.dates(&practice).witnesses.len(), 1);
    assert_eq!(reach(&report, member), (Some(1), Some(1)), "what both branches have in common");
}
