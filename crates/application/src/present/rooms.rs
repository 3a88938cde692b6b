//! Rooms with the reader's standing in them.

use std::collections::HashMap;
use std::sync::Arc;

use domain::port::messages::View;
use domain::port::{Clock, Members, Messages};
use domain::{Failure, Membership, Role, Room, RoomId, RoomKind, Timestamp, UserId};

use super::{MessageViews, People};
use crate::access::keeps_order;
use crate::{MessageView, Person, Ports, RoomView, StandingView};

/// Private rooms with more members than this do not list all of them.
const MAX_PARTICIPANTS: usize = 50;

/// How many rooms are read per query: stores limit the number of ids in one query, and a user may be
/// in any number of rooms.
const STRETCH: usize = 500;

/// Shows rooms to a reader.
#[derive(Clone)]
pub(crate) struct RoomViews {
    members: Arc<dyn Members>,
    messages: Arc<dyn Messages>,
    people: People,
    message_views: MessageViews,
    clock: Arc<dyn Clock>,
}

impl RoomViews {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            messages: Arc::clone(&ports.messages),
            people: People::new(ports),
            message_views: MessageViews::new(ports),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Shows one room.
    pub(crate) async fn show_one(
        &self,
        reader: UserId,
        room: Room,
        membership: Option<Membership>,
    ) -> Result<RoomView, Failure> {
        let mut views = self.show(reader, vec![(room, membership)]).await?;
        views
            .pop()
            .ok_or_else(|| Failure::lasting("rooms", "show one", "one room makes one view"))
    }

    /// Shows a room that the reader has just created and owns. This never fails, even if the rest
    /// cannot be read: an error would suggest that nothing was done, and a retry would create
    /// another room.
    pub(crate) async fn show_made(&self, reader: UserId, room: Room) -> RoomView {
        let seat = Membership {
            role: Role::Owner,
            ..Membership::begin(&room, reader, room.created_at)
        };
        match self
            .show_one(reader, room.clone(), Some(seat.clone()))
            .await
        {
            Ok(view) => view,
            Err(failure) => {
                tracing::warn!(
                    room = %room.id,
                    error = %failure.chain(),
                    "showing a new room without its participants"
                );
                bare(room, Some(seat), 0, self.clock.now())
            }
        }
    }

    /// Shows rooms with the reader's membership, if any, in the order given. They may be many.
    pub(crate) async fn show(
        &self,
        reader: UserId,
        rooms: Vec<(Room, Option<Membership>)>,
    ) -> Result<Vec<RoomView>, Failure> {
        let mut views = Vec::with_capacity(rooms.len());
        let mut rest = rooms.into_iter();
        loop {
            let stretch: Vec<_> = rest.by_ref().take(STRETCH).collect();
            if stretch.is_empty() {
                return Ok(views);
            }
            views.extend(self.stretch(reader, stretch).await?);
        }
    }

    async fn stretch(
        &self,
        reader: UserId,
        rooms: Vec<(Room, Option<Membership>)>,
    ) -> Result<Vec<RoomView>, Failure> {
        let (mut last, mentions, mut participants) = futures::try_join!(
            self.last_messages(reader, &rooms),
            self.mentions(reader, &rooms),
            self.participants(reader, &rooms),
        )?;
        let now = self.clock.now();
        Ok(rooms
            .into_iter()
            .map(|(room, membership)| {
                let mentions = mentions.get(&room.id).copied().unwrap_or_default();
                RoomView {
                    participants: participants.remove(&room.id),
                    last_message: last.remove(&room.id),
                    ..bare(room, membership, mentions, now)
                }
            })
            .collect())
    }

    async fn last_messages(
        &self,
        reader: UserId,
        rooms: &[(Room, Option<Membership>)],
    ) -> Result<HashMap<RoomId, MessageView>, Failure> {
        let views: Vec<View> = own(rooms)
            .map(|(room, membership)| View {
                room: room.id,
                reader,
                floor: membership.from_seq,
            })
            .collect();
        if views.is_empty() {
            return Ok(HashMap::new());
        }
        let latest = self.messages.latest(&views).await?;
        let rooms: Vec<&Room> = own(rooms).map(|(room, _)| room).collect();
        let shown = self.message_views.show(reader, &rooms, latest).await?;
        Ok(shown
            .into_iter()
            .map(|view| (view.message.room, view))
            .collect())
    }

