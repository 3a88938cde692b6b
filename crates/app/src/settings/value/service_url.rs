//! The URL of a service, which often contains a password.

use std::fmt;
use std::str::FromStr;

/// The URL of a service: `scheme://` and something after it.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceUrl(String);

impl ServiceUrl {
    /// The whole URL, including the password.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The part before `://`.
    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("", |(scheme, _)| scheme)
    }
}

impl FromStr for ServiceUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let well_formed = text.split_once("://").is_some_and(|(scheme, rest)| {
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
            !scheme.is_empty() && scheme.chars().all(letters) && !rest.is_empty()
        });
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be an address like scheme://host")
        }
    }
}

/// Shows only the scheme: where the password ends in a malformed URL cannot be known.
impl fmt::Debug for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://[secret]", self.scheme())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_its_scheme_alone() {
        let url: ServiceUrl = " redis://:pass/word@cache:6379/0 ".parse().unwrap();
        assert_eq!(format!("{url:?}"), "redis://[secret]");
        assert_eq!(url.expose(), "redis://:pass/word@cache:6379/0");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["localhost", "://host", "redis://", "re dis://host"] {
            assert!(text.parse::<ServiceUrl>().is_err(), "{text}");
        }
    }
}
