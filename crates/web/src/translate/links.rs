//! Addresses in answers.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;
use domain::{InviteCode, MediaId};

use crate::Options;

/// Makes addresses that lead here.
pub(crate) struct Links {
    base: String,
}

impl Links {
    /// Addresses that begin as the options say, otherwise as the one that the request came to.
    pub(crate) fn of(request: &HttpRequest, options: &Options) -> Self {
        let base = options.public_url.clone().or_else(|| {
            let host = request.headers().get(HOST)?.to_str().ok()?;
            let scheme = if options.tls_terminated {
                "https"
            } else {
                "http"
            };
            is_plain(host).then(|| format!("{scheme}://{host}"))
        });
        Self {
            base: base.unwrap_or_default(),
        }
    }

    /// Addresses for readers who came by ways of their own.
    pub(crate) fn of_server(options: &Options) -> Self {
        Self {
            base: options.public_url.clone().unwrap_or_default(),
        }
    }

    /// For answers that hold no addresses.
    pub(super) const fn nowhere() -> Self {
        Self {
            base: String::new(),
        }
    }

    /// Where a room's own invite leads, if it is known with what the address begins.
    pub(super) fn invite_to_room(&self, code: &InviteCode) -> Option<String> {
        (!self.base.is_empty()).then(|| self.invite(code))
    }

    /// Where someone with this invite is let in. The code stands behind the `#`, so that it gets
    /// into no log and no referrer.
    pub(crate) fn invite(&self, code: &InviteCode) -> String {
        format!("{}/#/invite/{}", self.base, code.as_str())
    }
}

/// Where a file is. Without a host, since one answer may go to many readers, who came by different
/// ones.
pub(super) fn media(id: MediaId) -> String {
    format!("/api/media/{id}")
}

/// Where a small picture of a file is.
pub(super) fn thumbnail(id: MediaId) -> String {
    format!("/api/media/{id}/thumbnail")
}

/// Whether a host is written as hosts are; anything else is somebody's trick.
fn is_plain(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    !host.is_empty() && host.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port() {
        for host in [
            "chat.example.org",
            "localhost:8080",
            "127.0.0.1",
            "[::1]:8080",
        ] {
            assert!(is_plain(host), "{host}");
        }
        for host in ["", "a/b", "a@b", "a b", "<a>", "a?b", "a#b"] {
            assert!(!is_plain(host), "{host}");
        }
    }
}
