//! Who stands beside the author: partners, co-signing parties, contacts.

use super::code::Role;
use super::evidence::Address;
use super::place::Place;
use super::schema::schema;
use super::words::Words;
use crate::id::AuthorId;

schema! {
    /// A body that worked with the author.
    pub struct Partner requires [name] rules [] {
        /// What it is called.
        pub name: Words,
        /// What it does.
        pub role: Option<Role>,
        /// Its place, where it is a collectivity.
        pub place: Option<Place>,
    }
}

schema! {
    /// A collectivity expected to co-sign with an `endorse`, by its place, its author id, or both.
    pub struct Party requires [] rules [] {
        /// Its place.
        pub place: Option<Place>,
        /// Its log.
        pub author: Option<AuthorId>,
    }
}

schema! {
    /// How to reach a function of the collectivity, not a person (R4).
    pub struct Contact requires [function] rules [] {
        /// The function, as "focal point for openness".
        pub function: Words,
        /// An address for electronic mail.
        pub email: Option<String>,
        /// A telephone number.
        pub phone: Option<String>,
        /// A page with a form or further ways.
        pub page: Option<Address>,
    }
}
