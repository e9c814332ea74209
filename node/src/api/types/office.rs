//! What opens the office: links for one use, and tokens of programs. For the machine's owner and administrators.

use std::net::SocketAddr;

use multaqa_protocol::id::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /office/links`: a link for one use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeLinkRequest {
    /// The name of the account that chooses a password by it. Where absent, the first administrator's; where there
    /// is none yet, the link makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// A link for one use. It is told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficeLink {
    /// `multaqa/office-link/1`.
    pub schema: String,
    /// What comes after the address of the office.
    pub path: String,
    /// Where the office listens, while the node runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub address: Option<SocketAddr>,
    /// Until when it opens.
    #[schema(value_type = u64)]
    pub until: Millis,
}

/// `POST /office/tokens`: a token for a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeTokenRequest {
    /// What the program is called in the log of signatures.
    pub name: String,
    /// `reader`, `author` or `publisher`.
    pub role: String,
}

/// A token for a program, for `Authorization: Bearer`. It is told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficeToken {
    /// `multaqa/office-token/1`.
    pub schema: String,
    /// The token.
    pub token: String,
}
