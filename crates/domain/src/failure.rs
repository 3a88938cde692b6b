//! The one error of the ports.

use std::error::Error;
use std::fmt::Display;

/// Whatever a driver says went wrong. For the log, never for a client.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Whether asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The backend is away: the same call may succeed later. Nothing was done, but for a change whose
    /// confirmation was lost on the way; so whoever asks again must not mind if it was done.
    Worthwhile,
    /// A queue before the backend is full: the same call may succeed in a moment, and nothing was
    /// done.
    Shortly,
    /// The call reached a backend that answered nonsense, or a stored value that cannot be read:
    /// the same call will fail again.
    Useless,
}

/// A backend did not answer as promised. Callers may retry or give up, nothing more.
#[derive(Debug, thiserror::Error)]
#[error("{port} could not {action}")]
pub struct Failure {
    /// Which port failed, in plain words: `messages`.
    pub port: &'static str,
    /// What it was asked to do: `append`.
    pub action: &'static str,
    /// Whether asking again may help.
    pub retry: Retry,
    #[source]
    source: BoxError,
}

impl Failure {
    /// A backend that is away for now.
    pub fn passing(port: &'static str, action: &'static str, source: impl Into<BoxError>) -> Self {
        Self {
            port,
            action,
            retry: Retry::Worthwhile,
            source: source.into(),
        }
    }

    /// A queue that is full for the moment.
    pub fn overloaded(
        port: &'static str,
        action: &'static str,
        source: impl Into<BoxError>,
    ) -> Self {
        Self {
            port,
            action,
            retry: Retry::Shortly,
            source: source.into(),
        }
    }

    /// The failure with all its causes, for the log.
    pub fn chain(&self) -> impl Display {
        let mut text = self.to_string();
        let mut cause = Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }

    /// A breakage that waiting does not mend.
    pub fn lasting(port: &'static str, action: &'static str, source: impl Into<BoxError>) -> Self {
        Self {
            port,
            action,
            retry: Retry::Useless,
            source: source.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_kept_but_not_shown() {
        let failure = Failure::passing("messages", "append", "host 10.0.0.1 refused");
        assert_eq!(failure.to_string(), "messages could not append");
        assert_eq!(
            failure.source().map(ToString::to_string).as_deref(),
            Some("host 10.0.0.1 refused")
        );
        assert_eq!(
            format!("{}", failure.chain()),
            "messages could not append: host 10.0.0.1 refused"
        );
    }
}
