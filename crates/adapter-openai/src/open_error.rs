//! Why a model cannot be asked at all.

use domain::BoxError;

/// What is wrong with the options, or with this machine.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is no address of a server.
    #[error("the address of the model's server is not http:// or https:// and a host")]
    Address,
    /// No header can hold it.
    #[error("the key of the model's server has characters that no key has")]
    Key,
    /// Nothing was said of which model.
    #[error("the model has no name")]
    Model,
    /// Encryption cannot be set up.
    #[error("the certificates that this machine trusts cannot be used")]
    Certificates {
        /// What was said about it.
        #[source]
        source: BoxError,
    },
    /// The client cannot be made.
    #[error("the client of the model's server cannot be made")]
    Client {
        /// What was said about it.
        #[source]
        source: BoxError,
    },
}
