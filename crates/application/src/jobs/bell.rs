//! Waking the relay when something was committed here.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::bus::{Notice, Notices};
use domain::{Failure, RoomId};
use tokio::sync::Notify;

/// Rung when there may be events to carry. However often it is rung meanwhile, whoever listens wakes
/// once, and it is never rung in vain while nobody listens.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings it.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it is rung.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

/// A bus at whose notices a bell rings: whoever tells others of a change has committed it, and its
/// events with it.
pub struct RingingBus {
    bus: Arc<dyn Bus>,
    bell: Bell,
}

impl RingingBus {
    /// Hangs a bell on a bus.
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
