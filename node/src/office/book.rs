//! What `office/accounts.json` holds: accounts, links for one use, tokens of programs, and the settings of the
//! office. Rules only; [`super::Office`] reads and writes the file.

use std::collections::BTreeSet;

use multaqa_protocol::id::{EntryId, Millis};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::AccountError;
use super::account::{Account, AccountId, Role};
use super::secret::Secret;

/// Accounts of one office: the staff of a large collectivity that has to do with openness, several times over.
pub const MAX_ACCOUNTS: usize = 200;
/// Tokens of programs: each has a purpose that somebody remembers.
pub const MAX_TOKENS: usize = 32;
/// Longest name of an account or a token, in characters: two long names of a person.
pub const LONGEST_NAME: usize = 80;
/// The languages in which a collectivity may say that it writes, in the order in which they are offered.
pub const LANGUAGES: [&str; 4] = ["ar", "fr", "zgh", "en"];
/// How long a link for one use opens: two working days, so that it reaches its addressee before it is stale.
pub const LINK_LASTS: Millis = 48 * 60 * 60 * 1_000;

/// The file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Book {
    /// The last id that was given.
    last: u32,
    accounts: Vec<Kept>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    tokens: Vec<Token>,
    /// What the administrator has chosen.
    #[serde(default)]
    pub(crate) settings: OfficeSettings,
}

/// What an administrator has chosen for the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeSettings {
    /// Whether another publisher than its writer has to approve what is signed.
    pub four_eyes: bool,
    /// Tags of the languages in which the collectivity writes, the first one first.
    pub languages: Vec<String>,
}

impl Default for OfficeSettings {
    fn default() -> Self {
        Self { four_eyes: false, languages: vec!["ar".into(), "fr".into()] }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    id: AccountId,
    name: String,
    role: Role,
    is_active: bool,
    /// The password as argon2 writes it; none before one was chosen.
    password: Option<String>,
    /// Counts what ends all sessions: another password, another role, deactivation.
    epoch: u32,
    since: Millis,
    /// When it was last here, and when before that.
    #[serde(default)]
    visited: Millis,
    #[serde(default)]
    visited_before: Millis,
    /// The entry that had arrived last when it looked last, and when it had looked last before this visit.
    #[serde(default)]
    seen: Option<EntryId>,
    #[serde(default)]
    seen_before: Option<EntryId>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Link {
    hash: String,
    purpose: Purpose,
    until: Millis,
}

/// What a link for one use is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    /// Makes the first administrator.
    SetUp,
    /// Chooses a password for an account.
    Password(AccountId),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    id: AccountId,
    name: String,
    hash: String,
    role: Role,
    since: Millis,
}

/// An account as administrators see it.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) account: Account,
    pub(crate) is_active: bool,
    pub(crate) has_password: bool,
    pub(crate) visited: Option<Millis>,
}

/// A token of a program as administrators see it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) id: AccountId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) since: Millis,
}

/// Returns by what a name is known: how it is composed, its case and the spaces around it do not matter.
pub(super) fn key(name: &str) -> String {
    name.nfkc().collect::<String>().trim().to_lowercase()
}

fn check_name(name: &str) -> Result<String, AccountError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_name =
        !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if is_name { Ok(name) } else { Err(AccountError::BadName) }
}

impl Kept {
    fn account(&self) -> Account {
        let before = (self.visited_before > 0).then_some(self.visited_before);
        let (id, name) = (self.id, self.name.clone());
        Account { id, name, role: self.role, visited_before: before, seen_before: self.seen_before }
    }

    fn is_administrator(&self) -> bool {
        self.is_active && self.password.is_some() && self.role == Role::Administrator
    }
}

impl Book {
    /// Tells whether somebody can look after the office.
    pub(crate) fn has_administrator(&self) -> bool {
        self.accounts.iter().any(Kept::is_administrator)
    }

