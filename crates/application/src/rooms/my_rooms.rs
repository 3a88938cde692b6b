//! The rooms that a user belongs to.

use std::sync::Arc;

use domain::port::Rooms;
use domain::{Room, RoomKind};

use crate::portion::MOST;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// Lists all rooms that the caller belongs to, of any kind, by latest activity first.
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

    /// The list that a client starts with. If there are very many rooms, it holds the most recently
    /// active ones: a room with new activity moves to the top of it.
    #[tracing::instrument(skip_all, name = "my_rooms")]
    pub async fn run(&self, caller: &Caller) -> Result<Vec<RoomView>, Error> {
        self.latest(caller, |_| true).await
    }

    /// Only direct rooms and groups.
    pub async fn conversations(&self, caller: &Caller) -> Result<Vec<RoomView>, Error> {
        self.latest(caller, |room| room.kind != RoomKind::Public)
            .await
    }

    async fn latest(
        &self,
        caller: &Caller,
        wanted: impl Fn(&Room) -> bool,
    ) -> Result<Vec<RoomView>, Error> {
        let own = self.rooms.of_member(caller.user).await?;
        let rooms = own
            .into_iter()
            .filter(|(room, _)| wanted(room))
            .take(MOST)
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
    async fn conversations_are_all_but_public_rooms() {
        let stage = Stage::new().await;
        let mine = MyRooms::new(&stage.world.ports);
        let mut listed = ids(&mine.conversations(&stage.member).await.unwrap());
        listed.sort_unstable();
        let mut expected = [stage.private, stage.direct];
        expected.sort_unstable();
        assert_eq!(listed, expected);
    }

    #[tokio::test]
    async fn of_very_many_rooms_the_latest_are_listed() {
        let stage = Stage::new().await;
        let mine = MyRooms::new(&stage.world.ports);
        let mut made = Vec::new();
        for _ in 0..=MOST {
            made.push(stage.world.private_room(&stage.stranger).await.id);
        }
        let views = mine.run(&stage.stranger).await.unwrap();
        let oldest = made.remove(0);
        made.reverse();
        assert_eq!(ids(&views), made);
        for view in &views {
            let participants = view.participants.iter().flatten();
            let only = participants.map(|person| person.user.id);
            assert!(only.eq([stage.stranger.user]));
        }

        stage.world.pass(Duration::from_secs(1));
        stage.world.post(oldest, &stage.stranger, "news").await;
        let views = mine.run(&stage.stranger).await.unwrap();
        assert_eq!((views.len(), views[0].room.id), (MOST, oldest));
    }
}
