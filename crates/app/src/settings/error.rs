//! Why settings were refused.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Where a value came from, to be named when it is bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file that is part of the binary.
    CompiledIn(String),
    /// A file on disk.
    File(PathBuf),
    /// A variable of the environment.
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

/// Why there are no settings.
///
/// No variant holds a value that was given, because it may be a secret in the wrong place.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
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
    /// A key that no setting has.
    #[error("{origin} sets `{key}`, and there is no such setting")]
    Unknown {
        /// Where it was met.
        origin: Origin,
        /// The key, or the variable's name in lower case with points.
        key: String,
    },
    /// A value that the setting cannot have.
    #[error("{origin} sets `{key}`, which {problem}")]
    Bad {
        /// Where it was given.
        origin: Origin,
        /// The setting.
        key: String,
        /// A sentence's end: "must be …".
        problem: String,
    },
    /// Two settings that exclude each other.
    #[error("{0}")]
    Contradiction(String),
    /// A profile without a file.
    #[error("{origin} asks for the profile `{name}`, and there is no {}", path.display())]
    UnknownProfile {
        /// Who asked for it.
        origin: Origin,
        /// The profile.
        name: String,
        /// The file that would make it one.
        path: PathBuf,
    },
}