    /// Returns everybody, in the order in which they came.
    pub(crate) fn people(&self) -> Vec<Person> {
        let person = |kept: &Kept| Person {
            account: kept.account(),
            is_active: kept.is_active,
            has_password: kept.password.is_some(),
            visited: (kept.visited > 0).then_some(kept.visited),
        };
        self.accounts.iter().map(person).collect()
    }

    /// Returns the tokens of programs.
    pub(crate) fn programs(&self) -> Vec<Program> {
        let program = |token: &Token| Program {
            id: token.id,
            name: token.name.clone(),
            role: token.role,
            since: token.since,
        };
        self.tokens.iter().map(program).collect()
    }

    /// Returns the account that may work now, with its epoch.
    pub(super) fn active(&self, id: AccountId) -> Option<(Account, u32)> {
        let kept = self.accounts.iter().find(|kept| kept.id == id && kept.is_active)?;
        Some((kept.account(), kept.epoch))
    }

    /// Returns what is kept of the password of a name that may sign in.
    pub(super) fn password_of(&self, name: &str) -> Option<(AccountId, String)> {
        let key = key(name);
        let kept = self.accounts.iter().find(|kept| kept.is_active && self::key(&kept.name) == key)?;
        Some((kept.id, kept.password.clone()?))
    }

    /// Returns the account of a name, whether it may sign in or not.
    pub(crate) fn named(&self, name: &str) -> Option<AccountId> {
        let key = key(name);
        self.accounts.iter().find(|kept| self::key(&kept.name) == key).map(|kept| kept.id)
    }

    /// Returns the only administrator, or the first.
    pub(crate) fn first_administrator(&self) -> Option<AccountId> {
        let is_one = |kept: &&Kept| kept.is_active && kept.role == Role::Administrator;
        self.accounts.iter().find(is_one).map(|kept| kept.id)
    }

    /// Returns what an account is called.
    pub(crate) fn name_of(&self, id: AccountId) -> Option<String> {
        self.accounts.iter().find(|kept| kept.id == id).map(|kept| kept.name.clone())
    }

    fn kept(&mut self, id: AccountId) -> Result<&mut Kept, AccountError> {
        self.accounts.iter_mut().find(|kept| kept.id == id).ok_or(AccountError::Unknown)
    }

    /// Adds somebody, who has no password yet.
    pub(crate) fn add(&mut self, name: &str, role: Role, now: Millis) -> Result<AccountId, AccountError> {
        let name = check_name(name)?;
        if self.named(&name).is_some() {
            return Err(AccountError::NameTaken);
        }
        if self.accounts.len() >= MAX_ACCOUNTS {
            return Err(AccountError::Full);
        }
        let id = self.next();
        self.accounts.push(Kept {
            id,
            name,
            role,
            is_active: true,
            password: None,
            epoch: 0,
            since: now,
            visited: 0,
            visited_before: 0,
            seen: None,
            seen_before: None,
        });
        Ok(id)
    }

    fn next(&mut self) -> AccountId {
        self.last += 1;
        AccountId(self.last)
    }

    /// Gives an account another role, or lets it work no longer, or again. An office keeps an administrator.
    pub(crate) fn set(&mut self, id: AccountId, role: Role, is_active: bool) -> Result<(), AccountError> {
        let mut after = self.clone();
        let kept = after.kept(id)?;
        if (kept.role, kept.is_active) == (role, is_active) {
            return Ok(());
        }
        (kept.role, kept.is_active) = (role, is_active);
        kept.epoch += 1;
        if self.has_administrator() && !after.has_administrator() {
            return Err(AccountError::LastAdministrator);
        }
        *self = after;
        Ok(())
    }

    /// Keeps another password, which ends every session of the account.
    pub(super) fn set_password(&mut self, id: AccountId, hash: String) -> Result<(), AccountError> {
        let kept = self.kept(id)?;
        kept.password = Some(hash);
        kept.epoch += 1;
        Ok(())
    }

