//! Which rooms are told who comes and goes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::port::{Clock, Rooms};
use domain::{RoomId, Timestamp};

use crate::Ports;
use crate::recent::{Recent, is_believed};

/// Rooms with more members than this are not told who comes and goes.
pub(super) const MAX_MEMBERS: i64 = 500;

/// For how long a room is believed to be as large as it was: it does no harm to be wrong for a moment.
const MAX_AGE: Duration = Duration::from_mins(1);

/// Of how many rooms one half of the memory knows.
const HALF: usize = 16_384;

/// Remembers which rooms are small.
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

    /// Whether a room is small enough. One that cannot be asked about is taken to be.
    pub(super) async fn is_small(&self, room: RoomId) -> bool {
        let now = self.clock.now();
        if let Some((small, until)) = self.lock().find(&room)
            && is_believed(*until, MAX_AGE, now)
        {
            return *small;
        }
        match self.rooms.find(&[room]).await {
            Ok(found) => {
                let small = found.iter().all(|room| room.member_count <= MAX_MEMBERS);
                self.lock().keep(room, (small, now + MAX_AGE));
                small
            }
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "it is not known how large a room is");
                true
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Recent<RoomId, (bool, Timestamp)>> {
        // Nothing in here is left half done by a panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
