//! Names of users and rooms.

use super::text::{TextError, bounded};
use crate::UserId;

/// The name that a user signs in with and is mentioned by: unique, ignoring case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Username(String);

impl Username {
    /// The maximum length in characters.
    pub const MAX: usize = 32;

    /// Parses 3 to 32 characters of `[A-Za-z0-9_.-]`.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        let text = bounded(raw.as_ref(), 3, Self::MAX)?;
        if text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        {
            Ok(Self(text))
        } else {
            Err(TextError::Format {
                expected: "letters, digits, '_', '.' and '-' only",
            })
        }
    }

    /// The name of an erased account, which reveals nothing: the last 24 of its id's 32 digits fit, and
    /// include the random part.
    pub fn of_erased(id: UserId) -> Self {
        let digits = id.as_uuid().simple().to_string();
        let tail: String = digits.chars().skip(8).collect();
        Self(format!("deleted-{tail}"))
    }

    /// The name as its owner spelled it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normalised form, which is unique and by which it is looked up.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// The name that other users see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// The maximum length in characters.
    pub const MAX: usize = 80;

    /// Parses 1 to 80 characters, none of them a control character.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        let text = bounded(raw.as_ref(), 1, Self::MAX)?;
        if text.chars().any(char::is_control) {
            return Err(TextError::Format {
                expected: "free of control characters",
            });
        }
        Ok(Self(text))
    }

    /// The name of every erased account.
    pub fn of_erased() -> Self {
        Self("deleted user".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normalised form used for searching.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A user who chose no display name is shown by their username.
impl From<&Username> for DisplayName {
    fn from(username: &Username) -> Self {
        Self(username.0.clone())
    }
}

/// A room's name. Not unique.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomName(String);

impl RoomName {
    /// The maximum length in characters.
    pub const MAX: usize = 100;

    /// Parses 1 to 100 characters.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        bounded(raw.as_ref(), 1, Self::MAX).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normalised form used for searching.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn usernames_have_their_alphabet() {
        assert!(Username::parse("Ana_9.b-c").is_ok());
        assert!(matches!(
            Username::parse("ana maria"),
            Err(TextError::Format { .. })
        ));
        assert!(matches!(
            Username::parse("añá"),
            Err(TextError::Format { .. })
        ));
        assert_eq!(Username::parse("ab"), Err(TextError::TooShort { min: 3 }));
        assert_eq!(
            Username::parse("a".repeat(33)),
            Err(TextError::TooLong { max: 32 })
        );
    }

    #[test]
    fn a_username_is_looked_up_without_regard_to_case() {
        assert_eq!(
            Username::parse("Ana").unwrap().key(),
            Username::parse("aNA").unwrap().key()
        );
    }

    #[test]
    fn display_names_have_no_control_characters() {
        assert!(DisplayName::parse("Ana María 🌿").is_ok());
        assert!(matches!(
            DisplayName::parse("a\u{7}b"),
            Err(TextError::Format { .. })
        ));
    }

    #[test]
    fn the_names_of_erased_accounts_are_names() {
        let id = UserId::from_uuid(Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef));
        let username = Username::of_erased(id);
        assert_eq!(username.as_str(), "deleted-89abcdef0123456789abcdef");
        assert_eq!(Username::parse(username.as_str()), Ok(username));
        let name = DisplayName::of_erased();
        assert_eq!(DisplayName::parse(name.as_str()), Ok(name));
    }

    #[test]
    fn a_username_can_be_read_as_it_is() {
        let username = Username::parse("Ana.M").unwrap();
        let name = DisplayName::from(&username);
        assert_eq!(DisplayName::parse(username.as_str()), Ok(name));
    }
}
