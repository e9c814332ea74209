//! Heads as they are compared: 256 buckets by the author's first byte, and one root over them (Y1,
//! Y2). Hashes are kept and made again only where a head changed, so a node at rest answers a
//! comparison without work.

use std::collections::BTreeMap;

use super::{BUCKETS, Row};
use crate::codec;
use crate::id::{AuthorId, Bytes32, sha256};
use crate::log::Head;

/// The heads of the replicated authors held here.
#[derive(Clone, Debug)]
pub struct Heads {
    by_author: BTreeMap<AuthorId, Head>,
    hashes: Vec<Option<Bytes32>>,
    root: Option<Bytes32>,
}

impl Default for Heads {
    fn default() -> Self {
        Self { by_author: BTreeMap::new(), hashes: vec![None; BUCKETS], root: None }
    }
}

impl Heads {
    /// Sets an author's head, or takes the author out.
    pub fn set(&mut self, author: AuthorId, head: Option<Head>) {
        let before = match head {
            Some(head) => self.by_author.insert(author, head),
            None => self.by_author.remove(&author),
        };
        if before != head {
            self.hashes[usize::from(author.0[0])] = None;
            self.root = None;
        }
    }

    /// Returns an author's head.
    #[must_use]
    pub fn get(&self, author: &AuthorId) -> Option<Head> {
        self.by_author.get(author).copied()
    }

    /// Returns all heads by author.
    pub fn iter(&self) -> impl Iterator<Item = (AuthorId, Head)> + '_ {
        self.by_author.iter().map(|(author, head)| (*author, *head))
    }

    /// Returns the rows of the authors that `in_bucket` keeps, by their first byte.
    #[must_use]
    pub fn rows(&self, in_bucket: impl Fn(usize) -> bool) -> Vec<Row> {
        let kept = self.iter().filter(|(author, _)| in_bucket(usize::from(author.0[0])));
        kept.map(|(author, head)| Row::new(author, head)).collect()
    }

    /// Returns the 256 hashes.
    pub fn buckets(&mut self) -> Vec<Bytes32> {
        for bucket in 0..BUCKETS {
            if self.hashes[bucket].is_none() {
                let hash = Bytes32(sha256(&codec::encode(&self.rows_of(bucket))));
                self.hashes[bucket] = Some(hash);
            }
        }
        self.hashes.iter().flatten().copied().collect()
    }

    /// Returns the SHA-256 of the 256 hashes joined.
    pub fn root(&mut self) -> Bytes32 {
        if let Some(root) = self.root {
            return root;
        }
        let joined: Vec<u8> = self.buckets().iter().flat_map(|hash| hash.0).collect();
        let root = Bytes32(sha256(&joined));
        self.root = Some(root);
        root
    }

    fn rows_of(&self, bucket: usize) -> Vec<Row> {
        let mut first = AuthorId([0; 32]);
        first.0[0] = u8::try_from(bucket).unwrap_or(u8::MAX);
        let within = self.by_author.range(first..).take_while(|(author, _)| author.0[0] == first.0[0]);
        within.map(|(author, head)| Row::new(*author, *head)).collect()
    }
}