    async fn mentions(
        &self,
        reader: UserId,
        rooms: &[(Room, Option<Membership>)],
    ) -> Result<HashMap<RoomId, i64>, Failure> {
        let unread: Vec<RoomId> = own(rooms)
            .filter(|(room, membership)| membership.unread(room) > 0)
            .map(|(room, _)| room.id)
            .collect();
        if unread.is_empty() {
            return Ok(HashMap::new());
        }
        let counts = self.members.mentions(reader, &unread).await?;
        Ok(counts.into_iter().collect())
    }

    async fn participants(
        &self,
        reader: UserId,
        rooms: &[(Room, Option<Membership>)],
    ) -> Result<HashMap<RoomId, Vec<Person>>, Failure> {
        let mut inside: Vec<(RoomId, Vec<UserId>)> = Vec::new();
        let mut groups: Vec<RoomId> = Vec::new();
        for (room, _) in own(rooms).filter(|(room, _)| shows_participants(room)) {
            match room.kind {
                // The two participants never change.
                RoomKind::Direct(pair) => inside.push((room.id, vec![pair.low(), pair.high()])),
                RoomKind::Private | RoomKind::Public => groups.push(room.id),
            }
        }
        if !groups.is_empty() {
            inside.extend(self.members.rosters(&groups, MAX_PARTICIPANTS).await?);
        }
        // Many rooms have participants in common: all of them are read together.
        let everybody = inside.iter().flat_map(|(_, ids)| ids).copied();
        let people = self.people.by_id(reader, everybody).await?;
        let known = |ids: &[UserId]| {
            ids.iter()
                .filter_map(|id| people.get(id).cloned())
                .collect()
        };
        Ok(inside
            .iter()
            .map(|(room, ids)| (*room, known(ids)))
            .collect())
    }
}

/// A room by itself, without its messages and participants.
fn bare(room: Room, membership: Option<Membership>, mentions: i64, now: Timestamp) -> RoomView {
    RoomView {
        participants: None,
        last_message: None,
        invite: membership
            .as_ref()
            .filter(|membership| keeps_order(membership))
            .and_then(|_| room.standing_invite.clone()),
        standing: membership.map(|membership| standing(membership, &room, mentions, now)),
        room: Room {
            standing_invite: None,
            ..room
        },
    }
}

fn own(rooms: &[(Room, Option<Membership>)]) -> impl Iterator<Item = (&Room, &Membership)> {
    rooms
        .iter()
        .filter_map(|(room, membership)| Some((room, membership.as_ref()?)))
}

fn shows_participants(room: &Room) -> bool {
    match room.kind {
        RoomKind::Public => false,
        RoomKind::Private => {
            usize::try_from(room.member_count).is_ok_and(|count| count <= MAX_PARTICIPANTS)
        }
        RoomKind::Direct(_) => true,
    }
}

fn standing(membership: Membership, room: &Room, mentions: i64, now: Timestamp) -> StandingView {
    let own_mute = match membership.notifications {
        domain::Notifications::Muted { until } => until,
        domain::Notifications::On => None,
    };
    let muted = membership.notifications.muted_at(now);
    StandingView {
        unread: membership.unread(room),
        mentions,
        muted,
        muted_until: membership.silenced_at(now).or(own_mute.filter(|_| muted)),
        membership,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CountedPresence, World};

    #[tokio::test]
    async fn a_list_of_rooms_asks_for_all_their_people_together() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let mut expected = HashMap::new();
        for number in 0..20_u8 {
            let other = world.user(&format!("other{number}")).await;
            let group = world.private_room(&ana).await.id;
            world.join(group, &other).await;
            let direct = world.direct(&ana, &other).await.id;
            expected.extend([(group, other.user), (direct, other.user)]);
        }
        let presence = CountedPresence::over(&world.ports.presence);
        world.ports.presence = Arc::<CountedPresence>::clone(&presence);

        let own = world.ports.rooms.of_member(ana.user).await.unwrap();
        let own = own.into_iter().map(|(room, seat)| (room, Some(seat)));
        let views = RoomViews::new(&world.ports);
        let shown = views.show(ana.user, own.collect()).await.unwrap();

        assert_eq!(presence.asked(), 1);
        assert_eq!(shown.len(), 40);
        for view in shown {
            let people = view.participants.iter().flatten();
            let ids: Vec<UserId> = people.map(|person| person.user.id).collect();
            let other = expected.get(&view.room.id).copied().unwrap();
            assert_eq!(ids, [ana.user.min(other), ana.user.max(other)]);
        }
    }
}
