//! Where the hub reads what no hint announced.

use std::sync::Arc;

use application::{ChangeView, UseCases};
use async_trait::async_trait;
use domain::port::bus::Removal;
use domain::port::room_log::Head;
use domain::{Epoch, Failure, Rev, RoomId};
use realtime::{Frame, Hub, Source, Stretch};

use super::errands::Errands;
use super::removals::Removals;
use super::{told, wire};
use crate::translate;

/// The rooms, as read from the store.
pub(super) struct Rooms {
    hub: Arc<Hub>,
    use_cases: Arc<UseCases>,
    errands: Errands,
    removals: Removals,
}

impl Rooms {
    pub(super) fn new(
        hub: &Arc<Hub>,
        use_cases: &Arc<UseCases>,
        errands: Errands,
        removals: Removals,
    ) -> Self {
        Self {
            hub: Arc::clone(hub),
            use_cases: Arc::clone(use_cases),
            errands,
            removals,
        }
    }
}

#[async_trait]
impl Source for Rooms {
    async fn since(
        &self,
        room: RoomId,
        rev: Rev,
        limit: usize,
    ) -> Result<Option<Stretch>, Failure> {
        let Some(replay) = self.use_cases.feed.since(room, rev, limit).await? else {
            return Ok(None);
        };
        for user in replay.changes.iter().filter_map(ChangeView::departed) {
            if self.hub.is_here(user) {
                self.removals.found(room, user);
            }
        }
        self.errands.show_newest(&self.hub, room, &replay.changes);
        Ok(Some(Stretch {
            changes: told::changes(room, replay.changes).collect(),
            up_to: replay.up_to,
            more: replay.more,
        }))
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure> {
        self.use_cases.feed.heads(rooms).await
    }

    async fn epoch(&self) -> Result<Epoch, Failure> {
        self.use_cases.feed.epoch().await
    }

    fn gone(&self, room: RoomId) -> Frame {
        wire::native(&translate::room_removed(room, Removal::Deleted))
    }
}
