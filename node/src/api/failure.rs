//! What can be wrong with a request, as a problem (RFC 9457) with a stable code.
//!
//! The public text says what the caller can act on. The cause of a fault of this node goes to the log,
//! not to the caller.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use multaqa_protocol::network::CharterError;
use multaqa_protocol::record::FieldError;

use super::MAX_STREAMS;
use super::head::{MAX_ADDRESS, MAX_HEADERS};
use super::types::{BodyStatus, FieldProblem, Match, PROBLEM, Problem};
use crate::attachment::TakeError;
use crate::attachment::serve::FetchError;
use crate::ban::BanError;
use crate::driver::rotation::RotateError;
use crate::driver::{ChangeError, ImportError, PublishError, Stopped};
use crate::folder::FolderError;
use crate::hidden::HideError;
use crate::invitation::InvitationError;
use crate::node::{EnterError, FoundError, HidingError};
use crate::office::AccountError;
use crate::office::account::Role;
use crate::office::draft::DraftError;
use crate::store::ReadError;
use crate::view::ViewError;

/// The media type of a problem.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// The media type of a page.
const PAGE: &str = "text/html; charset=utf-8";

/// Seconds after which a client that was put off asks again.
const RETRY_AFTER: &str = "2";

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no such address")]
    NoRoute,
    #[error("this address does not take this method")]
    NoMethod,
    #[error("the address is longer than {MAX_ADDRESS} bytes")]
    LongAddress,
    #[error("the headers are longer than {MAX_HEADERS} bytes")]
    LongHeaders,
    #[error("a request names one host, in one header `Host`")]
    BadHost,
    #[error("this node does not answer to the name {0}; `names` in its config.toml says to which it does")]
    ForeignHost(String),
    #[error("another site may not ask for this")]
    CrossSite,
    #[error("nobody is signed in")]
    NotSignedIn,
    #[error("this needs the role {0}")]
    RoleNeeded(Role),
    #[error("in this office a second person approves what is signed; it is published from a draft")]
    FourEyes,
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error("the session cannot be kept")]
    Session(#[from] tower_sessions::session::Error),
    #[error("the data folder cannot be written")]
    Folder(#[from] FolderError),
    #[error("this address asks too often")]
    TooOften,
    #[error("{MAX_STREAMS} large answers are under way")]
    Busy,
    #[error("the search index has not taken up all records yet; ask again, or leave out `q`")]
    SearchBehind,
    #[error("the node waits for: {}", .0.join(", "))]
    NotReady(Vec<&'static str>),
    #[error("the node is stopping")]
    Stopped,
    #[error("{0}")]
    BadParameter(String),
    #[error("{0}")]
    BadJson(String),
    #[error("the record has {} faults", .0.len())]
    Draft(Vec<FieldProblem>),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Rotate(RotateError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error(transparent)]
    Hiding(#[from] HidingError),
    #[error(transparent)]
    Charter(#[from] CharterError),
    #[error(transparent)]
    Enter(EnterError),
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    #[error("this node belongs to no network yet")]
    NoNetwork,
    #[error("the charter of the network is not held here yet")]
    NoCharter,
    #[error("this node's author is no steward of the network")]
    NotASteward,
    #[error("this node's author has voted for another successor of the charter")]
    HasVoted,
    #[error("the entry is another author's")]
    NotOwn,
    #[error("the entry does not count: it is {0}")]
    NotCanonical(&'static str),
    #[error("an entry of the kind {0} is no record, and cannot be replaced or withdrawn")]
    NotARecord(String),
    #[error("the body of this entry is not here yet")]
    BodyMissing,
    #[error("the body of this entry is withdrawn")]
    BodyWithdrawn,
    #[error(transparent)]
    DraftFile(#[from] DraftError),
    #[error("no record that is shown here names this file")]
    NoFile,
    #[error(transparent)]
    Take(#[from] TakeError),
    #[error(transparent)]
    Fetch(FetchError),
    #[error("there is no place with the code {0}")]
    UnknownPlace(String),
}

impl From<Stopped> for Failure {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::View(error.into())
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Take(error) => error.into(),
            FetchError::Busy | FetchError::OnItsWay => Self::Busy,
            error => Self::Fetch(error),
        }
    }
}

impl From<RotateError> for Failure {
    fn from(error: RotateError) -> Self {
        match error {
            RotateError::Publish(error) => error.into(),
            RotateError::Read(error) => error.into(),
            error => Self::Rotate(error),
        }
    }
}

impl From<EnterError> for Failure {
    fn from(error: EnterError) -> Self {
        match error {
            EnterError::Stopped(Stopped) => Self::Stopped,
            error => Self::Enter(error),
        }
    }
}

impl From<FoundError> for Failure {
    fn from(error: FoundError) -> Self {
        match error {
            FoundError::Charter(error) => error.into(),
            FoundError::Enter(error) => error.into(),
            FoundError::Publish(error) => error.into(),
        }
    }
}

impl From<Vec<FieldError>> for Failure {
    fn from(errors: Vec<FieldError>) -> Self {
        let problem = |error: FieldError| FieldProblem {
            path: error.path,
            code: error.problem.code().to_owned(),
            nearest: error.problem.nearest().map(str::to_owned),
            message: error.problem.to_string(),
            known: error.problem.known().iter().map(|code| (*code).to_owned()).collect(),
        };
        Self::Draft(errors.into_iter().map(problem).collect())
    }
}

impl Failure {
    /// Returns a draft's refusal for one field.
    pub(crate) fn field(path: &str, code: &str, message: impl ToString) -> Self {
        let (path, code, message) = (path.to_owned(), code.to_owned(), message.to_string());
        Self::Draft(vec![FieldProblem { path, code, message, nearest: None, known: Vec::new() }])
    }

    /// Returns the stable code.
    pub(crate) fn code(&self) -> &'static str {
        self.kind().1
    }

    /// Returns the HTTP status and the stable code.
    fn kind(&self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::NoRoute => (S::NOT_FOUND, "no-route"),
            Self::NoMethod => (S::METHOD_NOT_ALLOWED, "no-method"),
            Self::LongAddress => (S::URI_TOO_LONG, "long-address"),
            Self::LongHeaders => (S::REQUEST_HEADER_FIELDS_TOO_LARGE, "long-headers"),
            Self::BadHost => (S::BAD_REQUEST, "bad-host"),
            Self::ForeignHost(_) => (S::MISDIRECTED_REQUEST, "foreign-host"),
            Self::CrossSite => (S::FORBIDDEN, "cross-site"),
            Self::NotSignedIn => (S::UNAUTHORIZED, "not-signed-in"),
            Self::RoleNeeded(_) => (S::FORBIDDEN, "role-needed"),
            Self::FourEyes => (S::FORBIDDEN, "four-eyes"),
            Self::Session(_) | Self::Folder(_) | Self::Account(AccountError::Folder(_)) => {
                (S::INTERNAL_SERVER_ERROR, "folder-unwritable")
            }
            Self::Account(AccountError::Unknown) => (S::NOT_FOUND, "no-account"),
            Self::Account(_) => (S::UNPROCESSABLE_ENTITY, "account-refused"),
            Self::TooOften => (S::TOO_MANY_REQUESTS, "too-often"),
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy"),
            Self::SearchBehind => (S::SERVICE_UNAVAILABLE, "search-behind"),
            Self::NotReady(_) => (S::SERVICE_UNAVAILABLE, "not-ready"),
            Self::Stopped
            | Self::Publish(PublishError::Stopped(_))
            | Self::Import(ImportError::Stopped(_)) => (S::SERVICE_UNAVAILABLE, "stopped"),
            Self::BadParameter(_) => (S::BAD_REQUEST, "bad-parameter"),
            Self::BadJson(_) => (S::BAD_REQUEST, "bad-json"),
            Self::Draft(_) => (S::UNPROCESSABLE_ENTITY, "invalid-record"),
            Self::View(error) => match error {
                ViewError::BadId { .. } => (S::BAD_REQUEST, "bad-id"),
                ViewError::NotFound { .. } => (S::NOT_FOUND, "not-held"),
                ViewError::Ambiguous { .. } => (S::BAD_REQUEST, "ambiguous-id"),
                ViewError::OtherKind { .. } => (S::NOT_FOUND, "other-kind"),
                ViewError::NoBody { body: BodyStatus::Missing, .. } => (S::NOT_FOUND, "body-missing"),
                ViewError::NoBody { body: BodyStatus::Withdrawn, .. } => (S::GONE, "body-withdrawn"),
                ViewError::NoBody { .. } => (S::UNPROCESSABLE_ENTITY, "body-unreadable"),
                ViewError::Cursor(_) => (S::BAD_REQUEST, "bad-cursor"),
                ViewError::Read(_) => (S::INTERNAL_SERVER_ERROR, "store-unreadable"),
            },
            Self::Publish(error) => publish_kind(error),
            Self::Rotate(error) => rotate_kind(error),
            Self::Import(ImportError::Invalid { .. }) => (S::UNPROCESSABLE_ENTITY, "invalid-bundle"),
            Self::Import(ImportError::Store { .. }) => (S::INSUFFICIENT_STORAGE, "store-read-only"),
            Self::Change(ChangeError::Stopped(_)) => (S::SERVICE_UNAVAILABLE, "stopped"),
            Self::Change(ChangeError::Ban(BanError::Full)) => (S::CONFLICT, "ban-list-full"),
            Self::Change(ChangeError::Ban(BanError::Configured)) => (S::CONFLICT, "ban-configured"),
            Self::Change(ChangeError::Ban(BanError::Reason { .. })) => {
                (S::UNPROCESSABLE_ENTITY, "ban-reason")
            }
            Self::Change(ChangeError::Folder(_)) => (S::INTERNAL_SERVER_ERROR, "folder-unwritable"),
            Self::Hiding(HidingError::Hide(HideError::Full)) => (S::CONFLICT, "hidden-full"),
            Self::Hiding(HidingError::Hide(HideError::Reason { .. })) => {
                (S::UNPROCESSABLE_ENTITY, "hide-reason")
            }
            Self::Hiding(HidingError::Folder(_)) => (S::INTERNAL_SERVER_ERROR, "folder-unwritable"),
            Self::Charter(_) => (S::UNPROCESSABLE_ENTITY, "invalid-charter"),
            Self::Enter(EnterError::Other(_)) => (S::CONFLICT, "other-network"),
            Self::Enter(_) => (S::INTERNAL_SERVER_ERROR, "folder-unwritable"),
            Self::Invitation(_) => (S::UNPROCESSABLE_ENTITY, "invalid-invitation"),
            Self::NoNetwork => (S::CONFLICT, "no-network"),
            Self::NoCharter => (S::CONFLICT, "no-charter"),
            Self::NotASteward => (S::FORBIDDEN, "not-a-steward"),
            Self::HasVoted => (S::CONFLICT, "has-voted"),
            Self::NotOwn => (S::FORBIDDEN, "not-own"),
            Self::NotCanonical(_) => (S::CONFLICT, "not-canonical"),
            Self::NotARecord(_) => (S::UNPROCESSABLE_ENTITY, "not-a-record"),
            Self::BodyMissing => (S::NOT_FOUND, "body-missing"),
            Self::BodyWithdrawn => (S::GONE, "body-withdrawn"),
            Self::DraftFile(error) => match error {
                DraftError::Absent { .. } => (S::NOT_FOUND, "no-draft"),
                DraftError::Stale { .. } => (S::CONFLICT, "draft-changed"),
                DraftError::Closed { .. } => (S::CONFLICT, "draft-signed"),
                DraftError::Full => (S::CONFLICT, "drafts-full"),
                DraftError::TooLong => (S::PAYLOAD_TOO_LARGE, "draft-too-long"),
                DraftError::Folder(_) => (S::INTERNAL_SERVER_ERROR, "folder-unwritable"),
            },
            Self::NoFile => (S::NOT_FOUND, "not-held"),
            Self::Take(error) => take_kind(error),
            Self::Fetch(_) => (S::NOT_FOUND, "file-missing"),
            Self::UnknownPlace(_) => (S::UNPROCESSABLE_ENTITY, "unknown-place"),
        }
    }

    /// Returns the problem for whoever asked.
    pub(super) fn problem(&self) -> Problem {
        let (status, code) = self.kind();
        let detail = match self {
            _ if status.is_server_error() && code.starts_with("store-unreadable") => {
                "the store of this node cannot be read; its log says why".to_owned()
            }
            Self::Enter(EnterError::Folder(_))
            | Self::Rotate(RotateError::Folder(_))
            | Self::Session(_)
            | Self::Folder(_)
            | Self::Account(AccountError::Folder(_))
            | Self::Change(ChangeError::Folder(_))
            | Self::DraftFile(DraftError::Folder(_)) => {
                "the data folder of this node cannot be written".to_owned()
            }
            error => error.to_string(),
        };
        let rule = match self {
            Self::Import(ImportError::Invalid { rule }) | Self::Publish(PublishError::Refused { rule }) => {
                Some((*rule).to_owned())
            }
            Self::Charter(_) => Some("N2".to_owned()),
            _ => None,
        };
        let fields = if let Self::Draft(fields) = self { fields.clone() } else { Vec::new() };
        let matches = match self {
            Self::View(ViewError::Ambiguous { matches, .. }) => matches
                .iter()
                .map(|found| Match { id: found.id, author: found.author, kind: found.kind.clone() })
                .collect(),
            _ => Vec::new(),
        };
        Problem {
            schema: PROBLEM.into(),
            r#type: "about:blank".into(),
            status: status.as_u16(),
            code: code.into(),
            title: status.canonical_reason().unwrap_or_default().into(),
            detail,
            rule,
            fields,
            matches,
        }
    }
}

const fn publish_kind(error: &PublishError) -> (StatusCode, &'static str) {
    use StatusCode as S;
    match error {
        PublishError::Stopped(_) => (S::SERVICE_UNAVAILABLE, "stopped"),
        PublishError::Quarantine(_) => (S::CONFLICT, "quarantine"),
        PublishError::Frozen => (S::CONFLICT, "log-frozen"),
        PublishError::ClockUnset => (S::CONFLICT, "clock-unset"),
        PublishError::ClockApart { .. } => (S::CONFLICT, "clock-apart"),
        PublishError::ClockBehind { .. } => (S::CONFLICT, "clock-behind"),
        PublishError::TooLong { .. } => (S::PAYLOAD_TOO_LARGE, "too-long"),
        PublishError::Guard { .. } => (S::INSUFFICIENT_STORAGE, "guard-unwritable"),
        PublishError::Store { .. } => (S::INSUFFICIENT_STORAGE, "store-read-only"),
        PublishError::Refused { .. } => (S::CONFLICT, "refused"),
    }
}

const fn take_kind(error: &TakeError) -> (StatusCode, &'static str) {
    use StatusCode as S;
    match error {
        TakeError::TooLarge => (S::PAYLOAD_TOO_LARGE, "too-large"),
        TakeError::Empty => (S::UNPROCESSABLE_ENTITY, "file-empty"),
        TakeError::Type { .. } => (S::UNSUPPORTED_MEDIA_TYPE, "file-type"),
        TakeError::OtherType { .. } => (S::UNPROCESSABLE_ENTITY, "file-other-type"),
        TakeError::NoRoom => (S::INSUFFICIENT_STORAGE, "store-read-only"),
        TakeError::TooManyWaiting => (S::CONFLICT, "files-waiting"),
        TakeError::Transfer(_) => (S::BAD_GATEWAY, "file-damaged"),
        TakeError::Io(_) => (S::INTERNAL_SERVER_ERROR, "folder-unwritable"),
    }
}

const fn rotate_kind(error: &RotateError) -> (StatusCode, &'static str) {
    use StatusCode as S;
    match error {
        RotateError::Publish(error) => publish_kind(error),
        RotateError::Contested { .. } => (S::CONFLICT, "log-contested"),
        RotateError::OtherKey => (S::CONFLICT, "other-rotation-key"),
        RotateError::UsedKey { .. } => (S::CONFLICT, "used-rotation-key"),
        RotateError::NotHeld { .. } => (S::NOT_FOUND, "not-held"),
        RotateError::BeforeRotation { .. } => (S::CONFLICT, "before-rotation"),
        RotateError::Blind { .. } => (S::CONFLICT, "log-incomplete"),
        RotateError::LongNote { .. } => (S::UNPROCESSABLE_ENTITY, "too-long"),
        RotateError::NotPrepared => (S::CONFLICT, "not-prepared"),
        RotateError::NoEffect => (S::CONFLICT, "no-effect"),
        RotateError::Folder(_) => (S::INTERNAL_SERVER_ERROR, "folder-unwritable"),
        RotateError::Read(_) => (S::INTERNAL_SERVER_ERROR, "store-unreadable"),
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let problem = self.problem();
        // Whoever waits asks every second, and it is no fault.
        if problem.status >= 500 && !matches!(self, Self::NotReady(_)) {
            tracing::warn!(code = problem.code, cause = cause(&self), "a request failed");
        }
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let again = matches!(self, Self::TooOften | Self::Busy | Self::SearchBehind)
            .then_some([(header::RETRY_AFTER, RETRY_AFTER)]);
        (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], again, Json(problem)).into_response()
    }
}

/// Gives a refusal that came from a layer around the handlers (too large, too late, a path that cannot
/// be read) the form of all others.
pub(super) async fn as_problem(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_refusal = status.is_client_error() || status.is_server_error();
    let is_told = kind.is_some_and(|kind| kind == PROBLEM_JSON || kind == PAGE);
    if !is_refusal || is_told {
        return response;
    }
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::SERVICE_UNAVAILABLE => "too-late",
        _ => "bad-request",
    };
    let title = status.canonical_reason().unwrap_or_default().to_owned();
    let problem = Problem {
        schema: PROBLEM.into(),
        r#type: "about:blank".into(),
        status: status.as_u16(),
        code: code.into(),
        detail: title.clone(),
        title,
        ..Problem::default()
    };
    (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], Json(problem)).into_response()
}

/// Returns an error with its causes, for the log.
fn cause(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
