//! How a client comes to listen to a room.

use application::Error;
use application::live::Admitted;
use domain::{Failure, Refusal, Rev, RoomId};
use protocol::limits::REPLAY_PER_ROOM;
use realtime::{Caught, Memory, Place};

use super::peer::Peer;
use super::pieces::tell;
use super::replay::{read, read_all};

/// From where a client wants to be told of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// From now on: it does not need what happened before.
    Now,
    /// After this rev: it has everything up to there.
    After(Rev),
    /// After a rev that this room has not reached, or one of another store.
    Elsewhere,
}

/// How a client goes live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// After this many frames were replayed; `read` says whether the store was read for them.
    Replayed { frames: usize, read: bool },
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
        matches!(
            self,
            Self::Replayed { read: true, .. } | Self::Begins { reset: true }
        )
    }
}

/// Whether a client may start in a room with what the store returned. If the room has moved on too far
/// since, the store has to be asked again.
pub(super) fn may_begin(peer: &Peer, (room, admitted, _): &(RoomId, Admitted, Way)) -> bool {
    peer.worker.shard.may_begin(*room, admitted.rev)
}

/// Starts a client where a room is now.
pub(super) fn begin(peer: &Peer, room: RoomId, admitted: &Admitted) -> Result<(), Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    shard.hub().look(admitted.head(room));
    if !shard.place(connection, room, place(admitted, admitted.rev)) {
        return Err(Refusal::NotFound.into());
    }
    match shard.begin(connection, room) {
        Caught::Up { .. } => Ok(()),
        Caught::Gone => Err(Refusal::NotFound.into()),
        Caught::Missing(_) => {
            let cause = "more has happened since than is kept in memory";
            Err(Failure::passing("hub", "say where a room stands", cause).into())
        }
    }
}

const fn place(admitted: &Admitted, position: Rev) -> Place {
    Place {
        floor: admitted.floor,
        position,
        admitted: admitted.rev,
    }
}

/// Has a client stand where it was in a room. From now on it receives who is typing and present, and who
/// has read what.
pub(super) fn stand(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    since: Since,
) -> Result<(), Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let position = match since {
        Since::Now | Since::Elsewhere => admitted.rev,
        Since::After(rev) => rev,
    };
    shard.hub().look(admitted.head(room));
    if shard.place(connection, room, place(admitted, position)) {
        Ok(())
    } else {
        Err(Refusal::NotFound.into())
    }
}

/// Replays what a client has missed of a room, first from the store and then from the node's memory,
/// where it joins the live stream. It must stand there already. Nothing is replayed if it is too much.
pub(super) async fn catch_up(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    since: Since,
    most: usize,
) -> Result<Way, Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    match since {
        Since::Now => return Ok(Way::Begins { reset: false }),
        Since::Elsewhere => return Ok(Way::Begins { reset: true }),
        Since::After(_) => (),
    }
    let (most, mut replayed, mut was_read) = (most.min(REPLAY_PER_ROOM), 0, false);
    loop {
        let at = match shard.catch_up(connection, room, Memory::Last) {
            Caught::Gone => return Err(Refusal::NotFound.into()),
            Caught::Up { told, .. } => {
                return Ok(Way::Replayed {
                    frames: replayed + told,
                    read: was_read,
                });
            }
            Caught::Missing(at) => at,
        };
        was_read = true;
        connection.has_capacity().await;
        let missed = usize::try_from(admitted.rev.after(at)).unwrap_or(usize::MAX);
        let pieces = if replayed == 0 && missed > most {
            let Some(pieces) = read_all(peer, room, at, most).await? else {
                return Ok(Way::Begins { reset: true });
            };
            pieces
        } else {
            read(peer, room, at).await?
        };
        replayed += tell(peer, room, pieces).await?;
    }
}
