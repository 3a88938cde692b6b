//! The secret that webhooks are signed with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::OpenError;

/// The minimum length in the Standard Webhooks specification.
const LEAST_BYTES: usize = 24;

/// A key shared by both sides.
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    /// Reads a secret, either plain or as `whsec_` and base64, the form in which most tools issue it.
    pub(crate) fn parse(text: &str) -> Result<Self, OpenError> {
        let bytes = match text.strip_prefix("whsec_") {
            Some(encoded) => STANDARD
                .decode(encoded)
                .map_err(|_invalid| OpenError::Secret)?,
            None => text.as_bytes().to_vec(),
        };
        if bytes.len() < LEAST_BYTES {
            return Err(OpenError::Secret);
        }
        Ok(Self(bytes))
    }

    /// A key that was generated here.
    pub(crate) fn of_bytes(bytes: &[u8; 32]) -> Self {
        Self(bytes.to_vec())
    }

    /// The signature of a body that is sent with this id and timestamp.
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<String, OpenError> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0);
        let mut mac = mac.map_err(|_length| OpenError::Secret)?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Ok(format!(
            "v1,{}",
            STANDARD.encode(mac.finalize().into_bytes())
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks' own libraries.
    #[test]
    fn it_signs_as_the_standard_does() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signature.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_is_long_enough_and_what_it_says() {
        for bad in ["", "short", "whsec_c2hvcnQ=", "whsec_%%%"] {
            assert!(
                matches!(Secret::parse(bad), Err(OpenError::Secret)),
                "{bad}"
            );
        }
        assert!(Secret::parse("twenty-four bytes or more").is_ok());
    }
}
