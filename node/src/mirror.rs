//! A copy of the network in PostgreSQL, for hubs: every entry once, verified, with tables for people who count.
//!
//! The copy is told by a node what its logs hold ([`MirrorLogs`], [`MirrorPage`]); whoever carries the answers here
//! is not this module's matter. Nothing is believed of them but what the node alone can decide: which entries
//! count, and which version is whose. Bytes are verified again (`check.rs`): id, parent, sequence number, key,
//! signature (V1 to V6) and the body's hash, each against the skeleton of the log that the copy keeps beside its
//! rows. What fails is not written, and the copy stops and says so.
//!
//! **Exactly once.** A page is one transaction: its rows, the place in the log up to which they reach, and the number
//! of the batch. So whichever side dies, the copy goes on after the last page that it holds whole; a page that is
//! told twice changes nothing, since an entry's id is its key. Two programs cannot write at once: one holds a lock
//! for as long as it is connected.
//!
//! **It converges.** What is said of an entry can change after it was copied: by a fork, a rotation, a suspension, a
//! withdrawal, a hiding, a body that arrives. The node says for each log a `base` that changes with all of these and
//! not with growth; where it is another one than the copy has, the log is read again from its inception, and
//! every row that differs is written anew. So the copy ends where the node is, whatever was missed meanwhile. Bodies
//! that are withdrawn or hidden are taken out of all columns; the signed header stays, and shows that there was one.

mod check;
mod days;
mod rows;
mod schema;
mod sheets;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use multaqa_protocol::id::{AuthorId, EntryId, NetworkId};
use multaqa_protocol::log::{Log, Place};
use serde_json::{Value, json};
use tokio::task::AbortHandle;
use tokio_postgres::{Client, NoTls, Transaction};

use crate::api::types::{Members, MirrorLog, MirrorLogs, MirrorPage};

/// By which a session holds the copy for itself: the letters `multaqa`.
const LOCK: i64 = 0x006d_756c_7461_7161;

/// How long a database may take to take a connection, unless its address says otherwise.
const CONNECT: Duration = Duration::from_secs(10);
/// How long one on another machine may be silent before the line counts as cut, unless its address says otherwise.
const SILENCE: Duration = Duration::from_secs(60);

/// Why a copy cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The address is not one of a PostgreSQL.
    #[error("not the address of a PostgreSQL")]
    Address(#[source] tokio_postgres::Error),
    /// The database cannot be reached, or failed.
    #[error("the database failed")]
    Database(#[from] tokio_postgres::Error),
    /// The copy was made by a later version of the program.
    #[error("the copy has form {found}, and this program knows {known}")]
    Newer {
        /// The form of the copy.
        found: usize,
        /// The last one that this program knows.
        known: usize,
    },
    /// The copy is one of another network.
    #[error("a copy of the network {copied}, and the node is in {found}")]
    OtherNetwork {
        /// Of which network the copy is.
        copied: NetworkId,
        /// In which one the node is.
        found: NetworkId,
    },
    /// Another program writes into the copy.
    #[error("another mirror writes into this database")]
    Held,
    /// An entry is not what its author signed.
    #[error("the entry {id} breaks {rule}")]
    Refused {
        /// The entry, as the node names it or as its header hashes to.
        id: EntryId,
        /// The rule broken.
        rule: &'static str,
    },
    /// The copy does not hold what its own rows say that it holds.
    #[error("the copy is not as this program left it: {what}")]
    Altered {
        /// What is not there.
        what: &'static str,
    },
}

impl MirrorError {
    /// Tells whether it may go better another time.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            // Refused by the database itself: a wrong password, a missing right, a broken rule of the schema. Those
            // of classes 08, 53, 57 and 40 pass: the connection, resources, a server that stops, a serialization.
            Self::Database(error) => error
                .code()
                .is_none_or(|code| matches!(code.code().get(..2), Some("08" | "53" | "57" | "40"))),
            // The server has yet to notice that the program before died.
            Self::Held => true,
            _ => false,
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Entries that were not there.
    pub entries: u64,
    /// Entries of which something else is said now.
    pub changed: u64,
}

impl std::ops::AddAssign for Written {
    fn add_assign(&mut self, other: Self) {
        self.entries += other.entries;
        self.changed += other.changed;
    }
}

/// How far a log was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reached {
    base: String,
    at: Place,
    is_complete: bool,
}

