//! What a node broadcasts to its listeners.

use std::sync::Arc;

use domain::port::bus::RoomChange;
use domain::port::messages::View;
use domain::port::room_log::Head;
use domain::port::{Members, RoomLog, Rooms};
use domain::{Epoch, Failure, Rev, RoomId, UserId};

use super::epoch::KnownEpoch;
use super::log::{Log, Replay};
use crate::present::{Everyone, RoomViews};
use crate::{ChangeView, Ports, RoomView};

/// How many rooms or memberships are looked up per query; stores limit the number of ids in one.
pub(super) const STRETCH: usize = 1_000;

/// Turns events into the form in which a node broadcasts them to all of its listeners, and reads back
/// what the node has missed.
///
/// Only the node itself calls this, so nothing is refused: the node sends only to listeners that
/// [`Subscribe`](super::Subscribe) has admitted.
pub struct Feed {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
    room_log: Arc<dyn RoomLog>,
    everyone: Everyone,
    log: Log,
    room_views: RoomViews,
    epoch: KnownEpoch,
}

impl Feed {
    pub(crate) fn new(ports: &Ports, everyone: &Everyone) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
            room_log: Arc::clone(&ports.room_log),
            everyone: everyone.clone(),
            log: Log::new(ports, everyone),
            room_views: RoomViews::new(ports),
            epoch: KnownEpoch::new(ports),
        }
    }

    /// Presents changes of one room, in the order given. Senders of recent messages are cached and cost
    /// no query.
    pub async fn present(
        &self,
        room: RoomId,
        changes: Vec<RoomChange>,
    ) -> Result<Vec<ChangeView>, Failure> {
        let shown = self.present_many(vec![(room, changes)]).await?;
        Ok(shown.into_iter().flat_map(|(_, views)| views).collect())
    }

    /// Presents changes of many rooms, in the order given, with a single lookup for all users who are
    /// not cached.
    pub async fn present_many(
        &self,
        rooms: Vec<(RoomId, Vec<RoomChange>)>,
    ) -> Result<Vec<(RoomId, Vec<ChangeView>)>, Failure> {
        self.everyone.show(rooms).await
    }

    /// Everything that changed in a room after a rev, regardless of who may read it; `None` if the room
    /// has been deleted.
    pub async fn since(
        &self,
        room: RoomId,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Replay>, Failure> {
        self.log.read(&View::whole(room), since, limit).await
    }

    /// The heads of rooms. Deleted rooms are left out.
    pub async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure> {
        let mut heads = Vec::with_capacity(rooms.len());
        for stretch in rooms.chunks(STRETCH) {
            heads.extend(self.room_log.heads(stretch).await?);
        }
        Ok(heads)
    }

    /// The store's incarnation.
    pub async fn epoch(&self) -> Result<Epoch, Failure> {
        self.epoch.get().await
    }

    /// A room as one of its members sees it; `None` for others.
    pub async fn room_for(&self, user: UserId, room: RoomId) -> Result<Option<RoomView>, Failure> {
        let Some(access) = self.rooms.access(room, user).await? else {
            return Ok(None);
        };
        let Some(membership) = access.membership else {
            return Ok(None);
        };
        let shown = self
            .room_views
            .show_one(user, access.room, Some(membership));
        shown.await.map(Some)
    }

    /// Those of these pairs in which the user is still a member of the room.
    pub async fn still_members(
        &self,
        pairs: &[(RoomId, UserId)],
    ) -> Result<Vec<(RoomId, UserId)>, Failure> {
        let mut living = Vec::with_capacity(pairs.len());
        for stretch in pairs.chunks(STRETCH) {
            living.extend(self.members.living(stretch).await?);
        }
        Ok(living)
    }
}
