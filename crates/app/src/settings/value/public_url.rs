//! The public base URL of the server.

use std::str::FromStr;

/// `http://` or `https://`, a host and an optional path, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The URL, to append paths to.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_end_matches('/');
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let stray = |c: char| matches!(c, '?' | '#' | '@') || c.is_whitespace();
        match rest {
            Some(rest) if !rest.is_empty() && !rest.contains(stray) => Ok(Self(text.to_owned())),
            _ => Err("must be an address like https://chat.example.org"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_slash_at_the_end() {
        let url: PublicUrl = " https://example.org/chat/ ".parse().unwrap();
        assert_eq!(url.as_str(), "https://example.org/chat");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "example.org",
            "https://",
            "https://a?b",
            "https://user@a",
            "ftp://a",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
