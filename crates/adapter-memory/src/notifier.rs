//! Telling people who are away, for tests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use domain::Failure;
use domain::port::Notifier;
use domain::port::notifier::Notification;

use crate::lock::lock;

/// How many notifications are remembered. Then it is full, and refuses.
const MOST: usize = 10_000;

/// Remembers what was told, and tells nobody.
#[derive(Default)]
pub struct MemoryNotifier {
    heard: Mutex<Vec<Notification>>,
    refuses: AtomicBool,
}

impl MemoryNotifier {
    /// What was told, in its order.
    pub fn heard(&self) -> Vec<Notification> {
        lock(&self.heard).clone()
    }

    /// From now on refuses everything, or no more.
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
