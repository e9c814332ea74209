//! What a node's refusal means for people and for the exit code.

use std::path::Path;

use axum::body::{self, Body};
use axum::http::Response;
use multaqa_node::StartError;
use multaqa_node::api::types::{FieldProblem, Problem};
use multaqa_node::folder::FolderError;
use multaqa_node::store::OpenError;

use crate::commands::{causes, unknown};
use crate::error::{Exit, Failure, FieldFault, failure};

/// Longest problem that is read.
const MAX_PROBLEM: usize = 1 << 20;

/// Tells whether a folder could not be opened because another process has it open.
pub(super) const fn is_locked(error: &StartError) -> bool {
    matches!(error, StartError::Folder(FolderError::Open(OpenError::Locked { .. })))
}

/// Returns the failure for a folder that could not be opened.
pub(crate) fn not_opened(error: &StartError, data: &Path) -> Box<Failure> {
    let shown = data.display().to_string();
    match error {
        StartError::Folder(FolderError::Open(OpenError::Locked { .. })) => {
            failure!(Exit::Unreachable, "error-folder-locked", data = shown)
        }
        StartError::Folder(FolderError::Open(error @ OpenError::Version { .. })) => unknown(error, data),
        error => failure!(Exit::Config, "error-folder", data = shown).detail(causes(error)),
    }
}

/// Returns the failure for an answer that is none.
pub(super) async fn refused(response: Response<Body>) -> Box<Failure> {
    let status = response.status().as_u16();
    let bytes = body::to_bytes(response.into_body(), MAX_PROBLEM).await.unwrap_or_default();
    let problem: Problem = serde_json::from_slice(&bytes).unwrap_or_default();
    let detail = if problem.detail.is_empty() { problem.title.clone() } else { problem.detail.clone() };
    let (mut items, mut faults) = (Vec::new(), Vec::new());
    for field in &problem.fields {
        match said(field) {
            Some(fault) => faults.push(fault),
            None => items.push(format!("{}: {}", field.path, field.message)),
        }
    }
    items.extend(problem.matches.iter().map(|found| format!("{} {} {}", found.id, found.kind, found.author)));
    of(status, &problem).detail(detail).items(items).fields(faults)
}

/// Returns a fault that only the node can find, for people: what a draft points at.
fn said(field: &FieldProblem) -> Option<FieldFault> {
    let id = match field.code.as_str() {
        "no_commitment" => "problem-no-commitment",
        "no_milestone" if field.known.is_empty() => "problem-no-milestones",
        "no_milestone" => "problem-no-milestone",
        "other_kind" if field.known.is_empty() => "problem-no-record",
        "other_kind" => "problem-other-record",
        "not_held" => "problem-not-held",
        "ambiguous_id" => "problem-ambiguous-id",
        "bad_id" => "problem-bad-prefix",
        "not_own" => "problem-not-own",
        "other_place" => "problem-other-place",
        "file_size" => "problem-file-size",
        "file_type" => "problem-file-type",
        _ => return None,
    };
    let known = field.known.join(", ");
    Some(FieldFault { path: field.path.clone(), id, args: vec![("known", known.into())] })
}

fn of(status: u16, problem: &Problem) -> Box<Failure> {
    match (status, problem.code.as_str()) {
        (_, "ambiguous-id") => failure!(Exit::Usage, "error-ambiguous"),
        (_, "foreign-host") => failure!(Exit::Config, "error-foreign-host"),
        (_, "no-network") => failure!(Exit::Config, "error-no-network"),
        (_, "no-charter") => failure!(Exit::Undecided, "error-no-charter"),
        (_, "not-a-steward") => failure!(Exit::Refused, "error-not-a-steward"),
        (_, "log-frozen") => failure!(Exit::Refused, "error-log-frozen"),
        (_, "log-contested") => failure!(Exit::Refused, "error-log-contested"),
        (_, "other-rotation-key") => failure!(Exit::Refused, "error-other-rotation-key"),
        (_, "used-rotation-key") => failure!(Exit::Refused, "error-used-rotation-key"),
        (_, "before-rotation") => failure!(Exit::Refused, "error-before-rotation"),
        (_, "has-voted") => failure!(Exit::Refused, "error-has-voted"),
        (_, "log-incomplete") => failure!(Exit::Refused, "error-log-incomplete"),
        (_, "not-prepared") => failure!(Exit::Refused, "error-not-prepared"),
        (_, "no-effect") => failure!(Exit::Refused, "error-no-effect"),
        (_, "clock-unset" | "clock-apart") => failure!(Exit::Refused, "error-clock"),
        (_, "clock-behind") => failure!(Exit::Refused, "error-clock-behind"),
        (_, "quarantine") => failure!(Exit::Refused, "error-quarantine"),
        (_, "invalid-bundle") => failure!(Exit::Forged, "error-bad-bundle"),
        (_, "invalid-invitation") => failure!(Exit::Usage, "error-bad-invitation"),
        (_, "no-account") => failure!(Exit::Usage, "error-no-account"),
        (_, "file-type") => failure!(Exit::Usage, "error-attachment-type"),
        (507, _) => failure!(Exit::Other, "error-disk"),
        (_, "other-kind") => failure!(Exit::Usage, "error-other-kind"),
        (404, _) => failure!(Exit::Undecided, "error-not-held"),
        (400 | 413 | 414 | 415 | 422 | 431, _) => failure!(Exit::Usage, "error-request"),
        (403 | 409 | 410, _) => failure!(Exit::Refused, "error-refused"),
        (429 | 503, _) => failure!(Exit::Unreachable, "error-answer"),
        _ => failure!(Exit::Other, "error-node"),
    }
}
