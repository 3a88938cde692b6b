//! Texts of limited length, trimmed and measured in Unicode scalar values.
//!
//! They are shared, not copied: a message is told to many.

use std::sync::Arc;

/// Why a text is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Fewer characters than required.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The minimum length.
        min: usize,
    },
    /// More characters than allowed.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The maximum length.
        max: usize,
    },
    /// More bytes than allowed.
    #[error("must have at most {max} bytes")]
    TooManyBytes {
        /// The maximum size.
        max: usize,
    },
    /// Contains U+0000, which not every store can hold and no text needs.
    #[error("must not contain U+0000")]
    Nul,
    /// Not in the required format.
    #[error("must be {expected}")]
    Format {
        /// What is required, completing "must be …".
        expected: &'static str,
    },
}

impl TextError {
    /// A machine-readable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty | Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } | Self::TooManyBytes { .. } => "too_long",
            Self::Nul | Self::Format { .. } => "format",
        }
    }
}

/// Trims the text, refuses U+0000, and checks that its length in characters is within `min..=max`.
pub(super) fn bounded(raw: &str, min: usize, max: usize) -> Result<String, TextError> {
    let text = raw.trim();
    if text.contains('\0') {
        return Err(TextError::Nul);
    }
    match text.chars().count() {
        0 if min > 0 => Err(TextError::Empty),
        got if got < min => Err(TextError::TooShort { min }),
        got if got > max => Err(TextError::TooLong { max }),
        _ => Ok(text.to_owned()),
    }
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident: $min:literal..=$max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The maximum length in characters.
            pub const MAX: usize = $max;

            /// Parses a text, trimmed.
            pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
                bounded(raw.as_ref(), $min, $max).map(|text| Self(text.into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

text! {
    /// What a user says about themselves.
    Bio: 1..=500;
    /// What a room is for.
    Description: 1..=1000;
    /// The text of a message.
    MessageBody: 1..=8000;
    /// A search query.
    SearchText: 1..=200;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed() {
        assert_eq!(MessageBody::parse("  hi \n").unwrap().as_str(), "hi");
    }

    #[test]
    fn nothing_but_space_is_empty() {
        assert_eq!(MessageBody::parse(" \t\n"), Err(TextError::Empty));
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(MessageBody::parse("é".repeat(8000)).is_ok());
        assert_eq!(
            MessageBody::parse("é".repeat(8001)),
            Err(TextError::TooLong { max: 8000 })
        );
    }

    #[test]
    fn nul_is_refused_wherever_it_stands() {
        assert_eq!(Description::parse("a\0b"), Err(TextError::Nul));
        assert_eq!(Description::parse("\0"), Err(TextError::Nul));
    }
}
