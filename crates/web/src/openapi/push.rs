//! Devices that are told of something while they have no connection.

use protocol::ErrorCode::NotFound;
use protocol::{rest, shape};

use super::operation::{Operation, delete, get, put};

/// What can be done about the device that one is signed in on.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/push", "readPush", "Read how devices are told")
            .says("By Web Push, if at all: a browser subscribes with this key.")
            .signed_in()
            .shows::<shape::Push>("Whether they are, and the server's key."),
        put("/api/push/subscription", "putPushSubscription", "Have this device be told")
            .says("Of what you miss while you have no connection. The body is what `PushSubscription.toJSON()` answers in a browser. Each session has one subscription, which ends with it. An endpoint in a private network is refused, unless the setting WEBHOOKS_ALLOW_PRIVATE is true; where no device is told there is nothing here.")
            .signed_in()
            .takes::<rest::PutPushSubscription>()
            .refuses(&[NotFound])
            .done("It will be told."),
        delete(
            "/api/push/subscription",
            "removePushSubscription",
            "Have this device be told no more",
        )
        .signed_in()
        .done("It is not told."),
    ]
}
