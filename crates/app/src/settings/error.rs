//! Errors about settings.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Where a value came from, for error messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file that is compiled into the binary.
    CompiledIn(String),
    /// A file on disk.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CompiledIn(name) => write!(f, "the compiled-in config/{name}.toml"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
        }
    }
}

/// Why the settings could not be loaded.
///
/// No variant contains a given value, because it may be a secret in the wrong place.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file exists but cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        #[source]
        source: io::Error,
    },
    /// A file is not TOML.
    #[error("{origin} is not TOML at line {line}: {problem}")]
    Malformed {
        /// The file.
        origin: Origin,
        /// Counted from 1.
        line: usize,
        /// What the parser expected.
        problem: String,
    },
    /// A key that is not a setting.
    #[error(
        "{origin} sets `{key}`, and there is no such setting: docs/settings.md lists all of them"
    )]
    Unknown {
        /// Where it was found.
        origin: Origin,
        /// The key, or the variable's name in lower case, with dots.
        key: String,
    },
    /// An invalid value.
    #[error("{origin} sets `{key}`, which {problem}")]
    Bad {
        /// Where it was given.
        origin: Origin,
        /// The setting.
        key: String,
        /// The end of a sentence: "must be …".
        problem: String,
    },
    /// Two settings that contradict each other.
    #[error("{0}")]
    Contradiction(String),
    /// A profile without a file.
    #[error(
        "{origin} asks for the profile `{name}`, and there is no {}: make that file, or choose \
         development, production or test", path.display()
    )]
    UnknownProfile {
        /// Where the profile was chosen.
        origin: Origin,
        /// The profile.
        name: String,
        /// The file that would define it.
        path: PathBuf,
    },
}
