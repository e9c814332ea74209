//! Passwords: what one must be, and how it is kept and checked.
//!
//! Argon2id takes memory on purpose, so that who steals the file needs it too for every guess. Therefore few are
//! computed at the same time, on threads that may block, and others wait.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use serde::Deserialize;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::AccountError;

/// Fewest characters: with a limit of tries, ten that are not in a list of common passwords take years.
pub const SHORTEST: usize = 10;
/// Most bytes: a sentence of a page's length; beyond, it is a mistake or an attack.
pub const LONGEST: usize = 512;
/// Memory, passes and lanes that OWASP recommends for argon2id: 19 MiB, two, one.
const COST: (u32, u32, u32) = (19 * 1_024, 2, 1);
/// Passwords that are computed at the same time: 76 MiB, which the smallest machines have.
pub const MAX_AT_ONCE: usize = 4;
/// What is computed where there is no account by a name, so that the answer takes as long: the hash of a text
/// that nobody knows, with the same cost.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$PwWrRLIhPuXGCMGKVyaqMQ$XO6KmGZGqdZz8n9lIB5/Ux+kYCDlBFN2xfGzR0rKpGM";

/// A password on its way from a form; wiped from memory when dropped, and never shown by a log.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Password(Zeroizing<String>);

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    /// Refuses what is too short or too long, or is the name with which it goes.
    pub(crate) fn check(&self, name: &str) -> Result<(), AccountError> {
        let text = self.0.trim();
        let is_short = text.chars().count() < SHORTEST;
        let is_name = super::book::key(text) == super::book::key(name);
        let mut letters = text.chars();
        let first = letters.next();
        let is_one_letter = letters.all(|letter| Some(letter) == first);
        match is_short || is_name || is_one_letter || self.0.len() > LONGEST {
            true => Err(AccountError::WeakPassword),
            false => Ok(()),
        }
    }

    /// Tells whether two are the same, as they are typed twice.
    pub(crate) fn is(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

/// Computes passwords, a few at a time.
#[derive(Clone, Debug)]
pub(super) struct Hasher(Arc<Semaphore>);

impl Hasher {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MAX_AT_ONCE)))
    }

    /// Returns the form in which a password is kept.
    pub(super) async fn hash(&self, password: Password) -> String {
        self.run(move || {
            let hash: PasswordHash = argon2()
                .hash_password(password.0.as_bytes())
                .expect("the cost is allowed and there is memory");
            hash.to_string()
        })
        .await
    }

    /// Tells whether a password is the one that is kept; where none is, it takes as long to say no.
    pub(super) async fn verify(&self, password: Password, kept: Option<String>) -> bool {
        self.run(move || {
            let is_there = kept.is_some();
            let Ok(hash) = PasswordHash::new(kept.as_deref().unwrap_or(NOBODY)) else { return false };
            argon2().verify_password(password.0.as_bytes(), &hash).is_ok() && is_there
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, compute: impl FnOnce() -> T + Send + 'static) -> T {
        let place = self.0.clone().acquire_owned().await.expect("the places are never closed");
        let computed = tokio::task::spawn_blocking(move || {
            let computed = compute();
            drop(place);
            computed
        });
        computed.await.expect("computing does not panic")
    }
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is one that argon2 allows");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::from(text.to_owned())
    }

    #[test]
    fn a_password_is_neither_short_nor_the_name_nor_one_letter() {
        for weak in ["", "court", "   neuf      ", "aaaaaaaaaaaa", "Fatima Zahra", "ⴰⴰⴰⴰⴰⴰⴰⴰⴰⴰⴰ"]
        {
            assert!(password(weak).check("fatima zahra").is_err(), "{weak}");
        }
        assert!(password(&"long".repeat(200)).check("a").is_err());
        for good in ["dix lettres", "كلمة سر طويلة"] {
            assert!(password(good).check("fatima zahra").is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn a_password_is_kept_as_argon2id_and_known_again() {
        let hasher = Hasher::new();
        let kept = hasher.hash(password("une phrase longue")).await;
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(hasher.verify(password("une phrase longue"), Some(kept.clone())).await);
        assert!(!hasher.verify(password("une phrase longe"), Some(kept)).await);
        assert!(!hasher.verify(password("une phrase longue"), None).await);
        // What is computed for nobody has the same cost.
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
