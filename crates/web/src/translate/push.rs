//! How devices are told of something while they have no connection.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use domain::{PushEndpoint, PushKeys, PushSubscription, Refusal, Timestamp};
use protocol::{rest, shape};

use super::value;

/// What a browser has to know.
pub(crate) fn push(key: Option<[u8; 65]>) -> shape::Push {
    shape::Push {
        enabled: key.is_some(),
        public_key: key.map(|key| URL_SAFE_NO_PAD.encode(key)),
    }
}

/// What a browser has handed out.
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

/// Bytes in base64, as browsers have them or with what other libraries put around them.
fn bytes<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], Refusal> {
    let bare = text.trim_end_matches('=');
    let decoded = URL_SAFE_NO_PAD
        .decode(bare)
        .or_else(|_other| STANDARD_NO_PAD.decode(bare));
    let bytes = decoded.ok().and_then(|bytes| bytes.try_into().ok());
    let why = || Refusal::invalid(field, "format", format!("must be {N} bytes in base64url"));
    bytes.ok_or_else(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_their_number_and_either_alphabet() {
        assert_eq!(bytes::<3>("it", "-_-_").unwrap(), [0xfb, 0xff, 0xbf]);
        assert_eq!(bytes::<3>("it", "+/+/").unwrap(), [0xfb, 0xff, 0xbf]);
        assert_eq!(bytes::<1>("it", "AA==").unwrap(), [0]);
        for bad in ["", "AAA", "AAAAAA", "A A", "%%%%"] {
            assert!(bytes::<3>("it", bad).is_err(), "{bad}");
        }
    }
}
