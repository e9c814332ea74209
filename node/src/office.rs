//! The office: where the people of a collectivity work, signed in, each with a role.
//!
//! Its pages are on a listener of their own, together with the public's, and are made as those are
//! (`crate::ui`). What people write becomes a draft for the [`crate::Node`] as any other; nothing here decides
//! about entries. Invariant: on this listener nothing is written for whoever is not signed in with the role that
//! it takes. The Unix socket in the data folder asks for no account: it is the machine owner's.
//!
//! Accounts, sessions and the log of signatures are files in the folder `office` of the data folder, for its owner
//! alone, and written whole or appended with what makes them durable.

pub mod account;
pub mod attempts;
pub(crate) mod book;
pub(crate) mod draft;
mod form;
pub mod founding;
mod home;
mod link;
mod network;
mod own;
mod page;
pub mod password;
mod people;
mod secret;
mod session;
mod set_up;
mod settings;
mod sign_in;
pub mod signed;
#[cfg(test)]
mod tests;
mod writing;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use multaqa_protocol::id::Millis;

pub use self::account::{Account, AccountId, Role};
use self::attempts::Attempts;
use self::book::{Book, Purpose, key};
pub use self::book::{LANGUAGES, LINK_LASTS, LONGEST_NAME, MAX_ACCOUNTS, MAX_TOKENS, OfficeSettings};
use self::draft::Drafts;
use self::password::{Hasher, Password};
use self::secret::Secret;
pub(crate) use self::session::{SignedIn, Visitor, guard, recognise};
use crate::api::Api;
use crate::clock::now;
use crate::folder::{FolderError, read_json, write_whole};
use crate::ui::language::Language;

/// The folder of the office in the data folder.
const FOLDER: &str = "office";
/// The file of accounts in it.
const ACCOUNTS: &str = "accounts.json";
/// Longest form that signs in or is about accounts; its longest field is a password.
const MAX_FORM: usize = 16 << 10;

/// Why something about accounts is not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There are as many as an office may have.
    #[error("there are as many as an office may have")]
    Full,
    /// Somebody is called so already.
    #[error("there is an account with this name")]
    NameTaken,
    /// The name is empty, too long, or has characters that cannot be seen.
    #[error("a name has 1 to {LONGEST_NAME} characters that can be seen")]
    BadName,
    /// There is no such account.
    #[error("there is no such account")]
    Unknown,
    /// There is no such role, or not for this.
    #[error("there is no such role, or it is not given for this")]
    NoSuchRole,
    /// Nobody would be left to look after the office.
    #[error("an office keeps an administrator")]
    LastAdministrator,
    /// The link was used, is too old, or never was one.
    #[error("this link opens nothing: it was used, or is too old")]
    BadLink,
    /// The password could be guessed.
    #[error("a password has {} characters at least, and is not the name", password::SHORTEST)]
    WeakPassword,
    /// The two passwords are not the same.
    #[error("the two passwords differ")]
    Differ,
    /// The name or the password is wrong; which one is not told.
    #[error("the name or the password is wrong")]
    WrongPassword,
    /// There were too many tries.
    #[error("there were too many tries; wait half a minute")]
    TooManyTries,
    /// No language was chosen.
    #[error("a collectivity writes in one language at least")]
    NoLanguage,
    /// The file cannot be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl AccountError {
    /// Returns the stable code, which is also the end of its message's name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::NameTaken => "name-taken",
            Self::BadName => "bad-name",
            Self::Unknown => "unknown",
            Self::NoSuchRole => "no-such-role",
            Self::LastAdministrator => "last-administrator",
            Self::BadLink => "bad-link",
            Self::WeakPassword => "weak-password",
            Self::Differ => "differ",
            Self::WrongPassword => "wrong-password",
            Self::TooManyTries => "too-many-tries",
            Self::NoLanguage => "no-language",
            Self::Folder(_) => "folder",
        }
    }
}

/// What is left out of the log at every level, as a directive of its filter: the check of where a post comes from
/// tells the address of each request, and a link that opens once is an address.
pub const NEVER_LOGGED: &str = "tower_http::csrf=info";

