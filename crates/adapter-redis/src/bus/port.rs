//! The port over this node's end.

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::bus::{Notice, Notices};
use domain::{Failure, RoomId};

use crate::store::RedisStore;

/// None of it fails because Redis is away: what is said here is heard here, what is wished for is met
/// when Redis is back, and then a gap is heard.
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
