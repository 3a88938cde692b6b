//! Tracks how far each room was delivered, and decides how to resume it. Does no I/O: it is told
//! what arrives, and returns what that means.

use std::collections::BTreeMap;
use std::time::Instant;

use protocol::realtime::Subscribed;
use uuid::Uuid;

use super::{Since, Stand, Standing};
use crate::{ErrorCode, Problem};

/// How many rooms to subscribe to in one command. Each command has its own limit on what is
/// replayed.
const AT_ONCE: usize = 50;

/// All subscribed rooms.
#[derive(Debug, Default)]
pub(super) struct Places {
    epoch: Option<String>,
    rooms: BTreeMap<Uuid, Place>,
}

#[derive(Debug)]
struct Place {
    /// The last rev delivered. `None` until the server has said where the room stands.
    rev: Option<i64>,
    /// Whether what the program knows belongs to another store.
    stale: bool,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// To be requested as soon as there is a connection.
    Wanted,
    /// Requested with this command. Frames that do not fit belong to an older subscription.
    Asked(u64),
    /// Live: events are delivered as they happen.
    Live,
    /// Left with the server, because the program does not take its events.
    Held,
    /// Refused temporarily, to be requested again at this time.
    Later(Instant),
}

/// What to do with a frame, given its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Deliver it.
    Next,
    /// It was delivered already.
    Known,
    /// A frame before it is missing. The room is requested again.
    Hole,
    /// Its room is not subscribed, or is left with the server.
    Ignored,
}

/// The outcome of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is live from now on.
    Live { stand: Stand, stood: Option<i64> },
    /// It was refused for good.
    Refused(ErrorCode),
    /// The response is not to the last request, or the room will be requested again.
    Nothing,
}

/// What was delivered of a room up to this rev is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reset {
    pub(super) stood: Option<i64>,
}

impl Places {
    pub(super) fn of(standing: Standing) -> Self {
        let rooms = standing.revs.into_iter();
        Self {
            epoch: standing.epoch,
            rooms: rooms
                .map(|(room, rev)| (room, Place::wanted(Some(rev))))
                .collect(),
        }
    }

    /// Subscribes to a room, starting over if it was subscribed already.
    pub(super) fn follow(&mut self, room: Uuid, since: Since) {
        self.rooms.insert(room, Place::wanted(since.rev()));
    }

    /// Forgets a room. Returns whether it was subscribed.
    pub(super) fn forget(&mut self, room: Uuid) -> bool {
        self.rooms.remove(&room).is_some()
    }

    /// A connection to this store was established.
    pub(super) fn greeted(&mut self, epoch: &str) {
        if self.epoch.as_deref().is_some_and(|known| known != epoch) {
            for place in self.rooms.values_mut() {
                place.stale |= place.rev.take().is_some();
            }
        }
        self.epoch = Some(epoch.to_owned());
    }

    /// The connection ended.
    pub(super) fn lost(&mut self) {
        for place in self.rooms.values_mut() {
            place.phase = Phase::Wanted;
        }
    }

    /// The next rooms to request with the command of this id, with the last rev of each.
    pub(super) fn ask(&mut self, question: u64, now: Instant) -> BTreeMap<Uuid, Option<i64>> {
        let due = self
            .rooms
            .iter_mut()
            .filter(|(_, place)| match place.phase {
                Phase::Wanted => true,
                Phase::Later(when) => when <= now,
                Phase::Asked(_) | Phase::Live | Phase::Held => false,
            });
        due.take(AT_ONCE)
            .map(|(room, place)| {
                place.phase = Phase::Asked(question);
                (*room, place.rev)
            })
            .collect()
    }

