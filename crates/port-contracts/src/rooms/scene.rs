//! Helpers for tests of rooms.

use std::sync::Mutex;

use domain::port::members::Ban;
use domain::port::rooms::{Act, Created, Decided, Decision, NewRoom, Scene};
use domain::{
    History, Invite, InviteCode, Membership, Notifications, Refusal, Role, Room, RoomId, RoomName,
    Timestamp, UserId,
};

use crate::made::{rev, room_id, seq};
use crate::{Store, at, fresh, unique};

/// A public room to be created.
pub(super) fn new_room(owner: UserId) -> NewRoom {
    NewRoom {
        id: room_id(),
        name: name(&unique("room ")),
        description: None,
        standing_invite: None,
        history: History::All,
        owner,
        members: Vec::new(),
        unique_name: false,
        at: at(0),
        events: Vec::new(),
    }
}

/// A room's name.
pub(super) fn name(text: &str) -> RoomName {
    RoomName::parse(text).unwrap()
}

/// A fresh invite code.
pub(super) fn code() -> InviteCode {
    InviteCode::from_bits(fresh::<RoomId>().as_uuid().into_bytes())
}

/// The invite that a private room has from the beginning.
pub(super) fn standing(room: RoomId, code: InviteCode, by: UserId, at: Timestamp) -> Invite {
    Invite {
        code,
        room,
        created_by: by,
        created_at: at,
        expires_at: None,
        max_uses: None,
        uses: 0,
        revoked_at: None,
    }
}

/// A new membership in a room without messages.
pub(super) fn member(room: &Room, user: UserId, role: Role, number: i64) -> Membership {
    Membership {
        room: room.id,
        user,
        role,
        joined_at: room.created_at,
        left_at: None,
        from_seq: seq(0),
        rev: rev(number),
        cursors: domain::Cursors::default(),
        silenced_until: None,
        notifications: Notifications::On,
    }
}

/// The room that was created.
pub(super) fn made(answer: Created) -> Room {
    match answer {
        Created::Made(room) => room,
        Created::NameTaken => panic!("name taken"),
    }
}

/// The ids of rooms.
pub(super) fn ids(rooms: &[Room]) -> Vec<RoomId> {
    rooms.iter().map(|room| room.id).collect()
}

/// Everything that acts on a room can change.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) room: Room,
    pub(super) members: Vec<Membership>,
    pub(super) bans: Vec<Ban>,
    pub(super) invites: Vec<Invite>,
}

impl Store {
    /// The current state of a room and everything around it.
    pub(super) async fn standing(&self, room: RoomId) -> Standing {
        Standing {
            room: self.present(room).await,
            members: self.members.page(room, None, 1_000).await.unwrap(),
            bans: self.members.bans(room).await.unwrap(),
            invites: self.invites.of_room(room, at(0)).await.unwrap(),
        }
    }

    /// What a rule is shown for this act.
    pub(super) async fn scene(&self, act: &Act) -> Scene {
        let seen = Mutex::new(None);
        let rule = |scene: &Scene| -> Result<Decision, Refusal> {
            *seen.lock().unwrap() = Some(scene.clone());
            Ok(Decision::default())
        };
        let decided = self.rooms.decide(act, &rule).await.unwrap();
        assert!(matches!(decided, Decided::Done(_)), "{decided:?}");
        seen.into_inner().unwrap().unwrap()
    }
}
