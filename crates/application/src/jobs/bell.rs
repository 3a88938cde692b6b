//! Waking the relay when something was committed on this node.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::bus::{Notice, Notices};
use domain::{Failure, RoomId};
use tokio::sync::Notify;

/// Signals that there may be events to relay. Any number of rings in between wake a listener once,
/// and a ring while nobody listens is not lost.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings the bell.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for the next ring.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

/// A bus that rings a bell on every notice of a change: a change is committed, together with its
/// events, before it is published.
pub struct RingingBus {
    bus: Arc<dyn Bus>,
    bell: Bell,
}

impl RingingBus {
    /// Attaches a bell to a bus.
    pub fn new(bus: Arc<dyn Bus>, bell: Bell) -> Self {
        Self { bus, bell }
    }
}

#[async_trait]
impl Bus for RingingBus {
    async fn publish(&self, notice: Notice) -> Result<(), Failure> {
        if matches!(
            notice,
            Notice::Changed { .. } | Notice::AccessChanged { .. }
        ) {
            self.bell.ring();
        }
        self.bus.publish(notice).await
    }

    async fn listen(&self) -> Result<Notices, Failure> {
        self.bus.listen().await
    }

    async fn follow(&self, rooms: &[RoomId]) -> Result<(), Failure> {
        self.bus.follow(rooms).await
    }

    async fn unfollow(&self, rooms: &[RoomId]) -> Result<(), Failure> {
        self.bus.unfollow(rooms).await
    }
}
