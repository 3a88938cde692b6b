//! One emoji.

use super::text::TextError;

/// One emoji in its fully qualified form, so that two encodings of a heart are one reaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emoji(String);

impl Emoji {
    /// Parses exactly one emoji; skin tones and joined sequences count as one.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        emojis::get(raw.as_ref().trim())
            .map(|emoji| Self(emoji.as_str().to_owned()))
            .ok_or(TextError::Format {
                expected: "one emoji",
            })
    }

    /// The emoji.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_one_however_it_is_composed() {
        for raw in ["👍", "👍🏽", "👩‍👩‍👧‍👦", "🇪🇸", "❤️", "1️⃣"]
        {
            assert!(Emoji::parse(raw).is_ok(), "{raw}");
        }
    }

    #[test]
    fn text_and_two_emoji_are_not_one() {
        for raw in ["", "a", "+1", "👍👍", "👍 ok"] {
            assert!(Emoji::parse(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn spellings_of_the_same_emoji_are_equal() {
        assert_eq!(Emoji::parse("\u{2764}"), Emoji::parse("\u{2764}\u{fe0f}"));
    }
}
