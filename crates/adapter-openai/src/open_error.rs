//! Why the summariser cannot be set up.

use domain::BoxError;

/// What is wrong with the options, or with this machine.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The base URL is not the address of a server.
    #[error("the base URL of the model's server must be http:// or https:// with a host")]
    Address,
    /// The key cannot be put into a header.
    #[error("the key of the model's server contains invalid characters")]
    Key,
    /// The model is not named.
    #[error("the name of the model is missing")]
    Model,
    /// TLS cannot be set up.
    #[error("the certificates that this machine trusts cannot be used")]
    Certificates {
        /// The cause.
        #[source]
        source: BoxError,
    },
    /// The HTTP client cannot be built.
    #[error("the HTTP client for the model's server cannot be built")]
    Client {
        /// The cause.
        #[source]
        source: BoxError,
    },
}
