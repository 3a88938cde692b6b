//! Repeated client ids.

use domain::port::messages::{Appended, Change, Fingerprint, NewMessage, Sent};
use domain::{ClientId, Message, Reaction, RoomId, UserId};

use crate::made::{edit, emoji, react, reply, seq};
use crate::{CROWD, ROUNDS, Store, at_once, fresh, new_message};

pub async fn a_repeat_stores_nothing(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;

    // Later, with everything that the first one had.
    let start = store.post(room, ben, "start").await;
    let upload = store.upload(ana, room).await.id;
    let mut first = named(reply(&start, ana, "once"), fresh(), 1);
    first.attachments = vec![upload];
    let stored = store.append(first.clone()).await;
    let after_first = store.head(room).await;
    assert_eq!(again(store, &first).await, duplicate(&stored));
    assert_eq!(store.head(room).await, after_first);
    assert_eq!(store.seen(start.id, ana).await.reply_count, 1);

    // Within a batch.
    let twin = named(new_message(room, ana, "twice"), fresh(), 2);
    let batch = [twin.clone(), repeated(&twin), new_message(room, ana, "on")];
    let answers = store.messages.append(&batch).await.unwrap();
    let [
        Appended::Stored(one),
        Appended::Duplicate(same),
        Appended::Stored(next),
    ] = answers.as_slice()
    else {
        panic!("{answers:?}");
    };
    assert_eq!(**same, one.message);
    assert_eq!(next.message.seq, one.message.seq.next());
    assert_eq!(next.message.rev, one.message.rev.next());

    for _ in 0..ROUNDS {
        at_the_same_time(store, room, ana).await;
    }
}

/// A client that repeats itself before it has an answer.
async fn at_the_same_time(store: &Store, room: RoomId, sender: UserId) {
    let before = store.head(room).await;
    let shout = named(new_message(room, sender, "now"), fresh(), 3);
    let answers = at_once(CROWD, |_| {
        let (store, shout) = (store.clone(), repeated(&shout));
        async move { store.try_append(shout).await }
    })
    .await;
    let kept = one_stored(&answers);
    for answer in answers {
        assert!(matches!(answer, Appended::Stored(_)) || answer == duplicate(&kept));
    }
    let after = store.head(room).await;
    assert_eq!(
        (after.seq, after.rev),
        (before.seq.next(), before.rev.next())
    );
}

pub async fn a_repeat_shows_the_present_state(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let first = named(new_message(room, ana, "before"), fresh(), 1);
    let stored = store.append(first.clone()).await;

    store.change(&stored, ana, react(&emoji(1))).await;
    store.change(&stored, ben, react(&emoji(2))).await;
    let edited = store.change(&stored, ana, edit("after")).await;
    let reaction = |number, mine| Reaction {
        emoji: emoji(number),
        count: 1,
        mine,
    };
    assert_eq!(edited.reactions, [reaction(1, true), reaction(2, false)]);
    assert_eq!(again(store, &first).await, duplicate(&edited));

    let tombstone = store.change(&stored, ben, Change::Delete).await;
    assert_eq!(again(store, &first).await, duplicate(&tombstone));
}

pub async fn a_client_id_is_for_one_message(store: &Store) {
    let [ana, ben] = store.people().await;
    let (here, there) = (
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[ben]).await.id,
    );
    let name = fresh();
    let say = |room, sender, text| named(new_message(room, sender, "hi"), name, text);
    let first = store.append(say(here, ana, 1)).await;

    assert_eq!(
        store.try_append(say(here, ana, 2)).await,
        Appended::Conflict
    );
    assert_eq!(
        store.try_append(say(there, ana, 1)).await,
        Appended::Conflict
    );
    store.change(&first, ana, edit("other words")).await;
    assert_eq!(
        store.try_append(say(here, ana, 2)).await,
        Appended::Conflict
    );
    store.change(&first, ana, Change::Delete).await;
    assert_eq!(
        store.try_append(say(here, ana, 2)).await,
        Appended::Conflict
    );
    assert_eq!(store.head(there).await.seq, seq(0));
    assert_eq!(store.head(here).await.seq, seq(1));
    assert_eq!(store.append(say(there, ben, 2)).await.seq, seq(1));

    for _ in 0..ROUNDS {
        in_two_rooms_at_once(store, ana, [here, there]).await;
    }
}

pub async fn sent_finds_what_a_client_sent(store: &Store) {
    let [ana, ben] = store.people().await;
    let (room, gone) = (
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[]).await.id,
    );
    let name = fresh();
    let sent = async |sender| store.messages.sent(sender, name).await.unwrap();
    assert_eq!(sent(ana).await, None);

    let first = store
        .append(named(new_message(room, ana, "first"), name, 1))
        .await;
    let fingerprint = Fingerprint([1; 32]);
    let as_now = |message| {
        Some(Sent {
            message,
            fingerprint,
        })
    };
    assert_eq!(sent(ana).await, as_now(first.clone()));
    assert_eq!(sent(ben).await, None);

    let reacted = store.change(&first, ana, react(&emoji(1))).await;
    assert_eq!(sent(ana).await, as_now(reacted));
    let edited = store.change(&first, ana, edit("second")).await;
    assert_eq!(sent(ana).await, as_now(edited));
    let tombstone = store.change(&first, ana, Change::Delete).await;
    assert_eq!(sent(ana).await, as_now(tombstone));

    let other = fresh();
    store
        .append(named(new_message(gone, ana, "gone"), other, 1))
        .await;
    store.delete_room(gone, ana).await;
    assert_eq!(store.messages.sent(ana, other).await.unwrap(), None);
}

/// The same client id in two rooms at once: one message is stored, those with the same content in its
/// room repeat it, and the others contradict it.
async fn in_two_rooms_at_once(store: &Store, sender: UserId, rooms: [RoomId; 2]) {
    let name = fresh();
    let answers = at_once(CROWD, |number| {
        let [here, there] = rooms;
        let room = if number % 2 == 0 { here } else { there };
        let (store, new) = (
            store.clone(),
            named(new_message(room, sender, "?"), name, 1),
        );
        async move { (room, store.try_append(new).await) }
    })
    .await;

    let (at, answers): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    let kept = one_stored(&answers);
    for (room, answer) in at.into_iter().zip(answers) {
        match answer {
            Appended::Stored(_) => (),
            answer if room == kept.room => assert_eq!(answer, duplicate(&kept)),
            answer => assert_eq!(answer, Appended::Conflict),
        }
    }
    let seq_after = store.head(kept.room).await.seq;
    assert_eq!(seq_after, kept.seq);
}

/// A message with a client id and a fingerprint.
fn named(mut new: NewMessage, name: ClientId, text: u8) -> NewMessage {
    new.client = Some((name, Fingerprint([text; 32])));
    new
}

/// The same message, sent again by a client that lost the response. The server gives it another id.
fn repeated(new: &NewMessage) -> NewMessage {
    NewMessage {
        id: fresh(),
        ..new.clone()
    }
}

async fn again(store: &Store, new: &NewMessage) -> Appended {
    store.try_append(repeated(new)).await
}

fn duplicate(message: &Message) -> Appended {
    Appended::Duplicate(Box::new(message.clone()))
}

/// The only message among the answers that was stored.
fn one_stored(answers: &[Appended]) -> Message {
    let mut stored = answers.iter().filter_map(|answer| match answer {
        Appended::Stored(stored) => Some(stored.message.clone()),
        _ => None,
    });
    let first = stored.next().unwrap();
    assert_eq!(stored.next(), None);
    first
}
