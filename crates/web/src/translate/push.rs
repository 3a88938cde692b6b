//! Push notifications.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{PushEndpoint, PushKeys, PushSubscription, Refusal, Timestamp};
use protocol::{parse_bytes, rest, shape};

use super::value;

/// What a browser needs in order to subscribe.
pub(crate) fn push(key: Option<[u8; 65]>) -> shape::Push {
    shape::Push {
        enabled: key.is_some(),
        public_key: key.map(|key| URL_SAFE_NO_PAD.encode(key)),
    }
}

/// The subscription that a browser has created.
pub(crate) fn push_subscription(
    form: &rest::PutPushSubscription,
) -> Result<PushSubscription, Refusal> {
    let endpoint = value("endpoint", PushEndpoint::parse(&form.endpoint))?;
    let point = bytes::<65>("keys.p256dh", &form.keys.p256dh)?;
    let secret = bytes::<16>("keys.auth", &form.keys.auth)?;
    Ok(PushSubscription {
        endpoint,
        keys: PushKeys::of(point, secret),
        expires_at: form.expiration_time.map(Timestamp::from_millis),
    })
}

/// The form has checked this by the same rule, so it only fails if the two differ.
fn bytes<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], Refusal> {
    let why = || Refusal::invalid(field, "format", format!("must be {N} bytes in base64url"));
    parse_bytes(text).ok_or_else(why)
}
