//! The typed bodies of the network kinds: what is read from them, and what is written.
//!
//! Types are exact and the bounds are those of the specification's CDDL: a body that breaks either is
//! no statement (V8), whoever wrote it. Unknown fields are ignored in reading. This says nothing
//! about what a statement does; `checkpoint` and `witness`, which decide nothing, are in [`crate::witness`].

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::codec::{Map, Value};
use crate::entry;
use crate::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq};
use crate::log::CLOSE;

/// Most stewards of one charter (N2).
pub const MAX_STEWARDS: usize = 64;
/// Most authors that one `admit` names: with place and level each, about a full body.
pub const MAX_ADMISSIONS: usize = 2_048;
/// Most entries that one `withdraw` names.
pub const MAX_WITHDRAWN: usize = 64;

/// Text for people: BCP 47 tag to text, at least one.
pub type Words = BTreeMap<String, String>;

/// A body of a network kind.
pub trait Body: Serialize + DeserializeOwned {
    /// The kind of the entries that carry it.
    const KIND: &'static str;

    /// Tells whether the bounds of the CDDL hold that types do not express.
    fn is_bounded(&self) -> bool;

    /// Reads the bytes of a body, salt included; `None` where they break C, B5, the types or the
    /// bounds.
    #[must_use]
    fn read(bytes: &[u8]) -> Option<Self> {
        let body: Self = Value::Map(entry::decode_body(bytes).ok()?).to().ok()?;
        body.is_bounded().then_some(body)
    }

    /// Returns the map to write, for [`entry::encode_body`].
    #[must_use]
    fn to_map(&self) -> Map {
        match Value::from(self) {
            Ok(Value::Map(map)) => map,
            _ => unreachable!("a network body is a struct of plain values"),
        }
    }
}

/// An exact entry of an author's log. As it is the key under which withdrawals stand, it sorts by
/// author first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ref {
    /// Whose log.
    pub author: AuthorId,
    /// Its place in the log.
    pub seq: Seq,
    /// The entry.
    pub id: EntryId,
}

/// The charter of a network, one version of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    /// Least number of stewards that decide together.
    pub k: u64,
    /// The hash of the body of the version before; absent in version 0 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<BodyHash>,
    /// What the members undertake.
    pub text: Words,
    /// What the network is called.
    pub names: Words,
    /// The licence of what is published.
    pub licence: String,
    /// 0, then one more than the version before.
    pub version: u64,
    /// Who decides, sorted.
    pub stewards: Vec<AuthorId>,
    /// The versions of headers that writers may use.
    pub versions: Vec<u64>,
    /// The principles of openness.
    pub principles: Vec<String>,
}

/// Why a charter does not count, whoever signed it (N2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CharterError {
    /// Stewards are not sorted, or one stands twice.
    #[error("N2: stewards are not distinct and sorted")]
    Order,
    /// No steward, or more than [`MAX_STEWARDS`].
    #[error("N2: {found} stewards where 1 to {MAX_STEWARDS} are allowed")]
    Count {
        /// How many are named.
        found: usize,
    },
    /// Not k ≤ n < 2k: too few to agree, or enough for two decisions that contradict each other.
    #[error("N2: k is {k} where {stewards} stewards need more than half of them, and no more than all")]
    Quorum {
        /// The charter's k.
        k: u64,
        /// Its stewards.
        stewards: usize,
    },
    /// `prev` stands in version 0, or is absent in a later one.
    #[error("N2: version {version} and `prev` do not fit")]
    Prev {
        /// The charter's version.
        version: u64,
    },
}

impl Charter {
    /// Checks what N2 asks of a charter by itself.
    ///
    /// # Errors
    ///
    /// The first condition broken.
    pub fn check(&self) -> Result<(), CharterError> {
        let n = self.stewards.len();
        if !(1..=MAX_STEWARDS).contains(&n) {
            return Err(CharterError::Count { found: n });
        }
        if !self.stewards.is_sorted_by(|a, b| a < b) {
            return Err(CharterError::Order);
        }
        let count = n as u64;
        if self.k > count || count >= self.k.saturating_mul(2) {
            return Err(CharterError::Quorum { k: self.k, stewards: n });
        }
        if self.prev.is_some() == (self.version == 0) {
            return Err(CharterError::Prev { version: self.version });
        }
        Ok(())
    }

