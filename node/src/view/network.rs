//! The network: its charter in all adopted versions, who decides, and who signed (N1 to N3).

use multaqa_protocol::network;
use multaqa_protocol::record::Words;

use super::View;
use crate::api::types::{CharterVersion, NETWORK, Network, Proposal, Vote};

impl View<'_> {
    /// Returns the network as it is known here.
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
