//! What a node tells all who listen on it.

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

/// How many rooms are asked about at a time: a store takes so many names at once.
pub(super) const STRETCH: usize = 1_000;

/// Puts what happens into the form in which a node tells it to all of its listeners at once, and reads
/// what the node was not told of.
///
/// Nobody asks for this but the node itself, so that nobody is refused: whom it may tell what, the node
/// knows from whom [`Subscribe`](super::Subscribe) has admitted.
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

    /// Changes of one room, in the order given. Nothing is asked about messages of people who wrote a
    /// moment ago.
    pub async fn present(
        &self,
        room: RoomId,
        changes: Vec<RoomChange>,
    ) -> Result<Vec<ChangeView>, Failure> {
        let shown = self.present_many(vec![(room, changes)]).await?;
        Ok(shown.into_iter().flat_map(|(_, views)| views).collect())
    }

    /// Changes of many rooms, in the order given, with one question about all people who are not
    /// remembered.
    pub async fn present_many(
        &self,
        rooms: Vec<(RoomId, Vec<RoomChange>)>,
    ) -> Result<Vec<(RoomId, Vec<ChangeView>)>, Failure> {
        self.everyone.show(rooms).await
    }

    /// Everything that changed in a room after a rev, whoever may read it; nothing of a room that is
    /// gone.
    pub async fn since(
        &self,
        room: RoomId,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Replay>, Failure> {
        self.log.read(&View::whole(room), since, limit).await
    }

    /// Where rooms stand. Those that are gone are left out.
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

    /// A room as a person sees it who belongs to it.
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

    /// Which of these people still belong to these rooms.
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
