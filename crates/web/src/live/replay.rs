//! Reading back what a client has missed of a room.

use application::Error;
use application::live::Replay;
use bytes::{Bytes, BytesMut};
use domain::{Refusal, Rev, RoomId};

use super::peer::Peer;
use super::told;

/// How many changes are read at once.
const PAGE: usize = 200;
/// How many bytes of a replay are held before any of it is sent, where it may turn out to be too much.
const HELD: usize = 8 * 1024 * 1024;

/// Some frames in one piece, how many they are, and up to which rev they tell.
pub(super) struct Piece {
    frames: BytesMut,
    pub(super) count: usize,
    pub(super) up_to: Rev,
}

/// Everything after a rev, unless it is too much. Nothing is sent before that is known.
pub(super) async fn read_all(
    peer: &Peer,
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
        let page = replay(peer, room, all.up_to, limit).await?;
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
pub(super) async fn read(peer: &Peer, room: RoomId, since: Rev) -> Result<Piece, Error> {
    let page = replay(peer, room, since, PAGE).await?;
    let mut piece = Piece {
        frames: BytesMut::new(),
        count: 0,
        up_to: since,
    };
    piece.add(room, &page);
    Ok(piece)
}

async fn replay(peer: &Peer, room: RoomId, since: Rev, limit: usize) -> Result<Replay, Error> {
    let (sockets, caller) = (&peer.worker.sockets, peer.caller());
    let subscribe = &sockets.use_cases.subscribe;
    let page = subscribe.replay(&caller, room, since, limit);
    let page = sockets.in_turn(page).await?;
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
    /// The frames, and how many they are.
    pub(super) fn into_frames(self) -> (Bytes, usize) {
        (self.frames.freeze(), self.count)
    }

    fn add(&mut self, room: RoomId, page: &Replay) {
        let (frames, count): (Bytes, usize) =
            told::replay(room, &page.changes, self.up_to, page.up_to);
        self.frames.extend_from_slice(&frames);
        self.count += count;
        self.up_to = self.up_to.max(page.up_to);
    }
}
