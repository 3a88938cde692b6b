//! How somebody who speaks one of the vocabularies of Socket.IO comes to be told of a room.
//!
//! They hear of a message in one event and of its changes in others, so they have to hear of it first:
//! what happened while they were away is read from the store, where each message has one state, and what
//! is news is found out by what is not.

use std::collections::BTreeSet;

use application::live::{Admitted, Replay};
use application::messages::Stretch;
use application::{ChangeView, Error, MessageView};
use bytes::BytesMut;
use domain::port::bus::MessageChange;
use domain::{Refusal, Rev, RoomId, Seq};
use protocol::limits::{REPLAY_PER_ROOM, ROOMS_PER_CONNECTION};
use realtime::{Caught, Dialect, Memory, Place};

use super::peer::Peer;
use super::subscribe::ask_for;
use super::told;
use crate::socketio::vocabulary::SHOWN_NEWEST;

/// How many messages or changes are read at once.
const PAGE: usize = 100;
/// How often the newest messages are read until nothing happened meanwhile.
const LOOKS: usize = 5;

/// From where on somebody wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// They say that they have everything up to this rev.
    Rev(i64),
    /// This connection was told of everything up to there.
    Seat(Rev),
    /// No device of theirs has what comes after their delivered cursor.
    Delivered,
}

/// Where somebody stands who was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Joined {
    pub(crate) rev: Rev,
    /// What they have of the room is of no use, or there is more that they missed than is replayed.
    pub(crate) reset: bool,
    /// As what they were let in.
    pub(crate) admitted: Admitted,
}

/// Has somebody told of a room, in the dialect that their connection speaks: first what they missed, then
/// what happens.
pub(crate) async fn join(peer: &Peer, room: RoomId, from: From) -> Result<Joined, Error> {
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

/// Brings somebody up who could not keep up with rooms. What cannot be done now is tried again.
pub(crate) async fn catch_up_again(peer: &Peer, rooms: Vec<RoomId>) {
    for room in rooms {
        let Some(position) = peer.worker.shard.position(&peer.connection, room) else {
            continue;
        };
        match come_in(peer, room, From::Seat(position)).await {
            Ok(_) => (),
            Err(Error::Refused(_)) => peer.worker.shard.leave(&peer.connection, room),
            Err(error) => {
                peer.log(&error.into());
                peer.try_later([room]);
            }
        }
    }
}

async fn come_in(peer: &Peer, room: RoomId, from: From) -> Result<Joined, Error> {
    let admitted = ask_for(peer, room).await?;
    peer.worker.shard.hub().look(admitted.head(room));
    let since = match from {
        From::Rev(rev) => Rev::new(rev).filter(|rev| *rev <= admitted.rev),
        From::Seat(rev) => Some(rev).filter(|rev| *rev <= admitted.rev),
        From::Delivered => None,
    };
    // Whoever broke off in the middle of a replay does not have what was changed late, however old it is.
    let proven = match from {
        From::Rev(_) => admitted.cursors.delivered,
        From::Seat(_) | From::Delivered => Seq::MAX,
    };
    let missed = match since {
        Some(since) => changes_since(peer, room, since).await?,
        None => None,
    };
    let (mut reset, mut known) = (false, Known::up_to(admitted.seq));
    if let (Some(missed), Some(since)) = (missed, since) {
        stand(peer, room, &admitted, since)?;
        let changed: BTreeSet<Seq> = missed.changes.iter().filter_map(ChangeView::seq).collect();
        let last = changed.last().copied().unwrap_or_default();
        let last = last.max(admitted.seq);
        let before = unchanged_before(&changed, last).min(proven);
        tell(peer, room, &missed, &mut Known::up_to(before));
        known = Known::up_to(last);
    } else {
        // A client whose rev is of no use is told at least what no device of theirs has.
        let offline = offline_messages(peer, room, &admitted).await?;
        stand(peer, room, &admitted, admitted.rev)?;
        reset = offline.left_out || from != From::Delivered;
        known.but = offline.changing;
        tell_changing(peer, room, &mut known).await?;
    }
    let rev = go_live(peer, room, known).await?;
    if rev > since.unwrap_or(admitted.rev) || (reset && from != From::Delivered) {
        show_newest(peer, room, &admitted).await?;
    }
    Ok(Joined {
        rev,
        reset,
        admitted,
    })
}

/// Who is shown the newest messages whenever some have changed is shown them now, as some may have.
async fn show_newest(peer: &Peer, room: RoomId, admitted: &Admitted) -> Result<(), Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let dialect = dialect(peer, room);
    if !SHOWN_NEWEST.contains(&dialect) {
        return Ok(());
    }
    for look in 1..=LOOKS {
        connection.has_place().await;
        let before = shard.position(connection, room);
        let newest = peer.worker.sockets.use_cases.retell.newest(room).await?;
        let after = shard.position(connection, room);
        // Nothing of the room is for whoever lost it meanwhile.
        if after.is_none() {
            break;
        }
        // What is older does not come after what is newer, unless the room never rests.
        if after == before || look == LOOKS {
            connection.send(told::newest(dialect, &newest, admitted.floor));
            break;
        }
    }
    Ok(())
}

