//! Devices that are told of something while they have no connection.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{body, told};
use crate::rest::PutPushSubscription;

/// Sixteen bytes.
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

#[test]
fn a_subscription_is_what_a_browser_makes_of_it() {
    let of_browser = json!({
        "endpoint": " https://push.example.org/x ",
        "expirationTime": null,
        "keys": { "auth": AUTH, "p256dh": format!("{}=", "A".repeat(87)), "other": 7 },
    });
    let read = body::<PutPushSubscription>(&of_browser);
    assert_eq!(read.endpoint, "https://push.example.org/x");
    assert_eq!(read.expiration_time, None);
    assert_eq!((read.keys.p256dh.len(), &*read.keys.auth), (88, AUTH));
}

#[test]
fn what_is_wrong_within_is_told_by_its_whole_name() {
    assert_snapshot!(told::<PutPushSubscription>(&json!({ "endpoint": "" })), @r#"
    endpoint too_short: must not be empty
    keys required: is required
    keys.p256dh required: is required
    keys.auth required: is required
    "#);
    let keys = json!({ "p256dh": 7, "auth": null });
    let bad = json!({ "endpoint": 7, "expirationTime": "soon", "keys": keys });
    assert_snapshot!(told::<PutPushSubscription>(&bad), @r#"
    endpoint type: must be a string
    expirationTime type: must be a whole number
    keys.p256dh type: must be a string
    keys.auth required: is required
    "#);
    let keys = json!({ "p256dh": "AAAA", "auth": "%" });
    let bad = json!({ "endpoint": "push.example.org", "expirationTime": -1, "keys": keys });
    assert_snapshot!(told::<PutPushSubscription>(&bad), @r#"
    endpoint format: must be an address that begins with https:// or http://
    expirationTime range: must be from 0 to 9007199254740991
    keys.p256dh format: must be 65 bytes in base64url
    keys.auth format: must be 16 bytes in base64url
    "#);
}
