//! Push notifications to devices without a connection.

use protocol::ErrorCode::NotFound;
use protocol::{rest, shape};

use super::operation::{Operation, delete, get, put};

/// Operations on the device of the caller's session.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/push", "readPush", "Read the settings of push notifications")
            .says("If enabled, browsers subscribe to Web Push with this key.")
            .signed_in()
            .shows::<shape::Push>("Whether push is enabled, and the server's key."),
        put("/api/push/subscription", "putPushSubscription", "Subscribe this device")
            .says("For notifications while you have no connection. The body is what `PushSubscription.toJSON()` returns in a browser. Each session has one subscription, which ends with it. An endpoint in a private network is refused, unless the setting WEBHOOKS_ALLOW_PRIVATE is true. Not found if push is disabled.")
            .signed_in()
            .takes::<rest::PutPushSubscription>()
            .refuses(&[NotFound])
            .done("The device is subscribed."),
        delete(
            "/api/push/subscription",
            "removePushSubscription",
            "Unsubscribe this device",
        )
        .signed_in()
        .done("The device is not subscribed."),
    ]
}
