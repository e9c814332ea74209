//! Who co-signed a record, in which version.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::follow_up::endorsements;
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::party::Party;
use multaqa_protocol::record::{ENDORSE, Endorse, Place, Record};

use super::{Chosen, Referrers, Signed};
use crate::api::types::{CoSignature, CoSignatures, ExpectedParty};
use crate::gazetteer;
use crate::view::ViewError;

/// Most parties of one record whose signatures are looked for: half of the present network, and each is a
/// question to the index. Of more, the answer says that it is not complete.
const MAX_PARTIES: usize = 64;
/// Most co-signatures by one party, of different versions, that are read.
const MAX_BY_PARTY: usize = 16;
/// Most co-signatures by others that are shown, the newest first; the library lists all.
const MAX_BY_OTHERS: usize = 24;

/// Who co-signed, and who among them is a party.
pub(super) struct CoSigned {
    pub(super) shown: CoSignatures,
    /// The parties that signed any version.
    pub(super) parties: BTreeSet<AuthorId>,
    pub(super) is_whole: bool,
}

fn endorse(record: Record) -> Option<Box<Endorse>> {
    if let Record::Endorse(endorse) = record { Some(endorse) } else { None }
}

impl Referrers<'_> {
    /// Returns who co-signed a record, as of the day. A party that signed an earlier version of the record
    /// stays a party of it: what it promised is not undone by a correction of the text; the answer says
    /// which version bears its signature.
    pub(super) fn cosigned(&self, chosen: &Chosen, parties: &[Party]) -> Result<CoSigned, ViewError> {
        let targets = chosen.targets();
        let mut is_whole = parties.len() <= MAX_PARTIES;
        let parties: Vec<Party> = parties.iter().take(MAX_PARTIES).map(official).collect();
        let mut found: BTreeMap<EntryId, Signed<Endorse>> = BTreeMap::new();
        let others = self.find(ENDORSE, &targets, None, MAX_BY_OTHERS, endorse)?;
        for author in self.authors_of(&parties) {
            let by_party = self.find(ENDORSE, &targets, Some(author), MAX_BY_PARTY, endorse)?;
            is_whole &= by_party.is_whole;
            found.extend(by_party.entries.into_iter().map(|signed| (signed.id, signed)));
        }
        found.extend(others.entries.into_iter().map(|signed| (signed.id, signed)));
        // Newest version first, so that of several signatures the one of the latest version is shown.
        let versions: Vec<EntryId> = match chosen.versions.is_empty() {
            true => vec![chosen.row.id],
            false => chosen.versions.iter().rev().copied().collect(),
        };
        let mut shown = CoSignatures::default();
        let mut signers: Vec<Option<AuthorId>> = vec![None; parties.len()];
        let mut seen = BTreeSet::new();
        for version in versions {
            let said = found.values().map(Signed::said);
            let of_version =
                endorsements(version, chosen.author, &parties, said, |author| self.confirmed_place(author));
            for (signer, (_, by)) in signers.iter_mut().zip(&of_version.expected) {
                *signer = signer.or(*by);
            }
            for said in of_version.by.iter().filter(|said| seen.insert(said.author)) {
                let Some(signed) = found.get(&said.id) else { continue };
                shown.by.push(CoSignature {
                    said: self.report(signed),
                    version,
                    current: version == chosen.row.id,
                    capacity: said.body.capacity.as_ref().map(|code| code.as_str().to_owned()),
                    note: said.body.note.clone(),
                });
            }
        }
        shown.expected = parties
            .iter()
            .zip(&signers)
            .map(|(party, signer)| ExpectedParty {
                place: party.place.as_ref().map(|place| place.as_str().to_owned()),
                author: party.author,
                signed: signer.map(|author| self.view.author_ref(author)),
            })
            .collect();
        Ok(CoSigned { shown, parties: signers.into_iter().flatten().collect(), is_whole })
    }

    /// Returns the authors who can sign for parties: those named, and those whose place stewards confirm.
    fn authors_of(&self, parties: &[Party]) -> BTreeSet<AuthorId> {
        let places: BTreeSet<&Place> = parties
            .iter()
            .filter(|party| party.author.is_none())
            .filter_map(|party| party.place.as_ref())
            .collect();
        let of_places = self.view.snapshot.authors().keys().filter(|author| {
            !places.is_empty() && self.confirmed_place(**author).is_some_and(|place| places.contains(&place))
        });
        parties.iter().filter_map(|party| party.author).chain(of_places.copied()).collect()
    }

    /// Returns the place of an author, where stewards confirm it.
    fn confirmed_place(&self, author: AuthorId) -> Option<Place> {
        let standing = self.view.snapshot.governance().standing(author)?;
        standing.place.as_deref().map(official_code)
    }
}

/// Names a party's place by its HCP code, whichever of the two codes the record uses.
fn official(party: &Party) -> Party {
    let place = party.place.as_ref().map(|place| official_code(place.as_str()));
    Party { place, ..party.clone() }
}

fn official_code(code: &str) -> Place {
    Place::from(gazetteer::find(code).map_or(code, |found| found.code.as_str()))
}
