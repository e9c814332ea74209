//! What a browser sends of a form: values, and files, which are written away as they come.

use axum::body::to_bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use futures::TryStreamExt;
use multaqa_protocol::attachment::MAX_FILE;
use multaqa_protocol::id::Bytes32;
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::with_drafts;
use crate::api::{Api, Failure, MAX_REQUEST};
use crate::attachment::{TakeError, Taken};
use crate::office::draft::Draft;
use crate::office::form::{Pairs, Tree, attach, is_list_of_files, pinned};

/// Largest form: one of the largest files, and as much beside it as a form without files may have.
pub(super) const MAX_SENT: usize = 20 * 1024 * 1024 + MAX_REQUEST;
const _: () =
    assert!(MAX_SENT as u64 == MAX_FILE + MAX_REQUEST as u64, "F1's bound, as an address space has it");
/// Most files that a draft names: a record with more is an archive, of which a reader opens none.
const MAX_FILES: usize = 30;
/// Most characters of a file's name; what a file system takes in letters of two bytes.
const MAX_NAME: usize = 120;
/// Most languages of one draft.
const MAX_LANGUAGES: usize = 6;
/// What the name of an input for a file begins with; the name of its list follows.
const FILE: &str = "draft-file:";

/// What a form sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The values of its fields.
    pub(super) pairs: Pairs,
    /// The version that was shown.
    pub(super) version: u64,
    pub(super) button: String,
    pub(super) languages: Vec<String>,
    /// Whether the script sent it, which shows what is answered itself.
    pub(super) is_script: bool,
    /// Files that are written and that nothing names yet.
    files: Vec<Written>,
    /// A file that was not taken: its list, and why, as a stable code.
    pub(super) refused: Option<(String, &'static str)>,
}

/// A file that came with a form.
#[derive(Debug)]
struct Written {
    list: String,
    name: String,
    taken: Taken,
}

impl Sent {
    /// Reads what was sent for a draft. A file that is not taken is skipped, and the values after it are read.
    ///
    /// # Errors
    ///
    /// [`TakeError::TooLarge`] before anything is read of what is longer than [`MAX_SENT`], or where that shows.
    pub(super) async fn receive(api: &Api, draft: &Draft, request: Request) -> Result<Self, Failure> {
        let (has_files, length) = about(request.headers());
        if length.is_some_and(|length| length > MAX_SENT as u64) {
            return Err(TakeError::TooLarge.into());
        }
        if !has_files {
            let headers = request.headers().clone();
            let bytes = to_bytes(request.into_body(), MAX_REQUEST).await;
            return Ok(Self::read(&headers, &bytes.map_err(|_| TakeError::TooLarge)?));
        }
        let form = Multipart::from_request(request, &()).await;
        let form = form.map_err(|error| Failure::BadParameter(error.body_text()))?;
        let mut sent = Self::default();
        match sent.receive_parts(api, draft, form, length).await {
            Ok(pairs) => Ok(sent.with(pairs)),
            Err(error) => {
                release(api, sent.hashes()).await;
                Err(error)
            }
        }
    }

