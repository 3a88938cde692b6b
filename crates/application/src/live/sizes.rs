//! Which rooms are small enough for announcements of who comes and goes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::{Clock, Rooms};
use domain::{RoomId, Timestamp};

use crate::Ports;
use crate::lock::lock;
use crate::recent::{Recent, is_believed};

/// Rooms with more members than this get no announcements of who comes and goes.
pub(super) const MAX_MEMBERS: i64 = 500;

/// How long a cached size is used: it does no harm to be wrong for a moment.
const MAX_AGE: Duration = Duration::from_mins(1);

/// Capacity of each half of the cache.
const HALF: usize = 16_384;

/// Caches which rooms are small.
pub(super) struct Sizes {
    rooms: Arc<dyn Rooms>,
    clock: Arc<dyn Clock>,
    known: Mutex<Recent<RoomId, (bool, Timestamp)>>,
}

impl Sizes {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            clock: Arc::clone(&ports.clock),
            known: Mutex::new(Recent::of(HALF)),
        }
    }

    /// Whether a room is small enough. If its size cannot be read, it is assumed to be.
    pub(super) async fn is_small(&self, room: RoomId) -> bool {
        let now = self.clock.now();
        if let Some((small, until)) = lock(&self.known).find(&room)
            && is_believed(*until, MAX_AGE, now)
        {
            return *small;
        }
        match self.rooms.find(&[room]).await {
            Ok(found) => {
                let small = found.iter().all(|room| room.member_count <= MAX_MEMBERS);
                lock(&self.known).keep(room, (small, now + MAX_AGE));
                small
            }
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not read a room's size; assuming that it is small"
                );
                true
            }
        }
    }
}
