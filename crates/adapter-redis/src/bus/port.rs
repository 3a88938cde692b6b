//! The port, served by this node's end of the bus.

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::bus::{Notice, Notices};
use domain::{Failure, RoomId};

use crate::store::RedisStore;

/// Nothing here fails because Redis is away: notices still reach this node's listeners, and
/// subscriptions take effect when Redis is back, followed by a gap.
#[async_trait]
impl Bus for RedisStore {
    async fn publish(&self, notice: Notice) -> Result<(), Failure> {
        self.bus.say(notice);
        Ok(())
    }

    async fn listen(&self) -> Result<Notices, Failure> {
        Ok(self.bus.listen().await)
    }

    async fn follow(&self, rooms: &[RoomId]) -> Result<(), Failure> {
        self.bus.follow(rooms).await;
        Ok(())
    }

    async fn unfollow(&self, rooms: &[RoomId]) -> Result<(), Failure> {
        self.bus.unfollow(rooms);
        Ok(())
    }
}
