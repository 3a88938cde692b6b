//! Publishing to the bus what was done.

use std::sync::Arc;

use domain::port::Bus;
use domain::port::bus::{AccessChange, Notice, RoomChange};
use domain::{RoomId, UserId};

/// Publishes what a use case has done, after it has been stored.
///
/// A notice is only a hint: a node that misses it catches up from the store. So a failing bus is
/// logged, and never fails a request that has already succeeded.
#[derive(Clone)]
pub(crate) struct Announcer {
    bus: Arc<dyn Bus>,
}

impl Announcer {
    pub(crate) fn new(bus: &Arc<dyn Bus>) -> Self {
        Self {
            bus: Arc::clone(bus),
        }
    }

    /// Publishes a notice to all listeners.
    pub(crate) async fn tell(&self, notice: Notice) {
        if let Err(failure) = self.bus.publish(notice).await {
            tracing::warn!(
                error = %failure.chain(),
                "could not publish a notice to the bus"
            );
        }
    }

    /// Publishes durable changes of one room, in order of their revs.
    pub(crate) async fn changed(&self, room: RoomId, changes: Vec<RoomChange>) {
        if !changes.is_empty() {
            self.tell(Notice::Changed { room, changes }).await;
        }
    }

    /// Publishes that a user's access to a room has changed.
    pub(crate) async fn access_changed(&self, room: RoomId, user: UserId, change: AccessChange) {
        self.tell(Notice::AccessChanged { room, user, change })
            .await;
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use domain::Failure;
    use domain::port::IdsExt as _;
    use domain::port::bus::Notices;

    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn no_changes_are_no_notice() {
        let world = World::new();
        let mut ear = world.ear().await;
        let announcer = Announcer::new(&world.ports.bus);
        announcer.changed(world.ports.ids.next(), Vec::new()).await;
        assert_eq!(ear.heard(), []);
    }

    /// A bus that is unavailable.
    struct Away;

    #[async_trait]
    impl Bus for Away {
        async fn publish(&self, _: Notice) -> Result<(), Failure> {
            Err(away())
        }

        async fn listen(&self) -> Result<Notices, Failure> {
            Err(away())
        }

        async fn follow(&self, _: &[RoomId]) -> Result<(), Failure> {
            Err(away())
        }

        async fn unfollow(&self, _: &[RoomId]) -> Result<(), Failure> {
            Err(away())
        }
    }

    fn away() -> Failure {
        Failure::passing("bus", "answer", "connection refused")
    }

    #[tokio::test]
    async fn a_bus_that_is_away_stops_nobody() {
        let mut world = World::new();
        world.ports.bus = Arc::new(Away);
        let ana = world.user("ana").await;
        let log_out = crate::account::LogOutEverywhere::new(&world.ports);
        log_out.run(&ana).await.unwrap();
        assert_eq!(world.sessions_of(&ana).await, []);
    }
}
