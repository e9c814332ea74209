//! The digest: an e-mail, once a day or a week, that tells the collectivity's own people what is new, what is asked
//! of them and what is late. Off unless the settings say to whom it goes.
//!
//! When it was sent last, and what had arrived by then, is in the data folder: a restart neither tells a thing twice
//! nor leaves one out. It counts as sent once the server has taken it; one that is cut off in that very moment is
//! sent again under the same message id. Where there is nothing to tell, nothing is sent.

mod letter;
mod post;
mod settings;
mod state;
#[cfg(test)]
mod tests;

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use jiff::civil::DateTime;
use tokio::time::sleep;

pub use self::letter::Letter;
pub use self::post::{Post, PostError};
pub use self::settings::{Every, Language, Settings, Smtp};
use self::state::State;
use crate::api::{Api, Failure, HostName};
use crate::clock::{in_morocco, now};
use crate::folder::FolderError;

/// How often it is looked whether a digest is due.
const LOOK: Duration = Duration::from_secs(30);
/// Pause after the first attempt that failed; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Longest pause: a server that comes back within a night has it by the morning.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// Why a digest was not sent.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    /// It could not be made.
    #[error("the digest could not be made: {reason}")]
    Made {
        /// Why not.
        reason: String,
    },
    /// It could not be sent.
    #[error(transparent)]
    Post(#[from] PostError),
    /// When it was sent cannot be kept.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Sends digests when they are due, until it is dropped. Nothing happens where the settings name nobody.
pub async fn keep(api: Api, settings: Settings, names: Vec<HostName>) {
    if settings.to.is_empty() {
        return;
    }
    api.ready().await;
    let base = base(&names);
    let pauses = ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .with_jitter();
    loop {
        let sending = || send_if_due(&api, &settings, base.as_deref());
        // What a server answers may quote addresses; the error's own words do not.
        let told = |error: &DigestError, pause: Duration| {
            tracing::warn!(%error, seconds = pause.as_secs(), "the digest is sent again later");
        };
        // It ends with success only: there is no last attempt.
        let _ = sending.retry(pauses).sleep(sleep).notify(told).await;
        sleep(LOOK).await;
    }
}

async fn send_if_due(api: &Api, settings: &Settings, base: Option<&str>) -> Result<(), DigestError> {
    let Some(at) = in_morocco(now()) else { return Ok(()) };
    let due = settings.every.last_due(at, settings.hour);
    let dir = api.node.dir().to_owned();
    let Some(state) = State::load(&dir)? else {
        // What was there before anybody asked for a digest is not new.
        let latest = compose(api, settings, base, None).await?.latest;
        return Ok(State { due, latest }.keep(&dir)?);
    };
    if state.due >= due {
        return Ok(());
    }
    let letter = compose(api, settings, base, state.latest).await?;
    if !letter.is_empty {
        Post::new(settings)?.send(&letter, &id(api, due)).await?;
        tracing::info!("the digest was sent");
    }
    Ok(State { due, latest: letter.latest.or(state.latest) }.keep(&dir)?)
}

/// Returns the digest as it would be sent now.
///
/// # Errors
///
/// See [`Failure`].
pub(crate) async fn preview(api: &Api, lang: Language, base: Option<&str>) -> Result<Letter, Failure> {
    let since = State::load(api.node.dir())?.and_then(|state| state.latest);
    letter::compose(api, lang.page(), base, since).await
}

async fn compose(
    api: &Api,
    settings: &Settings,
    base: Option<&str>,
    since: Option<multaqa_protocol::id::EntryId>,
) -> Result<Letter, DigestError> {
    let made = letter::compose(api, settings.lang.page(), base, since).await;
    made.map_err(|error| DigestError::Made { reason: error.to_string() })
}

/// Returns the address of the node's pages, where the settings name one.
#[must_use]
pub fn base(names: &[HostName]) -> Option<String> {
    names.first().map(|name| format!("https://{name}"))
}

/// Returns the message id of the digest that was due at a moment: the same for every attempt.
fn id(api: &Api, due: DateTime) -> String {
    let author = api.node.author().to_string();
    format!("<digest.{}.{}@multaqa.invalid>", due.strftime("%Y%m%d%H"), &author[..16])
}
