//! Links in responses.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;
use domain::{InviteCode, MediaId};

use crate::Options;

/// Builds links to this server.
pub(crate) struct Links {
    base: String,
}

impl Links {
    /// Links that begin with the configured public URL, or else with the host of the request.
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

    /// Links for readers that did not come with a request.
    pub(crate) fn of_server(options: &Options) -> Self {
        Self {
            base: options.public_url.clone().unwrap_or_default(),
        }
    }

    /// For responses without links.
    pub(super) const fn nowhere() -> Self {
        Self {
            base: String::new(),
        }
    }

    /// The link of a room's own invite, if a base URL is known.
    pub(super) fn invite_to_room(&self, code: &InviteCode) -> Option<String> {
        (!self.base.is_empty()).then(|| self.invite(code))
    }

    /// The link that admits the holder of an invite. The code is in the fragment, which is never
    /// logged by servers and never sent as a referrer.
    pub(crate) fn invite(&self, code: &InviteCode) -> String {
        format!("{}/#/invite/{}", self.base, code.as_str())
    }
}

/// The path of a file. It is relative, since one response may go to many readers, who may have
/// reached the server by different hosts.
pub(super) fn media(id: MediaId) -> String {
    format!("/api/media/{id}")
}

/// The path of a file's thumbnail.
pub(super) fn thumbnail(id: MediaId) -> String {
    format!("/api/media/{id}/thumbnail")
}

/// Whether a host has the characters of one; anything else is an attempt at injection.
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