/// What the office keeps; a clone is another handle to the same.
#[derive(Clone, Debug)]
pub struct Office(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    /// What the file says, once it was read.
    book: Mutex<Option<Book>>,
    sessions: session::Kept,
    attempts: Mutex<Attempts>,
    hasher: Hasher,
    drafts: Drafts,
    /// One writes the log of signatures at a time.
    signing: Mutex<()>,
    /// Where its people reach it, while it is served.
    address: OnceLock<SocketAddr>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind it is replaced whole, so a panic leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Office {
    /// Returns the office of a data folder. Nothing is read or written yet.
    pub(crate) fn new(data: &Path) -> Self {
        let dir = data.join(FOLDER);
        Self(Arc::new(Inner {
            sessions: session::Kept::new(&dir),
            drafts: Drafts::new(&dir),
            dir,
            book: Mutex::new(None),
            attempts: Mutex::new(Attempts::new(now())),
            hasher: Hasher::new(),
            signing: Mutex::new(()),
            address: OnceLock::new(),
        }))
    }

    /// Returns the folder in which it keeps what it must not lose, making it where it is not there.
    ///
    /// # Errors
    ///
    /// [`FolderError::Io`].
    pub fn dir(&self) -> Result<&Path, FolderError> {
        make_dir(&self.0.dir)?;
        Ok(&self.0.dir)
    }

    /// Returns what is written and not signed yet.
    pub(crate) fn drafts(&self) -> &Drafts {
        &self.0.drafts
    }

    /// Notes where its people reach it.
    pub(crate) fn is_at(&self, address: SocketAddr) {
        // A node is served once; the second address would be another node's.
        let _ = self.0.address.set(address);
    }

    /// Returns where its people reach it, while it is served.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.address.get().copied()
    }

    /// Reads the book.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Book) -> T) -> Result<T, AccountError> {
        let mut book = lock(&self.0.book);
        Ok(look(self.loaded(&mut book)?))
    }

    fn loaded<'a>(&self, book: &'a mut Option<Book>) -> Result<&'a Book, AccountError> {
        if book.is_none() {
            *book = Some(read(&self.0.dir.join(ACCOUNTS))?);
        }
        Ok(book.get_or_insert_default())
    }

    /// Changes the book; it is durable when this returns, or nothing has changed.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Book) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, AccountError> {
        let office = self.clone();
        let changed = tokio::task::spawn_blocking(move || {
            let mut book = lock(&office.0.book);
            let mut after = office.loaded(&mut book)?.clone();
            let told = change(&mut after)?;
            office.write(&after)?;
            *book = Some(after);
            Ok(told)
        });
        changed.await.expect("changing the book does not panic")
    }

    /// Keeps a link that was made before there was a data folder; blocking.
    fn keep_link(&self, purpose: Purpose, hash: String, now: Millis) -> Result<(), FolderError> {
        let mut book = Book::default();
        book.keep_link(purpose, hash, now);
        self.write(&book)
    }

    fn write(&self, book: &Book) -> Result<(), FolderError> {
        let bytes = serde_json::to_vec_pretty(book).expect("the book is plain data");
        write_whole(&self.dir()?.join(ACCOUNTS), &bytes)
    }

    /// Tells whether somebody can look after the office.
    ///
    /// # Errors
    ///
    /// [`AccountError::Folder`].
    pub fn has_administrator(&self) -> Result<bool, AccountError> {
        self.look(Book::has_administrator)
    }

    /// Returns what an administrator has chosen for the office.
    ///
    /// # Errors
    ///
    /// [`AccountError::Folder`].
    pub fn settings(&self) -> Result<OfficeSettings, AccountError> {
        self.look(|book| book.settings.clone())
    }

    /// Tells whether another publisher than its writer has to approve what is signed.
    ///
    /// # Errors
    ///
    /// [`AccountError::Folder`].
    pub fn four_eyes(&self) -> Result<bool, AccountError> {
        Ok(self.settings()?.four_eyes)
    }

    /// Returns the path of a new one-time link by which the first administrator is made; nothing where there is one
    /// already. A link that was made before opens no longer.
    ///
    /// # Errors
    ///
    /// [`AccountError::Folder`].
    pub async fn set_up_path(&self) -> Result<Option<String>, AccountError> {
        if self.has_administrator()? {
            return Ok(None);
        }
        let secret = self.change(|book| Ok(book.link(Purpose::SetUp, now()))).await?;
        Ok(Some(set_up_path(&secret)))
    }

    /// Returns the path of a new one-time link by which an account, the first administrator's where none is named,
    /// chooses a password.
    ///
    /// # Errors
    ///
    /// [`AccountError::Unknown`] where nobody is called so or may work.
    pub async fn password_path(&self, name: Option<String>) -> Result<String, AccountError> {
        let secret = self.change(move |book| {
            let id = match &name {
                Some(name) => book.named(name),
                None => book.first_administrator(),
            };
            let id = id.filter(|id| book.active(*id).is_some()).ok_or(AccountError::Unknown)?;
            Ok(book.link(Purpose::Password(id), now()))
        });
        Ok(link_path(Language::default(), &secret.await?))
    }

    /// Returns whose name and password these are.
    pub(crate) async fn check(&self, name: &str, password: Password) -> Result<AccountId, AccountError> {
        if !lock(&self.0.attempts).take(&key(name), now()) {
            return Err(AccountError::TooManyTries);
        }
        let known = self.look(|book| book.password_of(name))?;
        let (id, hash) = known.unzip();
        if !self.0.hasher.verify(password, hash).await {
            return Err(AccountError::WrongPassword);
        }
        lock(&self.0.attempts).forget(&key(name));
        id.ok_or(AccountError::WrongPassword)
    }

    /// Chooses a password for the account that a link is for, or makes the first administrator, and returns the
    /// account. The link opens no longer.
    pub(crate) async fn enter(
        &self,
        secret: Secret,
        name: Option<String>,
        password: Password,
        languages: Option<Vec<String>>,
    ) -> Result<AccountId, AccountError> {
        let purpose = self.look(|book| book.purpose(&secret, now()))??;
        let name = match purpose {
            Purpose::Password(id) => self.look(|book| book.name_of(id))?.ok_or(AccountError::BadLink)?,
            Purpose::SetUp => name.unwrap_or_default(),
        };
        password.check(&name)?;
        let hash = self.0.hasher.hash(password).await;
        let entered = self.change(move |book| {
            // Somebody may have used the link meanwhile.
            let id = match book.purpose(&secret, now())? {
                Purpose::Password(id) => id,
                Purpose::SetUp => book.add(&name, Role::Administrator, now())?,
            };
            book.use_up(purpose);
            book.set_password(id, hash)?;
            if let Some(languages) = languages {
                book.choose(book.settings.four_eyes, &languages)?;
            }
            Ok((id, name))
        });
        let (id, name) = entered.await?;
        lock(&self.0.attempts).forget(&key(&name));
        Ok(id)
    }

    /// Changes the password of who is signed in, by the one that held so far.
    pub(crate) async fn change_password(
        &self,
        account: &Account,
        old: Password,
        new: Password,
    ) -> Result<(), AccountError> {
        new.check(&account.name)?;
        let id = self.check(&account.name, old).await?;
        let hash = self.0.hasher.hash(new).await;
        self.change(move |book| book.set_password(id, hash)).await
    }
}

