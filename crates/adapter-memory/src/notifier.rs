//! Notifying users who are away, for tests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use domain::Failure;
use domain::port::Notifier;
use domain::port::notifier::Notification;

use crate::lock::lock;

/// How many notifications are remembered. Further ones are refused.
const MOST: usize = 10_000;

/// Records notifications, and sends none.
#[derive(Default)]
pub struct MemoryNotifier {
    heard: Mutex<Vec<Notification>>,
    refuses: AtomicBool,
}

impl MemoryNotifier {
    /// The recorded notifications, in order.
    pub fn heard(&self) -> Vec<Notification> {
        lock(&self.heard).clone()
    }

    /// Whether to refuse every notification from now on.
    pub fn refuse(&self, refuse: bool) {
        self.refuses.store(refuse, Ordering::Relaxed);
    }
}

#[async_trait]
impl Notifier for MemoryNotifier {
    async fn tell(&self, notification: &Notification) -> Result<(), Failure> {
        let mut heard = lock(&self.heard);
        if self.refuses.load(Ordering::Relaxed) || heard.len() >= MOST {
            let why = "nobody listens";
            return Err(Failure::passing("notifier", "tell", why));
        }
        heard.push(notification.clone());
        Ok(())
    }
}
