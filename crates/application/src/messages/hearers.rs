//! Who hears of a new message by way of the outbox.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use domain::port::{Clock, PushSubscriptions};

use crate::recent::is_believed;
use crate::{Policy, Ports};

/// For how long it is believed that nobody has a device to be told on.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Knows whether anybody but webhooks has a use for the event of a new message. On most servers nobody
/// has, and a message costs a quarter less where its event is not written, read and deleted again. About
/// webhooks the store itself is asked, in the step that stores the message.
pub(super) struct Hearers {
    /// Somebody has, whoever has devices.
    always: bool,
    /// Where the devices are kept, if any is ever told.
    devices: Option<Arc<dyn PushSubscriptions>>,
    clock: Arc<dyn Clock>,
    /// Until when it is believed that there is no device.
    none_until: Mutex<Option<Timestamp>>,
}

impl Hearers {
    pub(super) fn new(ports: &Ports, policy: &Policy) -> Self {
        let devices = ports.pusher.is_some();
        Self {
            always: policy.messages_are_heard,
            devices: devices.then(|| Arc::clone(&ports.push_subscriptions)),
            clock: Arc::clone(&ports.clock),
            none_until: Mutex::default(),
        }
    }

    /// Whether anybody does. Where that cannot be found out now, somebody might.
    pub(super) async fn beside_webhooks(&self) -> bool {
        if self.always {
            return true;
        }
        let Some(devices) = &self.devices else {
            return false;
        };
        let now = self.clock.now();
        if self
            .none_until()
            .is_some_and(|until| is_believed(until, MAX_AGE, now))
        {
            return false;
        }
        let any = devices.any().await.unwrap_or(true);
        if !any {
            *self.none_until() = Some(now + MAX_AGE);
        }
        any
    }

    fn none_until(&self) -> MutexGuard<'_, Option<Timestamp>> {
        // Nothing in here is left half done by a panic.
        self.none_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