    /// Tells whether this charter counts (N2) as the successor of `before`, whose body has the hash
    /// `hash`.
    #[must_use]
    pub fn follows(&self, before: &Self, hash: BodyHash) -> bool {
        self.prev == Some(hash) && Some(self.version) == before.version.checked_add(1) && self.check().is_ok()
    }

    /// Tells whether `author` is one of its stewards.
    #[must_use]
    pub fn names_steward(&self, author: AuthorId) -> bool {
        self.stewards.binary_search(&author).is_ok()
    }
}

impl Body for Charter {
    const KIND: &'static str = "charter";

    fn is_bounded(&self) -> bool {
        (1..=MAX_STEWARDS).contains(&self.stewards.len())
            && !self.names.is_empty()
            && !self.text.is_empty()
            && !self.principles.is_empty()
            && !self.versions.is_empty()
    }
}

/// An author's own wish to be a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The council's deliberation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Value>,
    /// The network.
    pub net: NetworkId,
    /// The version of the charter that was read, by its body's hash.
    pub charter: BodyHash,
}

impl Body for Join {
    const KIND: &'static str = "join";

    fn is_bounded(&self) -> bool {
        true
    }
}

/// The end of an author's membership by its own will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// The network.
    pub net: NetworkId,
}

impl Body for Leave {
    const KIND: &'static str = "leave";

    fn is_bounded(&self) -> bool {
        true
    }
}

/// One author in an [`Admit`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The official code of the place that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Its level, as region or commune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The author.
    pub author: AuthorId,
    /// An entry of its log by which the steward stands (N6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<EntryId>,
    /// The authors that it continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeds: Option<Vec<AuthorId>>,
}

/// A steward's word for authors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admit {
    /// The network.
    pub net: NetworkId,
    /// Who is admitted, 1 to [`MAX_ADMISSIONS`].
    pub items: Vec<Admission>,
}

impl Body for Admit {
    const KIND: &'static str = "admit";

    fn is_bounded(&self) -> bool {
        let is_bounded = |item: &Admission| item.succeeds.as_ref().is_none_or(|list| !list.is_empty());
        (1..=MAX_ADMISSIONS).contains(&self.items.len()) && self.items.iter().all(is_bounded)
    }
}

/// A steward's word against an author, from an entry on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspend {
    /// The network.
    pub net: NetworkId,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// The last entry that still counts.
    pub upto: u64,
    /// The author.
    pub author: AuthorId,
    /// Why, as a code.
    pub reason: String,
}

impl Body for Suspend {
    const KIND: &'static str = "suspend";

    fn is_bounded(&self) -> bool {
        self.note.as_ref().is_none_or(|note| !note.is_empty())
    }
}

/// The end of a log; it names no network and holds in all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// Why, as a code: merged, split, dissolved, keys.
    pub reason: String,
    /// The authors that continue it.
    pub successors: Vec<AuthorId>,
}

impl Body for Close {
    const KIND: &'static str = CLOSE;

    fn is_bounded(&self) -> bool {
        self.note.as_ref().is_none_or(|note| !note.is_empty())
    }
}

/// The withdrawal of entries' bodies: an author's of its own, or a steward's part of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdraw {
    /// The network; needed in an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<NetworkId>,
    /// The legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Why, as a code.
    pub reason: String,
    /// What is withdrawn, 1 to [`MAX_WITHDRAWN`].
    #[serde(deserialize_with = "possible_refs")]
    pub entries: Vec<Ref>,
}

impl Body for Withdraw {
    const KIND: &'static str = "withdraw";

    fn is_bounded(&self) -> bool {
        self.entries.len() <= MAX_WITHDRAWN
    }
}

/// Reads 1 to [`MAX_WITHDRAWN`] refs. By the CDDL `seq` is any unsigned integer, so one beyond
/// [`Seq`] names no entry, but does not undo the others.
fn possible_refs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Ref>, D::Error> {
    #[derive(Deserialize)]
    struct Wide {
        author: AuthorId,
        seq: u64,
        id: EntryId,
    }

    let wide = Vec::<Wide>::deserialize(deserializer)?;
    if !(1..=MAX_WITHDRAWN).contains(&wide.len()) {
        return Err(serde::de::Error::invalid_length(wide.len(), &"1 to 64 entries"));
    }
    let possible = |Wide { author, seq, id }| Some(Ref { author, seq: Seq::try_from(seq).ok()?, id });
    Ok(wide.into_iter().filter_map(possible).collect())
}
