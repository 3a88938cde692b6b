//! How a client that speaks one of the Socket.IO vocabularies comes to listen to a room.
//!
//! In those, one event introduces a message and others tell of its changes, so a client must receive the
//! former first. What it has missed is read from the store, which has only the current state of each
//! message; which of them are new is inferred from those that are not.

use std::collections::BTreeSet;

use application::live::{Admitted, Replay};
use application::messages::Stretch;
use application::{ChangeView, Error, MessageView};
use bytes::Bytes;
use domain::port::bus::MessageChange;
use domain::{Refusal, Rev, RoomId, Seq};
use protocol::limits::{REPLAY_PER_ROOM, ROOMS_PER_CONNECTION};
use realtime::{Caught, Dialect, Memory, Own};

use super::catching::{remember, stand_at};
use super::known::{Changed, Known};
use super::peer::Peer;
use super::pieces;
use super::replay::read_page;
use super::subscribe::ask_for;
use super::told;
use crate::socketio::vocabulary::SHOWN_NEWEST;

/// How many messages or changes are read at once.
const PAGE: usize = 100;
/// How many times the newest messages are read in search of a moment in which nothing happened.
pub(super) const LOOKS: usize = 5;

/// The point from which a client wants a room's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinFrom {
    /// The client says that it has everything up to this rev.
    Rev(i64),
    /// This connection has been sent everything up to this rev.
    Seat(Rev),
    /// From the delivered cursor: no device of the user's has what comes after it.
    Delivered,
}

/// Where a client that was let in starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Joined {
    pub(crate) rev: Rev,
    /// The client's copy of the room is useless, or it missed more than is replayed.
    pub(crate) reset: bool,
    /// The membership with which it was let in.
    pub(crate) admitted: Admitted,
}

/// Starts to send a client the events of a room, in the dialect that its connection speaks: first those that
/// it missed, then live ones.
pub(crate) async fn join(peer: &Peer, room: RoomId, from: JoinFrom) -> Result<Joined, Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    if !shard.sits(connection, room) && shard.rooms(connection) >= ROOMS_PER_CONNECTION {
        return Err(Refusal::TooMany("you listen to 500 rooms already").into());
    }
    shard.sit(connection, room);
    let joined = come_in(peer, room, from).await;
    if joined.is_err() {
        shard.leave(connection, room);
    }
    joined
}

/// Brings a client up to date with rooms in which it fell behind. What fails is retried later.
pub(crate) async fn catch_up_again(peer: &Peer, rooms: Vec<RoomId>) {
    for room in rooms {
        // A client that has joined the room again in the meantime is not behind.
        let Some(position) = peer.worker.shard.behind_at(&peer.connection, room) else {
            continue;
        };
        let back = match remember(peer, room, Memory::Each).await {
            Caught::Gone => continue,
            Caught::Up { .. } => show_newest(peer, room).await,
            Caught::Part { .. } | Caught::Missing(_) => {
                let joined = come_in(peer, room, JoinFrom::Seat(position)).await;
                joined.map(drop)
            }
        };
        match back {
            Ok(()) => (),
            Err(Error::Refused(_)) => peer.worker.shard.leave(&peer.connection, room),
            Err(error) => {
                peer.log(&error.into());
                peer.try_later([room]);
            }
        }
    }
}

