//! The proposals that were collected for a plan, and what became of each.

use std::collections::BTreeSet;

use multaqa_protocol::follow_up::proposals::{End, Followed};
use multaqa_protocol::follow_up::{follow_proposals, origins};
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::{PROPOSAL, Plan, Proposal, Record, Ref};

use super::{Chosen, Firsts, MAX_FOUND, Referrers, Signed};
use crate::api::types::{Fate, OriginOf, ProposalFate};
use crate::view::ViewError;

/// Most times that it is looked for proposals that were merged into those found before: ideas of citizens become one
/// at a workshop, once more when a commitment is worded, and hardly a third time. Of longer chains the answer says that
/// it is not complete.
const MAX_MERGERS: usize = 8;

/// Proposals of a plan.
pub(super) struct Proposals {
    all: Vec<Signed<Proposal>>,
    /// The first version of each entry that was met.
    firsts: Firsts,
    pub(super) is_whole: bool,
}

fn proposal(record: Record) -> Option<Box<Proposal>> {
    if let Record::Proposal(proposal) = record { Some(proposal) } else { None }
}

impl Referrers<'_> {
    /// Gathers the proposals that name a plan, those that its commitments name, and those into which they
    /// were merged or which were merged into them, as far as that goes.
    pub(super) fn proposals(&self, chosen: &Chosen, plan: &Plan) -> Result<Proposals, ViewError> {
        let mut gathered = Proposals { all: Vec::new(), firsts: Firsts::new(), is_whole: true };
        for id in chosen.targets() {
            gathered.firsts.insert(id, chosen.first);
        }
        let found = self.find(PROPOSAL, &chosen.targets(), None, MAX_FOUND, proposal)?;
        gathered.is_whole &= found.is_whole;
        let mut named: Vec<Ref> = Vec::new();
        for signed in found.entries {
            named.extend(self.take(&mut gathered, signed));
        }
        named.extend(plan.commitments.iter().flat_map(|commitment| &commitment.proposals));
        self.chase(&mut gathered, named)?;
        // Those that were merged into what is known by now, and into these, until nothing new is found.
        let mut asked = BTreeSet::new();
        for _ in 0..MAX_MERGERS {
            let ids: BTreeSet<EntryId> =
                gathered.firsts.keys().copied().filter(|id| asked.insert(*id)).collect();
            if ids.is_empty() {
                return Ok(gathered);
            }
            if gathered.all.len() >= MAX_FOUND {
                break;
            }
            let merged = self.find(PROPOSAL, &ids, None, MAX_FOUND, proposal)?;
            gathered.is_whole &= merged.is_whole;
            let mut named = Vec::new();
            for signed in merged.entries {
                named.extend(self.take(&mut gathered, signed));
            }
            self.chase(&mut gathered, named)?;
        }
        gathered.is_whole = false;
        Ok(gathered)
    }

    /// Adds a proposal, and returns the one into which it was merged.
    fn take(&self, gathered: &mut Proposals, signed: Signed<Proposal>) -> Option<Ref> {
        let first = self.note(gathered, signed.author, signed.id);
        if gathered.all.iter().any(|known| gathered.firsts.get(&known.id) == Some(&first)) {
            return None;
        }
        let merged_into = signed.body.became.as_ref().and_then(|became| became.merged_into);
        gathered.all.push(signed);
        merged_into
    }

    /// Notes the first version of a record for each of its versions.
    fn note(&self, gathered: &mut Proposals, author: AuthorId, id: EntryId) -> EntryId {
        let shelf = self.view.library.shelf(author).unwrap_or_default();
        let first = shelf.first_of(id);
        let chain = shelf.chain(first).unwrap_or_default().iter().map(|(_, version)| *version);
        gathered.firsts.extend(chain.chain([id, first]).map(|version| (version, first)));
        first
    }

    /// Adds the proposals that are named, as far as they are held, and those into which they were merged.
    fn chase(&self, gathered: &mut Proposals, mut named: Vec<Ref>) -> Result<(), ViewError> {
        while let Some(target) = named.pop() {
            if gathered.all.len() >= MAX_FOUND {
                gathered.is_whole = false;
                break;
            }
            let known = gathered.firsts.get(&target.id);
            if known
                .is_some_and(|first| gathered.all.iter().any(|of| gathered.firsts.get(&of.id) == Some(first)))
            {
                continue;
            }
            let chosen = self.choose(target.author, target.id)?.filter(|chosen| !chosen.is_later);
            let Some(chosen) = chosen else { continue };
            if let Some(signed) = self.read_row(target.author, &chosen.row, proposal)? {
                named.extend(self.take(gathered, signed));
            }
        }
        Ok(())
    }

    /// Returns the fate of each proposal, in the order in which they were signed.
    pub(super) fn fates(&self, proposals: &Proposals) -> Vec<ProposalFate> {
        let mut fates: Vec<ProposalFate> = proposals
            .followed()
            .into_iter()
            .map(|followed| ProposalFate {
                said: crate::api::types::ReportRef {
                    id: followed.proposal.id,
                    by: self.view.author_ref(followed.proposal.author),
                    time: followed.proposal.time,
                },
                record: followed.record,
                title: followed.proposal.body.title.clone(),
                stage: followed.proposal.body.stage.as_ref().map(|code| code.as_str().to_owned()),
                occasion: followed.proposal.body.occasion.clone(),
                through: followed.through,
                became: fate(&followed.end),
            })
            .collect();
        fates.sort_by_key(|fate| (fate.said.time, fate.said.id));
        fates
    }

    /// Returns the proposals from which each commitment of a plan came, in the plan's order.
    pub(super) fn origins(
        &self,
        plan: EntryId,
        commitments: &Plan,
        proposals: &Proposals,
    ) -> Vec<Vec<OriginOf>> {
        let followed = proposals.followed();
        let title = |record: EntryId| {
            let found = followed.iter().find(|followed| followed.record == record);
            found.map(|found| found.proposal.body.title.clone()).unwrap_or_default()
        };
        let of_one = |commitment| {
            let from = origins(plan, commitment, &followed, |id| proposals.first_of(id));
            let origin = |origin: multaqa_protocol::follow_up::proposals::Origin| OriginOf {
                record: origin.record,
                title: title(origin.record),
                proposal_says: origin.proposal_says,
                commitment_says: origin.commitment_says,
            };
            from.into_iter().map(origin).collect()
        };
        commitments.commitments.iter().map(of_one).collect()
    }
}

impl Proposals {
    fn followed(&self) -> Vec<Followed<'_>> {
        follow_proposals(self.all.iter().map(Signed::said), |id| self.first_of(id))
    }

    fn first_of(&self, id: EntryId) -> EntryId {
        self.firsts.get(&id).copied().unwrap_or(id)
    }
}

fn fate(end: &End<'_>) -> Fate {
    match end {
        End::Open => Fate::Open,
        End::Commitment { plan, commitment } => {
            Fate::Commitment { plan: *plan, commitment: (*commitment).to_owned() }
        }
        End::Declined { reason } => Fate::Declined { reason: (*reason).clone() },
        End::NotHeld(target) => Fate::NotHeld { id: target.id },
        End::Circle => Fate::Circle,
    }
}
