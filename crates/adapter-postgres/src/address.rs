//! Where the database is and how to connect to it: a URL as libpq reads it.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::OpenError;

/// How long establishing a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a connection may be idle before TCP keepalive probes it.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Whether the server has to prove its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// No: traffic is hidden from eavesdroppers, but not from a man in the middle.
    None,
    /// Its certificate is checked.
    Certificate,
}

/// A parsed database address.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) proof: Proof,
    /// The certificates to trust, in place of the machine's own.
    pub(crate) roots: Option<PathBuf>,
}

impl Address {
    /// Parses a URL. `sslmode` and `sslrootcert` mean what they mean to libpq, except that `verify-ca`
    /// checks the host name as well.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut mode = SslMode::Prefer;
        let mut proof = Proof::None;
        let mut roots = None;
        let mut others = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", word)) => (mode, proof) = ssl_mode(word)?,
                Some(("sslrootcert", path)) => roots = Some(PathBuf::from(unescaped(path)?)),
                _ => others.push(pair),
            }
        }
        // As in libpq, naming root certificates implies verification.
        if roots.is_some() && mode == SslMode::Require {
            proof = Proof::Certificate;
        }
        let plain = if others.is_empty() {
            base.to_owned()
        } else {
            format!("{base}?{}", others.join("&"))
        };
        let mut config = Config::from_str(&plain).map_err(|error| OpenError::Address {
            source: Box::new(error),
        })?;
        config.ssl_mode(mode);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.keepalives_idle(KEEPALIVE);
        if config.get_application_name().is_none() {
            config.application_name("tertulia");
        }
        Ok(Self {
            config,
            proof,
            roots,
        })
    }
}

fn ssl_mode(word: &str) -> Result<(SslMode, Proof), OpenError> {
    match word {
        "disable" => Ok((SslMode::Disable, Proof::None)),
        "allow" | "prefer" => Ok((SslMode::Prefer, Proof::None)),
        "require" => Ok((SslMode::Require, Proof::None)),
        "verify-ca" | "verify-full" => Ok((SslMode::Require, Proof::Certificate)),
        _ => Err(OpenError::Address {
            source: "sslmode is one of disable, prefer, require, verify-ca and verify-full".into(),
        }),
    }
}

/// Decodes the percent-encoding of a URL component.
fn unescaped(text: &str) -> Result<String, OpenError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits: String = rest.by_ref().take(2).map(char::from).collect();
        let byte = u8::from_str_radix(&digits, 16).map_err(|error| OpenError::Address {
            source: Box::new(error),
        })?;
        bytes.push(byte);
    }
    String::from_utf8(bytes).map_err(|error| OpenError::Address {
        source: Box::new(error),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn parsed(query: &str) -> Address {
        Address::parse(&format!(
            "postgres://ana:secret@db.example:5433/chat{query}"
        ))
        .unwrap()
    }

    #[test]
    fn tls_is_as_with_libpq() {
        for (query, mode, proof) in [
            ("", SslMode::Prefer, Proof::None),
            ("?sslmode=disable", SslMode::Disable, Proof::None),
            ("?sslmode=require", SslMode::Require, Proof::None),
            ("?sslmode=verify-full", SslMode::Require, Proof::Certificate),
            (
                "?sslmode=require&sslrootcert=/etc/my%20ca.pem",
                SslMode::Require,
                Proof::Certificate,
            ),
        ] {
            let address = parsed(query);
            assert_eq!(address.config.get_ssl_mode(), mode, "{query}");
            assert_eq!(address.proof, proof, "{query}");
        }
        let named = parsed("?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem");
        assert_eq!(named.roots.as_deref(), Some(Path::new("/etc/my ca.pem")));
    }

    #[test]
    fn what_the_url_says_counts() {
        let address = parsed("?connect_timeout=9&application_name=chat-2");
        assert_eq!(
            address.config.get_connect_timeout(),
            Some(&Duration::from_secs(9))
        );
        assert_eq!(address.config.get_application_name(), Some("chat-2"));
        assert_eq!(address.config.get_dbname(), Some("chat"));
        assert_eq!(
            parsed("").config.get_connect_timeout(),
            Some(&CONNECT_TIMEOUT)
        );
    }

    #[test]
    fn nonsense_is_refused_without_its_password() {
        for url in [
            "postgres://ana:secret@db/chat?sslmode=perhaps",
            "postgres://ana:secret@db/chat?sslrootcert=%zz",
            "postgres://ana:secret@db:port/chat",
        ] {
            let Err(error) = Address::parse(url) else {
                panic!("{url} was read");
            };
            let mut text = format!("{error:?} {error}");
            if let Some(source) = std::error::Error::source(&error) {
                text.push_str(&source.to_string());
            }
            assert!(!text.contains("secret"), "{text}");
        }
    }
}