async fn come_in(peer: &Peer, room: RoomId, from: JoinFrom) -> Result<Joined, Error> {
    let admitted = ask_for(peer, room).await?;
    peer.worker.shard.hub().look(admitted.head(room));
    let since = match from {
        JoinFrom::Rev(rev) => Rev::new(rev).filter(|rev| *rev <= admitted.rev),
        JoinFrom::Seat(rev) => Some(rev).filter(|rev| *rev <= admitted.rev),
        JoinFrom::Delivered => None,
    };
    // A client that left during a replay lacks whatever changed late, however old the message is.
    let proven = match from {
        JoinFrom::Rev(_) => admitted.cursors.delivered,
        JoinFrom::Seat(_) | JoinFrom::Delivered => Seq::MAX,
    };
    let missed = match since {
        Some(since) => changes_since(peer, room, since).await?,
        None => None,
    };
    let (mut reset, mut known) = (false, Known::up_to(admitted.seq));
    if let (Some(missed), Some(since)) = (missed, since) {
        stand_at(peer, room, &admitted, since)?;
        let last = missed.changes.iter().filter_map(ChangeView::seq).max();
        let last = last.unwrap_or_default().max(admitted.seq);
        let before = changed(&missed, since).begins_after(last).min(proven);
        tell(peer, room, &missed, &mut Known::up_to(before)).await?;
        known = Known::up_to(last);
    } else {
        // A client whose rev is unusable gets at least what no device of the user's has received.
        let offline = offline_messages(peer, room, &admitted).await?;
        stand_at(peer, room, &admitted, admitted.rev)?;
        tell_offline(peer, room, &admitted, offline.messages).await?;
        reset = offline.left_out || from != JoinFrom::Delivered;
        known.but = offline.changing;
        tell_changing(peer, room, &mut known).await?;
    }
    let rev = go_live(peer, room, &mut known).await?;
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    shard.mark_delivered(connection, room, known.last());
    // A client that fell behind may not have been shown the newest messages after a change that it has.
    let was_behind = matches!(from, JoinFrom::Seat(_));
    if was_behind || rev > since.unwrap_or(admitted.rev) || (reset && from != JoinFrom::Delivered) {
        show_newest(peer, room).await?;
    }
    Ok(Joined {
        rev,
        reset,
        admitted,
    })
}

/// Sends the newest messages in dialects that show them after every change, as some may have changed.
async fn show_newest(peer: &Peer, room: RoomId) -> Result<(), Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let dialect = dialect(peer, room);
    if !SHOWN_NEWEST.contains(&dialect) {
        return Ok(());
    }
    for look in 1..=LOOKS {
        let before = shard.position(connection, room);
        let newest = peer.worker.sockets.use_cases.retell.newest(room).await?;
        connection.has_capacity().await;
        let after = shard.position(connection, room);
        // The listener has lost the room in the meantime.
        let Some(floor) = shard.floor(connection, room) else {
            break;
        };
        // An older state must not follow a newer one, unless the room never rests.
        if after == before || look == LOOKS {
            connection.send(told::newest(dialect, &newest, floor));
            break;
        }
    }
    Ok(())
}

/// Tells what happened since the store was read, and goes live from there.
async fn go_live(peer: &Peer, room: RoomId, known: &mut Known) -> Result<Rev, Error> {
    loop {
        match remember(peer, room, Memory::Each).await {
            Caught::Up { at, .. } => return Ok(at),
            Caught::Gone => return Err(Refusal::NotFound.into()),
            Caught::Part { .. } => (),
            Caught::Missing(at) => {
                peer.connection.has_capacity().await;
                let missed = read_page(peer, room, at, PAGE).await?;
                tell(peer, room, &missed, known).await?;
            }
        }
    }
}

/// Tells what changed while messages were read, so that it arrives in order with the rest.
async fn tell_changing(peer: &Peer, room: RoomId, known: &mut Known) -> Result<(), Error> {
    while !known.but.is_empty() {
        let Some(at) = peer.worker.shard.position(&peer.connection, room) else {
            return Err(Refusal::NotFound.into());
        };
        peer.connection.has_capacity().await;
        let missed = read_page(peer, room, at, PAGE).await?;
        tell(peer, room, &missed, known).await?;
        if !missed.more {
            break;
        }
    }
    Ok(())
}

/// Everything that changed since a rev, unless it is too much.
async fn changes_since(peer: &Peer, room: RoomId, since: Rev) -> Result<Option<Replay>, Error> {
    let mut all = read_page(peer, room, since, PAGE).await?;
    while all.more {
        if all.changes.len() > REPLAY_PER_ROOM {
            return Ok(None);
        }
        let mut next = read_page(peer, room, all.up_to, PAGE).await?;
        // What changed again in the meantime appears twice; the later state counts.
        next.changes.splice(0..0, all.changes);
        all = next;
    }
    Ok((all.changes.len() <= REPLAY_PER_ROOM).then_some(all))
}

/// Sorts out which messages may be new to a client that has everything up to a rev.
fn changed(missed: &Replay, since: Rev) -> Changed {
    let mut changed = Changed::default();
    for change in &missed.changes {
        let kind = if change.is_post() {
            &mut changed.posted
        } else {
            &mut changed.otherwise
        };
        kind.extend(change.seq());
    }
    // Every change took one rev. One that was made while this was read may show already.
    let all = usize::try_from(missed.up_to.get() - since.get()).unwrap_or_default();
    let revs = missed.changes.iter().map(ChangeView::rev);
    let kept: BTreeSet<Rev> = revs.filter(|rev| *rev <= missed.up_to).collect();
    changed.replaced = all.saturating_sub(kept.len());
    changed
}

