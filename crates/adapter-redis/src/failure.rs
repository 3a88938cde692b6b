//! The only place that interprets the driver's errors.

use deadpool::managed::{PoolError, TimeoutType};
use deadpool_redis::redis::{ErrorKind, RedisError, ServerErrorKind};
use domain::Failure;

/// A call of a port, as a failure names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) port: &'static str,
    pub(crate) action: &'static str,
}

impl Call {
    pub(crate) const fn new(port: &'static str, action: &'static str) -> Self {
        Self { port, action }
    }
}

/// Why a call failed.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The server failed, or the connection to it.
    #[error("redis failed")]
    Redis(#[from] RedisError),
    /// There was no reply in time.
    #[error("redis did not answer in time")]
    Late,
    /// As many calls as allowed are already in progress.
    #[error("all connections to redis are busy")]
    Busy,
    /// The pool no longer hands out connections, which never happens.
    #[error("the connections to redis are closed")]
    Closed,
    /// The subscriber's connection ended, or was unsubscribed from a channel.
    #[error("the subscription to notices was lost")]
    Unheard,
    /// Redis works, but the subscriber's connection is not up yet.
    #[error("notices from other nodes are not arriving")]
    Unsubscribed(#[source] std::sync::Arc<Self>),
}

impl From<PoolError<RedisError>> for Broken {
    fn from(error: PoolError<RedisError>) -> Self {
        match error {
            PoolError::Backend(error) => Self::Redis(error),
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => Self::Late,
            // These are impossible: the pool is never closed, has a runtime, and has no hooks.
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Self::Closed
            }
        }
    }
}

impl Broken {
    pub(crate) fn into_failure(self, call: Call) -> Failure {
        let Call { port, action } = call;
        match &self {
            Self::Busy => Failure::overloaded(port, action, self),
            Self::Redis(error) if !passes(error) => Failure::lasting(port, action, self),
            Self::Unsubscribed(why) if !why.passes() => Failure::lasting(port, action, self),
            Self::Redis(_) | Self::Late | Self::Closed | Self::Unheard | Self::Unsubscribed(_) => {
                Failure::passing(port, action, self)
            }
        }
    }

    fn passes(&self) -> bool {
        !matches!(self, Self::Redis(error) if !passes(error))
    }

    /// Whether the connection was lost, so that a retry on another one may succeed.
    pub(crate) fn lost_connection(&self) -> bool {
        matches!(self, Self::Redis(error) if error.is_connection_dropped())
    }

    /// Whether the connection is still usable after this.
    pub(crate) fn leaves_connection(&self) -> bool {
        matches!(self, Self::Redis(error) if !error.is_io_error() && !error.is_unrecoverable_error())
    }
}

/// Whether the same call may succeed later.
fn passes(error: &RedisError) -> bool {
    /// Out of memory or disk, too few replicas, or a script is running.
    const PASSING: [&str; 4] = ["OOM", "MISCONF", "NOREPLICAS", "BUSY"];
    matches!(
        error.kind(),
        ErrorKind::Io
            | ErrorKind::ClusterConnectionNotFound
            | ErrorKind::Server(
                ServerErrorKind::BusyLoading
                    | ServerErrorKind::ClusterDown
                    | ServerErrorKind::MasterDown
                    | ServerErrorKind::TryAgain
                    | ServerErrorKind::ReadOnly
                    | ServerErrorKind::Moved
                    | ServerErrorKind::Ask
            )
    ) || error.code().is_some_and(|code| PASSING.contains(&code))
}

#[cfg(test)]
mod tests {
    use domain::Retry;

    use super::*;

    const CALL: Call = Call::new("limiter", "admit");

    fn says(kind: ErrorKind) -> Broken {
        Broken::Redis(RedisError::from((kind, "words")))
    }

    #[test]
    fn what_is_away_passes_and_nonsense_does_not() {
        let away = [
            says(ErrorKind::Io),
            says(ErrorKind::Server(ServerErrorKind::BusyLoading)),
            Broken::Late,
        ];
        for broken in away {
            assert_eq!(broken.into_failure(CALL).retry, Retry::Worthwhile);
        }
        for kind in [
            ErrorKind::AuthenticationFailed,
            ErrorKind::UnexpectedReturnType,
        ] {
            assert_eq!(says(kind).into_failure(CALL).retry, Retry::Useless);
            let unsubscribed = Broken::Unsubscribed(says(kind).into());
            assert_eq!(unsubscribed.into_failure(CALL).retry, Retry::Useless);
        }
    }

    #[test]
    fn busy_connections_are_overloaded() {
        let failure = Broken::from(PoolError::Timeout(TimeoutType::Wait)).into_failure(CALL);
        assert_eq!(failure.retry, Retry::Shortly);
    }

    #[test]
    fn a_connection_survives_what_the_server_refuses() {
        let refused = says(ErrorKind::Server(ServerErrorKind::ResponseError));
        assert!(refused.leaves_connection());
        assert!(!says(ErrorKind::Io).leaves_connection());
        assert!(!Broken::Late.leaves_connection());
    }
}
