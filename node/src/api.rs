//! HTTP: the routes of version 1, as JSON.

pub mod types;
