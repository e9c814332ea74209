//! The network: its charter in all adopted versions, who decides, and who signed (N1 to N3).

use std::sync::Arc;

use multaqa_protocol::id::{BodyHash, Millis};
use multaqa_protocol::network::{self, Charter};
use multaqa_protocol::record::Words;

use super::{View, ViewError};
use crate::api::types::{AuthorRef, CharterVersion, Checkpoints, NETWORK, Network, Proposal, Vote};

/// An adopted version of the charter, and who approved it.
#[derive(Clone, Debug)]
pub(crate) struct Adopted {
    /// What it says.
    pub(crate) charter: Arc<Charter>,
    /// The hash of its body.
    pub(crate) hash: BodyHash,
    /// What the network is called in it.
    pub(crate) names: Words,
    /// What the members undertake.
    pub(crate) text: Words,
    /// Who decides by it.
    pub(crate) stewards: Vec<AuthorRef>,
    /// Who approved it, and when, as each claims; no time of an entry that is not held here.
    pub(crate) approvals: Vec<(AuthorRef, Option<Millis>)>,
    /// How many could: its own stewards for version 0, those of the version before for a later one (N3).
    pub(crate) voters: u64,
}

impl View<'_> {
    /// Returns the numbers of the adopted versions of the charter, the first first.
    pub(crate) fn charter_versions(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.snapshot.governance.versions().iter().map(|version| version.charter.version)
    }

    /// Returns a version of the charter; nothing where none of that number was adopted.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn charter(&self, number: u64) -> Result<Option<Adopted>, ViewError> {
        let versions = self.snapshot.governance.versions();
        let Some(at) = versions.iter().position(|version| version.charter.version == number) else {
            return Ok(None);
        };
        let (version, voting) = (&versions[at], &versions[at.saturating_sub(1)]);
        let mut approvals = Vec::with_capacity(version.votes.len());
        for (by, entry) in &version.votes {
            approvals.push((self.author_ref(*by), self.row_of(*by, entry)?.map(|row| row.time)));
        }
        approvals.sort_by_key(|(_, time)| *time);
        Ok(Some(Adopted {
            hash: version.hash,
            names: words(&version.charter.names),
            text: words(&version.charter.text),
            stewards: version.charter.stewards.iter().map(|steward| self.author_ref(*steward)).collect(),
            approvals,
            voters: voting.charter.stewards.len() as u64,
            charter: version.charter.clone(),
        }))
    }

    /// Returns the network as it is known here; what checkpoints say of it is [`View::checkpoints`].
    #[must_use]
    pub fn network(&self) -> Network {
        let governance = &self.snapshot.governance;
        let charter = governance.charter().map(|version| &version.charter);
        Network {
            schema: NETWORK.into(),
            id: self.snapshot.network,
            charter_known: governance.charter_known(),
            names: charter.map(|charter| words(&charter.names)).unwrap_or_default(),
            text: charter.map(|charter| words(&charter.text)).unwrap_or_default(),
            principles: charter.map(|charter| charter.principles.clone()).unwrap_or_default(),
            licence: charter.map(|charter| charter.licence.clone()).unwrap_or_default(),
            stewards: governance.stewards().iter().map(|steward| self.author_ref(*steward)).collect(),
            k: governance.k(),
            versions: governance.versions().iter().map(version).collect(),
            proposals: governance
                .proposals()
                .iter()
                .map(|proposal| Proposal {
                    hash: proposal.hash,
                    version: proposal.charter.version,
                    votes: votes(proposal),
                })
                .collect(),
            last_statement: self.snapshot.last_statement,
            checkpoints: Checkpoints::default(),
        }
    }
}

fn version(version: &network::Version) -> CharterVersion {
    let charter = &version.charter;
    let unsigned = charter.stewards.iter().filter(|steward| !version.votes.contains_key(steward));
    CharterVersion {
        version: charter.version,
        hash: version.hash,
        k: charter.k,
        stewards: charter.stewards.clone(),
        votes: votes(version),
        unsigned: if charter.version == 0 { unsigned.copied().collect() } else { Vec::new() },
    }
}

fn votes(version: &network::Version) -> Vec<Vote> {
    version.votes.iter().map(|(by, entry)| Vote { by: *by, entry: *entry }).collect()
}

/// Turns the charter's texts into the record layer's, which are the same on the wire.
fn words(texts: &network::Words) -> Words {
    let mut words = Words::default();
    texts.iter().for_each(|(tag, text)| words.insert(tag, text));
    words
}
