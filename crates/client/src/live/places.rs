//! Where the client stands in each room, and what is to be done to go on from there. Knows nothing of
//! sockets: it is told what comes, and says what that means.

use std::collections::BTreeMap;
use std::time::Instant;

use protocol::realtime::Subscribed;
use uuid::Uuid;

use super::{Since, Stand, Standing};
use crate::{ErrorCode, Problem};

/// How many rooms are asked for at once. Each question has its own bound on what is replayed.
const AT_ONCE: usize = 50;

/// All rooms that are followed.
#[derive(Debug, Default)]
pub(super) struct Places {
    epoch: Option<String>,
    rooms: BTreeMap<Uuid, Place>,
}

#[derive(Debug)]
struct Place {
    /// The last rev. None until the server has said where one stands.
    rev: Option<i64>,
    /// What was known is of another store.
    stale: bool,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// To be asked for as soon as there is a connection.
    Wanted,
    /// Asked for with this question. What does not fit meanwhile is of an older subscription.
    Asked(u64),
    /// Told as it happens.
    Live,
    /// Left with the server, because nobody takes events.
    Held,
    /// Refused for a moment, to be asked for then.
    Later(Instant),
}

/// What a frame is, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// To be told.
    Next,
    /// Told already.
    Known,
    /// Something before it is missing. The room is asked for again.
    Hole,
    /// Of a room that is not followed, or is left with the server.
    Ignored,
}

/// What came of asking for a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is told of from now on.
    Live { stand: Stand, stood: Option<i64> },
    /// It is not, for good.
    Refused(ErrorCode),
    /// This answer is not to the last question, or the room will be asked for again.
    Nothing,
}

/// What was told of a room up to this rev is of no use.
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

    /// Follows a room, anew if it was followed already.
    pub(super) fn follow(&mut self, room: Uuid, since: Since) {
        self.rooms.insert(room, Place::wanted(since.rev()));
    }

    /// Whether it was followed.
    pub(super) fn forget(&mut self, room: Uuid) -> bool {
        self.rooms.remove(&room).is_some()
    }

    /// A connection is there, of this store.
    pub(super) fn greeted(&mut self, epoch: &str) {
        if self.epoch.as_deref().is_some_and(|known| known != epoch) {
            for place in self.rooms.values_mut() {
                place.stale |= place.rev.take().is_some();
            }
        }
        self.epoch = Some(epoch.to_owned());
    }

    /// The connection is gone.
    pub(super) fn lost(&mut self) {
        for place in self.rooms.values_mut() {
            place.phase = Phase::Wanted;
        }
    }

    /// The next rooms to ask for, in the question of this name, with where one stands there.
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

    /// When the next room is to be asked for that was refused for a moment.
    pub(super) fn due(&self) -> Option<Instant> {
        let later = self.rooms.values().filter_map(|place| match place.phase {
            Phase::Later(when) => Some(when),
            Phase::Wanted | Phase::Asked(_) | Phase::Live | Phase::Held => None,
        });
        later.min()
    }

    /// The answer for one room.
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

    /// The whole question was refused, for a moment.
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

    /// What a frame is that says to come after `prev` and to lead to `rev`. The next one moves the place,
    /// if there is room to tell it; else its room is left with the server.
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
        // One that was read back from the store may begin before where we stand; what it holds is newer.
        if place.rev.is_some_and(|stood| prev > stood) {
            // The replay that was asked for fills every hole before its end.
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

    /// Whether some room is left with the server.
    pub(super) fn holds_some(&self) -> bool {
        self.rooms.values().any(|place| place.phase == Phase::Held)
    }

    /// There is room again for what was left with the server.
    pub(super) fn release(&mut self) {
        for place in self.rooms.values_mut() {
            if place.phase == Phase::Held {
                place.phase = Phase::Wanted;
            }
        }
    }

    /// The server has brought a room up to this rev, after it could not be told in time. Tells, if it was
    /// too much for that, where one stood.
    pub(super) fn resumed(&mut self, room: Uuid, rev: i64, reset: bool) -> Option<Reset> {
        let place = self.rooms.get_mut(&room)?;
        if place.phase != Phase::Live {
            // It is asked for anyway.
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

/// Whether the same may be granted in a moment.
fn passes(code: ErrorCode) -> bool {
    code == ErrorCode::RateLimited || code == ErrorCode::Internal || Problem::of(code).is_passing()
}
