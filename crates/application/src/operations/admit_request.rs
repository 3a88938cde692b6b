//! Rate-limiting requests.

use std::net::IpAddr;

use domain::UserId;
use domain::port::limiter::LimitKey;

use crate::address::host;
use crate::throttle::Throttle;
use crate::{Error, Limits, Policy, Ports, Quota};

/// Counts requests, by user once signed in, otherwise by address.
pub struct AdmitRequest {
    throttle: Throttle,
    limits: Limits,
}

impl AdmitRequest {
    pub(crate) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            throttle: Throttle::new(ports),
            limits: policy.limits,
        }
    }

    /// Admits a request, and returns what is left of its limit, if there is one.
    #[tracing::instrument(skip_all, name = "admit_request")]
    pub async fn run(
        &self,
        ip: Option<IpAddr>,
        user: Option<UserId>,
    ) -> Result<Option<Quota>, Error> {
        match (user, ip) {
            (Some(user), _) => {
                let key = LimitKey::Person(user);
                self.throttle.admit(&key, self.limits.person).await
            }
            (None, Some(ip)) => {
                let key = LimitKey::Anonymous(host(ip));
                self.throttle.admit(&key, self.limits.anonymous).await
            }
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn addresses_and_people_are_counted_apart() {
        let mut world = World::new();
        world.policy.limits.anonymous.points = 2;
        world.policy.limits.person.points = 3;
        let ana = world.user("ana").await;
        let admit = AdmitRequest::new(&world.ports, &world.policy);
        let ip = Some(IpAddr::from([203, 0, 113, 9]));

        for remaining in [1, 0] {
            let quota = admit.run(ip, None).await.unwrap().unwrap();
            assert_eq!(quota.remaining, remaining);
        }
        assert!(matches!(admit.run(ip, None).await, Err(Error::Limited(_))));
        for remaining in [2, 1, 0] {
            let quota = admit.run(ip, Some(ana.user)).await.unwrap().unwrap();
            assert_eq!(quota.remaining, remaining);
        }
        assert!(matches!(
            admit.run(None, Some(ana.user)).await,
            Err(Error::Limited(_))
        ));
        world.pass(Duration::from_mins(1));
        assert!(admit.run(ip, None).await.is_ok());
    }

    #[tokio::test]
    async fn who_cannot_be_told_apart_is_not_counted() {
        let world = World::new();
        let admit = AdmitRequest::new(&world.ports, &world.policy);
        assert_eq!(admit.run(None, None).await.unwrap(), None);
    }
}