fn stand(peer: &Peer, room: RoomId, admitted: &Admitted, position: Rev) -> Result<(), Error> {
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

/// Tells what happened since the store was read, and goes on at once from there.
async fn go_live(peer: &Peer, room: RoomId, mut known: Known) -> Result<Rev, Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    loop {
        match shard.catch_up(connection, room, Memory::Each) {
            Caught::Up { at, .. } => return Ok(at),
            Caught::Gone => return Err(Refusal::NotFound.into()),
            Caught::Missing(at) => {
                connection.has_place().await;
                let missed = page_since(peer, room, at).await?;
                tell(peer, room, &missed, &mut known);
            }
        }
    }
}

/// Tells what changed while it was read, so that it comes in its place among the rest.
async fn tell_changing(peer: &Peer, room: RoomId, known: &mut Known) -> Result<(), Error> {
    while !known.but.is_empty() {
        let Some(at) = peer.worker.shard.position(&peer.connection, room) else {
            return Err(Refusal::NotFound.into());
        };
        peer.connection.has_place().await;
        let missed = page_since(peer, room, at).await?;
        tell(peer, room, &missed, known);
        if !missed.more {
            break;
        }
    }
    Ok(())
}

/// Everything that changed since a rev, unless it is too much.
async fn changes_since(peer: &Peer, room: RoomId, since: Rev) -> Result<Option<Replay>, Error> {
    let mut all = page_since(peer, room, since).await?;
    while all.more {
        if all.changes.len() > REPLAY_PER_ROOM {
            return Ok(None);
        }
        let mut next = page_since(peer, room, all.up_to).await?;
        // Who changed again meanwhile shows twice; the later state is the one that counts.
        next.changes.splice(0..0, all.changes);
        all = next;
    }
    Ok((all.changes.len() <= REPLAY_PER_ROOM).then_some(all))
}

async fn page_since(peer: &Peer, room: RoomId, since: Rev) -> Result<Replay, Error> {
    let (sockets, caller) = (&peer.worker.sockets, peer.caller());
    let page = sockets
        .use_cases
        .subscribe
        .replay(&caller, room, since, PAGE);
    let page = sockets.in_turn(page).await?;
    let left = |change: &ChangeView| change.departed() == Some(caller.user);
    // They left between the look at their membership and the look at the room.
    if page.changes.iter().any(left) {
        return Err(Refusal::NotFound.into());
    }
    Ok(page)
}

/// Which messages somebody has heard of.
struct Known {
    /// Those up to this one.
    up_to: Seq,
    /// But for these.
    but: BTreeSet<Seq>,
    /// And these, which come after.
    and: BTreeSet<Seq>,
}

impl Known {
    const fn up_to(last: Seq) -> Self {
        Self {
            up_to: last,
            but: BTreeSet::new(),
            and: BTreeSet::new(),
        }
    }