/// Returns the path of a link by which the first administrator is made.
pub(crate) fn set_up_path(secret: &Secret) -> String {
    format!("/{}/office/setup/{}", Language::default().tag(), secret.text())
}

/// Returns the path of a link by which a password is chosen.
pub(crate) fn link_path(language: Language, secret: &Secret) -> String {
    format!("/{}/office/link/{}", language.tag(), secret.text())
}

fn make_dir(dir: &Path) -> Result<(), FolderError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|source| FolderError::Io { path: dir.to_owned(), source })
}

fn read(path: &Path) -> Result<Book, FolderError> {
    Ok(read_json(path)?.unwrap_or_default())
}

/// Returns the routes of the office's pages.
pub(crate) fn router() -> Router<Api> {
    let mut router = Router::new();
    for language in Language::ALL {
        let at = |path: &str| format!("/{}/office{path}", language.tag());
        router = router
            .route(&at(""), get(home::home))
            .route(&at("/sign-in"), get(sign_in::form).post(sign_in::sign_in))
            .route(&at("/sign-out"), post(sign_in::sign_out))
            .route(&at("/link/{secret}"), get(link::form).post(link::choose))
            .route(&at("/setup/{secret}"), get(set_up::form).post(set_up::make))
            .route(&at("/account"), get(own::form).post(own::change))
            .route(&at("/people"), get(people::people).post(people::add))
            .route(&at("/people/{id}"), post(people::change))
            .route(&at("/people/{id}/link"), post(people::link))
            .route(&at("/programs"), post(people::add_program))
            .route(&at("/programs/{id}/end"), post(people::end_program))
            .route(&at("/settings"), get(settings::form).post(settings::choose))
            .route(&at("/network"), get(network::form).post(network::join))
            .route(&at("/signatures"), get(signed::page));
    }
    let router = router.layer(DefaultBodyLimit::max(MAX_FORM));
    router.merge(writing::routes()).layer(from_fn(keep_nothing))
}

/// Says of every answer of the office that nobody keeps it.
pub(crate) async fn keep_nothing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().remove(header::ETAG);
    response
}

/// Returns until when a link that is made now opens.
pub(crate) fn link_until() -> Millis {
    now().saturating_add(LINK_LASTS)
}