/// A copy, open for writing.
#[derive(Debug)]
pub struct Mirror {
    client: Client,
    connection: AbortHandle,
    reached: BTreeMap<AuthorId, Reached>,
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Mirror {
    /// Opens the copy at `address`, as libpq reads it (`postgres://user@host/database`), and sets up what is not
    /// there yet. It is reached in the clear: TLS is a proxy's matter or a private network's.
    ///
    /// # Errors
    ///
    /// See [`MirrorError`].
    pub async fn open(address: &str) -> Result<Self, MirrorError> {
        let mut config: tokio_postgres::Config = address.parse().map_err(MirrorError::Address)?;
        config.application_name("multaqa mirror").keepalives_idle(SILENCE);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        let (mut client, connection) = config.connect(NoTls).await?;
        // It ends with the client, or tells it by an error of the next question.
        let connection = tokio::spawn(async { drop(connection.await) }).abort_handle();
        let is_mine = client.query_one("SELECT pg_try_advisory_lock($1)", &[&LOCK]).await?;
        if !is_mine.get::<_, bool>(0) {
            return Err(MirrorError::Held);
        }
        schema::migrate(&mut client).await?;
        schema::label(&mut client).await?;
        let mut mirror = Self { client, connection, reached: BTreeMap::new() };
        mirror.reached = mirror.reached().await?;
        Ok(mirror)
    }

    /// Returns what the node said it held when the copy was last the same; empty before.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Database`].
    pub async fn state(&self) -> Result<String, MirrorError> {
        Ok(self.client.query_one("SELECT state FROM multaqa.mirror", &[]).await?.get(0))
    }

    /// Takes note of the network of the node.
    ///
    /// # Errors
    ///
    /// [`MirrorError::OtherNetwork`], [`MirrorError::Database`].
    pub async fn belong(&self, logs: &MirrorLogs) -> Result<(), MirrorError> {
        let Some(found) = logs.network else { return Ok(()) };
        let sql = "UPDATE multaqa.mirror SET network = coalesce(network, $1) RETURNING network";
        let copied: Vec<u8> = self.client.query_one(sql, &[&found.0.as_slice()]).await?.get(0);
        let copied = copied.try_into().map_err(|_| MirrorError::Altered { what: "the network" })?;
        if copied == found.0 {
            Ok(())
        } else {
            Err(MirrorError::OtherNetwork { copied: NetworkId(copied), found })
        }
    }

    /// Returns whether a log is to be read, and from where: after a place, or, without one, from its inception.
    #[must_use]
    pub fn lacks(&self, log: &MirrorLog) -> Option<Option<Place>> {
        let Some(reached) = self.reached.get(&log.author).filter(|reached| reached.base == log.base) else {
            return Some(None);
        };
        let end = Place { branch: log.branch, seq: log.last };
        (!reached.is_complete || reached.at != end).then_some(Some(reached.at))
    }

    /// Writes a page of a log, once it is verified; all of it, or nothing.
    ///
    /// # Errors
    ///
    /// See [`MirrorError`].
    pub async fn take(&mut self, page: &MirrorPage) -> Result<Written, MirrorError> {
        let author = page.log.author;
        let transaction = self.client.transaction().await?;
        let (log, entries) = check::check(&transaction, page).await?;
        let written = rows::write(&transaction, author, &entries).await?;
        let last = page.items.last().filter(|_| page.more);
        let at = match last {
            Some(item) => Place { branch: item.branch, seq: item.seq },
            None => Place { branch: page.log.branch, seq: page.log.last },
        };
        let reached = Reached { base: page.log.base.clone(), at, is_complete: !page.more };
        note(&transaction, author, &reached, log.as_ref()).await?;
        if written != Written::default() {
            tell(&transaction, author, written).await?;
        }
        transaction.commit().await?;
        self.reached.insert(author, reached);
        Ok(written)
    }

    /// Writes the member table, and takes note that logs which the node holds no more are not held.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Database`].
    pub async fn members(&mut self, members: &Members, logs: &MirrorLogs) -> Result<(), MirrorError> {
        let held: BTreeSet<AuthorId> = logs.items.iter().map(|log| log.author).collect();
        let gone: Vec<AuthorId> =
            self.reached.keys().filter(|author| !held.contains(author)).copied().collect();
        let transaction = self.client.transaction().await?;
        days::write_members(&transaction, members).await?;
        for author in &gone {
            let id = author.0.as_slice();
            transaction.execute("DELETE FROM multaqa.logs WHERE author = $1", &[&id]).await?;
            tell(&transaction, *author, rows::let_go(&transaction, id).await?).await?;
        }
        transaction.commit().await?;
        self.reached.retain(|author, _| held.contains(author));
        Ok(())
    }

    /// Returns the days whose member table is to be asked for: those on which, or before which, something was
    /// signed since that decides who belongs.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Database`].
    pub async fn days(&mut self) -> Result<Vec<String>, MirrorError> {
        let transaction = self.client.transaction().await?;
        let days = days::open(&transaction).await?;
        transaction.commit().await?;
        Ok(days)
    }

    /// Writes the member table of a day, in the order of days.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Database`].
    pub async fn day(&mut self, day: &str, members: &Members) -> Result<(), MirrorError> {
        let transaction = self.client.transaction().await?;
        days::write_day(&transaction, day, members).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes note that the copy is the same as the node was in a state.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Database`].
    pub async fn agree(&self, state: &str) -> Result<(), MirrorError> {
        self.client.execute("UPDATE multaqa.mirror SET state = $1, seen = now()", &[&state]).await?;
        Ok(())
    }

    /// Returns how many entries and records, profiles left out as in every list, the copy holds, and the number of its last batch.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Database`].
    pub async fn totals(&self) -> Result<(u64, u64, u64), MirrorError> {
        let sql = "SELECT (SELECT count(*) FROM multaqa.entries), \
                   (SELECT count(*) FROM multaqa.records WHERE is_current AND kind <> 'profile'), (SELECT batch FROM multaqa.mirror)";
        let row = self.client.query_one(sql, &[]).await?;
        let count = |at: usize| row.get::<_, i64>(at).unsigned_abs();
        Ok((count(0), count(1), count(2)))
    }

    async fn reached(&self) -> Result<BTreeMap<AuthorId, Reached>, MirrorError> {
        let sql = "SELECT author, base, branch, seq, complete FROM multaqa.logs";
        let rows = self.client.query(sql, &[]).await?;
        let reached = rows.iter().filter_map(|row| {
            let author = AuthorId(row.get::<_, &[u8]>(0).try_into().ok()?);
            let at = place(row.get(2), row.get(3))?;
            Some((author, Reached { base: row.get(1), at, is_complete: row.get(4) }))
        });
        Ok(reached.collect())
    }
}

/// Takes note of how far a log was copied, with its skeleton where it grew.
async fn note(
    transaction: &Transaction<'_>,
    author: AuthorId,
    reached: &Reached,
    log: Option<&Log>,
) -> Result<(), MirrorError> {
    let Some(log) = log else { return Ok(()) };
    let (branch, seq) = (i32::from(reached.at.branch), i64::from(reached.at.seq));
    let sql = "INSERT INTO multaqa.logs (author, base, branch, seq, complete, skeleton) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (author) DO UPDATE SET base = excluded.base, \
               branch = excluded.branch, seq = excluded.seq, complete = excluded.complete, \
               skeleton = excluded.skeleton";
    let author = author.0.as_slice();
    transaction
        .execute(sql, &[&author, &reached.base, &branch, &seq, &reached.is_complete, &log.save()])
        .await?;
    Ok(())
}

/// Numbers the batch, and tells those who listen once it is committed.
async fn tell(transaction: &Transaction<'_>, author: AuthorId, written: Written) -> Result<(), MirrorError> {
    let batch: i64 = transaction
        .query_one("UPDATE multaqa.mirror SET batch = batch + 1 RETURNING batch", &[])
        .await?
        .get(0);
    let told = json!({
        "schema": "multaqa/mirror-batch/1", "batch": batch, "author": author, "entries": written.entries,
        "changed": written.changed,
    });
    transaction.execute("SELECT pg_notify('multaqa', $1)", &[&told.to_string()]).await?;
    Ok(())
}

/// Inserts rows of a table that are not there, given as objects by column.
async fn insert(transaction: &Transaction<'_>, table: &str, rows: Vec<Value>) -> Result<u64, MirrorError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "INSERT INTO multaqa.{table} SELECT * FROM jsonb_populate_recordset(NULL::multaqa.{table}, $1::text::jsonb)"
    );
    Ok(transaction.execute(&sql, &[&text(rows)]).await?)
}

/// Returns rows as the text of a JSON array. PostgreSQL's texts hold no NUL: it stands as the sign of what cannot be
/// shown.
fn text(rows: Vec<Value>) -> String {
    fn shown(text: &str) -> String {
        text.replace('\0', "\u{fffd}")
    }
    fn clean(value: &mut Value) {
        match value {
            Value::String(text) if text.contains('\0') => *text = shown(text),
            Value::Array(items) => items.iter_mut().for_each(clean),
            Value::Object(fields) => {
                if fields.keys().any(|name| name.contains('\0')) {
                    *fields = std::mem::take(fields)
                        .into_iter()
                        .map(|(name, value)| (shown(&name), value))
                        .collect();
                }
                fields.values_mut().for_each(clean);
            }
            _ => {}
        }
    }
    let mut rows = Value::Array(rows);
    clean(&mut rows);
    rows.to_string()
}

/// Reads a place of a log as it stands in a row.
fn place(branch: i32, seq: i64) -> Option<Place> {
    Some(Place { branch: branch.try_into().ok()?, seq: seq.try_into().ok()? })
}

/// Returns bytes as PostgreSQL reads them in a text.
fn bytes(bytes: &[u8]) -> String {
    format!("\\x{}", hex::encode(bytes))
}
