//! The address of the server, and the key we present to it.

use async_openai::config::Config;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::SecretString;

use crate::OpenError;

/// Like the library's own configuration, which would fall back to environment variables.
#[derive(Debug)]
pub(crate) struct Address {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Address {
    pub(crate) fn parse(base: &str, key: &str) -> Result<Self, OpenError> {
        let base = base.trim().trim_end_matches('/');
        let url = Url::parse(base).map_err(|_bad| OpenError::Address)?;
        let is_plain = url.query().is_none() && url.fragment().is_none();
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !(is_http && is_plain && is_anonymous) {
            return Err(OpenError::Address);
        }
        let mut headers = HeaderMap::new();
        if !key.is_empty() {
            let bearer = format!("Bearer {key}");
            let mut value = HeaderValue::from_str(&bearer).map_err(|_bad| OpenError::Key)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(Self {
            base: base.to_owned(),
            key: SecretString::from(key),
            headers,
        })
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.base.starts_with("https:")
    }
}

impl Config for Address {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_server() {
        let good = Address::parse("http://localhost:11434/v1/", "k").unwrap();
        assert_eq!(good.url("/models"), "http://localhost:11434/v1/models");
        assert!(!good.is_encrypted());
        for bad in [
            "",
            "localhost",
            "ftp://a",
            "https://u:p@a/v1",
            "https://a/v1?key=1",
        ] {
            let refused = Address::parse(bad, "").unwrap_err();
            assert!(matches!(refused, OpenError::Address), "{bad}");
        }
    }

    #[test]
    fn nobody_reads_the_key() {
        let address = Address::parse("https://a/v1", "sk-secret").unwrap();
        assert!(!format!("{address:?}").contains("sk-secret"));
        let refused = Address::parse("https://a/v1", "sk\nsecret").unwrap_err();
        assert!(matches!(refused, OpenError::Key));
        assert!(!format!("{refused:?}").contains("secret"));
        assert!(
            Address::parse("https://a", "")
                .unwrap()
                .headers()
                .is_empty()
        );
    }
}
