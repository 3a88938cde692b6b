//! Limits on failed sign-in attempts.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use domain::UserId;
use domain::port::limiter::{Limit, LimitKey};
use tokio::sync::Notify;

use crate::address::{host, network};
use crate::lock::lock;
use crate::throttle::Throttle;
use crate::{Error, Limits, Policy, Ports, Quota};

/// Counts failed logins by address, by account and network, and by account.
///
/// Points are taken before the password is verified, and given back if it was correct: otherwise
/// many concurrent attempts would all be verified before the first of them counted. An attempt that
/// finds no point left waits for those that are being verified, so that many users who sign in
/// correctly behind one address do not count as failures of each other.
#[derive(Clone)]
pub(super) struct Attempts {
    throttle: Throttle,
    limits: Limits,
    verifying: Arc<Verifying>,
}

/// The points taken for one attempt, until its outcome is known.
#[must_use = "an attempt that did not fail is forgiven"]
pub(super) struct Attempt {
    points: Vec<(LimitKey, Limit)>,
    verifying: Arc<Verifying>,
}

/// How many attempts of this node are being verified, by key. There are no more than requests.
#[derive(Default)]
struct Verifying {
    attempts: Mutex<HashMap<LimitKey, usize>>,
    ended: Notify,
}

impl Attempts {
    pub(super) fn new(ports: &Ports, policy: &Policy) -> Self {
        Self {
            throttle: Throttle::new(ports),
            limits: policy.limits,
            verifying: Arc::default(),
        }
    }

    /// Starts an attempt, counting it as failed until it is forgiven.
    ///
    /// `account` identifies the account, or stands in for one that does not exist: both are
    /// counted, so that hitting the limit does not reveal whether the account exists.
    pub(super) async fn begin(
        &self,
        account: String,
        ip: Option<IpAddr>,
    ) -> Result<Attempt, Error> {
        let mut keys = self.keys_of_account(account, ip);
        if let Some(ip) = ip {
            let address = LimitKey::LoginAddress(host(ip));
            keys.insert(0, (address, self.limits.login_address));
        }
        self.begin_under(keys).await
    }

    /// Starts an attempt of a user who is signed in. Only their own account can be guessed that way, so
    /// it does not count for the address, which they may share with many others.
    pub(super) async fn begin_signed_in(
        &self,
        user: UserId,
        ip: Option<IpAddr>,
    ) -> Result<Attempt, Error> {
        let keys = self.keys_of_account(user.to_string(), ip);
        self.begin_under(keys).await
    }

    async fn begin_under(&self, keys: Vec<(LimitKey, Limit)>) -> Result<Attempt, Error> {
        let mut attempt = Attempt {
            points: Vec::new(),
            verifying: Arc::clone(&self.verifying),
        };
        for (key, limit) in keys {
            if let Err(limited) = self.admit(&key, limit).await {
                // An attempt that is not made has not failed either.
                self.forgive(attempt).await;
                return Err(limited);
            }
            self.verifying.begin(&key);
            attempt.points.push((key, limit));
        }
        Ok(attempt)
    }

    /// Takes a point, once it is certain that none of those taken will be given back.
    async fn admit(&self, key: &LimitKey, limit: Limit) -> Result<(), Error> {
        loop {
            // Before looking, so that no end is missed.
            let ended = self.verifying.ended.notified();
            let had_others = self.verifying.any(key);
            match self.throttle.admit(key, limit).await {
                Ok(_) => return Ok(()),
                Err(limited) if !had_others && !self.verifying.any(key) => return Err(limited),
                Err(_) => ended.await,
            }
        }
    }

    /// The quota left to an address. The limits of an account are not disclosed before they are
    /// hit.
    pub(super) async fn quota(&self, ip: Option<IpAddr>) -> Option<Quota> {
        let address = LimitKey::LoginAddress(host(ip?));
        self.throttle
            .look(&address, self.limits.login_address)
            .await
    }

    /// Stops counting an attempt as failed: the password was correct, or was never verified.
    pub(super) async fn forgive(&self, attempt: Attempt) {
        self.give_back(&attempt.points).await;
    }

    async fn give_back(&self, points: &[(LimitKey, Limit)]) {
        for (key, limit) in points {
            self.throttle.give_back(key, *limit).await;
        }
    }

    fn keys_of_account(&self, account: String, ip: Option<IpAddr>) -> Vec<(LimitKey, Limit)> {
        let mut keys = Vec::with_capacity(3);
        if let Some(ip) = ip {
            let near = LimitKey::LoginNetwork(account.clone(), network(ip));
            keys.push((near, self.limits.login_network));
        }
        keys.push((LimitKey::LoginAccount(account), self.limits.login_account));
        keys
    }
}

impl Verifying {
    fn begin(&self, key: &LimitKey) {
        *lock(&self.attempts).entry(key.clone()).or_default() += 1;
    }

    fn end(&self, points: &[(LimitKey, Limit)]) {
        let mut attempts = lock(&self.attempts);
        for (key, _) in points {
            let of_key = attempts.get_mut(key).map_or(0, |count| {
                *count -= 1;
                *count
            });
            if of_key == 0 {
                attempts.remove(key);
            }
        }
        drop(attempts);
        self.ended.notify_waiters();
    }

    fn any(&self, key: &LimitKey) -> bool {
        lock(&self.attempts).contains_key(key)
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.verifying.end(&self.points);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use uuid::Uuid;

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
    async fn who_is_signed_in_fails_for_their_account_and_not_for_their_address() {
        let attempts = attempts(1, 2, 0);
        let ana = UserId::from_uuid(Uuid::from_u128(7));
        let again = async |last| attempts.begin_signed_in(ana, Some(ip(last))).await.is_ok();
        assert!(again(1).await);
        assert!(again(1).await);
        assert!(!again(2).await);
        assert!(!fails(&attempts, &ana.to_string(), ip(3)).await);
        assert!(fails(&attempts, "ben", ip(1)).await);
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
    async fn an_attempt_waits_for_those_that_are_being_verified() {
        let attempts = attempts(1, 0, 0);
        let begin = |account: &str| attempts.begin(account.to_owned(), Some(ip(1)));
        let right = begin("ana").await.unwrap();
        let mut next = Box::pin(begin("ben"));
        assert!((&mut next).now_or_never().is_none());
        attempts.forgive(right).await;
        let wrong = next.await.unwrap();

        let mut last = Box::pin(begin("cleo"));
        assert!((&mut last).now_or_never().is_none());
        drop(wrong);
        assert!(last.await.is_err());
        assert!(lock(&attempts.verifying.attempts).is_empty());
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
