//! Web Push: where a browser is reached, and the keys that only it can decrypt with.

use std::fmt::{self, Debug};

use super::text::{TextError, bounded};

/// The URL at which a push service reaches one browser. It is a secret: anyone who knows it can use it.
/// Whether the URL may be called is for the caller to check.
#[derive(Clone, PartialEq, Eq)]
pub struct PushEndpoint(String);

impl PushEndpoint {
    /// The maximum length in characters.
    pub const MAX: usize = 2_000;

    /// Parses a URL of the form `https://host/path`.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        let text = bounded(raw.as_ref(), 1, Self::MAX)?;
        let has_scheme = ["https://", "http://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        if !has_scheme || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(TextError::Format {
                expected: "an address that begins with https://",
            });
        }
        Ok(Self(text))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The push service: the host alone, without the rest of the URL, which identifies the browser and is
    /// secret.
    pub fn service(&self) -> &str {
        let after = self.0.split_once("://").map_or("", |(_, after)| after);
        let host = after.split(['/', '?', '#']).next().unwrap_or_default();
        host.rsplit('@').next().unwrap_or_default()
    }
}

impl Debug for PushEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushEndpoint([hidden])")
    }
}

/// What pushes to a browser are encrypted with.
///
/// They are its public key, an uncompressed P-256 point of 65 bytes, and a secret that it shares with the
/// server. Whether the point is on the curve is not checked here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PushKeys {
    point: [u8; 65],
    secret: [u8; 16],
}

impl PushKeys {
    /// Wraps both as they were stored; `None` if a length is wrong.
    pub fn parse(point: &[u8], secret: &[u8]) -> Option<Self> {
        Some(Self {
            point: point.try_into().ok()?,
            secret: secret.try_into().ok()?,
        })
    }

    /// Wraps both.
    pub const fn of(point: [u8; 65], secret: [u8; 16]) -> Self {
        Self { point, secret }
    }

    /// The public key.
    pub const fn point(&self) -> &[u8; 65] {
        &self.point
    }

    /// The shared secret.
    pub const fn secret(&self) -> &[u8; 16] {
        &self.secret
    }
}

impl Debug for PushKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushKeys([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_has_a_scheme_and_no_gaps_and_does_not_show() {
        let endpoint = PushEndpoint::parse(" https://push.example.org/for/ana ").unwrap();
        assert_eq!(endpoint.as_str(), "https://push.example.org/for/ana");
        assert!(!format!("{endpoint:?}").contains("ana"));
        for bad in ["", "push.example.org", "ws://host/", "https://a b/"] {
            assert!(PushEndpoint::parse(bad).is_err(), "{bad}");
        }
        let long = format!("https://host/{}", "x".repeat(PushEndpoint::MAX));
        assert!(PushEndpoint::parse(long).is_err());
    }

    #[test]
    fn the_service_of_an_endpoint_names_no_browser() {
        for (address, service) in [
            ("https://push.example.org/for/ana", "push.example.org"),
            (
                "https://push.example.org:8443?for=ana",
                "push.example.org:8443",
            ),
            ("https://ana:secret@push.example.org#x", "push.example.org"),
            ("https://[2001:db8::1]/ana@home", "[2001:db8::1]"),
            ("https://", ""),
        ] {
            assert_eq!(PushEndpoint::parse(address).unwrap().service(), service);
        }
    }

    #[test]
    fn keys_have_their_lengths_and_do_not_show() {
        let keys = PushKeys::parse(&[4; 65], &[7; 16]).unwrap();
        assert_eq!((keys.point(), keys.secret()), (&[4; 65], &[7; 16]));
        assert_eq!(format!("{keys:?}"), "PushKeys([secret])");
        for (point, secret) in [(64, 16), (66, 16), (65, 15), (65, 17), (0, 0)] {
            assert!(PushKeys::parse(&vec![4; point], &vec![7; secret]).is_none());
        }
    }
}
