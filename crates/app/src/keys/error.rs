//! Why there are no keys.

use std::io;
use std::path::{Path, PathBuf};

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Production makes no keys: each node would make another, and a lost folder would sign everybody out.
    #[error(
        "the profile {0} needs a key of its own: set JWT_SECRET to at least 32 random bytes, the \
         same on every node (`openssl rand -base64 48` makes some)"
    )]
    Missing(String),
    /// A secret that can be guessed.
    #[error(
        "JWT_SECRET has {0} bytes, and the profile {1} needs at least 32 (`openssl rand -base64 48` \
         makes some)"
    )]
    Short(usize, String),
    /// Others may have read it.
    #[error(
        "{} may be read by others (mode {mode:04o}): `chmod 600` it, or delete it for a new key, \
         which {loss}", path.display()
    )]
    Exposed {
        /// The key's file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// What another key would do.
        loss: &'static str,
    },
    /// A file that was cut short or overwritten.
    #[error("{} holds no key: delete it for a new one, which {loss}", path.display())]
    Damaged {
        /// The key's file.
        path: PathBuf,
        /// What another key would do.
        loss: &'static str,
    },
    /// A key file of another kind.
    #[error("{} is not a private key in PEM (auth.key_file)", .0.display())]
    NotPem(PathBuf),
    /// The system said no.
    #[error("{} could not be {action}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Read, made, written.
        action: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system has no randomness, which no key can do without.
    #[error("the system gave no random bytes")]
    Randomness(#[source] getrandom::Error),
}

pub(super) fn io_error(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> KeysError {
    let path = path.to_owned();
    move |source| KeysError::Io {
        path,
        action,
        source,
    }
}
