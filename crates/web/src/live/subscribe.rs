//! Subscribing to rooms: from now on, or from where a client was.

use std::collections::BTreeMap;

use application::Error;
use application::live::Admitted;
use domain::{Refusal, Rev, RoomId};
use protocol::ErrorCode;
use protocol::limits::{REPLAY_PER_ROOM, REPLAY_PER_SUBSCRIBE, ROOMS_PER_CONNECTION};
use protocol::realtime::{Ack, Subscribe, Subscribed};
use realtime::{Caught, Memory};

use super::catching::{Since, Way, begin, catch_up, may_begin, remember, stand};
use super::peer::Peer;
use crate::error::ApiError;

/// How many times rooms are looked up again that have moved on too far before the answer.
const LOOKS: usize = 5;

/// Subscribes a client to rooms. They go live one after another, those without a replay at the end; the
/// answer gives the rev that each of them has reached by then.
pub(crate) async fn subscribe(peer: &Peer, form: Subscribe) -> Result<Ack, ApiError> {
    let use_cases = &peer.worker.sockets.use_cases;
    let epoch = use_cases.feed.epoch().await.map_err(Error::from)?;
    let same_store = form.epoch.is_none_or(|known| known == epoch.as_str());
    let wanted: BTreeMap<RoomId, Option<i64>> = form
        .rooms
        .into_iter()
        .map(|(room, since)| (RoomId::from_uuid(room), since))
        .collect();

    let mut answers = BTreeMap::new();
    let rooms = take_seats(peer, wanted.keys().copied(), &mut answers);
    let admitted = match ask(peer, &rooms).await {
        Ok(admitted) => admitted,
        Err(error) => {
            give_up_seats(peer, &rooms);
            return Err(error.into());
        }
    };
    let since = |room: RoomId, admitted: &Admitted| {
        let since = wanted.get(&room).copied().flatten();
        since_where(since, admitted, same_store)
    };
    let standing = stand_everywhere(peer, admitted, since, &mut answers);
    let (mut live, took_time) = replay_all(peer, standing, &mut answers).await;
    if took_time {
        look_again(peer, |_| true, &mut live, &mut answers).await;
    }
    for _ in 0..LOOKS {
        let is_stuck = |starting: &Starting| {
            matches!(starting.way, Way::Begins { .. })
                && !may_begin(peer, starting.room, &starting.admitted)
        };
        if !look_again(peer, is_stuck, &mut live, &mut answers).await {
            break;
        }
    }
    for starting in live {
        answers.insert(starting.room.as_uuid(), answer(peer, &starting));
    }
    Ok(Ack::Subscribed { rooms: answers })
}

/// A room that a client may listen to, and the point from which it wants its events.
struct Standing {
    room: RoomId,
    admitted: Admitted,
    since: Since,
}

/// A room in which a client is about to go live.
struct Starting {
    room: RoomId,
    admitted: Admitted,
    way: Way,
}

/// Sets the client's position in all rooms before the first of them is replayed, so that it misses no
/// ephemeral events.
fn stand_everywhere(
    peer: &Peer,
    admitted: Vec<(RoomId, Result<Admitted, Refusal>)>,
    since: impl Fn(RoomId, &Admitted) -> Since,
    answers: &mut BTreeMap<uuid::Uuid, Subscribed>,
) -> Vec<Standing> {
    let mut standing = Vec::new();
    for (room, outcome) in admitted {
        let stood = outcome.map_err(Error::from).and_then(|admitted| {
            let since = since(room, &admitted);
            stand(peer, room, &admitted, since)?;
            Ok(Standing {
                room,
                admitted,
                since,
            })
        });
        match stood {
            Ok(stood) => standing.push(stood),
            Err(error) => {
                answers.insert(room.as_uuid(), turn_away(peer, room, error));
            }
        }
    }
    standing
}

