//! Reading a room's changes during concurrent writes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::port::messages::View;
use domain::port::room_log::Changes;
use domain::{Membership, Message, MessageId, Rev, RoomId, UserId};

use crate::made::{rev, view};
use crate::{CROWD, Store, at_once};

/// Half of the crowd writes; the other half reads, some everything at once and some in small pages.
const WRITERS: usize = CROWD / 2;
const ROUNDS: usize = 5;

pub async fn changes_are_one_snapshot(store: &Store) {
    let writers = store.people::<WRITERS>().await;
    let [ana, others @ ..] = writers;
    let room = store.room(ana, &others).await.id;
    let start = store.post(room, ana, "start").await;
    let reader = view(room, ana);
    let writing = Arc::new(AtomicUsize::new(WRITERS));

    let followed = at_once(CROWD, |number| {
        let (store, start) = (store.clone(), start.clone());
        let (writing, writer) = (Arc::clone(&writing), writers.get(number).copied());
        let limit = if number % 2 == 0 { 3 } else { 10_000 };
        async move {
            let Some(writer) = writer else {
                return Some(follow(&store, reader, limit, &writing).await);
            };
            write(&store, room, writer, &start).await;
            writing.fetch_sub(1, Ordering::SeqCst);
            None
        }
    })
    .await;

    let mut truth = Followed::default();
    let whole = store.room_log.changes(&reader, Rev::ZERO, 10_000).await;
    truth.take(whole.unwrap().unwrap());
    assert_eq!(truth.messages.len(), 1 + WRITERS * ROUNDS);
    for follower in followed.into_iter().flatten() {
        assert_eq!(follower, truth);
    }
}

/// Replies to the first message, and joins and leaves.
async fn write(store: &Store, room: RoomId, writer: UserId, start: &Message) {
    for round in 0..ROUNDS {
        store.reply(start, writer, &format!("reply {round}")).await;
        if writer != start.sender {
            store.leave(room, writer).await;
            store.join(room, writer).await;
        }
    }
}

/// A room as known to a client that only ever asks for changes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Followed {
    messages: BTreeMap<MessageId, Message>,
    members: BTreeMap<UserId, Membership>,
    up_to: Rev,
}

impl Followed {
    fn take(&mut self, changes: Changes) {
        let new = self.up_to..=changes.up_to;
        for message in changes.messages {
            assert!(new.contains(&message.rev) && message.rev > self.up_to);
            self.messages.insert(message.id, message);
        }
        for mut member in changes.members {
            assert!(new.contains(&member.rev) && member.rev > self.up_to);
            // Cursors move without a rev, so a follower cannot know them.
            member.cursors = domain::Cursors::default();
            self.members.insert(member.user, member);
        }
        self.up_to = changes.up_to;
    }
}

/// Keeps asking until all writers are done, and checks the invariants of every answer.
async fn follow(store: &Store, view: View, limit: usize, writing: &AtomicUsize) -> Followed {
    let mut followed = Followed::default();
    loop {
        let over = writing.load(Ordering::SeqCst) == 0;
        let since = followed.up_to;
        let changes = store.room_log.changes(&view, since, limit).await;
        let changes = changes.unwrap().unwrap();
        assert!(changes.up_to <= changes.last, "{changes:?}");
        assert!(changes.up_to > since || !changes.more, "{changes:?}");
        let whole = !changes.more;
        assert!(!whole || changes.up_to == changes.last, "{changes:?}");

        followed.take(changes);
        if whole {
            fits_together(&followed, view.reader);
        }
        if whole && over {
            return followed;
        }
        tokio::task::yield_now().await;
    }
}

/// A room is consistent at every moment: no message is missing between others, and the first one counts
/// exactly the replies that are there.
fn fits_together(known: &Followed, owner: UserId) {
    let mut seqs: Vec<i64> = known.messages.values().map(|it| it.seq.get()).collect();
    seqs.sort_unstable();
    let count = i64::try_from(seqs.len()).unwrap();
    assert_eq!(seqs, (1..=count).collect::<Vec<_>>());
    let start = known.messages.values().find(|it| it.thread.is_none());
    assert_eq!(start.map(|start| start.reply_count), Some(count - 1));

    let mut spent: Vec<Rev> = known.messages.values().map(|it| it.rev).collect();
    spent.extend(known.members.values().map(|it| it.rev));
    spent.sort_unstable();
    assert!(spent.is_sorted_by(|one, next| one < next), "{spent:?}");
    assert_eq!(spent.last(), Some(&known.up_to));
    assert!(known.members.get(&owner).is_some_and(|it| it.rev == rev(2)));
}