    /// Takes note of a message, and answers whether they have not heard of it before.
    fn hear(&mut self, seq: Seq) -> bool {
        self.but.remove(&seq) || (seq > self.up_to && self.and.insert(seq))
    }
}

/// How somebody is told of a room: as they spoke when they came into it, whatever they speak by now.
fn dialect(peer: &Peer, room: RoomId) -> Dialect {
    let spoken = peer.worker.shard.dialect(&peer.connection, room);
    spoken.unwrap_or_default()
}

/// Tells what was read of a room.
fn tell(peer: &Peer, room: RoomId, missed: &Replay, known: &mut Known) {
    let dialect = dialect(peer, room);
    let (mut frames, mut count) = (BytesMut::new(), 0);
    for change in &missed.changes {
        let fresh = change.seq().is_some_and(|seq| known.hear(seq));
        frames.extend_from_slice(&told::said(dialect, change, fresh));
        count += 1;
    }
    let frames = (frames.freeze(), count);
    peer.worker
        .shard
        .tell(&peer.connection, room, frames, missed.up_to);
}

/// The last message that did not change: it is older, and so is everything before it. What comes after
/// it may be new.
fn unchanged_before(changed: &BTreeSet<Seq>, last: Seq) -> Seq {
    let mut place = last.get();
    while Seq::new(place).is_some_and(|seq| place > 0 && changed.contains(&seq)) {
        place -= 1;
    }
    Seq::new(place).unwrap_or(Seq::ZERO)
}

/// What came of telling somebody what no device of theirs has.
struct Offline {
    /// There are so many that the oldest of them are left out.
    left_out: bool,
    /// These changed while they were read, and are still to be told.
    changing: BTreeSet<Seq>,
}

/// Tells the messages that no device of theirs has, of the time since they came in. They come by rev:
/// whoever breaks off in the middle can go on from the last one.
async fn offline_messages(
    peer: &Peer,
    room: RoomId,
    admitted: &Admitted,
) -> Result<Offline, Error> {
    let (left_out, mut messages) = undelivered(peer, room, admitted).await?;
    let changing = messages.extract_if(.., |view| view.message.rev > admitted.rev);
    let changing = changing.map(|view| view.message.seq).collect();
    messages.sort_unstable_by_key(|view| view.message.rev);
    let dialect = dialect(peer, room);
    let mut messages = messages.into_iter().peekable();
    while messages.peek().is_some() {
        peer.connection.has_place().await;
        let (mut frames, mut count) = (BytesMut::new(), 0);
        for view in messages.by_ref().take(PAGE) {
            let change = ChangeView::Message(Box::new(view), MessageChange::Created);
            frames.extend_from_slice(&told::said(dialect, &change, true));
            count += 1;
        }
        peer.connection.send_all(frames.freeze(), count);
    }
    Ok(Offline { left_out, changing })
}

/// The messages that no device of theirs has, the oldest first, and whether there are older ones.
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
        // What was posted meanwhile is told as it happens.
        messages.extend(page.items.into_iter().filter(|view| {
            let message = &view.message;
            message.seq <= admitted.seq && !admitted.was_before(message)
        }));
        at = last;
    }
    Ok((left_out, messages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_news_once() {
        let seq = |number| Seq::new(number).unwrap();
        let mut known = Known::up_to(seq(7));
        known.but.insert(seq(3));
        let heard = [2, 3, 3, 7, 9, 8, 9].map(|number| known.hear(seq(number)));
        assert_eq!(heard, [false, true, false, false, true, true, false]);
    }

    #[test]
    fn what_comes_after_the_last_that_did_not_change_may_be_new() {
        let seq = |number| Seq::new(number).unwrap();
        let cases: [(&[i64], i64, i64); 5] = [
            (&[], 7, 7),
            (&[7, 8], 8, 6),
            (&[3, 7, 8], 8, 6),
            (&[3, 8], 9, 9),
            (&[1, 2, 3], 3, 0),
        ];
        for (changed, last, known) in cases {
            let changed = changed.iter().copied().map(seq).collect();
            assert_eq!(unchanged_before(&changed, seq(last)), seq(known));
        }
    }
}
