//! One failure, reported to several callers.

use std::error::Error;
use std::fmt::{self, Display};
use std::sync::Arc;

use domain::{Failure, Retry};

/// A failure that several callers wait for. Each receives an equal one with the same cause.
#[derive(Clone, Debug)]
pub(crate) struct SharedFailure(Arc<Failure>);

impl SharedFailure {
    pub(crate) fn new(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }

    /// A copy of the failure, for one more caller.
    pub(crate) fn tell(&self) -> Failure {
        let (port, action) = (self.0.port, self.0.action);
        match self.0.retry {
            Retry::Worthwhile => Failure::passing(port, action, Cause(Arc::clone(&self.0))),
            Retry::Shortly => Failure::overloaded(port, action, Cause(Arc::clone(&self.0))),
            Retry::Useless => Failure::lasting(port, action, Cause(Arc::clone(&self.0))),
        }
    }
}

/// The cause of a shared failure. It takes the original's place in the chain of causes.
#[derive(Debug)]
struct Cause(Arc<Failure>);

impl Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.source() {
            Some(cause) => Display::fmt(cause, f),
            None => f.write_str("unknown cause"),
        }
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source().and_then(Error::source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_told_the_same() {
        let disk = std::io::Error::other(std::io::Error::other("disk is full"));
        let original = Failure::lasting("messages", "append", disk);
        let chain = format!("{}", original.chain());
        let shared = SharedFailure::new(original);
        for _ in 0..2 {
            let told = shared.tell();
            assert_eq!(told.retry, Retry::Useless);
            assert_eq!(told.chain().to_string(), chain);
        }
    }

    #[test]
    fn whether_to_try_again_is_kept() {
        for original in [
            Failure::passing("messages", "append", "away"),
            Failure::overloaded("messages", "append", "full"),
        ] {
            let retry = original.retry;
            assert_eq!(SharedFailure::new(original).tell().retry, retry);
        }
    }
}
