//! How often somebody may fail to sign in.

use std::net::IpAddr;

use domain::port::limiter::{Limit, LimitKey};

use crate::address::{host, network};
use crate::throttle::Throttle;
use crate::{Error, Limits, Policy, Ports, Quota};

/// Counts failed logins by address, by account and network, and by account.
///
/// Points are taken before the password is compared and given back when it was right: otherwise many
/// attempts at once would all be compared before the first of them counts.
#[derive(Clone)]
pub(super) struct Attempts {
    throttle: Throttle,
    limits: Limits,
}

/// The points taken for one attempt.
#[must_use = "an attempt that did not fail is forgiven"]
pub(super) struct Attempt(Vec<(LimitKey, Limit)>);

impl Attempts {
    pub(super) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            throttle: Throttle::new(ports),
            limits: policy.limits,
        }
    }

    /// Lets somebody try, as if they had failed already.
    ///
    /// `account` names the account, or what stands for it where there is none: both are counted, so
    /// that being limited does not tell which of them it is.
    pub(super) async fn begin(
        &self,
        account: String,
        ip: Option<IpAddr>,
    ) -> Result<Attempt, Error> {
        let mut attempt = Attempt(Vec::new());
        for (key, limit) in self.keys(account, ip) {
            if let Err(limited) = self.throttle.admit(&key, limit).await {
                // An attempt that is not made has not failed either.
                self.forgive(attempt).await;
                return Err(limited);
            }
            attempt.0.push((key, limit));
        }
        Ok(attempt)
    }

    /// What is left to an address. Of the limits of an account nothing is told before they are reached.
    pub(super) async fn quota(&self, ip: Option<IpAddr>) -> Option<Quota> {
        let address = LimitKey::LoginAddress(host(ip?));
        self.throttle
            .look(&address, self.limits.login_address)
            .await
    }

    /// Takes back that an attempt has failed: the password was right, or nobody looked at it.
    pub(super) async fn forgive(&self, attempt: Attempt) {
        for (key, limit) in &attempt.0 {
            self.throttle.give_back(key, *limit).await;
        }
    }

    fn keys(&self, account: String, ip: Option<IpAddr>) -> Vec<(LimitKey, Limit)> {
        let mut keys = Vec::with_capacity(3);
        if let Some(ip) = ip {
            let address = LimitKey::LoginAddress(host(ip));
            keys.push((address, self.limits.login_address));
            let near = LimitKey::LoginNetwork(account.clone(), network(ip));
            keys.push((near, self.limits.login_network));
        }
        keys.push((LimitKey::LoginAccount(account), self.limits.login_account));
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    fn attempts(address: u32, network: u32, account: u32) -> Attempts {
        let mut world = World::new();
        let limits = &mut world.policy.limits;
        limits.login_address.points = address;
        limits.login_network.points = network;
        limits.login_account.points = account;
        Attempts::new(&world.ports, &world.policy)
    }

    async fn fails(attempts: &Attempts, account: &str, ip: impl Into<Option<IpAddr>>) -> bool {
        attempts.begin(account.to_owned(), ip.into()).await.is_ok()
    }

    #[tokio::test]
    async fn an_address_fails_so_often_whatever_the_account() {
        let attempts = attempts(2, 0, 0);
        assert!(fails(&attempts, "ana", ip(1)).await);
        assert!(fails(&attempts, "ben", ip(1)).await);
        assert!(!fails(&attempts, "cleo", ip(1)).await);
        let left = async |ip| attempts.quota(Some(ip)).await.unwrap().remaining;
        assert_eq!((left(ip(1)).await, left(ip(2)).await), (0, 2));
        assert!(fails(&attempts, "cleo", ip(2)).await);
    }

    #[tokio::test]
    async fn a_network_fails_so_often_into_an_account() {
        let attempts = attempts(0, 2, 0);
        assert!(fails(&attempts, "ana", ip(1)).await);
        assert!(fails(&attempts, "ana", ip(2)).await);
        assert!(!fails(&attempts, "ana", ip(3)).await);
        assert!(fails(&attempts, "ben", ip(3)).await);
        let elsewhere = Some(IpAddr::from([198, 51, 100, 1]));
        assert!(fails(&attempts, "ana", elsewhere).await);
    }

    #[tokio::test]
    async fn an_account_fails_so_often_wherever_from() {
        let attempts = attempts(0, 0, 2);
        assert!(fails(&attempts, "ana", ip(1)).await);
        assert!(fails(&attempts, "ana", None).await);
        assert!(!fails(&attempts, "ana", Some(IpAddr::from([198, 51, 100, 1]))).await);
    }

    #[tokio::test]
    async fn one_limit_reached_takes_no_point_of_the_others() {
        let attempts = attempts(2, 0, 1);
        assert!(fails(&attempts, "ana", ip(1)).await);
        assert!(!fails(&attempts, "ana", ip(1)).await);
        assert!(fails(&attempts, "ben", ip(1)).await);
    }

    #[tokio::test]
    async fn what_is_forgiven_was_never_counted() {
        let attempts = attempts(1, 1, 1);
        for _ in 0..3 {
            let attempt = attempts.begin("ana".to_owned(), Some(ip(1))).await.unwrap();
            attempts.forgive(attempt).await;
        }
        assert!(fails(&attempts, "ana", ip(1)).await);
        assert!(!fails(&attempts, "ana", ip(1)).await);
    }
}
