//! What RabbitMQ says went wrong, as the ports say it.

use domain::Failure;

/// Why a call was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("RabbitMQ broke off")]
    Rabbit(#[from] lapin::Error),
    #[error("RabbitMQ did not answer in time")]
    Slow,
    #[error("a queue is full")]
    Full,
    #[error("no queue takes what was published")]
    Unroutable,
    #[error("an event cannot be written down")]
    Body(#[from] serde_json::Error),
}

impl Broken {
    pub(crate) fn into_failure(self, action: &'static str) -> Failure {
        match self {
            Self::Full => Failure::overloaded("jobs", action, self),
            Self::Body(_) => Failure::lasting("jobs", action, self),
            // Somebody took a queue away: it is there again after the next connection.
            Self::Rabbit(_) | Self::Slow | Self::Unroutable => {
                Failure::passing("jobs", action, self)
            }
        }
    }
}
