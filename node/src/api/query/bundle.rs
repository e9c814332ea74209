//! Parameters of bundles: what goes along.

use serde::Deserialize;
use utoipa::IntoParams;

use super::flag;
use crate::api::failure::Failure;

/// Parameters of `GET /bundle`: one of the first three.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Bundle {
    /// This entry and the path to it.
    pub(in crate::api) entry: Option<String>,
    /// The log of this author.
    pub(in crate::api) author: Option<String>,
    /// Everything; any value.
    pub(in crate::api) all: Option<String>,
    /// `true` to put in the logs of the stewards, which say who belongs; of one entry's bundle, what of them decides it.
    stewards: Option<String>,
    /// With `entry`: `true` to put in by when it existed as well, which brings what `stewards` does: a checkpoint that
    /// shows it, and the logs of members who confirmed that, as many as leave the file below one or two megabytes.
    witnesses: Option<String>,
    /// With `entry`: `true` to put in what the figures of a plan rest on: its versions, the reports about it, who
    /// co-signed it, evaluations and proposals. Of another kind nothing more.
    figures: Option<String>,
}

impl Bundle {
    pub(in crate::api) fn with_stewards(&self) -> Result<bool, Failure> {
        flag("stewards", self.stewards.as_deref())
    }

    pub(in crate::api) fn with_witnesses(&self) -> Result<bool, Failure> {
        flag("witnesses", self.witnesses.as_deref())
    }

    pub(in crate::api) fn with_figures(&self) -> Result<bool, Failure> {
        flag("figures", self.figures.as_deref())
    }
}
