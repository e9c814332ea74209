//! Parameters of what a copy elsewhere follows.

use serde::Deserialize;
use utoipa::IntoParams;

/// Parameters of `GET /mirror`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct MirrorLogs {
    /// The `state` of the answer before: where that is still the state, the list is empty.
    pub(in crate::api) unless: Option<String>,
}

/// Parameters of `GET /mirror/{author}`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct MirrorPage {
    /// The branch of the last entry that was read; with `seq`.
    pub(in crate::api) branch: Option<u16>,
    /// The sequence number of the last entry that was read; with `branch`.
    pub(in crate::api) seq: Option<u32>,
}
