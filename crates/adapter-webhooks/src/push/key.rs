//! The key that identifies this server to push services and browsers (RFC 8292).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use domain::Timestamp;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use serde::Serialize;

use crate::OpenError;

/// How many seconds a token is valid. RFC 8292 allows a day, and clocks differ.
const LIFE: i64 = 12 * 60 * 60;

/// A private key of P-256.
pub struct VapidKey {
    signing: SigningKey,
    public: [u8; 65],
}

#[derive(Serialize)]
struct Header {
    typ: &'static str,
    alg: &'static str,
}

/// The claims of a token.
#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

impl VapidKey {
    /// Reads 32 bytes in base64, of either alphabet.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let bare = text.trim().trim_end_matches('=');
        let bytes = URL_SAFE_NO_PAD
            .decode(bare)
            .or_else(|_other| STANDARD_NO_PAD.decode(bare))
            .map_err(|_invalid| OpenError::Key)?;
        // The library would accept fewer bytes as well.
        let bytes = <[u8; 32]>::try_from(bytes).map_err(|_length| OpenError::Key)?;
        let secret = SecretKey::from_bytes(&bytes.into()).map_err(|_invalid| OpenError::Key)?;
        Ok(Self {
            public: point(&secret.public_key()).ok_or(OpenError::Key)?,
            signing: SigningKey::from(&secret),
        })
    }

    /// The public half.
    pub(super) const fn public(&self) -> &[u8; 65] {
        &self.public
    }

    /// The header that identifies this server to a push service.
    pub(super) fn authorization(
        &self,
        origin: &str,
        contact: Option<&str>,
        now: Timestamp,
    ) -> Result<String, serde_json::Error> {
        let header = Header {
            typ: "JWT",
            alg: "ES256",
        };
        let claims = Claims {
            aud: origin,
            exp: now.as_millis() / 1_000 + LIFE,
            sub: contact,
        };
        let mut token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims)?));
        let signature: Signature = self.signing.sign(token.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        let key = URL_SAFE_NO_PAD.encode(self.public);
        Ok(format!("vapid t={token}.{signature}, k={key}"))
    }
}

impl fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VapidKey([secret])")
    }
}

/// A public key as 65 bytes (uncompressed point), the form that Web Push uses throughout.
pub(super) fn point(key: &PublicKey) -> Option<[u8; 65]> {
    key.to_encoded_point(false).as_bytes().try_into().ok()
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;
    use port_contracts::at;
    use serde_json::{Value, json};

    use super::*;

    /// The application server's keys of RFC 8291, appendix A.
    const PRIVATE: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const PUBLIC: &str =
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";

    #[test]
    fn the_public_key_follows_from_the_private_one() {
        let key = VapidKey::parse(PRIVATE).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(key.public()), PUBLIC);
        let other = PRIVATE.replace('-', "+").replace('_', "/") + "=";
        assert_eq!(VapidKey::parse(&other).unwrap().public(), key.public());
        assert_eq!(format!("{key:?}"), "VapidKey([secret])");
    }

    #[test]
    fn a_key_has_32_bytes_and_is_one() {
        let of = |bytes: &[u8]| VapidKey::parse(&URL_SAFE_NO_PAD.encode(bytes));
        assert!(of(&[7; 32]).is_ok());
        for bad in [&[7; 31][..], &[7; 33], &[0; 32], &[0xff; 32], &[]] {
            assert!(matches!(of(bad), Err(OpenError::Key)), "{bad:?}");
        }
        assert!(matches!(VapidKey::parse("%%%"), Err(OpenError::Key)));
    }

    #[test]
    fn a_token_names_the_origin_ends_within_a_day_and_is_signed() {
        let key = VapidKey::parse(PRIVATE).unwrap();
        let header = key
            .authorization(
                "https://push.example.net",
                Some("mailto:a@b.example"),
                at(0),
            )
            .unwrap();
        let (token, public) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .unwrap();
        assert_eq!(public, PUBLIC);
        let (said, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(key.public()).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        verifying.verify(said.as_bytes(), &signature).unwrap();

        let parts = said.split('.').map(|part| {
            let json = URL_SAFE_NO_PAD.decode(part).unwrap();
            serde_json::from_slice::<Value>(&json).unwrap()
        });
        let parts: Vec<Value> = parts.collect();
        assert_eq!(parts[0], json!({ "typ": "JWT", "alg": "ES256" }));
        assert_eq!(parts[1]["aud"], "https://push.example.net");
        assert_eq!(parts[1]["sub"], "mailto:a@b.example");
        let left = parts[1]["exp"].as_i64().unwrap() - at(0).as_millis() / 1_000;
        assert!((1..=24 * 60 * 60).contains(&left), "{left}");
    }
}
