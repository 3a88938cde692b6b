//! Managing push subscriptions.

use std::sync::Arc;

use domain::port::pusher::Pushable;
use domain::port::{Clock, PushSubscriptions, Pusher};
use domain::{FieldProblem, PushSubscription, Refusal};

use crate::{Caller, Error, Ports};

/// Keeps the push subscription of the device that the caller is signed in on, and of no other.
pub struct PushDesk {
    pusher: Option<Arc<dyn Pusher>>,
    subscriptions: Arc<dyn PushSubscriptions>,
    clock: Arc<dyn Clock>,
}

impl PushDesk {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            pusher: ports.pusher.clone(),
            subscriptions: Arc::clone(&ports.push_subscriptions),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// The key that a browser subscribes with; `None` if push is disabled.
    pub fn key(&self, _by: &Caller) -> Option<[u8; 65]> {
        Some(self.pusher.as_ref()?.key())
    }

    /// Subscribes the caller's device. Repeating it with the same subscription changes nothing.
    pub async fn subscribe(
        &self,
        by: &Caller,
        subscription: &PushSubscription,
    ) -> Result<(), Error> {
        let pusher = self.pusher.as_ref().ok_or(Refusal::NotFound)?;
        let now = self.clock.now();
        let mut problems = Vec::new();
        if subscription.expires_at.is_some_and(|at| at <= now) {
            let why = "the subscription has expired";
            problems.push(FieldProblem::new("expirationTime", "range", why));
        }
        match pusher.check(subscription).await {
            Pushable::Yes => {}
            Pushable::Endpoint(why) => {
                problems.push(FieldProblem::new("endpoint", "unusable", why));
            }
            Pushable::Key(why) => {
                problems.push(FieldProblem::new("keys.p256dh", "unusable", why));
            }
        }
        Refusal::if_any(problems)?;
        let kept = self
            .subscriptions
            .keep(by.session, by.user, subscription, now);
        if kept.await? {
            Ok(())
        } else {
            Err(Refusal::SessionRevoked.into())
        }
    }

    /// Unsubscribes the caller's device, whether or not it was subscribed.
    pub async fn unsubscribe(&self, by: &Caller) -> Result<(), Error> {
        let removed = self.subscriptions.remove(by.session, by.user, None);
        removed.await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::PushKeys;

    use super::*;
    use crate::testing::{World, bad_field, invalid_fields, refusal, subscription};

    #[tokio::test]
    async fn a_device_is_told_until_it_is_told_no_more() {
        let world = World::new();
        let desk = PushDesk::new(&world.ports);
        let phone = world.user("ana").await;
        let laptop = world.sign_in(phone.user).await;
        assert_eq!(desk.key(&phone), Some([4; 65]));
        for _ in 0..2 {
            let one = subscription("phone");
            desk.subscribe(&phone, &one).await.unwrap();
            assert_eq!(world.devices_of(&phone).await, [(phone.session, one)]);
        }
        for _ in 0..2 {
            desk.unsubscribe(&laptop).await.unwrap();
        }
        assert_eq!(world.devices_of(&phone).await.len(), 1);
        desk.unsubscribe(&phone).await.unwrap();
        assert_eq!(world.devices_of(&phone).await, []);
    }

    #[tokio::test]
    async fn what_cannot_be_pushed_to_is_refused_by_its_field() {
        let world = World::new();
        let desk = PushDesk::new(&world.ports);
        let ana = world.user("ana").await;
        let mut beside = subscription("phone");
        beside.keys = PushKeys::parse(&[5; 65], &[7; 16]).unwrap();
        let mut late = subscription("phone");
        late.expires_at = Some(world.now());
        let forbidden = subscription("forbidden");
        let cases = [
            (beside, "keys.p256dh"),
            (late, "expirationTime"),
            (forbidden, "endpoint"),
        ];
        for (bad, field) in cases {
            let refused = desk.subscribe(&ana, &bad).await;
            assert_eq!(bad_field(refused), field);
        }
        let mut both = subscription("forbidden");
        both.expires_at = Some(world.now());
        let refused = desk.subscribe(&ana, &both).await;
        assert_eq!(invalid_fields(refused), ["expirationTime", "endpoint"]);
        assert_eq!(world.devices_of(&ana).await, []);
    }

    #[tokio::test]
    async fn a_session_that_ended_keeps_nothing() {
        let world = World::new();
        let desk = PushDesk::new(&world.ports);
        let ana = world.user("ana").await;
        let sessions = &world.ports.session_store;
        let ended = sessions.end(ana.session, ana.user, world.now()).await;
        assert!(ended.unwrap());
        let refused = desk.subscribe(&ana, &subscription("phone")).await;
        assert_eq!(refusal(refused), Refusal::SessionRevoked);
    }

    #[tokio::test]
    async fn where_nobody_is_told_by_push_there_is_nothing_to_subscribe_to() {
        let mut world = World::new();
        world.ports.pusher = None;
        let desk = PushDesk::new(&world.ports);
        let ana = world.user("ana").await;
        assert_eq!(desk.key(&ana), None);
        let refused = desk.subscribe(&ana, &subscription("phone")).await;
        assert_eq!(refusal(refused), Refusal::NotFound);
        desk.unsubscribe(&ana).await.unwrap();
    }
}
