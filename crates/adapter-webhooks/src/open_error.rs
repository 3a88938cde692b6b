//! Why nobody can be told.

use domain::BoxError;

/// Why a webhook cannot be used. None of these repeats the address or the secret.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is none.
    #[error("the address is none of the form https://host/path")]
    Address,
    /// The secret is too short, or not what its beginning says.
    #[error("the secret must be at least 24 bytes, or whsec_ and their base64")]
    Secret,
    /// The key of Web Push is none.
    #[error("the key must be 32 bytes in base64, and a private key of P-256")]
    Key,
    /// Nobody could be asked there.
    #[error("the contact must begin with mailto: or https://")]
    Contact,
    /// There is nothing to trust, or the client cannot be made.
    #[error("calls cannot go out")]
    Client(#[source] BoxError),
}
