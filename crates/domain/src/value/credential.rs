//! Values that authenticate or admit someone. Their `Debug` output never reveals a secret.

use std::fmt::{self, Debug};

use super::text::{TextError, bounded};

/// An e-mail address, lower-cased.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The most characters that it may have.
    pub const MAX: usize = 254;

    /// Parses an address: a local part, `@`, and a domain. Only sending a mail to it could prove more.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        // Lower-cased first: it may lengthen the text, and what is stored must parse again.
        let text = bounded(&raw.as_ref().to_lowercase(), 1, Self::MAX)?;
        let wrong = TextError::Format {
            expected: "an e-mail address",
        };
        let Some((local, domain)) = text.rsplit_once('@') else {
            return Err(wrong);
        };
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        let labels_stand = domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || local.contains(odd) || domain.contains(odd) || !labels_stand {
            return Err(wrong);
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password as its owner typed it. Lives only as long as it takes to hash or verify it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The minimum length in characters.
    pub const MIN: usize = 8;
    /// The most bytes that bcrypt takes into account. Longer passwords are refused, never truncated.
    pub const MAX_BYTES: usize = 72;

    /// Parses a password of at least 8 characters and at most 72 bytes. It is not trimmed: spaces count.
    pub fn parse(raw: impl Into<String>) -> Result<Self, TextError> {
        let text = raw.into();
        if text.contains('\0') {
            return Err(TextError::Nul);
        }
        if text.chars().count() < Self::MIN {
            return Err(TextError::TooShort { min: Self::MIN });
        }
        if text.len() > Self::MAX_BYTES {
            return Err(TextError::TooManyBytes {
                max: Self::MAX_BYTES,
            });
        }
        Ok(Self(text))
    }

    /// The password itself, to hash or verify it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The hash of a password, which is all that is stored of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps the output of a hasher.
    pub fn from_string(hash: String) -> Self {
        Self(hash)
    }

    /// The hash itself, to store or verify against it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The secret that is exchanged for the next access token. Only its digest is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

impl RefreshToken {
    /// Wraps what a client presented or this server generated. Any text will do: the digest of one that is
    /// not a token is in no store.
    pub fn from_string(token: String) -> Self {
        Self(token)
    }

    /// The token itself, to hand it to its owner or to digest it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of a refresh token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Wraps a digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The secret in an invite link: 128 random bits as 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InviteCode(String);

impl InviteCode {
    /// Makes a code from random bits.
    pub fn from_bits(bits: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bits)))
    }

    /// Parses a code.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        let text = raw.as_ref().trim().to_ascii_lowercase();
        if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Self(text))
        } else {
            Err(TextError::Format {
                expected: "an invite code",
            })
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! hidden {
    ($($name:ident)*) => {$(
        impl Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

hidden! { Password PasswordHash RefreshToken TokenDigest InviteCode }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_is_lower_cased() {
        assert_eq!(
            Email::parse(" Ana@Example.ORG ").unwrap().as_str(),
            "ana@example.org"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for raw in [
            "ana",
            "@example.org",
            "ana@",
            "a b@example.org",
            "a@b@c",
            "a@b..c",
            "a@.b",
        ] {
            assert!(Email::parse(raw).is_err(), "{raw}");
        }
        assert!(Email::parse(format!("{}@example.org", "a".repeat(250))).is_err());
    }

    #[test]
    fn an_address_that_grows_in_lower_case_can_be_read_again() {
        let grows = |letters| format!("{}@a.bc", "\u{130}".repeat(letters));
        let email = Email::parse(grows(124)).unwrap();
        assert_eq!(Email::parse(email.as_str()), Ok(email));
        assert!(Email::parse(grows(125)).is_err());
    }

    #[test]
    fn passwords_are_bounded_in_characters_and_bytes() {
        assert!(Password::parse("1234567").is_err());
        assert!(Password::parse(" 2345678").is_ok());
        assert!(Password::parse("x".repeat(72)).is_ok());
        assert_eq!(
            Password::parse("x".repeat(73)),
            Err(TextError::TooManyBytes {
                max: Password::MAX_BYTES
            })
        );
        assert!(Password::parse("é".repeat(37)).is_err());
    }

    #[test]
    fn secrets_do_not_show_themselves() {
        let shown = format!("{:?}", Password::parse("correct horse").unwrap());
        assert_eq!(shown, "Password(…)");
    }

    #[test]
    fn invite_codes_carry_all_their_bits() {
        let code = InviteCode::from_bits([0xab; 16]);
        assert_eq!(code.as_str(), "ab".repeat(16));
        assert_eq!(InviteCode::parse(code.as_str().to_uppercase()), Ok(code));
        assert!(InviteCode::parse("abc").is_err());
    }
}
