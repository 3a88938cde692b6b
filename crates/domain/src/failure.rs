//! The one error type of the ports.

use std::error::Error;
use std::fmt::Display;

/// The underlying error as the driver reports it. For the log, never for a client.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Whether retrying may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The backend is unavailable: the same call may succeed later. Nothing was done, except when the
    /// confirmation of a write was lost; so a caller may retry only what is safe to apply twice.
    Worthwhile,
    /// A bounded queue in front of the backend is full: the same call may succeed in a moment, and nothing
    /// was done.
    Shortly,
    /// The backend gave an invalid answer, or a stored value cannot be read: the same call will fail
    /// again.
    Useless,
}

/// A backend broke its contract or was unavailable. A caller can only retry or give up.
#[derive(Debug, thiserror::Error)]
#[error("{port} could not {action}")]
pub struct Failure {
    /// Which port failed, for example `messages`.
    pub port: &'static str,
    /// What it was asked to do, for example `append`.
    pub action: &'static str,
    /// Whether retrying may help.
    pub retry: Retry,
    #[source]
    source: BoxError,
}

impl Failure {
    /// The backend is unavailable for now.
    pub fn passing(port: &'static str, action: &'static str, source: impl Into<BoxError>) -> Self {
        Self {
            port,
            action,
            retry: Retry::Worthwhile,
            source: source.into(),
        }
    }

    /// A bounded queue is full for the moment.
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

    /// The failure with its whole chain of causes, for the log.
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

    /// A failure that a retry will not fix.
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
