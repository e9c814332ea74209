//! What every part of a record's body has in common: when it is absent, and what is wrong with it
//! as a draft.
//!
//! `schema!` declares a table of a body once: its fields, which of them an author must fill, and
//! rules over several fields. A field that says nothing is absent from the encoding (C2), and a
//! reader takes an absent field for one that says nothing.

use super::draft::{Findings, Problem};

/// A part of a body.
pub(super) trait Field {
    /// Tells whether this says nothing, and so stays out of the encoding.
    fn is_absent(&self) -> bool;

    /// Reports what an author should not sign.
    fn check(&self, found: &mut Findings);
}

impl<T: Field> Field for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn check(&self, found: &mut Findings) {
        if let Some(field) = self {
            if field.is_absent() {
                found.report(Problem::Empty);
            } else {
                field.check(found);
            }
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn check(&self, found: &mut Findings) {
        for (at, item) in self.iter().enumerate() {
            found.within_item(at, |found| {
                if item.is_absent() { found.report(Problem::Empty) } else { item.check(found) }
            });
        }
    }
}

impl Field for String {
    fn is_absent(&self) -> bool {
        self.trim().is_empty()
    }

    fn check(&self, _: &mut Findings) {}
}

impl Field for bool {
    fn is_absent(&self) -> bool {
        !self
    }

    fn check(&self, _: &mut Findings) {}
}

impl Field for u64 {
    fn is_absent(&self) -> bool {
        false
    }

    fn check(&self, _: &mut Findings) {}
}

impl Field for crate::id::Bytes32 {
    fn is_absent(&self) -> bool {
        false
    }

    fn check(&self, _: &mut Findings) {}
}

impl Field for crate::id::AuthorId {
    fn is_absent(&self) -> bool {
        false
    }

    fn check(&self, _: &mut Findings) {}
}

/// Declares a table of a body.
macro_rules! schema {
    (
        $(#[$meta:meta])*
        pub struct $name:ident requires [$($required:ident),*] rules [$($rule:path),*] {
            $($(#[$about:meta])* pub $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[$about])*
                #[serde(skip_serializing_if = "crate::record::schema::Field::is_absent")]
                pub $field: $type,
            )*
        }

        impl crate::record::schema::Field for $name {
            fn is_absent(&self) -> bool {
                *self == Self::default()
            }

            fn check(&self, found: &mut crate::record::draft::Findings) {
                $(
                    if crate::record::schema::Field::is_absent(&self.$required) {
                        found.within(stringify!($required), |found| {
                            found.report(crate::record::draft::Problem::Missing);
                        });
                    }
                )*
                $(
                    if !crate::record::schema::Field::is_absent(&self.$field) {
                        found.within(stringify!($field), |found| {
                            crate::record::schema::Field::check(&self.$field, found);
                        });
                    }
                )*
                $($rule(self, found);)*
            }
        }
    };
}

pub(super) use schema;