/// Replays what a client has missed, one room after another. Returns whether that took time.
async fn replay_all(
    peer: &Peer,
    standing: Vec<Standing>,
    answers: &mut BTreeMap<uuid::Uuid, Subscribed>,
) -> (Vec<Starting>, bool) {
    let (mut live, mut took_time) = (Vec::new(), false);
    let mut left = REPLAY_PER_SUBSCRIBE;
    for Standing {
        room,
        admitted,
        since,
    } in standing
    {
        match catch_up(peer, room, &admitted, since, left).await {
            Ok(way) => {
                left = left.saturating_sub(way.replayed());
                took_time |= way.took_time();
                live.push(Starting {
                    room,
                    admitted,
                    way,
                });
            }
            Err(error) => {
                took_time = true;
                answers.insert(room.as_uuid(), turn_away(peer, room, error));
            }
        }
    }
    (live, took_time)
}

/// Looks up some of the rooms again: while others were replayed, the user may have left or read on, and
/// much may have happened. Returns whether there were any.
async fn look_again(
    peer: &Peer,
    which: impl Fn(&Starting) -> bool,
    live: &mut Vec<Starting>,
    answers: &mut BTreeMap<uuid::Uuid, Subscribed>,
) -> bool {
    let late = live.iter().filter(|starting| which(starting));
    let rooms: Vec<RoomId> = late.map(|starting| starting.room).collect();
    if rooms.is_empty() {
        return false;
    }
    let again = match ask(peer, &rooms).await {
        Ok(again) => again,
        Err(error) => {
            // They start from what was known before, if the node still remembers enough.
            refused(peer, error);
            return false;
        }
    };
    for (room, outcome) in again {
        match outcome {
            Ok(fresh) => {
                let known = live.iter_mut().filter(|known| known.room == room);
                known.for_each(|known| renew(peer, known, fresh));
            }
            Err(refusal) => {
                live.retain(|known| known.room != room);
                answers.insert(room.as_uuid(), turn_away(peer, room, refusal.into()));
            }
        }
    }
    true
}

/// Takes note of how a room is now. What was posted there since a replay is still to be delivered.
fn renew(peer: &Peer, known: &mut Starting, fresh: Admitted) {
    let position = peer.worker.shard.position(&peer.connection, known.room);
    known.admitted.cursors = fresh.cursors;
    if matches!(known.way, Way::Begins { .. }) || position >= Some(fresh.rev) {
        known.admitted = fresh;
    }
}

/// Brings a client up to date in rooms in which it fell behind. `back` is told the rev that a room has
/// reached, and whether the client has to start over, before anything else of that room is sent.
pub(crate) async fn resume(peer: &Peer, rooms: Vec<RoomId>, back: impl Fn(RoomId, Rev, bool)) {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let rooms = resume_from_memory(peer, rooms, &back).await;
    if rooms.is_empty() {
        return;
    }
    let admitted = match ask(peer, &rooms).await {
        Ok(admitted) => admitted,
        Err(error) => {
            refused(peer, error);
            return peer.try_later(rooms);
        }
    };
    for (room, outcome) in admitted {
        let Some(position) = shard.position(connection, room) else {
            continue;
        };
        let way = match outcome {
            Ok(admitted) => go_on(peer, room, &admitted, position).await,
            Err(refusal) => Err(refusal.into()),
        };
        match way {
            Ok(reset) => {
                let rev = shard.position(connection, room).unwrap_or(position);
                back(room, rev, reset);
            }
            Err(Error::Refused(_)) => shard.leave(connection, room),
            Err(error) => {
                refused(peer, error);
                peer.try_later([room]);
            }
        }
    }
}

/// Does so where this node remembers all that the client missed, and whether its user has left. Returns the
/// other rooms. Everyone in a large room falls behind at once, and must not read the store at once.
async fn resume_from_memory(
    peer: &Peer,
    rooms: Vec<RoomId>,
    back: impl Fn(RoomId, Rev, bool),
) -> Vec<RoomId> {
    let mut others = Vec::new();
    for room in rooms {
        match remember(peer, room, Memory::Last).await {
            Caught::Up { at, .. } => back(room, at, false),
            Caught::Gone => (),
            Caught::Part { .. } | Caught::Missing(_) => others.push(room),
        }
    }
    others
}

