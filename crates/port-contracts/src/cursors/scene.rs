//! Helpers for tests of cursors.

use domain::port::cursors::{CursorMove, Moved};
use domain::{Cursors, RoomId, UserId};

use crate::Store;
use crate::made::seq;

/// A member who reads.
pub(super) struct Reader<'a> {
    pub(super) store: &'a Store,
    pub(super) room: RoomId,
    pub(super) user: UserId,
}

impl Reader<'_> {
    pub(super) async fn moves(&self, read: Option<i64>, delivered: Option<i64>) -> Moved {
        let change = CursorMove {
            room: self.room,
            user: self.user,
            read: read.map(seq),
            delivered: delivered.map(seq),
        };
        self.store.cursors.advance(&change).await.unwrap()
    }

    pub(super) async fn stands(&self) -> Cursors {
        self.store.seat(self.room, self.user).await.cursors
    }
}

pub(super) fn to(read: i64, delivered: i64, advanced: bool) -> Moved {
    Moved::To {
        cursors: cursors(read, delivered),
        advanced,
    }
}

pub(super) fn cursors(read: i64, delivered: i64) -> Cursors {
    Cursors {
        read: seq(read),
        delivered: seq(delivered),
    }
}