/// The dialect of a client in a room: the one that it spoke when it joined, whatever it speaks by now.
fn dialect(peer: &Peer, room: RoomId) -> Dialect {
    let spoken = peer.worker.shard.dialect(&peer.connection, room);
    spoken.unwrap_or_default()
}

/// Sends a client what was read of a room, piece by piece.
async fn tell(peer: &Peer, room: RoomId, missed: &Replay, known: &mut Known) -> Result<(), Error> {
    let dialect = dialect(peer, room);
    let frames = missed.changes.iter().map(|change| {
        let fresh = change.seq().is_some_and(|seq| known.hear(seq));
        (change.rev(), said(peer, dialect, change, fresh))
    });
    let pieces = pieces::cut(frames, missed.up_to, peer.connection.portion());
    pieces::tell(peer, room, pieces).await?;
    Ok(())
}

/// A change in the words of one client, which learns of the messages that it posts itself in its own way.
fn said(peer: &Peer, dialect: Dialect, change: &ChangeView, fresh: bool) -> Bytes {
    let news = change.message().filter(|_| fresh);
    match news.and_then(|message| peer.connection.take_own(message)) {
        None => told::said(dialect, change, fresh),
        Some(Own::Called(name)) => told::called(dialect, change, &name),
        Some(Own::Passed) if change.is_post() => Bytes::new(),
        // The client knows the message, but not what has become of it since.
        Some(Own::Passed) => told::said(dialect, change, false),
    }
}

/// The messages that no device of the user's has.
struct Offline {
    /// There are so many that the oldest were left out.
    left_out: bool,
    /// Those that have not changed since the client was let in, by their revs.
    messages: Vec<MessageView>,
    /// Messages that changed while they were read, still to be sent.
    changing: BTreeSet<Seq>,
}

/// Reads the messages that no device of the user's has, as far as they were posted after the user joined.
async fn offline_messages(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
) -> Result<Offline, Error> {
    let (left_out, mut messages) = undelivered(peer, room, admitted).await?;
    let changing = messages.extract_if(.., |view| view.message.rev > admitted.rev);
    let changing = changing.map(|view| view.message.seq).collect();
    messages.sort_unstable_by_key(|view| view.message.rev);
    Ok(Offline {
        left_out,
        messages,
        changing,
    })
}

/// Sends messages in the order of their revs, so that a client that breaks off can go on from the last
/// one, piece by piece.
async fn tell_offline(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
    messages: Vec<MessageView>,
) -> Result<(), Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let dialect = dialect(peer, room);
    let frames = messages.into_iter().map(|view| {
        let change = ChangeView::Message(Box::new(view), MessageChange::Created);
        (change.rev(), said(peer, dialect, &change, true))
    });
    let pieces = pieces::cut(frames, admitted.rev, connection.portion());
    for piece in pieces.filter(|piece| piece.count > 0) {
        connection.has_capacity().await;
        // The listener has lost the room in the meantime.
        if !shard.sits(connection, room) {
            return Err(Refusal::NotFound.into());
        }
        connection.send_all(piece.frames, piece.count);
    }
    Ok(())
}

/// The messages that no device of the user's has, oldest first, and whether older ones were left out.
async fn undelivered(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
) -> Result<(bool, Vec<MessageView>), Error> {
    let (sockets, caller) = (&peer.worker.sockets, peer.caller());
    let most = i64::try_from(REPLAY_PER_ROOM).unwrap_or(i64::MAX);
    let from = admitted.seq.get().saturating_sub(most);
    let mut at = admitted.cursors.delivered;
    let left_out = at.get() < from;
    if left_out {
        at = Seq::new(from).unwrap_or(at);
    }
    let mut messages = Vec::new();
    while at < admitted.seq {
        let history = &sockets.use_cases.read_history;
        let page = history.run(&caller, room, Stretch::After(at), PAGE);
        let page = sockets.in_turn(page).await?;
        let Some(last) = page.items.last().map(|view| view.message.seq) else {
            break;
        };
        // Messages posted in the meantime arrive live.
        messages.extend(page.items.into_iter().filter(|view| {
            let message = &view.message;
            message.seq <= admitted.seq && !admitted.was_before(message)
        }));
        at = last;
    }
    Ok((left_out, messages))
}
