//! Two nodes and their listeners.

use std::sync::Arc;
use std::time::Duration;

use domain::port::Bus;
use domain::port::bus::{Heard, Notice, Notices};
use domain::{Cursors, RoomId, UserId};
use futures::StreamExt as _;
use tokio::time::timeout;

use crate::made::seq;

/// The two ends of a bus that nothing else uses.
pub struct Buses {
    pub here: Arc<dyn Bus>,
    /// Another node's end; the same one if there can be only one node.
    pub there: Arc<dyn Bus>,
    /// How many notices are buffered for a slow listener; an adapter may round up to twice as many. At
    /// least 16.
    pub backlog: usize,
}

impl Buses {
    /// Makes both nodes follow these rooms.
    pub(super) async fn follow(&self, rooms: &[RoomId]) {
        for bus in [&self.here, &self.there] {
            bus.follow(rooms).await.unwrap();
        }
    }

    /// Two new listeners on each node.
    pub(super) async fn listeners(&self) -> Vec<Notices> {
        let mut listeners = Vec::new();
        for bus in [&self.here, &self.there, &self.here, &self.there] {
            listeners.push(bus.listen().await.unwrap());
        }
        listeners
    }
}

/// The next thing that a listener receives.
pub(super) async fn hear(listener: &mut Notices) -> Heard {
    let heard = timeout(Duration::from_mins(1), listener.next()).await;
    heard.unwrap().unwrap()
}

/// The next notice that a listener receives.
pub(super) async fn notice(listener: &mut Notices) -> Notice {
    match hear(listener).await {
        Heard::Notice(notice) => Notice::clone(&notice),
        Heard::Gap => panic!("there is a gap"),
    }
}

/// One of many distinguishable notices.
pub(super) fn numbered(room: RoomId, number: usize) -> Notice {
    let place = seq(i64::try_from(number).unwrap());
    Notice::Receipt {
        room,
        user: UserId::from_uuid(room.as_uuid()),
        cursors: Cursors {
            read: place,
            delivered: place,
        },
    }
}

/// The room and number of such a notice.
pub(super) fn number(notice: &Notice) -> (RoomId, usize) {
    match notice {
        Notice::Receipt { room, cursors, .. } => {
            (*room, usize::try_from(cursors.read.get()).unwrap())
        }
        other => panic!("{other:?}"),
    }
}
