//! Handing a digest to the mail server.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::letter::Letter;
use super::settings::Settings;

/// How long the server may take for each answer.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The permissions of a password's file that others cannot read.
const OTHERS: u32 = 0o077;

/// Why a letter did not leave. The words name no person: a server's answer, which may, is not among them.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The settings name nobody.
    #[error("the settings name nobody to whom the digest goes")]
    Nobody,
    /// The password's file cannot be read.
    #[error("{} cannot be read", path.display())]
    Password {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Others may read the password's file.
    #[error("others may read {}: chmod 600 it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// The server cannot be set up, or the letter not be written.
    #[error("the digest cannot be addressed: {0}")]
    Address(String),
    /// The server refuses it.
    #[error("the mail server refuses it, with code {code}")]
    Refused {
        /// The code of its answer.
        code: u16,
    },
    /// The server cannot be reached, or does not answer.
    #[error("the mail server cannot be reached")]
    Unreachable,
}

/// A way to the mail server.
#[derive(Debug)]
pub struct Post<'a> {
    settings: &'a Settings,
    from: &'a Mailbox,
    server: AsyncSmtpTransport<Tokio1Executor>,
}

impl<'a> Post<'a> {
    /// Returns the way that the settings name; nobody is connected to yet.
    ///
    /// # Errors
    ///
    /// See [`PostError`].
    pub fn new(settings: &'a Settings) -> Result<Self, PostError> {
        let (Some(from), Some(smtp)) = (&settings.from, &settings.smtp) else {
            return Err(PostError::Nobody);
        };
        let (address, user) = smtp.parts();
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&address)
            .map_err(|error| PostError::Address(error.to_string()))?
            .timeout(Some(TIMEOUT));
        if let Some(path) = &settings.smtp_password_file {
            server = server.credentials(Credentials::new(user, password(path)?));
        }
        Ok(Self { settings, from, server: server.build() })
    }

    /// Sends a letter to all, in one message.
    ///
    /// # Errors
    ///
    /// See [`PostError`].
    pub async fn send(&self, letter: &Letter, id: &str) -> Result<(), PostError> {
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let mut message = Message::builder().from(self.from.clone()).subject(&letter.subject);
        for to in &self.settings.to {
            message = message.to(to.clone());
        }
        let mut message = message
            .message_id(Some(id.to_owned()))
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| PostError::Address(error.to_string()))?;
        message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
        let sent = self.server.send(message).await;
        sent.map(drop).map_err(|error| match error.status() {
            Some(code) => PostError::Refused { code: code.into() },
            None => PostError::Unreachable,
        })
    }
}

/// Reads a password, the first line of a file that others cannot read.
fn password(path: &PathBuf) -> Result<String, PostError> {
    let io = |source| PostError::Password { path: path.clone(), source };
    if fs::metadata(path).map_err(io)?.permissions().mode() & OTHERS != 0 {
        return Err(PostError::Open { path: path.clone() });
    }
    let text = fs::read_to_string(path).map_err(io)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
