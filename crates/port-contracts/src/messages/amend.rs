//! What changing a message does.

use domain::port::messages::{Amended, Amendment, Change, Fingerprint};
use domain::{Happening, Message, RoomId, UserId};

use crate::made::{
    PIN, UNPIN, amendment, body, edit, emoji, event, react, reply, rev, revs, seq, unreact, view,
};
use crate::{CROWD, Store, at, at_once, fresh};

pub async fn an_edit_changes_text_mentions_and_rev(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let before = rich(store, room, ana, ben).await;
    let other = store.post(room, ana, "other").await;
    let head = store.head(room).await;

    let change = Change::Edit {
        body: body("after"),
        mentions: vec![ana, cleo],
    };
    let mut amendment = amendment(&before, ana, change);
    amendment.events = vec![event(room, Happening::MessageEdited(before.id))];
    let expected = Message {
        body: Some(body("after")),
        mentions: vec![ana, cleo],
        rev: head.rev.next(),
        edited_at: Some(at(3)),
        ..before.clone()
    };
    let amend = async |amendment: &Amendment| store.messages.amend(amendment).await.unwrap();
    assert_eq!(amend(&amendment).await, Amended::Changed(expected.clone()));
    assert_eq!(store.seen(before.id, ana).await, expected);
    assert_eq!(store.waiting(&amendment.events).await, amendment.events);

    // The same text is no change, whatever else comes with it.
    let mut same = Amendment {
        change: edit("after"),
        at: at(4),
        ..amendment.clone()
    };
    same.events = vec![event(room, Happening::MessageEdited(before.id))];
    assert_eq!(amend(&same).await, Amended::Unchanged(expected.clone()));
    assert_eq!(store.waiting(&same.events).await, []);

    // Nor is there such a message in another room.
    let elsewhere = store.room(ana, &[]).await.id;
    let lost = Amendment {
        change: edit("lost"),
        ..amendment
    };
    for (message, room) in [
        (before.id, elsewhere),
        (before.id, fresh()),
        (fresh(), room),
    ] {
        let lost = Amendment {
            message,
            room,
            ..lost.clone()
        };
        assert_eq!(amend(&lost).await, Amended::Unknown);
    }

    assert_eq!(store.seen(before.id, ana).await, expected);
    assert_eq!(store.seen(other.id, ana).await, other);
    let after = store.head(room).await;
    assert_eq!((after.seq, after.rev), (head.seq, head.rev.next()));
}

pub async fn a_tombstone_keeps_its_place_only(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let before = rich(store, room, ana, ben).await;
    let start = before.thread.unwrap();
    store.reply(&before, ben, "a reply to the reply").await;
    let counted = store.seen(start, ana).await;
    assert_eq!(counted.reply_count, 2);
    let head = store.head(room).await;

    let expected = Message {
        body: None,
        mentions: Vec::new(),
        reactions: Vec::new(),
        attachments: Vec::new(),
        pinned: false,
        deleted_at: Some(at(3)),
        rev: head.rev.next(),
        ..before.clone()
    };
    let deleted = store.change(&before, ben, Change::Delete).await;
    assert_eq!(deleted, expected);
    assert_eq!(store.seen(before.id, ana).await, expected);
    assert_eq!(store.head(room).await.rev, expected.rev);

    // It stays among the thread's replies, and the thread's root keeps its count.
    assert_eq!(store.seen(start, ana).await, counted);
    let gone = store.change(&counted, ana, Change::Delete).await;
    assert_eq!((gone.seq, gone.reply_count), (counted.seq, 2));
    let more = store.store(reply(&before, ben, "still here")).await;
    assert_eq!(more.thread.map(|start| start.reply_count), Some(3));
}

pub async fn a_tombstone_takes_no_change(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let message = rich(store, room, ana, ben).await;
    let tombstone = store.change(&message, ana, Change::Delete).await;
    let head = store.head(room).await;

    let telling = |change| {
        let mut amendment = amendment(&message, ana, change);
        amendment.at = at(4);
        amendment.events = vec![event(room, Happening::MessageEdited(message.id))];
        amendment
    };
    let mut events = Vec::new();
    let attempts = [
        edit("again"),
        react(&emoji(1)),
        unreact(&emoji(1)),
        PIN,
        UNPIN,
    ];
    for attempt in attempts {
        let attempt = telling(attempt);
        assert_eq!(
            store.messages.amend(&attempt).await.unwrap(),
            Amended::Deleted
        );
        events.extend(attempt.events);
    }
    let again = telling(Change::Delete);
    assert_eq!(
        store.messages.amend(&again).await.unwrap(),
        Amended::Unchanged(tombstone.clone())
    );
    events.extend(again.events);

    assert_eq!(store.seen(message.id, ana).await, tombstone);
    assert_eq!(store.head(room).await, head);
    assert_eq!(store.waiting(&events).await, []);
}

pub async fn concurrent_changes_spend_one_rev_each(store: &Store) {
    let people = store.people::<CROWD>().await;
    let [ana, others @ ..] = people;
    let room = store.room(ana, &others).await.id;
    let own = store.posts::<CROWD>(room, ana).await;
    let shared = store.post(room, ana, "shared").await;
    let before = store.head(room).await;

    let changed = at_once(CROWD, |number| {
        let (store, shared) = (store.clone(), shared.clone());
        let (own, user) = own.iter().zip(people).nth(number).unwrap();
        let own = own.clone();
        async move {
            let posted = store.post(room, user, "new").await;
            let edited = store.change(&own, ana, edit("changed")).await;
            let reacted = store.change(&shared, user, react(&emoji(1))).await;
            let pinned = store.change(&own, user, PIN).await;
            [posted, edited, reacted, pinned]
        }
    })
    .await;

    let mut spent = revs(changed.as_flattened());
    spent.sort_unstable();
    let last = before.rev.get() + i64::try_from(4 * CROWD).unwrap();
    assert_eq!(spent, (before.rev.get() + 1..=last).collect::<Vec<_>>());
    assert_eq!(store.head(room).await.rev, rev(last));
    let count = i64::try_from(CROWD).unwrap();
    let reacted = store.seen(shared.id, ana).await;
    assert_eq!(reacted.reactions.first().unwrap().count, count);
    assert_eq!(store.head(room).await.seq, seq(before.seq.get() + count));
    let pins = store.messages.pins(&view(room, ana), None, 100).await;
    assert_eq!(pins.unwrap().len(), CROWD);
}

/// A message that has everything a message can have.
async fn rich(store: &Store, room: RoomId, sender: UserId, other: UserId) -> Message {
    let start = store.post(room, other, "start").await;
    let mut new = reply(&start, sender, "before");
    new.client = Some((fresh(), Fingerprint([1; 32])));
    new.attachments = vec![store.upload(sender, room).await.id];
    new.mentions = vec![other];
    let message = store.append(new).await;
    store.change(&message, sender, react(&emoji(1))).await;
    store.change(&message, other, react(&emoji(2))).await;
    store.change(&message, other, PIN).await;
    store.seen(message.id, sender).await
}
