//! Converting RabbitMQ's errors to those of the ports.

use domain::Failure;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the connection to RabbitMQ failed")]
    Rabbit(#[from] lapin::Error),
    #[error("RabbitMQ did not answer in time")]
    Slow,
    #[error("a queue is full")]
    Full,
    #[error("no queue is bound for a published event")]
    Unroutable,
    #[error("an event cannot be serialised")]
    Body(#[from] serde_json::Error),
}

impl Broken {
    pub(crate) fn into_failure(self, action: &'static str) -> Failure {
        match self {
            Self::Full => Failure::overloaded("jobs", action, self),
            Self::Body(_) => Failure::lasting("jobs", action, self),
            // Somebody deleted a queue: the next connection declares it again.
            Self::Rabbit(_) | Self::Slow | Self::Unroutable => {
                Failure::passing("jobs", action, self)
            }
        }
    }
}
