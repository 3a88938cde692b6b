//! Push notifications for devices that have no connection.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a browser needs to subscribe to push notifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Push {
    /// Whether push notifications are enabled.
    pub enabled: bool,
    /// The server's public key, for a browser's `applicationServerKey`: 65 bytes in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}
