//! Obligations of [`domain::port::PushSubscriptions`].

use std::sync::Arc;
use std::time::Duration;

use domain::port::sessions::Rotated;
use domain::port::{PushSubscriptions, Sessions};
use domain::{
    Device, PushEndpoint, PushKeys, PushSubscription, Session, Timestamp, TokenDigest, UserId,
};

use crate::sessions::scene::{LIFE, open, renew, rotate, start, token};
use crate::{fresh, unique};

contract!(push_subscriptions {
    a_subscription_is_found_as_kept,
    a_session_has_one,
    an_endpoint_belongs_to_one_session,
    only_a_live_session_keeps_one,
    a_subscription_ends_with_its_session,
    a_removed_subscription_is_gone,
    one_that_has_expired_is_not_found,
    that_there_is_none_is_known,
});

const SECOND: Duration = Duration::from_secs(1);

/// Everything that is stored with sessions.
pub struct Subscribers {
    pub sessions: Arc<dyn Sessions>,
    pub subscriptions: Arc<dyn PushSubscriptions>,
}

impl Subscribers {
    async fn open(&self, user: UserId) -> (Session, TokenDigest) {
        open(&self.sessions, user).await
    }

    /// Opens a session and stores a new subscription for it.
    async fn device(&self, user: UserId) -> (Device, TokenDigest) {
        let (session, token) = self.open(user).await;
        let device = device(&session, subscription());
        assert!(self.keep(&device, start()).await);
        (device, token)
    }

    async fn keep(&self, device: &Device, now: Timestamp) -> bool {
        let kept = self
            .subscriptions
            .keep(device.session, device.user, &device.subscription, now);
        kept.await.unwrap()
    }

    async fn remove(&self, device: &Device, only: Option<&PushEndpoint>) -> bool {
        let removed = self.subscriptions.remove(device.session, device.user, only);
        removed.await.unwrap()
    }

    async fn found(&self, users: &[UserId], now: Timestamp) -> Vec<Device> {
        self.subscriptions.of_users(users, now).await.unwrap()
    }
}

fn device(session: &Session, subscription: PushSubscription) -> Device {
    Device {
        user: session.user,
        session: session.id,
        subscription,
    }
}

fn subscription() -> PushSubscription {
    let mut point = [0xff; 65];
    point[0] = 4;
    let name = unique("browser");
    PushSubscription {
        endpoint: PushEndpoint::parse(format!("https://push.example.org/{name}?ñ=1")).unwrap(),
        keys: PushKeys::parse(&point, &[0; 16]).unwrap(),
        expires_at: None,
    }
}

pub async fn a_subscription_is_found_as_kept(it: &Subscribers) {
    let (ana, ben, cyd) = (fresh(), fresh(), fresh());
    let (phone, token) = it.device(ana).await;
    let (laptop, _) = it.device(ana).await;
    let (bens, _) = it.device(ben).await;
    it.open(cyd).await;
    renew(&it.sessions, token, SECOND).await;

    let now = start() + SECOND;
    assert_eq!(it.found(&[ana], now).await, [phone.clone(), laptop.clone()]);
    let of_all = it.found(&[cyd, ben, ana, fresh()], now).await;
    let of = |user| of_all.iter().filter(move |it| it.user == user).cloned();
    assert_eq!(of(ana).collect::<Vec<_>>(), [phone, laptop]);
    assert_eq!(of(ben).collect::<Vec<_>>(), [bens]);
    assert_eq!(of_all.len(), 3);
    assert_eq!(it.found(&[], now).await, []);
}

pub async fn a_session_has_one(it: &Subscribers) {
    let (mut device, _) = it.device(fresh()).await;
    for _ in 0..2 {
        device.subscription = PushSubscription {
            expires_at: Some(start() + LIFE),
            ..subscription()
        };
        for _ in 0..2 {
            assert!(it.keep(&device, start()).await);
            assert_eq!(it.found(&[device.user], start()).await, [device.clone()]);
        }
    }
    device.subscription.expires_at = None;
    assert!(it.keep(&device, start()).await);
    assert_eq!(it.found(&[device.user], start()).await, [device]);
}

