//! Being told of rooms: from now on, or from where a client was.

use std::collections::BTreeMap;
use std::rc::Rc;

use application::Error;
use application::live::{Admitted, Replay};
use bytes::{Bytes, BytesMut};
use domain::{Refusal, Rev, RoomId};
use protocol::ErrorCode;
use protocol::limits::{REPLAY_PER_ROOM, REPLAY_PER_SUBSCRIBE, ROOMS_PER_CONNECTION};
use protocol::realtime::{Ack, ServerFrame, Subscribe, Subscribed};
use realtime::{Caught, Place};

use super::session::Session;
use super::told;
use crate::error::ApiError;

/// How many changes are read at once.
const PAGE: usize = 200;
/// How many bytes of a replay are held before any of it is sent, where it may turn out to be too much.
const HELD: usize = 8 * 1024 * 1024;

/// Where a client was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    /// It does not care, and begins now.
    Now,
    /// It has everything up to this rev.
    After(Rev),
    /// Somewhere that is no place here.
    Elsewhere,
}

/// What it took until a client was live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Way {
    /// So many frames.
    replayed: usize,
    /// What it has is of no use.
    reset: bool,
}

/// Some frames in one piece, how many they are, and up to which rev they tell.
struct Piece {
    frames: BytesMut,
    count: usize,
    up_to: Rev,
}

/// Subscribes a client to rooms. One after another goes on live; the answer says where each of them is
/// by then.
pub(super) async fn subscribe(session: &Rc<Session>, form: Subscribe) -> Result<Ack, ApiError> {
    let use_cases = &session.worker.sockets.use_cases;
    let epoch = use_cases.feed.epoch().await.map_err(Error::from)?;
    let same_store = form.epoch.is_none_or(|known| known == epoch.as_str());
    let wanted: BTreeMap<RoomId, Option<i64>> = form
        .rooms
        .into_iter()
        .map(|(room, since)| (RoomId::from_uuid(room), since))
        .collect();

    let mut answers = BTreeMap::new();
    let rooms = take_seats(session, wanted.keys().copied(), &mut answers);
    let admitted = match use_cases.subscribe.run(&session.caller(), &rooms).await {
        Ok(admitted) => admitted,
        Err(error) => {
            give_up_seats(session, &rooms);
            return Err(error.into());
        }
    };
    let (mut left, mut live) = (REPLAY_PER_SUBSCRIBE, Vec::new());
    for (room, outcome) in admitted {
        let since = wanted.get(&room).copied().flatten();
        let went = match outcome {
            Ok(admitted) => {
                let since = since_where(since, &admitted, same_store);
                let way = catch_up(session, room, &admitted, since, left).await;
                way.map(|way| (admitted, way))
            }
            Err(refusal) => Err(refusal.into()),
        };
        match went {
            Ok((admitted, way)) => {
                left = left.saturating_sub(way.replayed);
                live.push((room, admitted, way));
            }
            Err(error) => {
                session.worker.shard.leave(&session.connection, room);
                answers.insert(room.as_uuid(), refused(session, error));
            }
        }
    }
    for (room, admitted, way) in live {
        answers.insert(room.as_uuid(), answer(session, room, &admitted, way));
    }
    Ok(Ack::Subscribed { rooms: answers })
}

/// Brings a client that could not keep up to where these rooms are.
pub(super) async fn resume(session: Rc<Session>, rooms: Vec<RoomId>) {
    let use_cases = &session.worker.sockets.use_cases;
    let (shard, connection) = (&session.worker.shard, &session.connection);
    let admitted = match use_cases.subscribe.run(&session.caller(), &rooms).await {
        Ok(admitted) => admitted,
        Err(error) => {
            refused(&session, error);
            return session.try_later(rooms);
        }
    };
    for (room, outcome) in admitted {
        let Some(position) = shard.position(connection, room) else {
            continue;
        };
        let way = match outcome {
            Ok(admitted) => {
                let since = Since::After(position);
                catch_up(&session, room, &admitted, since, REPLAY_PER_ROOM).await
            }
            Err(refusal) => Err(refusal.into()),
        };
        match way {
            Ok(way) => {
                let rev = shard.position(connection, room).unwrap_or(position).get();
                session.send(&ServerFrame::Resumed {
                    room_id: room.as_uuid(),
                    rev,
                    reset: way.reset,
                });
            }
            Err(Error::Refused(_)) => shard.leave(connection, room),
            Err(error) => {
                refused(&session, error);
                session.try_later([room]);
            }
        }
    }
}

