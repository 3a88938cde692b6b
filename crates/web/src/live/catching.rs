//! How a client comes to be told of a room.

use application::Error;
use application::live::Admitted;
use domain::{Failure, Refusal, Rev, RoomId};
use protocol::limits::REPLAY_PER_ROOM;
use realtime::{Caught, Memory, Place};

use super::peer::Peer;
use super::replay::{read, read_all};

/// Where a client was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// It does not care, and begins now.
    Now,
    /// It has everything up to this rev.
    After(Rev),
    /// Somewhere that is no place here.
    Elsewhere,
}

/// How a client comes to be live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// So many frames were replayed.
    Replayed(usize),
    /// It begins where the room stands when it is answered, and is told of nothing before that, which
    /// it could not place. Whether what it has is of no use.
    Begins { reset: bool },
}

impl Way {
    pub(super) const fn replayed(self) -> usize {
        match self {
            Self::Replayed(frames) => frames,
            Self::Begins { .. } => 0,
        }
    }
}

/// Whether a client may begin in a room by what was found out about it: when others have told it further
/// since, it has to be asked about again.
pub(super) fn may_begin(peer: &Peer, (room, admitted, _): &(RoomId, Admitted, Way)) -> bool {
    peer.worker.shard.may_begin(*room, admitted.rev)
}

/// Has a client begin where a room stands.
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
            let cause = "more happened meanwhile than is remembered";
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

/// Replays what a client has missed of a room, first from the store and then from what the node
/// remembers, which is where it meets what comes live. Nothing is replayed where it is too much.
pub(super) async fn catch_up(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    since: Since,
    most: usize,
) -> Result<Way, Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let (position, begins) = match since {
        Since::Now => (admitted.rev, Some(Way::Begins { reset: false })),
        Since::Elsewhere => (admitted.rev, Some(Way::Begins { reset: true })),
        Since::After(rev) => (rev, None),
    };
    shard.hub().look(admitted.head(room));
    // From now on they hear who writes and who is there.
    if !shard.place(connection, room, place(admitted, position)) {
        return Err(Refusal::NotFound.into());
    }
    if let Some(way) = begins {
        return Ok(way);
    }
    let (most, mut replayed) = (most.min(REPLAY_PER_ROOM), 0);
    loop {
        let at = match shard.catch_up(connection, room, Memory::Last) {
            Caught::Gone => return Err(Refusal::NotFound.into()),
            Caught::Up { told, .. } => return Ok(Way::Replayed(replayed + told)),
            Caught::Missing(at) => at,
        };
        connection.has_place().await;
        let missed = usize::try_from(admitted.rev.after(at)).unwrap_or(usize::MAX);
        let piece = if replayed == 0 && missed > most {
            let Some(piece) = read_all(peer, room, at, most).await? else {
                return Ok(Way::Begins { reset: true });
            };
            piece
        } else {
            read(peer, room, at).await?
        };
        replayed += piece.count;
        let up_to = piece.up_to;
        shard.tell(connection, room, piece.into_frames(), up_to);
    }
}
