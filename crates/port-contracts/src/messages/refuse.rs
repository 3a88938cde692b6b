//! What is not stored, and what is not stored with it.

use domain::port::messages::{Appended, Fingerprint, NewMessage};
use domain::{Happening, RoomId};

use crate::made::{event, seq, webhook};
use crate::{Store, fresh, new_message};

pub async fn an_unknown_room_takes_nothing(store: &Store) {
    let [ana] = store.people().await;
    let (room, gone) = (store.room(ana, &[]).await.id, store.room(ana, &[]).await.id);
    store.post(gone, ana, "before the end").await;
    store.delete_room(gone, ana).await;

    let nowhere: RoomId = fresh();
    let name = (fresh(), Fingerprint([7; 32]));
    let lost = |room| {
        let mut new = new_message(room, ana, "lost");
        new.client = Some(name);
        new
    };
    let batch = [
        new_message(room, ana, "one"),
        lost(nowhere),
        lost(gone),
        new_message(room, ana, "two"),
    ];
    let answers = store.messages.append(&batch).await.unwrap();
    let [
        Appended::Stored(one),
        Appended::NoRoom,
        Appended::NoRoom,
        Appended::Stored(two),
    ] = answers.as_slice()
    else {
        panic!("{answers:?}");
    };
    assert_eq!((one.message.seq, two.message.seq), (seq(1), seq(2)));

    // Nothing of the refused ones is left behind, not even their client ids.
    assert_eq!(store.messages.sent(ana, name.0).await.unwrap(), None);
    assert_eq!(store.append(lost(room)).await.seq, seq(3));
}

pub async fn events_are_stored_with_the_message(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let gone = store.room(ana, &[]).await.id;
    store.delete_room(gone, ana).await;
    let name = fresh();
    let telling = |room, client: Option<u8>| {
        let mut new = new_message(room, ana, "heard");
        new.client = client.map(|text| (name, Fingerprint([text; 32])));
        new.events = vec![
            event(room, Happening::MessageCreated(new.id)),
            event(room, Happening::RoomUpdated),
        ];
        new
    };

    let batch = [
        telling(room, Some(1)),
        telling(room, Some(1)),
        telling(room, Some(2)),
        telling(gone, None),
        NewMessage {
            attachments: vec![fresh()],
            ..telling(room, None)
        },
        telling(room, None),
    ];
    let answers = store.messages.append(&batch).await.unwrap();
    let [first, .., last] = &batch;
    assert!(
        matches!(
            answers.as_slice(),
            [
                Appended::Stored(_),
                Appended::Duplicate(_),
                Appended::Conflict,
                Appended::NoRoom,
                Appended::Unattachable,
                Appended::Stored(_),
            ]
        ),
        "{answers:?}"
    );
    let all: Vec<_> = batch.iter().flat_map(|new| new.events.clone()).collect();
    let told = [first.events.clone(), last.events.clone()].concat();
    assert_eq!(store.waiting(&all).await, told);
}

pub async fn events_for_webhooks_are_stored_where_there_are_some(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let telling = |only_for_webhooks| {
        let mut new = new_message(room, ana, "heard");
        new.events = vec![event(room, Happening::MessageCreated(new.id))];
        new.only_for_webhooks = only_for_webhooks;
        new
    };
    assert_eq!(store.webhooks.all().await.unwrap(), []);
    let before = [telling(true), telling(false), telling(true)];
    store.messages.append(&before).await.unwrap();
    let mut hook = webhook();
    hook.enabled = false;
    store.webhooks.create(&hook).await.unwrap();
    let after = [telling(true), telling(false)];
    store.messages.append(&after).await.unwrap();

    let [_, wanted, _] = &before;
    let events =
        |all: &[NewMessage]| -> Vec<_> { all.iter().flat_map(|new| new.events.clone()).collect() };
    let told = [wanted.events.clone(), events(&after)].concat();
    let all = [events(&before), events(&after)].concat();
    assert_eq!(store.waiting(&all).await, told);
}