/// Takes a seat in each of these rooms, as long as the client may have one more.
fn take_seats(
    session: &Session,
    rooms: impl Iterator<Item = RoomId>,
    answers: &mut BTreeMap<uuid::Uuid, Subscribed>,
) -> Vec<RoomId> {
    let (shard, connection) = (&session.worker.shard, &session.connection);
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

fn give_up_seats(session: &Session, rooms: &[RoomId]) {
    for room in rooms {
        session.worker.shard.leave(&session.connection, *room);
    }
}

fn since_where(since: Option<i64>, admitted: &Admitted, same_store: bool) -> Since {
    match since.map(|rev| Rev::new(rev).unwrap_or(Rev::MAX)) {
        None => Since::Now,
        Some(rev) if same_store && rev <= admitted.rev => Since::After(rev),
        Some(_) => Since::Elsewhere,
    }
}

fn refused(session: &Session, error: Error) -> Subscribed {
    let error = ApiError::from(error);
    error.log(&session.connection.id().to_string());
    Subscribed::Refused { code: error.code() }
}

fn answer(session: &Session, room: RoomId, admitted: &Admitted, way: Way) -> Subscribed {
    match session.worker.shard.position(&session.connection, room) {
        Some(rev) => Subscribed::Live {
            rev: rev.get(),
            seq: admitted.seq.get(),
            read_seq: admitted.cursors.read.get(),
            delivered_seq: admitted.cursors.delivered.get(),
            replayed: i64::try_from(way.replayed).unwrap_or(i64::MAX),
            reset: way.reset,
        },
        // They lost the room while others were replayed.
        None => Subscribed::Refused {
            code: ErrorCode::NotFound,
        },
    }
}

/// Replays what a client has missed of a room, first from the store and then from what the node
/// remembers, which is where it meets what comes live.
async fn catch_up(
    session: &Session,
    room: RoomId,
    admitted: &Admitted,
    since: Since,
    most: usize,
) -> Result<Way, Error> {
    let (shard, connection) = (&session.worker.shard, &session.connection);
    let most = most.min(REPLAY_PER_ROOM);
    let place = |position| Place {
        floor: admitted.floor,
        position,
        admitted: admitted.rev,
    };
    let (mut way, from) = match since {
        Since::Now => (Way::default(), admitted.rev),
        Since::After(rev) => (Way::default(), rev),
        Since::Elsewhere => (
            Way {
                replayed: 0,
                reset: true,
            },
            admitted.rev,
        ),
    };
    shard.hub().look(room, admitted.rev);
    if !shard.place(connection, room, place(from)) {
        return Err(Refusal::NotFound.into());
    }
    loop {
        let at = match shard.catch_up(connection, room) {
            Caught::Gone => return Err(Refusal::NotFound.into()),
            Caught::Up { told, .. } => {
                way.replayed += told;
                return Ok(way);
            }
            Caught::Missing(at) => at,
        };
        connection.has_place().await;
        let fresh = way == Way::default();
        let missed = usize::try_from(admitted.rev.after(at)).unwrap_or(usize::MAX);
        let piece = if fresh && missed > most {
            let Some(piece) = read_all(session, room, at, most).await? else {
                way.reset = true;
                shard.place(connection, room, place(admitted.rev));
                continue;
            };
            piece
        } else {
            read(session, room, at, PAGE).await?
        };
        way.replayed += piece.count;
        let frames = (piece.frames.freeze(), piece.count);
        shard.tell(connection, room, frames, piece.up_to);
    }
}

/// Everything after a rev, unless it is too much. Nothing is sent before that is known.
async fn read_all(
    session: &Session,
    room: RoomId,
    since: Rev,
    most: usize,
) -> Result<Option<Piece>, Error> {
    let mut all = Piece {
        frames: BytesMut::new(),
        count: 0,
        up_to: since,
    };
    loop {
        let limit = PAGE.min(most - all.count + 1);
        let page = replay(session, room, all.up_to, limit).await?;
        let more = page.more;
        all.add(room, &page);
        if all.count > most || all.frames.len() > HELD {
            return Ok(None);
        }
        if !more {
            return Ok(Some(all));
        }
    }
}

/// Some of what comes after a rev.
async fn read(session: &Session, room: RoomId, since: Rev, limit: usize) -> Result<Piece, Error> {
    let page = replay(session, room, since, limit).await?;
    let mut piece = Piece {
        frames: BytesMut::new(),
        count: 0,
        up_to: since,
    };
    piece.add(room, &page);
    Ok(piece)
}

async fn replay(
    session: &Session,
    room: RoomId,
    since: Rev,
    limit: usize,
) -> Result<Replay, Error> {
    let (subscribe, caller) = (
        &session.worker.sockets.use_cases.subscribe,
        session.caller(),
    );
    let page = subscribe.replay(&caller, room, since, limit).await?;
    // They left between the look at their membership and the look at the room.
    if page
        .changes
        .iter()
        .any(|change| change.departed() == Some(caller.user))
    {
        return Err(Refusal::NotFound.into());
    }
    Ok(page)
}

impl Piece {
    fn add(&mut self, room: RoomId, page: &Replay) {
        let (frames, count): (Bytes, usize) =
            told::replay(room, &page.changes, self.up_to, page.up_to);
        self.frames.extend_from_slice(&frames);
        self.count += count;
        self.up_to = self.up_to.max(page.up_to);
    }
}