    async fn receive_parts(
        &mut self,
        api: &Api,
        draft: &Draft,
        mut form: Multipart,
        length: Option<u64>,
    ) -> Result<Pairs, Failure> {
        let (mut pairs, mut room) = (Pairs::new(), MAX_REQUEST);
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(name_of) {
                // Nobody chose a file.
                Some(file) if file.is_empty() => {}
                Some(file) => self.take(api, draft, (&name, file), field, length).await?,
                None => {
                    let mut value = Vec::new();
                    while let Some(piece) = field.chunk().await.map_err(broken)? {
                        room = room.checked_sub(piece.len()).ok_or(TakeError::TooLarge)?;
                        value.extend_from_slice(&piece);
                    }
                    pairs.entry(name).or_default().push(String::from_utf8_lossy(&value).into_owned());
                }
            }
        }
        Ok(pairs)
    }

    /// Takes a file, or notes why not: what came with it is not lost for that.
    async fn take(
        &mut self,
        api: &Api,
        draft: &Draft,
        (input, name): (&str, String),
        field: Field<'_>,
        length: Option<u64>,
    ) -> Result<(), Failure> {
        let list = input.strip_prefix(FILE).filter(|list| is_list_of_files(&draft.kind, list));
        let Some(list) = list.map(str::to_owned) else { return Ok(()) };
        if draft.files().len() + self.files.len() >= MAX_FILES {
            self.refused = Some((list, "too-many-files"));
            return Ok(());
        }
        let declared = field.content_type().map(|declared| declared_of(&name, declared));
        let size = length.unwrap_or(MAX_FILE).min(MAX_FILE);
        match api.take_waiting(size, declared, Box::pin(field.map_err(broken))).await {
            Ok(taken) => self.files.push(Written { list, name, taken }),
            Err(error @ Failure::Take(_)) => {
                tracing::info!(%error, name, "a file was not taken");
                self.refused = Some((list, error.code()));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Reads what was sent without files.
    pub(super) fn read(headers: &HeaderMap, bytes: &[u8]) -> Self {
        let mut pairs = Pairs::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            pairs.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self { is_script: accepts.starts_with("application/json"), ..Self::default() }.with(pairs)
    }

    /// Tells the form's own inputs from the values of fields.
    fn with(mut self, mut pairs: Pairs) -> Self {
        self.version = first(&mut pairs, "draft-version").and_then(|text| text.parse().ok()).unwrap_or(0);
        self.button = first(&mut pairs, "draft-do").unwrap_or_default();
        // One of those that were offered takes the place of the words that were looked for.
        if let Some((name, value)) =
            first(&mut pairs, "draft-set").as_deref().and_then(|text| text.split_once('='))
        {
            let values = pairs.entry(name.to_owned()).or_default();
            values.retain(|value| pinned(value).is_some());
            values.push(value.to_owned());
            self.button = format!("find:{name}");
        }
        self.languages = pairs.remove("draft-language").unwrap_or_default();
        self.languages.retain(|tag| tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        self.languages.truncate(MAX_LANGUAGES);
        Self { pairs, ..self }
    }

    /// Returns the files that came with it.
    pub(super) fn hashes(&self) -> Vec<Bytes32> {
        self.files.iter().map(|file| file.taken.named.hash).collect()
    }

    /// Names the files in their lists, and returns the name of the place where somebody says what the last one shows.
    pub(super) fn attach_to(&self, kind: &str, tree: &mut Tree) -> Option<String> {
        let mut at = None;
        for Written { list, name, taken } in &self.files {
            let named = &taken.named;
            let file = json!({ "name": name, "hash": named.hash, "size": named.size, "mime": taken.mime,
                "chunks": named.chunks });
            if let Json::Object(file) = file {
                at = attach(kind, tree, list, file).or(at);
            }
        }
        at.map(|item| format!("{item}.alt"))
    }
}

/// Tells whether a request has files, and how long it says to be.
fn about(headers: &HeaderMap) -> (bool, Option<u64>) {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let has_files = text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("multipart/"));
    (has_files, text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()))
}

/// Lets go of files that no draft names any more.
pub(super) async fn release(api: &Api, hashes: Vec<Bytes32>) {
    if hashes.is_empty() {
        return;
    }
    let files = api.node.attachments().clone();
    let released = with_drafts(api, move |drafts| {
        let named = drafts.files()?;
        let gone = hashes.iter().filter(|hash| !named.contains(hash));
        Ok(gone.map(|hash| files.release(hash)).collect::<Result<Vec<()>, _>>())
    });
    match released.await {
        Ok(Ok(_)) => {}
        // They go when nothing has named them for a while.
        Ok(Err(error)) => tracing::warn!(%error, "attachments of a draft cannot be removed"),
        Err(error) => tracing::warn!(%error, "it is not known which attachments drafts name"),
    }
}

/// Takes a value out of what was sent.
fn first(pairs: &mut Pairs, name: &str) -> Option<String> {
    pairs.remove(name).and_then(|values| values.into_iter().next())
}

/// Returns what a browser calls a file, without the folders that some send with it.
fn name_of(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect::<String>().trim().to_owned()
}

/// Returns the type that a file was declared as. Where Excel is installed, browsers call a CSV file one of its own.
fn declared_of(name: &str, declared: &str) -> String {
    let is_csv = name.to_lowercase().ends_with(".csv") && declared == "application/vnd.ms-excel";
    if is_csv { "text/csv".to_owned() } else { declared.to_owned() }
}

fn broken(error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TakeError::TooLarge.into(),
        _ => Failure::BadParameter(error.body_text()),
    }
}