    /// Notes that somebody came, or is still here.
    pub(super) fn visit(&mut self, id: AccountId, now: Millis, is_new: bool) -> Result<(), AccountError> {
        let kept = self.kept(id)?;
        if is_new {
            kept.visited_before = kept.visited;
            kept.seen_before = kept.seen;
        }
        kept.visited = now;
        Ok(())
    }

    /// Notes which entry had arrived last when somebody looked at what is new.
    pub(super) fn note_seen(&mut self, id: AccountId, latest: EntryId) -> Result<(), AccountError> {
        self.kept(id)?.seen = Some(latest);
        Ok(())
    }

    /// Tells whether somebody has looked since that entry arrived.
    pub(super) fn has_seen(&self, id: AccountId, latest: EntryId) -> bool {
        self.accounts.iter().any(|kept| kept.id == id && kept.seen == Some(latest))
    }

    /// Makes a link for one use; one that was made before for the same purpose opens no longer.
    pub(crate) fn link(&mut self, purpose: Purpose, now: Millis) -> Secret {
        let secret = Secret::draw();
        self.keep_link(purpose, secret.hash(), now);
        secret
    }

    /// Keeps a link that was made before there was a file.
    pub(super) fn keep_link(&mut self, purpose: Purpose, hash: String, now: Millis) {
        self.links.retain(|link| link.until > now && link.purpose != purpose);
        self.links.push(Link { hash, purpose, until: now.saturating_add(LINK_LASTS) });
    }

    /// Returns what a link that somebody brings is for, while it opens.
    pub(crate) fn purpose(&self, secret: &Secret, now: Millis) -> Result<Purpose, AccountError> {
        let hash = secret.hash();
        let link = self.links.iter().find(|link| link.hash == hash && link.until > now);
        let purpose = link.map(|link| link.purpose).ok_or(AccountError::BadLink)?;
        match purpose {
            Purpose::SetUp if self.has_administrator() => Err(AccountError::BadLink),
            Purpose::Password(id) if self.active(id).is_none() => Err(AccountError::BadLink),
            purpose => Ok(purpose),
        }
    }

    /// Uses a link up.
    pub(super) fn use_up(&mut self, purpose: Purpose) {
        self.links.retain(|link| link.purpose != purpose);
    }

    /// Makes a token for a program. It is shown once.
    pub(crate) fn add_token(&mut self, name: &str, role: Role, now: Millis) -> Result<Secret, AccountError> {
        let name = check_name(name)?;
        if role > Role::Publisher {
            return Err(AccountError::NoSuchRole);
        }
        if self.tokens.len() >= MAX_TOKENS {
            return Err(AccountError::Full);
        }
        let (id, secret) = (self.next(), Secret::draw());
        self.tokens.push(Token { id, name, hash: secret.hash(), role, since: now });
        Ok(secret)
    }

    /// Returns whose token somebody brings.
    pub(super) fn token(&self, secret: &Secret) -> Option<Account> {
        let hash = secret.hash();
        let token = self.tokens.iter().find(|token| token.hash == hash)?;
        let (id, name) = (token.id, token.name.clone());
        Some(Account { id, name, role: token.role, visited_before: None, seen_before: None })
    }

    /// Takes a token back.
    pub(crate) fn drop_token(&mut self, id: AccountId) -> Result<(), AccountError> {
        let before = self.tokens.len();
        self.tokens.retain(|token| token.id != id);
        if self.tokens.len() < before { Ok(()) } else { Err(AccountError::Unknown) }
    }

    /// Chooses what holds for the office. Languages are those in which pages are written; one at least.
    pub(crate) fn choose(&mut self, four_eyes: bool, languages: &[String]) -> Result<(), AccountError> {
        let chosen: BTreeSet<&str> = languages.iter().map(String::as_str).collect();
        let languages: Vec<String> =
            LANGUAGES.iter().filter(|tag| chosen.contains(**tag)).map(|tag| (*tag).to_owned()).collect();
        if languages.is_empty() {
            return Err(AccountError::NoLanguage);
        }
        self.settings = OfficeSettings { four_eyes, languages };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
