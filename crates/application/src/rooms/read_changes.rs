//! Catching up with a room.

use std::sync::Arc;

use domain::port::room_log::Changes;
use domain::port::{RoomLog, Rooms};
use domain::{Epoch, Refusal, Rev, RoomId};

use super::member_views::MemberViews;
use crate::access::{Inside, inside};
use crate::present::{MessageViews, RoomViews};
use crate::{Caller, ChangesView, Error, Ports};

/// Since when somebody wants to know.
#[derive(Clone, Debug)]
pub struct ChangesSince {
    /// The last rev that they have.
    pub rev: Rev,
    /// The incarnation of the store that it is of, as they remember it.
    pub epoch: Option<String>,
    /// How many changes at most.
    pub limit: usize,
}

/// Tells members what changed in a room since a rev, in its present state.
pub struct ReadChanges {
    rooms: Arc<dyn Rooms>,
    room_log: Arc<dyn RoomLog>,
    message_views: MessageViews,
    member_views: MemberViews,
    room_views: RoomViews,
}

impl ReadChanges {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            room_log: Arc::clone(&ports.room_log),
            message_views: MessageViews::new(ports),
            member_views: MemberViews::new(ports),
            room_views: RoomViews::new(ports),
        }
    }

    /// What changed.
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        since: ChangesSince,
    ) -> Result<ChangesView, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let epoch = self.room_log.epoch().await?;
        if since.epoch.is_some_and(|known| known != epoch.as_str()) {
            return Ok(reset(epoch, inside.room.last_rev));
        }
        let changes = self
            .room_log
            .changes(&inside.view(), since.rev, since.limit)
            .await?;
        let changes = changes.ok_or(Refusal::NotFound)?;
        if since.rev > changes.last {
            return Ok(reset(epoch, changes.last));
        }
        self.show(caller, inside, epoch, changes).await
    }

    async fn show(
        &self,
        caller: &Caller,
        inside: Inside,
        epoch: Epoch,
        changes: Changes,
    ) -> Result<ChangesView, Error> {
        let messages = self
            .message_views
            .show(caller.user, &[&inside.room], changes.messages)
            .await?;
        let members = self.member_views.show(caller, changes.members).await?;
        let room = match changes.room {
            Some(room) => {
                let membership = Some(inside.membership);
                Some(self.room_views.show_one(caller, room, membership).await?)
            }
            None => None,
        };
        Ok(ChangesView {
            epoch,
            messages,
            members,
            room,
            up_to: changes.up_to,
            more: changes.more,
            reset: false,
        })
    }
}

/// The reader's revs are not of this store, or of one that has been put back since.
const fn reset(epoch: Epoch, last: Rev) -> ChangesView {
    ChangesView {
        epoch,
        messages: Vec::new(),
        members: Vec::new(),
        room: None,
        up_to: last,
        more: false,
        reset: true,
    }
}
