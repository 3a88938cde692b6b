//! By what people are told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::port::notifier::Notification;
use domain::port::pusher::Pushed;
use domain::port::{Clock, Notifier, PushSubscriptions, Pusher};
use domain::{Device, Failure, SessionId, Timestamp, UserId};

use crate::Ports;

/// On how many devices somebody is told: on those that they used last.
const DEVICES: usize = 10;
/// For how long after its message a push is tried. Somebody else's push service may be away for ever, and
/// that is no matter for the operator, whom a dead letter calls.
const PUSHED_WITHIN: Duration = Duration::from_mins(8);

/// One of those ways.
#[derive(Clone, Copy)]
pub(super) enum Channel<'a> {
    /// The operator's own system, which reaches people by whatever it has.
    Notifier(&'a dyn Notifier),
    /// A device of theirs.
    Device(&'a dyn Pusher, &'a Device),
}

impl Channel<'_> {
    /// What it is remembered by that somebody was told this way.
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

/// What there is to tell people by.
pub(super) struct Channels {
    notifier: Option<Arc<dyn Notifier>>,
    pusher: Option<Arc<dyn Pusher>>,
    subscriptions: Arc<dyn PushSubscriptions>,
    clock: Arc<dyn Clock>,
    /// When it was last seen that there is no device to be told.
    none_at: Mutex<Option<Timestamp>>,
}

/// The devices of many people.
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

    /// Whether anybody could be told of what was said then, before much is asked about it. On most servers
    /// nobody subscribes, and one question answers for all that was said until then.
    pub(super) async fn reach_anybody(&self, said: Timestamp) -> Result<bool, Failure> {
        if self.notifier.is_some() {
            return Ok(true);
        }
        if self.pusher.is_none() || self.none_at().is_some_and(|none_at| said <= none_at) {
            return Ok(false);
        }
        let now = self.clock.now();
        let any = self.subscriptions.any().await?;
        if !any {
            let mut none_at = self.none_at();
            *none_at = (*none_at).max(Some(now));
        }
        Ok(any)
    }

    fn none_at(&self) -> MutexGuard<'_, Option<Timestamp>> {
        // Nothing in here is left half done by a panic.
        self.none_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The devices on which these people want to be told.
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

    /// The ways in which one of them is told.
    pub(super) fn of<'a>(&'a self, user: UserId, devices: &'a Devices) -> Vec<Channel<'a>> {
        let notifier = self.notifier.as_deref().map(Channel::Notifier);
        let pusher = self.pusher.as_deref();
        let theirs = devices.0.get(&user).into_iter().flatten();
        let on_devices = theirs.filter_map(|device| Some(Channel::Device(pusher?, device)));
        notifier.into_iter().chain(on_devices).collect()
    }

    /// Tells somebody one way; `false` where there is nobody to tell after all. How it is going is a failure
    /// only where it may be tried again.
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
                tracing::debug!(%session, "a browser has ended its subscription");
                Ok(false)
            }
            Pushed::Refused(why) => {
                count("refused");
                tracing::warn!(%session, %event, why, "a push was refused");
                Ok(false)
            }
            Pushed::Later(why) if self.is_late(what.at) => {
                count("given_up");
                tracing::info!(%session, %event, why, "a push was given up");
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
