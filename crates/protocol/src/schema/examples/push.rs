//! Push subscriptions.

use super::Example;
use crate::rest::{PushKeys, PutPushSubscription};
use crate::shape::Push;

/// The keys of RFC 8291, appendix A.
const SERVER: &str =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
const BROWSER: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

impl Example for Push {
    fn example() -> Self {
        Self {
            enabled: true,
            public_key: Some(SERVER.to_owned()),
        }
    }
}

impl Example for PutPushSubscription {
    fn example() -> Self {
        Self {
            endpoint: "https://push.example.org/for/one-browser".to_owned(),
            expiration_time: Some(1_893_456_000_000),
            keys: PushKeys {
                p256dh: BROWSER.to_owned(),
                auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
            },
        }
    }
}
