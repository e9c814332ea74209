//! What `[digest]` in `config.toml` says.

use std::path::PathBuf;
use std::str::FromStr;

use jiff::civil::{DateTime, Weekday};
use jiff::{Span, ToSpan};
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::ui::language;

/// Most people to whom it goes: an office; more are a list of the mail server's.
const MAX_TO: usize = 20;
/// The latest hour.
const LAST_HOUR: i8 = 23;

/// The settings of the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "Read")]
pub struct Settings {
    /// To whom it goes; to nobody where the list is empty.
    pub to: Vec<Mailbox>,
    /// From whom.
    pub from: Option<Mailbox>,
    /// The server, as `smtps://user@host`, `smtp://user@host?tls=required`, or `smtp://host` without encryption.
    pub smtp: Option<Smtp>,
    /// The file with the password, for this user's eyes only.
    pub smtp_password_file: Option<PathBuf>,
    /// How often.
    pub every: Every,
    /// At which hour of the day in Morocco, 0 to 23.
    pub hour: i8,
    /// In which language.
    pub lang: Language,
}

/// The settings as they are read, before they are looked at together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Read {
    #[serde(default)]
    to: Vec<Mailbox>,
    from: Option<Mailbox>,
    smtp: Option<Smtp>,
    smtp_password_file: Option<PathBuf>,
    #[serde(default)]
    every: Every,
    #[serde(default = "hour")]
    hour: i8,
    #[serde(default)]
    lang: Language,
}

const fn hour() -> i8 {
    8
}

/// Why the settings cannot be used together.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("digest: `to` needs `from` and `smtp` beside it")]
    Incomplete,
    #[error("digest: `to` names more than {MAX_TO}")]
    TooMany,
    #[error("digest: `hour` is 0 to {LAST_HOUR}")]
    Hour,
}

impl TryFrom<Read> for Settings {
    type Error = Refused;

    fn try_from(read: Read) -> Result<Self, Refused> {
        if !read.to.is_empty() && (read.from.is_none() || read.smtp.is_none()) {
            return Err(Refused::Incomplete);
        }
        if read.to.len() > MAX_TO {
            return Err(Refused::TooMany);
        }
        if !(0..=LAST_HOUR).contains(&read.hour) {
            return Err(Refused::Hour);
        }
        let Read { to, from, smtp, smtp_password_file, every, hour, lang } = read;
        Ok(Self { to, from, smtp, smtp_password_file, every, hour, lang })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            to: Vec::new(),
            from: None,
            smtp: None,
            smtp_password_file: None,
            every: Every::default(),
            hour: hour(),
            lang: Language::default(),
        }
    }
}

/// The address of a mail server, without a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Smtp(Url);

/// Why an address is no mail server's.
#[derive(Debug, thiserror::Error)]
pub enum NotAServer {
    /// It is no address.
    #[error("smtp is smtps://user@host, smtp://user@host?tls=required or smtp://host")]
    Form,
    /// It holds a password, which `config show` would show.
    #[error("a password does not belong in `smtp`: put it in a file, and name that in `smtp-password-file`")]
    Password,
}

impl Smtp {
    /// Returns the address without the user, and the user.
    pub(super) fn parts(&self) -> (String, String) {
        let mut url = self.0.clone();
        let user = url.username().to_owned();
        // A host is there, so a user may be taken away.
        let _ = url.set_username("");
        (url.into(), user)
    }
}

impl FromStr for Smtp {
    type Err = NotAServer;

    fn from_str(text: &str) -> Result<Self, NotAServer> {
        let url = Url::parse(text).map_err(|_| NotAServer::Form)?;
        if url.password().is_some() {
            return Err(NotAServer::Password);
        }
        let is_server = matches!(url.scheme(), "smtp" | "smtps") && url.has_host();
        if is_server { Ok(Self(url)) } else { Err(NotAServer::Form) }
    }
}

impl TryFrom<String> for Smtp {
    type Error = NotAServer;

    fn try_from(text: String) -> Result<Self, NotAServer> {
        text.parse()
    }
}

impl From<Smtp> for String {
    fn from(smtp: Smtp) -> Self {
        smtp.0.into()
    }
}

/// How often a digest is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// Each day.
    Day,
    /// Each Monday.
    #[default]
    Week,
}

impl Every {
    /// Returns the latest moment, not after `at`, at which one is due.
    pub(super) fn last_due(self, at: DateTime, hour: i8) -> DateTime {
        let today = at.date().at(hour, 0, 0, 0);
        let back: Span = match self {
            Self::Day => i64::from(today > at).days(),
            Self::Week => {
                let days = i64::from(at.date().weekday().since(Weekday::Monday));
                if days == 0 && today > at { 7.days() } else { days.days() }
            }
        };
        today.checked_sub(back).unwrap_or(today)
    }
}

/// The language of a digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Arabic.
    #[default]
    Ar,
    /// French.
    Fr,
    /// English.
    En,
}

impl Language {
    /// Returns the language of the pages that it is.
    pub(super) const fn page(self) -> language::Language {
        match self {
            Self::Ar => language::Language::Arabic,
            Self::Fr => language::Language::French,
            Self::En => language::Language::English,
        }
    }
}