pub async fn an_endpoint_belongs_to_one_session(it: &Subscribers) {
    let (ana, ben) = (fresh(), fresh());
    let (before, _) = it.device(ana).await;
    let (other, _) = it.device(ana).await;
    let (session, _) = it.open(ben).await;
    let now = device(&session, before.subscription.clone());
    assert!(it.keep(&now, start()).await);
    assert_eq!(it.found(&[ben], start()).await, [now]);
    assert_eq!(it.found(&[ana], start()).await, [other]);
}

pub async fn only_a_live_session_keeps_one(it: &Subscribers) {
    let user = fresh();
    let (session, _) = it.open(user).await;
    let one = device(&session, subscription());
    let of_another = Device {
        user: fresh(),
        ..one.clone()
    };
    let unknown = Device {
        session: fresh(),
        ..one.clone()
    };
    for not in [&of_another, &unknown] {
        assert!(!it.keep(not, start()).await);
    }
    assert!(!it.keep(&one, start() + LIFE).await);
    it.sessions.end(session.id, user, start()).await.unwrap();
    assert!(!it.keep(&one, start()).await);
    let all = [user, of_another.user];
    assert_eq!(it.found(&all, start()).await, []);
}

pub async fn a_subscription_ends_with_its_session(it: &Subscribers) {
    let user = fresh();
    let (ended, _) = it.device(user).await;
    let (stolen, token_of_stolen) = it.device(user).await;
    let (renewed, token_of_renewed) = it.device(user).await;
    let (spared, _) = it.device(user).await;

    let end = it.sessions.end(ended.session, user, start());
    assert!(end.await.unwrap());
    assert_eq!(it.found(&[user], start()).await.len(), 3);

    let later = Duration::from_hours(1);
    renew(&it.sessions, token_of_stolen, SECOND).await;
    let again = rotate(&it.sessions, token_of_stolen, token(), later).await;
    assert!(matches!(again, Rotated::Reused(_)), "{again:?}");
    renew(&it.sessions, token_of_renewed, later).await;
    let left = it.found(&[user], start() + later).await;
    assert_eq!(left, [renewed.clone(), spared.clone()]);
    assert!(!it.keep(&stolen, start() + later).await);

    let end_all = it
        .sessions
        .end_all(user, Some(spared.session), start() + later);
    assert_eq!(end_all.await.unwrap(), [renewed.session]);
    assert_eq!(it.found(&[user], start() + later).await, [spared]);
    assert_eq!(it.found(&[user], start() + LIFE).await, []);
}

pub async fn a_removed_subscription_is_gone(it: &Subscribers) {
    let user = fresh();
    let (mut one, _) = it.device(user).await;
    let (other, _) = it.device(user).await;
    let of_nobody = Device {
        user: fresh(),
        ..one.clone()
    };
    assert!(!it.remove(&of_nobody, None).await);
    assert!(!it.remove(&one, Some(&other.subscription.endpoint)).await);
    assert_eq!(it.found(&[user], start()).await.len(), 2);
    let endpoint = one.subscription.endpoint.clone();
    assert!(it.remove(&one, Some(&endpoint)).await);
    assert!(!it.remove(&one, Some(&endpoint)).await);
    assert_eq!(it.found(&[user], start()).await, [other.clone()]);
    assert!(it.remove(&other, None).await);
    assert!(!it.remove(&other, None).await);

    // The session lives on, and may have another subscription.
    one.subscription = subscription();
    assert!(it.keep(&one, start()).await);
    assert_eq!(it.found(&[user], start()).await, [one]);
}

pub async fn one_that_has_expired_is_not_found(it: &Subscribers) {
    let (mut device, _) = it.device(fresh()).await;
    device.subscription.expires_at = Some(start() + SECOND);
    assert!(it.keep(&device, start()).await);
    assert_eq!(it.found(&[device.user], start()).await.len(), 1);
    assert_eq!(it.found(&[device.user], start() + SECOND).await, []);
}

pub async fn that_there_is_none_is_known(it: &Subscribers) {
    let any = async || it.subscriptions.any().await.unwrap();
    it.open(fresh()).await;
    assert!(!any().await);
    let (one, _) = it.device(fresh()).await;
    let (other, _) = it.device(fresh()).await;
    assert!(any().await);
    assert!(it.remove(&one, None).await);
    assert!(any().await);
    let ended = it.sessions.end(other.session, other.user, start());
    assert!(ended.await.unwrap());
    assert!(!any().await);
}
