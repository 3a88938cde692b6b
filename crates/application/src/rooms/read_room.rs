//! Viewing a room.

use std::sync::Arc;

use domain::port::Rooms;
use domain::port::rooms::Access;
use domain::{Refusal, RoomId, RoomKind};

use crate::access::outsider;
use crate::present::RoomViews;
use crate::{Caller, Error, Ports, RoomView};

/// Shows a room to its members, and a public one to every user who is not banned.
pub struct ReadRoom {
    rooms: Arc<dyn Rooms>,
    views: RoomViews,
}

impl ReadRoom {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            views: RoomViews::new(ports),
        }
    }

    /// Shows the room.
    #[tracing::instrument(skip_all, name = "read_room")]
    pub async fn run(&self, caller: &Caller, room: RoomId) -> Result<RoomView, Error> {
        let access = self.rooms.access(room, caller.user).await?;
        let access = visible(access.ok_or(Refusal::NotFound)?)?;
        let shown = self
            .views
            .show_one(caller.user, access.room, access.membership)
            .await?;
        Ok(shown)
    }
}

fn visible(access: Access) -> Result<Access, Refusal> {
    let open = access.room.kind == RoomKind::Public && !access.banned;
    if access.membership.is_some() || open {
        Ok(access)
    } else {
        Err(outsider(access.room.kind, access.banned))
    }
}

#[cfg(test)]
mod tests {
    use domain::port::messages::NewMessage;

    use super::*;
    use crate::testing::{Stage, seq};

    #[tokio::test]
    async fn a_public_room_is_shown_to_all_but_the_banned() {
        let stage = Stage::new().await;
        let read = ReadRoom::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| read.run(&who, spot.room).await);
        assert_eq!(
            verdicts.await,
            [
                "ok banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn a_stranger_sees_only_the_room_itself() {
        let stage = Stage::new().await;
        let read = ReadRoom::new(&stage.world.ports);
        let view = read.run(&stage.stranger, stage.public).await.unwrap();
        assert_eq!(view.standing, None);
        assert_eq!(view.last_message, None);
        assert_eq!(view.participants, None);
        assert_eq!(view.invite, None);
        assert_eq!(view.room.member_count, 5);
    }

    #[tokio::test]
    async fn the_standing_invite_is_for_those_who_may_hand_it_out() {
        let stage = Stage::new().await;
        let read = ReadRoom::new(&stage.world.ports);
        for (who, told) in [
            (&stage.owner, true),
            (&stage.admin, true),
            (&stage.member, false),
        ] {
            let view = read.run(who, stage.private).await.unwrap();
            assert_eq!(view.invite.is_some(), told);
            assert_eq!(view.room.standing_invite, None);
        }
    }

    #[tokio::test]
    async fn small_rooms_show_who_is_in_them() {
        let stage = Stage::new().await;
        let read = ReadRoom::new(&stage.world.ports);
        let shown = async |room| {
            let view = read.run(&stage.member, room).await.unwrap();
            view.participants.map(|people| people.len())
        };
        assert_eq!(shown(stage.direct).await, Some(2));
        assert_eq!(shown(stage.private).await, Some(5));
        assert_eq!(shown(stage.public).await, None);
        for number in 6..=50 {
            let guest = stage.world.user(&format!("guest{number}")).await;
            stage.world.join(stage.private, &guest).await;
        }
        assert_eq!(shown(stage.private).await, Some(50));
        let guest = stage.world.user("guest51").await;
        stage.world.join(stage.private, &guest).await;
        assert_eq!(shown(stage.private).await, None);
    }

    #[tokio::test]
    async fn unread_messages_and_mentions_are_those_after_the_cursor() {
        let stage = Stage::new().await;
        let read = ReadRoom::new(&stage.world.ports);
        let room = stage.world.room(&stage.owner).await.id;
        stage.world.join(room, &stage.member).await;
        let counted = async || {
            let view = read.run(&stage.member, room).await.unwrap();
            let standing = view.standing.unwrap();
            (standing.unread, standing.mentions)
        };
        assert_eq!(counted().await, (0, 0));
        stage.world.post(room, &stage.owner, "one").await;
        let mentioning = NewMessage {
            mentions: vec![stage.member.user],
            ..stage.world.message(room, &stage.owner, "two")
        };
        let mentioning = stage.world.append(mentioning).await;
        assert_eq!(counted().await, (2, 1));
        stage.delete(&mentioning).await;
        assert_eq!(counted().await, (2, 0));
        stage.world.post(room, &stage.member, "three").await;
        assert_eq!(counted().await, (0, 0));
    }

    #[tokio::test]
    async fn a_newcomer_has_read_what_is_not_theirs_to_read() {
        let stage = Stage::new().await;
        let read = ReadRoom::new(&stage.world.ports);
        let (room, _, after) = stage.joined_room().await;
        let view = read.run(&stage.member, room).await.unwrap();
        let standing = view.standing.unwrap();
        assert_eq!(standing.unread, 1);
        assert_eq!(standing.membership.from_seq, seq(1));
        assert_eq!(view.last_message.unwrap().message.id, after.id);
        let newcomer = &stage.stranger;
        stage.world.join(room, newcomer).await;
        let view = read.run(newcomer, room).await.unwrap();
        assert_eq!(view.standing.unwrap().unread, 0);
        assert_eq!(view.last_message, None);
    }
}
