//! The rooms that somebody belongs to.

use std::sync::Arc;

use domain::port::Rooms;

use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// Lists all rooms that the caller belongs to, of all kinds, the latest activity first.
pub struct MyRooms {
    rooms: Arc<dyn Rooms>,
    views: RoomViews,
}

impl MyRooms {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            views: RoomViews::new(ports),
        }
    }

    /// All of them: this is what a client begins with.
    pub async fn run(&self, caller: &Caller) -> Result<Vec<RoomView>, Error> {
        let own = self.rooms.of_member(caller.user).await?;
        let rooms = own
            .into_iter()
            .map(|(room, membership)| (room, Some(membership)))
            .collect();
        Ok(self.views.show(caller.user, rooms).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::RoomId;

    use super::*;
    use crate::testing::Stage;

    fn ids(views: &[RoomView]) -> Vec<RoomId> {
        views.iter().map(|view| view.room.id).collect()
    }

    #[tokio::test]
    async fn rooms_of_all_kinds_come_by_their_latest_activity() {
        let stage = Stage::new().await;
        let mine = MyRooms::new(&stage.world.ports);
        let run = async || mine.run(&stage.member).await.unwrap();
        for room in [stage.direct, stage.private, stage.public] {
            stage.world.pass(Duration::from_secs(1));
            stage.world.post(room, &stage.author, "news").await;
        }
        let views = run().await;
        assert_eq!(ids(&views), [stage.public, stage.private, stage.direct]);
        let last = views.iter().map(|view| view.last_message.as_ref().unwrap());
        assert!(last.clone().all(|last| last.sender.id == stage.author.user));
        assert!(views.iter().all(|view| view.standing.is_some()));

        stage.world.pass(Duration::from_secs(1));
        stage.world.post(stage.direct, &stage.author, "more").await;
        assert_eq!(
            ids(&run().await),
            [stage.direct, stage.public, stage.private]
        );
    }

    #[tokio::test]
    async fn rooms_that_one_left_or_is_banned_from_are_not_listed() {
        let stage = Stage::new().await;
        let mine = MyRooms::new(&stage.world.ports);
        for outsider in [&stage.stranger, &stage.banned] {
            assert_eq!(mine.run(outsider).await.unwrap(), []);
        }
    }
    #[tokio::test]
    async fn any_number_of_rooms_is_listed() {
        let stage = Stage::new().await;
        let mine = MyRooms::new(&stage.world.ports);
        let mut made = Vec::new();
        for _ in 0..1_001 {
            made.push(stage.world.private_room(&stage.stranger).await.id);
        }
        let views = mine.run(&stage.stranger).await.unwrap();
        made.reverse();
        assert_eq!(ids(&views), made);
        for view in views {
            let participants = view.participants.unwrap();
            let only = participants.iter().map(|person| person.user.id);
            assert!(only.eq([stage.stranger.user]));
        }
    }
}
