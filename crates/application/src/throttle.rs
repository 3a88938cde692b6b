//! Asking the limiter.

use std::sync::Arc;
use std::time::Duration;

use domain::port::limiter::{Admission, Limit, LimitKey};
use domain::port::{Clock, Limiter};

use crate::{Error, Ports, Quota};

/// Lets through as often as a limit says.
///
/// A limiter that cannot be asked lets everybody through: limits protect the server from some of its
/// users, and refusing all of them instead would be the greater harm.
#[derive(Clone)]
pub(crate) struct Throttle {
    limiter: Arc<dyn Limiter>,
    clock: Arc<dyn Clock>,
}

impl Throttle {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            limiter: Arc::clone(&ports.limiter),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Takes a point, and tells what is left; nothing where there is no limit.
    pub(crate) async fn admit(&self, key: &LimitKey, limit: Limit) -> Result<Option<Quota>, Error> {
        if limit.is_none() {
            return Ok(None);
        }
        match self.limiter.admit(key, limit, self.clock.now()).await {
            Ok(Admission::Granted { remaining, reset }) => Ok(Some(Quota {
                name: name(key),
                limit,
                remaining,
                reset,
                retry_after: Duration::ZERO,
            })),
            Ok(Admission::Limited { retry_after, reset }) => Err(Error::Limited(Quota {
                name: name(key),
                limit,
                remaining: 0,
                reset,
                retry_after,
            })),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "a limit was not asked");
                Ok(None)
            }
        }
    }

    /// Gives a point back that was taken for nothing.
    pub(crate) async fn give_back(&self, key: &LimitKey, limit: Limit) {
        if limit.is_none() {
            return;
        }
        if let Err(failure) = self.limiter.give_back(key, limit, self.clock.now()).await {
            tracing::warn!(error = %failure.chain(), "a point was not given back");
        }
    }
}

/// What a limit is called where it is told.
const fn name(key: &LimitKey) -> &'static str {
    match key {
        LimitKey::Messages(..) => "message",
        LimitKey::LoginAddress(_) | LimitKey::LoginNetwork(..) | LimitKey::LoginAccount(_) => {
            "login"
        }
        LimitKey::Registrations(_) => "register",
        LimitKey::Anonymous(_) => "anonymous",
        LimitKey::Person(_) => "user",
    }
}
