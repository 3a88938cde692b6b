//! Rooms in which a concurrent removal always wins the race.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Rooms;
use domain::port::rooms::{
    Access, Act, Browse, Created, Decided, Decision, NewDirect, NewRoom, Opened, Rule, Step,
};
use domain::{Failure, Membership, Room, RoomId, RoomName, UserId};

/// Removes the subject of an act as soon as the act is done, before anything can be read again.
pub(crate) struct RemovingRooms(Arc<dyn Rooms>);

impl RemovingRooms {
    /// Removes them from the rooms in `inner`.
    pub(crate) fn over(inner: &Arc<dyn Rooms>) -> Arc<Self> {
        Arc::new(Self(Arc::clone(inner)))
    }
}

#[async_trait]
impl Rooms for RemovingRooms {
    async fn create(&self, room: &NewRoom) -> Result<Created, Failure> {
        self.0.create(room).await
    }

    async fn open_direct(&self, direct: &NewDirect) -> Result<Opened, Failure> {
        self.0.open_direct(direct).await
    }

    async fn access(&self, room: RoomId, user: UserId) -> Result<Option<Access>, Failure> {
        self.0.access(room, user).await
    }

    async fn accesses(&self, rooms: &[RoomId], user: UserId) -> Result<Vec<Access>, Failure> {
        self.0.accesses(rooms, user).await
    }

    async fn find(&self, ids: &[RoomId]) -> Result<Vec<Room>, Failure> {
        self.0.find(ids).await
    }

    async fn browse(&self, browse: &Browse) -> Result<Vec<Room>, Failure> {
        self.0.browse(browse).await
    }

    async fn of_member(&self, user: UserId) -> Result<Vec<(Room, Membership)>, Failure> {
        self.0.of_member(user).await
    }

    async fn named(&self, name: &RoomName) -> Result<Option<Room>, Failure> {
        self.0.named(name).await
    }

    async fn decide(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        let decided = self.0.decide(act, rule).await?;
        let user = act.subject;
        let removal = Decision {
            steps: vec![Step::Depart { user }],
            events: Vec::new(),
        };
        self.0.decide(act, &|_| Ok(removal.clone())).await?;
        Ok(decided)
    }
}
