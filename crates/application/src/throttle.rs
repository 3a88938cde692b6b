//! Applying rate limits.

use std::sync::Arc;
use std::time::Duration;

use domain::port::limiter::{Admission, Left, Limit, LimitKey};
use domain::port::{Clock, Limiter};

use crate::{Error, Ports, Quota};

/// Enforces rate limits.
///
/// If the limiter is unavailable, every request is let through: limits protect the server from a
/// few of its users, and refusing all of them would do more harm.
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

    /// Takes a point, and returns what is left; `None` if there is no limit.
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
                tracing::warn!(error = %failure.chain(), "rate limiter failed; request allowed");
                Ok(None)
            }
        }
    }

    /// Returns what is left without taking a point, for answers that cost none. `None` if there is
    /// no limit, or if the limiter is unavailable.
    pub(crate) async fn look(&self, key: &LimitKey, limit: Limit) -> Option<Quota> {
        if limit.is_none() {
            return None;
        }
        match self.limiter.look(key, limit, self.clock.now()).await {
            Ok(Left {
                remaining,
                reset,
                retry_after,
            }) => Some(Quota {
                name: name(key),
                limit,
                remaining,
                reset,
                retry_after,
            }),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "could not read a rate limit");
                None
            }
        }
    }

    /// Gives back a point that should not have been counted.
    pub(crate) async fn give_back(&self, key: &LimitKey, limit: Limit) {
        if limit.is_none() {
            return;
        }
        if let Err(failure) = self.limiter.give_back(key, limit, self.clock.now()).await {
            tracing::warn!(error = %failure.chain(), "could not refund a rate limit point");
        }
    }
}

/// The name of the limit on messages.
pub(crate) const MESSAGE: &str = "message";

/// A full quota, for answers that concern no particular user; `None` if there is no limit.
pub(crate) fn whole(name: &'static str, limit: Limit) -> Option<Quota> {
    let Left {
        remaining,
        reset,
        retry_after,
    } = Left::all(limit);
    (!limit.is_none()).then_some(Quota {
        name,
        limit,
        remaining,
        reset,
        retry_after,
    })
}

/// The name that clients see for a limit.
const fn name(key: &LimitKey) -> &'static str {
    match key {
        LimitKey::Messages(..) => MESSAGE,
        LimitKey::LoginAddress(_) | LimitKey::LoginNetwork(..) | LimitKey::LoginAccount(_) => {
            "login"
        }
        LimitKey::Registrations(_) => "register",
        LimitKey::Anonymous(_) => "anonymous",
        LimitKey::Person(_) => "user",
        LimitKey::Summaries(_) => "summary",
        LimitKey::RoomSummaries(_) => "room-summary",
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use domain::{Failure, Timestamp};

    use super::*;
    use crate::testing::World;

    const TWO: Limit = Limit {
        points: 2,
        per: Duration::from_secs(10),
    };

    async fn key(world: &World) -> LimitKey {
        LimitKey::Person(world.user_of_crowd("ana").await.user)
    }

    #[tokio::test]
    async fn what_is_left_is_told_down_to_nothing() {
        let world = World::new();
        let throttle = Throttle::new(&world.ports);
        let key = key(&world).await;
        for remaining in [1, 0] {
            let quota = throttle.admit(&key, TWO).await.unwrap().unwrap();
            assert_eq!((quota.name, quota.limit), ("user", TWO));
            assert_eq!(quota.remaining, remaining);
            assert_eq!(quota.retry_after, Duration::ZERO);
        }
        let Err(Error::Limited(quota)) = throttle.admit(&key, TWO).await else {
            panic!("the third was let through");
        };
        assert_eq!(quota.remaining, 0);
        assert_eq!(quota.retry_after, Duration::from_secs(5));
        assert_eq!(quota.reset, Duration::from_secs(10));

        assert_eq!(throttle.look(&key, TWO).await, Some(quota));

        throttle.give_back(&key, TWO).await;
        assert_eq!(throttle.look(&key, TWO).await.unwrap().remaining, 1);
        assert!(throttle.admit(&key, TWO).await.is_ok());
    }

    #[tokio::test]
    async fn where_there_is_no_limit_nothing_is_counted() {
        let world = World::new();
        let throttle = Throttle::new(&world.ports);
        let key = key(&world).await;
        let none = Limit { points: 0, ..TWO };
        for _ in 0..9 {
            assert_eq!(throttle.admit(&key, none).await.unwrap(), None);
            assert_eq!(throttle.look(&key, none).await, None);
            throttle.give_back(&key, none).await;
        }
        let quota = throttle.admit(&key, TWO).await.unwrap().unwrap();
        assert_eq!(quota.remaining, 1);
    }

    /// A limiter that is unavailable.
    struct Away;

    #[async_trait]
    impl Limiter for Away {
        async fn admit(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<Admission, Failure> {
            Err(Failure::passing("limiter", "admit", "connection refused"))
        }

        async fn look(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<Left, Failure> {
            Err(Failure::passing("limiter", "look", "connection refused"))
        }

        async fn give_back(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<(), Failure> {
            Err(Failure::passing(
                "limiter",
                "give back",
                "connection refused",
            ))
        }
    }

    #[tokio::test]
    async fn a_limiter_that_is_away_lets_everybody_through() {
        let mut world = World::new();
        world.ports.limiter = Arc::new(Away);
        let throttle = Throttle::new(&world.ports);
        let key = key(&world).await;
        for _ in 0..9 {
            assert_eq!(throttle.admit(&key, TWO).await.unwrap(), None);
        }
        assert_eq!(throttle.look(&key, TWO).await, None);
        throttle.give_back(&key, TWO).await;
    }
}
