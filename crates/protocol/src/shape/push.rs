//! How devices can be told of something while they have no connection.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a browser has to know to subscribe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Push {
    /// Whether devices are told.
    pub enabled: bool,
    /// The server's key, as a browser's `applicationServerKey`: base64url of 65 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}
