//! The log of who asked for which signature: a line of JSON each, appended and on disk before it is told.
//!
//! The entries themselves say that the collectivity signed; who of its people asked is its own affair and stays
//! here. Nothing takes a line away.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::id::{EntryId, Millis};
use serde::{Deserialize, Serialize};

use super::account::{Account, AccountId, Role};
use super::{Office, SignedIn, lock};
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::folder::FolderError;
use crate::ui::Visit;
use crate::ui::page::Page;

/// The file in the office's folder.
const FILE: &str = "signed.jsonl";
/// Bytes at the end of the file that a page reads, and so some four hundred signatures; the file has all.
const SHOWN: u64 = 128 << 10;

/// Somebody of the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The account.
    pub id: AccountId,
    /// What it was called then.
    pub name: String,
}

impl From<&Account> for Who {
    fn from(account: &Account) -> Self {
        Self { id: account.id, name: account.name.clone() }
    }
}

/// A signature, and who asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// When it was noted.
    pub time: Millis,
    /// Who asked for it.
    pub asked: Who,
    /// Who approved it, where a second person had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Who>,
    /// The kind of the entry.
    pub kind: String,
    /// The entry.
    pub entry: EntryId,
}

impl Signature {
    /// Returns what is noted now: who asked, who approved where a second person had to, and what was signed.
    #[must_use]
    pub fn now(asked: &Account, approved: Option<&Account>, kind: &str, entry: EntryId) -> Self {
        let approved = approved.map(Who::from);
        Self { time: now(), asked: asked.into(), approved, kind: kind.to_owned(), entry }
    }
}

impl Office {
    /// Notes who asked for a signature; it is on disk when this returns.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub async fn note(&self, signature: Signature) -> Result<(), FolderError> {
        let office = self.clone();
        let noted = tokio::task::spawn_blocking(move || {
            let path = office.dir()?.join(FILE);
            let _one = lock(&office.0.signing);
            let append = || {
                let mut file =
                    OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(&path)?;
                let mut line = serde_json::to_vec(&signature).map_err(io::Error::from)?;
                line.push(b'\n');
                if !ends_with_line(&mut file)? {
                    // A power cut left half a line; the new one must not become its end.
                    line.insert(0, b'\n');
                }
                file.write_all(&line)?;
                file.sync_data()
            };
            append().map_err(|source| FolderError::Io { path: path.clone(), source })
        });
        noted.await.expect("writing does not panic")
    }

    /// Returns the last signatures, the newest first; a line that was cut off is passed over.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub async fn signatures(&self) -> Result<Vec<Signature>, FolderError> {
        let path = self.0.dir.join(FILE);
        let read = move || {
            let mut file = match File::open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                opened => opened?,
            };
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(SHOWN)))?;
            let mut end = Vec::new();
            file.read_to_end(&mut end)?;
            let lines = end.split(|byte| *byte == b'\n').rev();
            Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
        };
        let path = self.0.dir.join(FILE);
        let found = tokio::task::spawn_blocking(read).await.expect("reading does not panic");
        found.map_err(|source: io::Error| FolderError::Io { path, source })
    }
}

fn ends_with_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[derive(Debug, askama::Template)]
#[template(path = "office/signatures.html")]
struct SignaturesPage {
    rows: Vec<Row>,
    page: Page,
}

#[derive(Debug)]
struct Row {
    time: String,
    asked: String,
    approved: Option<String>,
    kind: String,
    href: String,
    entry: String,
}

/// `GET /office/signatures`: who asked for which signature, for administrators.
pub(super) async fn page(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let signatures = api.office.signatures().await?;
    api.show_in_office(visit, |page, _| {
        let row = |signature: Signature| Row {
            time: page.language.moment(signature.time),
            asked: page.plain(&signature.asked.name),
            approved: signature.approved.map(|who| page.plain(&who.name)),
            kind: page.code("kind", &signature.kind),
            href: page.record_href(&signature.entry),
            entry: crate::ui::page::short(&signature.entry.to_string()),
        };
        Ok(SignaturesPage { rows: signatures.into_iter().map(row).collect(), page })
    })
    .await
}