/// Brings a client up to date in a room. Returns whether it has to start over.
async fn go_on(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    position: Rev,
) -> Result<bool, Error> {
    let since = Since::After(position);
    stand(peer, room, admitted, since)?;
    match catch_up(peer, room, admitted, since, REPLAY_PER_ROOM).await? {
        Way::Replayed { .. } => Ok(false),
        Way::Begins { reset } => {
            for (_, fresh) in ask(peer, &[room]).await? {
                begin(peer, room, &fresh?)?;
            }
            Ok(reset)
        }
    }
}

/// Asks the store whether the caller may listen to these rooms.
async fn ask(
    peer: &Peer,
    rooms: &[RoomId],
) -> Result<Vec<(RoomId, Result<Admitted, Refusal>)>, Error> {
    let (sockets, caller) = (&peer.worker.sockets, peer.caller());
    let asked = sockets.use_cases.subscribe.run(&caller, rooms);
    sockets.in_turn(asked).await
}

/// Asks the store whether the caller may listen to this room.
pub(super) async fn ask_for(peer: &Peer, room: RoomId) -> Result<Admitted, Error> {
    let answers = ask(peer, &[room]).await?;
    let answer = answers.into_iter().next().map(|(_, answer)| answer);
    Ok(answer.unwrap_or(Err(Refusal::NotFound))?)
}

/// Takes a seat in each of these rooms, up to the limit of the connection.
fn take_seats(
    peer: &Peer,
    rooms: impl Iterator<Item = RoomId>,
    answers: &mut BTreeMap<uuid::Uuid, Subscribed>,
) -> Vec<RoomId> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let mut taken = Vec::new();
    for room in rooms {
        if shard.sits(connection, room) || shard.rooms(connection) < ROOMS_PER_CONNECTION {
            shard.sit(connection, room);
            taken.push(room);
        } else {
            let code = ErrorCode::TooMany;
            answers.insert(room.as_uuid(), Subscribed::Refused { code });
        }
    }
    taken
}

fn give_up_seats(peer: &Peer, rooms: &[RoomId]) {
    for room in rooms {
        peer.worker.shard.leave(&peer.connection, *room);
    }
}

fn since_where(since: Option<i64>, admitted: &Admitted, same_store: bool) -> Since {
    match since.map(|rev| Rev::new(rev).unwrap_or(Rev::MAX)) {
        None => Since::Now,
        Some(rev) if same_store && rev <= admitted.rev => Since::After(rev),
        Some(_) => Since::Elsewhere,
    }
}

fn refused(peer: &Peer, error: Error) -> Subscribed {
    let error = ApiError::from(error);
    peer.log(&error);
    Subscribed::Refused { code: error.code() }
}

/// Gives up the seat in a room that the client may not listen to, or not just now.
fn turn_away(peer: &Peer, room: RoomId, error: Error) -> Subscribed {
    peer.worker.shard.leave(&peer.connection, room);
    refused(peer, error)
}

/// The answer to a subscription, which is sent before anything else is.
fn answer(peer: &Peer, starting: &Starting) -> Subscribed {
    let Starting {
        room,
        admitted,
        way,
    } = *starting;
    let reset = match way {
        Way::Replayed { .. } => false,
        Way::Begins { reset } => match begin(peer, room, &admitted) {
            Ok(()) => reset,
            Err(error) => return turn_away(peer, room, error),
        },
    };
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    // Others may have written since the store was read.
    let last = shard.last_message(connection, room).unwrap_or_default();
    match shard.position(connection, room) {
        Some(rev) => Subscribed::Live {
            rev: rev.get(),
            seq: admitted.seq.max(last).get(),
            read_seq: admitted.cursors.read.get(),
            delivered_seq: admitted.cursors.delivered.get(),
            replayed: i64::try_from(way.replayed()).unwrap_or(i64::MAX),
            reset,
        },
        // The user lost the room while others were replayed.
        None => Subscribed::Refused {
            code: ErrorCode::NotFound,
        },
    }
}
