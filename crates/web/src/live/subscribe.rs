//! Being told of rooms: from now on, or from where a client was.

use std::collections::BTreeMap;

use application::Error;
use application::live::Admitted;
use domain::{Refusal, Rev, RoomId};
use protocol::ErrorCode;
use protocol::limits::{REPLAY_PER_ROOM, REPLAY_PER_SUBSCRIBE, ROOMS_PER_CONNECTION};
use protocol::realtime::{Ack, Subscribe, Subscribed};

use super::catching::{Since, Way, begin, catch_up, may_begin};
use super::peer::Peer;
use crate::error::ApiError;

/// How often rooms are looked at again that were further on, by the time of the answer, than is remembered.
const LOOKS: usize = 5;

/// Subscribes a client to rooms. One after another goes on live, those that begin now at the end; the
/// answer says where each of them is by then.
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
    let (mut left, mut live) = (REPLAY_PER_SUBSCRIBE, Vec::new());
    for (room, outcome) in admitted {
        let since = wanted.get(&room).copied().flatten();
        let went = async {
            let admitted = outcome?;
            let since = since_where(since, &admitted, same_store);
            let way = catch_up(peer, room, &admitted, since, left).await?;
            Ok((admitted, way))
        };
        match went.await {
            Ok((admitted, way)) => {
                left = left.saturating_sub(way.replayed());
                live.push((room, admitted, way));
            }
            Err(error) => {
                answers.insert(room.as_uuid(), turn_away(peer, room, error));
            }
        }
    }
    if wanted.values().any(Option::is_some) {
        look_again(peer, |_| true, &mut live, &mut answers).await;
    }
    for _ in 0..LOOKS {
        let is_stuck = |seen: &Live| !may_begin(peer, seen);
        if !look_again(peer, is_stuck, &mut live, &mut answers).await {
            break;
        }
    }
    for (room, admitted, way) in live {
        answers.insert(room.as_uuid(), answer(peer, room, &admitted, way));
    }
    Ok(Ack::Subscribed { rooms: answers })
}

/// A room that a client is about to be told of.
type Live = (RoomId, Admitted, Way);

/// Looks at some rooms again in which a client begins: replays take their time, so that they may have left
/// meanwhile, and much may have happened. Answers whether there were any.
async fn look_again(
    peer: &Peer,
    which: impl Fn(&Live) -> bool,
    live: &mut Vec<Live>,
    answers: &mut BTreeMap<uuid::Uuid, Subscribed>,
) -> bool {
    let late = live
        .iter()
        .filter(|seen| matches!(seen.2, Way::Begins { .. }) && which(seen));
    let rooms: Vec<RoomId> = late.map(|(room, _, _)| *room).collect();
    if rooms.is_empty() {
        return false;
    }
    let again = match ask(peer, &rooms).await {
        Ok(again) => again,
        Err(error) => {
            // They begin from where they were, if that is remembered.
            refused(peer, error);
            return false;
        }
    };
    for (room, outcome) in again {
        match outcome {
            Ok(fresh) => {
                let known = live.iter_mut().filter(|(known, _, _)| *known == room);
                known.for_each(|(_, admitted, _)| *admitted = fresh);
            }
            Err(refusal) => {
                live.retain(|(known, _, _)| *known != room);
                answers.insert(room.as_uuid(), turn_away(peer, room, refusal.into()));
            }
        }
    }
    true
}

/// Brings a client that could not keep up to where these rooms are. Says of each whereto, and whether
/// the client has to begin anew, before anything else is told of it.
pub(crate) async fn resume(peer: &Peer, rooms: Vec<RoomId>, back: impl Fn(RoomId, Rev, bool)) {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
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

/// Brings a client that could not keep up to where a room is. Answers whether it has to begin anew.
async fn go_on(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    position: Rev,
) -> Result<bool, Error> {
    let since = Since::After(position);
    match catch_up(peer, room, admitted, since, REPLAY_PER_ROOM).await? {
        Way::Replayed(_) => Ok(false),
        Way::Begins { reset } => {
            for (_, fresh) in ask(peer, &[room]).await? {
                begin(peer, room, &fresh?)?;
            }
            Ok(reset)
        }
    }
}

/// Who may be told of these rooms, as the store says.
async fn ask(
    peer: &Peer,
    rooms: &[RoomId],
) -> Result<Vec<(RoomId, Result<Admitted, Refusal>)>, Error> {
    let (sockets, caller) = (&peer.worker.sockets, peer.caller());
    let asked = sockets.use_cases.subscribe.run(&caller, rooms);
    sockets.in_turn(asked).await
}

/// Whether they may be told of this room.
pub(super) async fn ask_for(peer: &Peer, room: RoomId) -> Result<Admitted, Error> {
    let answers = ask(peer, &[room]).await?;
    let answer = answers.into_iter().next().map(|(_, answer)| answer);
    Ok(answer.unwrap_or(Err(Refusal::NotFound))?)
}

/// Takes a seat in each of these rooms, as long as the client may have one more.
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

/// A client may not be told of a room, or not just now.
fn turn_away(peer: &Peer, room: RoomId, error: Error) -> Subscribed {
    peer.worker.shard.leave(&peer.connection, room);
    refused(peer, error)
}

/// The answer leaves before anything else is told.
fn answer(peer: &Peer, room: RoomId, admitted: &Admitted, way: Way) -> Subscribed {
    let reset = match way {
        Way::Replayed(_) => false,
        Way::Begins { reset } => match begin(peer, room, admitted) {
            Ok(()) => reset,
            Err(error) => return turn_away(peer, room, error),
        },
    };
    match peer.worker.shard.position(&peer.connection, room) {
        Some(rev) => Subscribed::Live {
            rev: rev.get(),
            seq: admitted.seq.get(),
            read_seq: admitted.cursors.read.get(),
            delivered_seq: admitted.cursors.delivered.get(),
            replayed: i64::try_from(way.replayed()).unwrap_or(i64::MAX),
            reset,
        },
        // They lost the room while others were replayed.
        None => Subscribed::Refused {
            code: ErrorCode::NotFound,
        },
    }
}
