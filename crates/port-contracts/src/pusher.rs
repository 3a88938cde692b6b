//! Obligations of [`domain::port::Pusher`].

use std::sync::Arc;
use std::time::Duration;

use domain::PushSubscription;
use domain::port::Pusher;
use domain::port::notifier::{Notification, Reason};
use domain::port::pusher::{Pushable, Pushed};

use crate::Time;
use crate::notifier::notification;

contract!(pusher {
    a_notification_is_pushed,
    what_the_push_service_answers_is_told,
    a_service_that_wants_rest_is_left_alone,
    that_nobody_answers_is_told,
    what_may_not_be_pushed_to_is_refused,
});

/// A push service and the single browser behind it.
pub trait PushService: Send + Sync {
    /// What the browser could decrypt, in order.
    fn heard(&self) -> Vec<Notification>;

    /// How many requests the service received.
    fn asked(&self) -> usize;

    /// Sets the later answers, and how long to stay away.
    fn answer(&self, status: u16, rest: Option<Duration>);
}

/// A pusher with its other end.
pub struct Pushers {
    pub pusher: Arc<dyn Pusher>,
    pub service: Arc<dyn PushService>,
    pub time: Time,
    /// The one that leads to the other end.
    pub subscription: PushSubscription,
    /// One where nothing answers.
    pub nowhere: PushSubscription,
    /// Subscriptions that may not be used, though something would answer.
    pub forbidden: Vec<PushSubscription>,
}

impl Pushers {
    async fn push(&self) -> Pushed {
        let one = notification(Reason::Direct, None);
        self.pusher.push(&self.subscription, &one).await
    }
}

pub async fn a_notification_is_pushed(both: &Pushers) {
    assert_eq!(both.pusher.key()[0], 4);
    let checked = both.pusher.check(&both.subscription).await;
    assert_eq!(checked, Pushable::Yes);
    let all = [
        notification(Reason::Mention, Some("garden \"of\" ñandús")),
        notification(Reason::Direct, None),
        notification(Reason::Reply, Some("x")),
        notification(Reason::Message, Some("y")),
    ];
    for one in &all {
        let pushed = both.pusher.push(&both.subscription, one).await;
        assert_eq!(pushed, Pushed::Taken);
    }
    assert_eq!(both.service.heard(), all);
}

pub async fn what_the_push_service_answers_is_told(both: &Pushers) {
    for status in [404, 410] {
        both.service.answer(status, None);
        assert_eq!(both.push().await, Pushed::Gone);
    }
    for status in [400, 403, 413] {
        both.service.answer(status, None);
        let pushed = both.push().await;
        assert!(matches!(pushed, Pushed::Refused(_)), "{status}: {pushed:?}");
    }
    for status in [429, 500, 503] {
        both.service.answer(status, None);
        let pushed = both.push().await;
        assert!(matches!(pushed, Pushed::Later(_)), "{status}: {pushed:?}");
    }
    both.service.answer(201, None);
    assert_eq!(both.push().await, Pushed::Taken);
    assert_eq!(both.service.heard().len(), 1);
}

pub async fn a_service_that_wants_rest_is_left_alone(both: &Pushers) {
    both.service.answer(429, Some(both.time.units(2)));
    assert!(matches!(both.push().await, Pushed::Later(_)));
    assert_eq!(both.service.asked(), 1);
    both.service.answer(201, None);
    both.time.pass(1).await;
    assert!(matches!(both.push().await, Pushed::Later(_)));
    assert_eq!(both.service.asked(), 1);
    both.time.pass(1).await;
    assert_eq!(both.push().await, Pushed::Taken);
}

pub async fn that_nobody_answers_is_told(both: &Pushers) {
    let one = notification(Reason::Direct, None);
    let pushed = both.pusher.push(&both.nowhere, &one).await;
    let Pushed::Later(words) = pushed else {
        panic!("{pushed:?}");
    };
    let endpoint = both.nowhere.endpoint.as_str();
    assert!(!words.contains(endpoint), "{words}");
}

pub async fn what_may_not_be_pushed_to_is_refused(both: &Pushers) {
    assert!(!both.forbidden.is_empty());
    for subscription in &both.forbidden {
        let endpoint = subscription.endpoint.as_str();
        let checked = both.pusher.check(subscription).await;
        assert_ne!(checked, Pushable::Yes, "{endpoint}");
        let one = notification(Reason::Direct, None);
        let pushed = both.pusher.push(subscription, &one).await;
        assert!(matches!(pushed, Pushed::Refused(_)), "{endpoint}");
    }
    assert_eq!(both.service.asked(), 0);
}
