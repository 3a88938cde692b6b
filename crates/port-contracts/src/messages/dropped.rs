//! Senders that are cancelled while they post.

use domain::port::messages::{Fingerprint, NewMessage, Window};
use domain::{Happening, Message, RoomId, UserId};

use crate::made::{event, ids, reply, seqs, view};
use crate::{CROWD, Store, at_once, drop_after, fresh, new_message};

pub async fn a_dropped_append_is_whole_or_nothing(store: &Store) {
    let [ana, ben] = store.people().await;
    let rooms = [
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[ben]).await.id,
    ];
    let start = store.post(rooms[0], ana, "start").await;
    let before = [store.head(rooms[0]).await, store.head(rooms[1]).await];
    let mut batches = Vec::new();
    for _ in 0..CROWD {
        batches.push(everything(store, &start, ben, rooms[1]).await);
    }

    at_once(CROWD, |number| {
        let (store, batch) = (store.clone(), batches[number].clone());
        async move { drop_after(number / 2, store.messages.append(&batch)).await }
    })
    .await;
    // A call that continues without its caller takes its seqs before any later call.
    let last = [
        store.post(rooms[0], ana, "over").await,
        store.post(rooms[1], ana, "over").await,
    ];

    let mut stored = 0;
    let mut free = Vec::new();
    for batch in &batches {
        if is_stored(store, batch).await {
            stored += 1;
        } else {
            free.extend(batch[0].attachments.clone());
        }
    }
    assert_eq!(store.seen(start.id, ana).await.reply_count, stored);
    for (place, room) in rooms.into_iter().enumerate() {
        let view = view(room, ana);
        let page = store.messages.page(&view, Window::Newest, 100).await;
        let head = store.head(room).await;
        assert_eq!(head.seq, last[place].seq);
        let whole: Vec<i64> = (1..=head.seq.get()).collect();
        assert_eq!(seqs(&page.unwrap()), whole);
        assert_eq!(head.seq.get(), before[place].seq.get() + stored + 1);
    }
    // Each reply takes a rev in its thread as well.
    let spent = [2 * stored + 1, stored + 1];
    for (last, (before, spent)) in last.iter().zip(before.iter().zip(spent)) {
        assert_eq!(last.rev.get(), before.rev.get() + spent);
    }
    for upload in free {
        store.attach(rooms[0], ben, &[upload]).await;
    }
}

/// Two messages, in two rooms, that touch everything that messages can.
async fn everything(
    store: &Store,
    start: &Message,
    sender: UserId,
    other: RoomId,
) -> [NewMessage; 2] {
    let mut answer = reply(start, sender, "maybe");
    answer.client = Some((fresh(), Fingerprint([1; 32])));
    answer.attachments = vec![store.upload(sender, start.room).await.id];
    answer.mentions = vec![start.sender];
    let mut post = new_message(other, sender, "maybe");
    for new in [&mut answer, &mut post] {
        new.events = vec![event(new.room, Happening::MessageCreated(new.id))];
    }
    [answer, post]
}

/// Whether a batch was stored: all of it, or nothing.
async fn is_stored(store: &Store, batch: &[NewMessage; 2]) -> bool {
    let [answer, post] = batch;
    let sender = answer.sender;
    let found = store.messages.find(&[answer.id, post.id], sender).await;
    let found = found.unwrap();
    let told = [answer.events.clone(), post.events.clone()].concat();
    let told_of = store.waiting(&told).await;
    let (name, _) = answer.client.unwrap();
    let sent = store.messages.sent(sender, name).await.unwrap();
    let Some(first) = found.first() else {
        assert_eq!(told_of, []);
        assert_eq!(sent, None);
        return false;
    };
    assert_eq!(ids(&found), [answer.id, post.id]);
    assert_eq!(told_of.len(), told.len());
    assert_eq!(sent.as_ref().map(|sent| &sent.message), Some(first));
    assert_eq!(first.attachments.len(), 1);
    assert_eq!(first.mentions, answer.mentions);
    true
}
