//! Where webhooks are delivered, which topics they receive, and what they are signed with.

use std::fmt::{self, Debug};

use super::text::{TextError, bounded};

/// Wildcards, each of which selects a whole family of topics.
const FAMILIES: [&str; 3] = ["message.*", "member.*", "room.*"];
/// The single topics.
const KINDS: [&str; 8] = [
    "message.created",
    "message.edited",
    "message.deleted",
    "member.joined",
    "member.left",
    "room.created",
    "room.updated",
    "room.deleted",
];

/// The URL of a webhook. Whether it may be called is for the caller to check.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
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
                expected: "an address that begins with https:// or http://",
            });
        }
        Ok(Self(text))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Such URLs often contain a secret of the receiver, which must not appear in a log.
impl Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookUrl([hidden])")
    }
}

/// The topics that a webhook receives: single ones, and families like `message.*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics(Vec<&'static str>);

impl Topics {
    /// All valid topics and families.
    pub fn words() -> impl Iterator<Item = &'static str> {
        FAMILIES.into_iter().chain(KINDS)
    }

    /// Parses a selection in any order; `None` if it is empty or contains an unknown topic.
    pub fn parse(chosen: impl IntoIterator<Item = impl AsRef<str>>) -> Option<Self> {
        let mut topics = Vec::new();
        for word in chosen {
            topics.push(Self::words().find(|known| *known == word.as_ref())?);
        }
        topics.sort_unstable();
        topics.dedup();
        (!topics.is_empty()).then_some(Self(topics))
    }

    /// The selected topics and families.
    pub fn as_words(&self) -> &[&'static str] {
        &self.0
    }

    /// Whether a topic is selected.
    pub fn take(&self, topic: &str) -> bool {
        self.0.iter().any(|word| {
            word.strip_suffix('*')
                .map_or(*word == topic, |family| topic.starts_with(family))
        })
    }
}

/// The key that webhook deliveries are signed with. Known to both sides, and never logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WebhookSecret([u8; 32]);

impl WebhookSecret {
    /// Wraps random bytes as a key.
    pub const fn from_bits(bits: [u8; 32]) -> Self {
        Self(bits)
    }

    /// The key.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_no_gaps() {
        assert!(WebhookUrl::parse(" https://example.org/hook?team=7 ").is_ok());
        for bad in [
            "",
            "example.org",
            "ftp://host/",
            "http://a b/",
            "https://\u{7}",
        ] {
            assert!(WebhookUrl::parse(bad).is_err(), "{bad}");
        }
        let url = WebhookUrl::parse("https://host/token-of-theirs").unwrap();
        assert!(!format!("{url:?}").contains("token"));
    }

    #[test]
    fn a_family_takes_all_of_its_kinds_and_a_kind_itself() {
        let topics = Topics::parse(["room.deleted", "message.*", "message.*"]).unwrap();
        assert_eq!(topics.as_words(), ["message.*", "room.deleted"]);
        for taken in ["message.created", "message.deleted", "room.deleted"] {
            assert!(topics.take(taken), "{taken}");
        }
        for other in ["room.created", "member.joined", "media.uploaded"] {
            assert!(!topics.take(other), "{other}");
        }
    }

    #[test]
    fn what_there_is_not_cannot_be_chosen() {
        assert!(Topics::parse(Vec::<&str>::new()).is_none());
        for bad in ["*", "media.*", "message", "message.created.now", ""] {
            assert!(Topics::parse(["room.*", bad]).is_none(), "{bad}");
        }
    }

    #[test]
    fn every_kind_is_the_topic_of_something() {
        use crate::Happening;
        let id = Some(uuid::Uuid::nil());
        for kind in KINDS {
            let found = Happening::of(kind, id).or_else(|| Happening::of(kind, None));
            assert_eq!(found.map(|what| what.topic()), Some(kind));
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(
            format!("{:?}", WebhookSecret::from_bits([7; 32])),
            "WebhookSecret([secret])"
        );
    }
}
