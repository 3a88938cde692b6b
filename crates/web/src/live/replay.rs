//! Reads back what a client has missed of a room.

use application::Error;
use application::live::Replay;
use domain::{Refusal, Rev, RoomId};
use realtime::Piece;

use super::peer::Peer;
use super::pieces::cut;
use super::told;

/// How many changes are read at once.
const PAGE: usize = 200;
/// How many bytes of a replay may be held before any of it is sent, while it may still prove too much.
const HELD: usize = 8 * 1024 * 1024;

/// Everything after a rev, or `None` if it is too much. Nothing is sent before that is known.
pub(super) async fn read_all(
    peer: &Peer,
    room: RoomId,
    since: Rev,
    most: usize,
) -> Result<Option<Vec<Piece>>, Error> {
    let (mut all, mut at) = (Vec::new(), since);
    let (mut count, mut bytes) = (0, 0);
    loop {
        let limit = PAGE.min(most - count + 1);
        let page = read_page(peer, room, at, limit).await?;
        for piece in pieces(peer, room, at, &page) {
            count += piece.count;
            bytes += piece.frames.len();
            all.push(piece);
        }
        if count > most || bytes > HELD {
            return Ok(None);
        }
        if !page.more {
            return Ok(Some(all));
        }
        at = at.max(page.up_to);
    }
}

/// One page of what comes after a rev.
pub(super) async fn read(peer: &Peer, room: RoomId, since: Rev) -> Result<Vec<Piece>, Error> {
    let page = read_page(peer, room, since, PAGE).await?;
    Ok(pieces(peer, room, since, &page))
}

fn pieces(peer: &Peer, room: RoomId, since: Rev, page: &Replay) -> Vec<Piece> {
    let up_to = since.max(page.up_to);
    let frames = told::replay(room, &page.changes, since, up_to);
    cut(frames, up_to, peer.connection.portion()).collect()
}

/// One page of changes after a rev, not cut into pieces.
pub(super) async fn read_page(
    peer: &Peer,
    room: RoomId,
    since: Rev,
    limit: usize,
) -> Result<Replay, Error> {
    let (sockets, caller) = (&peer.worker.sockets, peer.caller());
    let subscribe = &sockets.use_cases.subscribe;
    let page = subscribe.replay(&caller, room, since, limit);
    let page = sockets.in_turn(page).await?;
    // The user left between the check of their membership and the read of the room.
    if page
        .changes
        .iter()
        .any(|change| change.departed() == Some(caller.user))
    {
        return Err(Refusal::NotFound.into());
    }
    Ok(page)
}
