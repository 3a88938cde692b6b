//! Texts that are stored for a user and hardly interpreted.

use super::text::{TextError, bounded};

/// A user's free-form profile document, kept as its owner sent it: a JSON object of at most 16 KiB.
///
/// The JSON itself is validated where requests are parsed; this checks only what a store relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileDocument(String);

impl ProfileDocument {
    /// The maximum size in bytes.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Parses a serialised object.
    pub fn parse(raw: impl Into<String>) -> Result<Self, TextError> {
        let text = raw.into();
        if text.len() > Self::MAX_BYTES {
            return Err(TextError::TooManyBytes {
                max: Self::MAX_BYTES,
            });
        }
        if text.starts_with('{') && text.ends_with('}') {
            Ok(Self(text))
        } else {
            Err(TextError::Format {
                expected: "an object",
            })
        }
    }

    /// The serialised object.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of an uploaded file: a name, never a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The maximum length in characters.
    pub const MAX: usize = 255;
    /// Anything longer than this after the last dot is not taken for a file extension.
    const LONGEST_END: usize = 32;

    /// Parses a file name. A leading path, which some browsers send, is removed.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        let text = bounded(Self::without_folders(raw.as_ref()), 1, Self::MAX)?;
        if text.chars().any(char::is_control) || text.chars().all(|c| c == '.') {
            return Err(TextError::Format {
                expected: "a file name",
            });
        }
        Ok(Self(text))
    }

    /// Like [`parse`](Self::parse), but truncates a name that is too long. The extension is kept, because
    /// programs tell from it how to open the file.
    pub fn clip(raw: impl AsRef<str>) -> Result<Self, TextError> {
        let name = Self::without_folders(raw.as_ref()).trim();
        if name.chars().count() <= Self::MAX {
            return Self::parse(name);
        }
        let end = name.rsplit_once('.').map(|(_, end)| end);
        let end = end.filter(|end| end.chars().count() <= Self::LONGEST_END);
        let end = end.map(|end| format!(".{end}")).unwrap_or_default();
        let room = Self::MAX.saturating_sub(end.chars().count());
        let stem: String = name.chars().take(room).collect();
        Self::parse(stem + &end)
    }

    fn without_folders(raw: &str) -> &str {
        raw.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A client's `User-Agent`. Truncated to fit: it is only shown to the session's owner.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct UserAgent(String);

impl UserAgent {
    /// Takes the first 256 printable characters.
    pub fn clip(raw: &str) -> Self {
        Self(raw.chars().filter(|c| !c.is_control()).take(256).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_an_object_of_bounded_size() {
        assert!(ProfileDocument::parse("{}").is_ok());
        assert!(ProfileDocument::parse("[]").is_err());
        assert!(ProfileDocument::parse(format!("{{{}}}", " ".repeat(16 * 1024))).is_err());
    }

    #[test]
    fn a_file_name_is_no_path() {
        assert_eq!(
            FileName::parse("../../etc/passwd").unwrap().as_str(),
            "passwd"
        );
        assert_eq!(
            FileName::parse(r"C:\pictures\a.png").unwrap().as_str(),
            "a.png"
        );
        assert!(FileName::parse("..").is_err());
        assert!(FileName::parse("a/").is_err());
    }

    #[test]
    fn a_name_that_is_too_long_keeps_its_end() {
        let clipped = |name: &str| FileName::clip(name).unwrap().as_str().to_owned();
        assert_eq!(clipped("/home/ana/a.png"), "a.png");
        let long = "ñ".repeat(300);
        assert!(FileName::parse(&long).is_err());
        assert_eq!(clipped(&long), "ñ".repeat(255));
        assert_eq!(
            clipped(&format!("{long}.tar.gz")),
            format!("{}.gz", "ñ".repeat(252))
        );
        assert_eq!(
            clipped(&format!("a.{long}")),
            format!("a.{}", "ñ".repeat(253))
        );
        assert!(FileName::clip(".".repeat(300)).is_err());
        assert!(FileName::clip("").is_err());
    }
}
