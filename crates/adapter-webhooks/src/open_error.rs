//! Why calls cannot be set up.

use domain::BoxError;

/// Why an adapter cannot be set up. None of these repeats the address or the secret.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not valid.
    #[error("the address must be of the form https://host/path")]
    Address,
    /// The secret is too short, or not valid base64 after `whsec_`.
    #[error("the secret must be at least 24 bytes, either plain or in base64 after whsec_")]
    Secret,
    /// The Web Push key is not valid.
    #[error("the key must be a P-256 private key: 32 bytes in base64")]
    Key,
    /// The contact is not an address to turn to.
    #[error("the contact must begin with mailto: or https://")]
    Contact,
    /// There are no trusted certificates, or the HTTP client cannot be built.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] BoxError),
}
