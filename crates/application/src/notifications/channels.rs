//! The channels that notifications are sent through.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::notifier::Notification;
use domain::port::pusher::Pushed;
use domain::port::{Clock, Notifier, PushSubscriptions, Pusher};
use domain::{Device, Failure, SessionId, Timestamp, UserId};

use crate::Ports;
use crate::lock::lock;

/// How many devices of a user are notified: the most recently used ones.
const DEVICES: usize = 10;
/// How long after its message a push is attempted. A third-party push service may be gone for good,
/// which is not the operator's concern, and a dead letter would alert them.
const PUSHED_WITHIN: Duration = Duration::from_mins(8);

/// A way to notify one user.
#[derive(Clone, Copy)]
pub(super) enum Channel<'a> {
    /// The operator's own system, which reaches users by its own means.
    Notifier(&'a dyn Notifier),
    /// One of the user's devices.
    Device(&'a dyn Pusher, &'a Device),
}

impl Channel<'_> {
    /// The device that marks of sent notifications are keyed by; `None` for the notifier.
    pub(super) const fn device(&self) -> Option<SessionId> {
        match self {
            Self::Notifier(_) => None,
            Self::Device(_, device) => Some(device.session),
        }
    }

    pub(super) const fn is_notifier(&self) -> bool {
        matches!(self, Self::Notifier(_))
    }
}

/// The available channels.
pub(super) struct Channels {
    notifier: Option<Arc<dyn Notifier>>,
    pusher: Option<Arc<dyn Pusher>>,
    subscriptions: Arc<dyn PushSubscriptions>,
    clock: Arc<dyn Clock>,
    /// The latest time at which no device was known to be subscribed.
    none_at: Mutex<Option<Timestamp>>,
}

/// The subscribed devices of several users.
#[derive(Default)]
pub(super) struct Devices(HashMap<UserId, Vec<Device>>);

impl Channels {
    pub(super) fn new(ports: &Ports, notifier: Option<Arc<dyn Notifier>>) -> Self {
        Self {
            notifier,
            pusher: ports.pusher.clone(),
            subscriptions: Arc::clone(&ports.push_subscriptions),
            clock: Arc::clone(&ports.clock),
            none_at: Mutex::default(),
        }
    }

    /// Whether anybody could be notified of a message sent at `said`, checked before anything
    /// costlier. On most servers nobody subscribes, and one query settles it for all messages sent
    /// until then.
    pub(super) async fn reach_anybody(&self, said: Timestamp) -> Result<bool, Failure> {
        if self.notifier.is_some() {
            return Ok(true);
        }
        if self.pusher.is_none() || lock(&self.none_at).is_some_and(|none_at| said <= none_at) {
            return Ok(false);
        }
        let now = self.clock.now();
        let any = self.subscriptions.any().await?;
        if !any {
            let mut none_at = lock(&self.none_at);
            *none_at = (*none_at).max(Some(now));
        }
        Ok(any)
    }

    /// The devices on which these users want to be notified.
    pub(super) async fn devices(&self, users: &[UserId]) -> Result<Devices, Failure> {
        let mut devices = Devices::default();
        if self.pusher.is_none() || users.is_empty() {
            return Ok(devices);
        }
        let now = self.clock.now();
        for device in self.subscriptions.of_users(users, now).await? {
            let theirs = devices.0.entry(device.user).or_default();
            if theirs.len() < DEVICES {
                theirs.push(device);
            }
        }
        Ok(devices)
    }

    /// The channels through which a user is notified.
    pub(super) fn of<'a>(&'a self, user: UserId, devices: &'a Devices) -> Vec<Channel<'a>> {
        let notifier = self.notifier.as_deref().map(Channel::Notifier);
        let pusher = self.pusher.as_deref();
        let theirs = devices.0.get(&user).into_iter().flatten();
        let on_devices = theirs.filter_map(|device| Some(Channel::Device(pusher?, device)));
        notifier.into_iter().chain(on_devices).collect()
    }

    /// Notifies a user through one channel; `false` if there turns out to be no recipient. It fails
    /// only if it may be retried.
    pub(super) async fn tell(
        &self,
        by: &Channel<'_>,
        what: &Notification,
    ) -> Result<bool, Failure> {
        match by {
            Channel::Notifier(notifier) => {
                notifier.tell(what).await?;
                Ok(true)
            }
            Channel::Device(pusher, device) => {
                let outcome = pusher.push(&device.subscription, what).await;
                self.after(outcome, device, what).await
            }
        }
    }

    async fn after(
        &self,
        outcome: Pushed,
        device: &Device,
        what: &Notification,
    ) -> Result<bool, Failure> {
        let (session, event) = (device.session, what.event);
        let count = |became: &'static str| {
            metrics::counter!("tertulia_pushes_total", "became" => became).increment(1);
        };
        match outcome {
            Pushed::Taken => {
                count("taken");
                Ok(true)
            }
            Pushed::Gone => {
                count("gone");
                let endpoint = &device.subscription.endpoint;
                let removed = self
                    .subscriptions
                    .remove(session, device.user, Some(endpoint));
                removed.await?;
                tracing::debug!(%session, "a push subscription is gone; removed it");
                Ok(false)
            }
            Pushed::Refused(why) => {
                count("refused");
                tracing::warn!(%session, %event, why, "the push service rejected a push");
                Ok(false)
            }
            Pushed::Later(why) if self.is_late(what.at) => {
                count("given_up");
                tracing::info!(%session, %event, why, "gave up on a push; the message is too old");
                Ok(false)
            }
            Pushed::Later(why) => {
                count("later");
                Err(Failure::passing("pusher", "push", why))
            }
        }
    }

    fn is_late(&self, said: Timestamp) -> bool {
        self.clock.now() > said + PUSHED_WITHIN
    }
}
