//! Errors about keys.

use std::io;
use std::path::{Path, PathBuf};

/// Why no keys are available.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Production generates no keys: each node would generate its own, and losing the folder would
    /// sign everybody out.
    #[error(
        "the profile {0} needs a key of its own: set JWT_SECRET to at least 32 random bytes, the \
         same on every node (`openssl rand -base64 48` makes some)"
    )]
    Missing(String),
    /// A secret that is short enough to be guessed.
    #[error(
        "JWT_SECRET has {0} bytes, and the profile {1} needs at least 32 (`openssl rand -base64 48` \
         makes some)"
    )]
    Short(usize, String),
    /// Others may have read the file.
    #[error(
        "{} may be read by others (mode {mode:04o}): `chmod 600` it, or delete it for a new key, \
         which {loss}", path.display()
    )]
    Exposed {
        /// The key's file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The consequence of generating a new key.
        loss: &'static str,
    },
    /// A file that was truncated or overwritten.
    #[error("{} contains no key: delete it for a new one, which {loss}", path.display())]
    Damaged {
        /// The key's file.
        path: PathBuf,
        /// The consequence of generating a new key.
        loss: &'static str,
    },
    /// A key file in another format.
    #[error("{} is not a private key in PEM (auth.key_file)", .0.display())]
    NotPem(PathBuf),
    /// An I/O error.
    #[error("{} could not be {action}{}", path.display(), advice(action))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What could not be done: read, made or written.
        action: &'static str,
        /// The error of the system.
        #[source]
        source: io::Error,
    },
    /// No randomness is available, without which no key can be generated.
    #[error("the system could not provide random bytes")]
    Randomness(#[source] getrandom::Error),
}

/// The end of a sentence about an I/O error: what to do.
fn advice(action: &str) -> &'static str {
    match action {
        "made" | "written" => {
            ": let the user that runs Tertulia write there, or set DATA_DIR to another folder"
        }
        _ => "",
    }
}

pub(super) fn io_error(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> KeysError {
    let path = path.to_owned();
    move |source| KeysError::Io {
        path,
        action,
        source,
    }
}