    pub(super) fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
    }

    /// When the next temporarily refused room is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let later = self.rooms.values().filter_map(|place| match place.phase {
            Phase::Later(when) => Some(when),
            Phase::Wanted | Phase::Asked(_) | Phase::Live | Phase::Held => None,
        });
        later.min()
    }

    /// Handles the response for one room.
    pub(super) fn answered(
        &mut self,
        question: u64,
        room: Uuid,
        told: &Subscribed,
        again: Instant,
    ) -> Answer {
        let Some(place) = self.asked(question, room) else {
            return Answer::Nothing;
        };
        match told {
            Subscribed::Refused { code } if passes(*code) => {
                place.phase = Phase::Later(again);
                Answer::Nothing
            }
            Subscribed::Refused { code } => {
                self.rooms.remove(&room);
                Answer::Refused(*code)
            }
            Subscribed::Live {
                rev,
                seq,
                read_seq,
                delivered_seq,
                reset,
                ..
            } => {
                let stand = Stand {
                    rev: *rev,
                    seq: *seq,
                    read_seq: *read_seq,
                    delivered_seq: *delivered_seq,
                    reset: *reset || place.stale,
                };
                let stood = place.rev;
                *place = Place {
                    rev: Some(*rev),
                    stale: false,
                    phase: Phase::Live,
                };
                Answer::Live { stand, stood }
            }
        }
    }

    /// The whole command was refused temporarily.
    pub(super) fn refused(&mut self, question: u64, again: Instant) {
        for place in self.rooms.values_mut() {
            if place.phase == Phase::Asked(question) {
                place.phase = Phase::Later(again);
            }
        }
    }

    fn asked(&mut self, question: u64, room: Uuid) -> Option<&mut Place> {
        let place = self.rooms.get_mut(&room)?;
        (place.phase == Phase::Asked(question)).then_some(place)
    }

    /// Judges a frame that claims to follow `prev` and to lead to `rev`. If it is next, the room
    /// advances, or is left with the server if there is no capacity.
    pub(super) fn weigh(&mut self, room: Uuid, prev: i64, rev: i64, has_room: bool) -> Verdict {
        let Some(place) = self.rooms.get_mut(&room) else {
            return Verdict::Ignored;
        };
        if matches!(place.phase, Phase::Held | Phase::Wanted | Phase::Later(_)) || place.stale {
            return Verdict::Ignored;
        }
        if place.rev.is_some_and(|stood| rev <= stood) {
            return Verdict::Known;
        }
        // A frame that was read back from the store may begin before our position; its content is
        // newer.
        if place.rev.is_some_and(|stood| prev > stood) {
            // If a replay was requested, it fills every gap before it ends.
            if place.phase == Phase::Live {
                place.phase = Phase::Wanted;
            }
            return Verdict::Hole;
        }
        if !has_room {
            place.phase = Phase::Held;
            return Verdict::Ignored;
        }
        place.rev = Some(rev);
        Verdict::Next
    }

    /// Whether any room is left with the server.
    pub(super) fn holds_some(&self) -> bool {
        self.rooms.values().any(|place| place.phase == Phase::Held)
    }

    /// There is capacity again: rooms that were left with the server are requested.
    pub(super) fn release(&mut self) {
        for place in self.rooms.values_mut() {
            if place.phase == Phase::Held {
                place.phase = Phase::Wanted;
            }
        }
    }

    /// The server has caught a room up to this rev after it fell behind. If it had to skip changes,
    /// returns the last rev that was delivered.
    pub(super) fn resumed(&mut self, room: Uuid, rev: i64, reset: bool) -> Option<Reset> {
        let place = self.rooms.get_mut(&room)?;
        if place.phase != Phase::Live {
            // It will be requested anyway.
            return None;
        }
        if reset {
            return Some(Reset {
                stood: place.rev.replace(rev),
            });
        }
        if place.rev.is_some_and(|stood| stood < rev) {
            place.phase = Phase::Wanted;
        }
        None
    }
}

impl Place {
    const fn wanted(rev: Option<i64>) -> Self {
        Self {
            rev,
            stale: false,
            phase: Phase::Wanted,
        }
    }
}

/// Whether a retry may succeed soon.
fn passes(code: ErrorCode) -> bool {
    code == ErrorCode::RateLimited || code == ErrorCode::Internal || Problem::of(code).is_passing()
}
