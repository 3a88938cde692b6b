//! How a client comes to listen to a room.

use application::Error;
use application::live::Admitted;
use domain::{Failure, Refusal, Rev, RoomId};
use protocol::limits::REPLAY_PER_ROOM;
use realtime::{Caught, Memory, Place};

use super::peer::Peer;
use super::pieces::tell;
use super::replay::{read, read_all};

/// The point from which a client wants a room's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// From now on: it does not need what happened before.
    Now,
    /// After this rev: it has everything up to there.
    After(Rev),
    /// After a rev that this room has not reached, or one of another store.
    Elsewhere,
}

/// Where what was replayed came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The node's memory alone.
    Memory,
    /// The store was read as well.
    Store,
}

/// How a client goes live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// After this many frames were replayed.
    Replayed { frames: usize, from: Origin },
    /// From where the room is when the answer is sent: it receives nothing before that, which it could
    /// not place. `reset` says that what it has is of no use.
    Begins { reset: bool },
}

impl Way {
    pub(super) const fn replayed(self) -> usize {
        match self {
            Self::Replayed { frames, .. } => frames,
            Self::Begins { .. } => 0,
        }
    }

    /// Whether it took time, in which much may have happened.
    pub(super) const fn took_time(self) -> bool {
        match self {
            Self::Replayed { from, .. } => matches!(from, Origin::Store),
            Self::Begins { reset } => reset,
        }
    }
}

/// Whether a client may start in a room with what the store returned. If the room has moved on too far
/// since, the store has to be asked again.
pub(super) fn may_begin(peer: &Peer, room: RoomId, admitted: &Admitted) -> bool {
    peer.worker.shard.may_begin(room, admitted.rev)
}

/// Starts a client where a room is now.
pub(super) fn begin(peer: &Peer, room: RoomId, admitted: &Admitted) -> Result<(), Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    shard.hub().look(admitted.head(room));
    stand_at(peer, room, admitted, admitted.rev)?;
    match shard.begin(connection, room) {
        Caught::Up { .. } => Ok(()),
        Caught::Gone => Err(Refusal::NotFound.into()),
        Caught::Part { .. } | Caught::Missing(_) => {
            let cause = "more has happened since than is kept in memory";
            Err(Failure::passing("hub", "say where a room stands", cause).into())
        }
    }
}

/// Sets the client's position in a room to where it left off. From now on it receives typing, presence and
/// read cursors.
pub(super) fn stand(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    since: Since,
) -> Result<(), Error> {
    let position = match since {
        Since::Now | Since::Elsewhere => admitted.rev,
        Since::After(rev) => rev,
    };
    peer.worker.shard.hub().look(admitted.head(room));
    stand_at(peer, room, admitted, position)
}

/// Has a client stand at a rev of a room, unless it has left since it was let in.
pub(super) fn stand_at(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    position: Rev,
) -> Result<(), Error> {
    let place = Place {
        floor: admitted.floor,
        position,
        admitted: admitted.rev,
    };
    if peer.worker.shard.place(&peer.connection, room, place) {
        Ok(())
    } else {
        Err(Refusal::NotFound.into())
    }
}

/// Replays what a client has missed of a room, first from the store and then from the node's memory,
/// where it joins the live stream. Its position must have been set. Nothing is replayed if it is too much.
pub(super) async fn catch_up(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    since: Since,
    most: usize,
) -> Result<Way, Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let at = match since {
        Since::Now => return Ok(Way::Begins { reset: false }),
        Since::Elsewhere => return Ok(Way::Begins { reset: true }),
        Since::After(at) => at,
    };
    let (mut replayed, mut from) = (0, Origin::Memory);
    let most = most.min(REPLAY_PER_ROOM);
    if usize::try_from(admitted.rev.after(at)).unwrap_or(usize::MAX) > most {
        connection.has_capacity().await;
        let Some(pieces) = read_all(peer, room, at, most).await? else {
            return Ok(Way::Begins { reset: true });
        };
        replayed += tell(peer, room, pieces).await?;
        from = Origin::Store;
    }
    loop {
        match shard.catch_up(connection, room, Memory::Last) {
            Caught::Gone => return Err(Refusal::NotFound.into()),
            Caught::Up { told, .. } => {
                let frames = replayed + told;
                return Ok(Way::Replayed { frames, from });
            }
            Caught::Part { told } => {
                replayed += told;
                connection.has_capacity().await;
            }
            Caught::Missing(at) => {
                connection.has_capacity().await;
                replayed += tell(peer, room, read(peer, room, at).await?).await?;
                from = Origin::Store;
            }
        }
    }
}

/// Replays what this node remembers of a room, as the client's queue has room for it.
pub(super) async fn remember(peer: &Peer, room: RoomId, how: Memory) -> Caught {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    loop {
        let caught = shard.catch_up(connection, room, how);
        if !matches!(caught, Caught::Part { .. }) {
            return caught;
        }
        connection.has_capacity().await;
    }
}
