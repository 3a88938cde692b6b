//! What posting does.

use domain::port::messages::{Appended, Fingerprint, NewMessage, ReplyTo, Stored, Window};
use domain::{Cursors, Message, RoomId, UserId};

use crate::made::{edit, reply, rev, revs, seq, seqs, view};
use crate::{CROWD, Store, at, at_once, fresh, new_message};

pub async fn seqs_and_revs_are_gapless(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await;
    assert_eq!(room.last_rev, rev(3));

    let text = "first 'of' all:\r\n\t\\ %_ \"שלום\" 👩‍👩‍👧 \u{1}\u{feff}";
    let new = new_message(room.id, ana, text);
    assert_eq!(
        store.store(new.clone()).await,
        Stored {
            message: as_stored(&new, 1, 4),
            thread: None
        }
    );
    assert_eq!(store.seen(new.id, ben).await, as_stored(&new, 1, 4));

    // An edit takes a rev but no seq, and another room counts separately.
    let first = store.seen(new.id, ana).await;
    assert_eq!(store.change(&first, ana, edit("first!")).await.rev, rev(5));
    let other = store.room(ben, &[]).await;
    assert_eq!(store.post(other.id, ben, "elsewhere").await.seq, seq(1));

    let second = store.post(room.id, ben, "second").await;
    assert_eq!((second.seq, second.rev), (seq(2), rev(6)));
    let head = store.head(room.id).await;
    assert_eq!((head.seq, head.rev), (seq(2), rev(6)));
    let after = store.rooms.access(room.id, ana).await.unwrap().unwrap();
    let mut expected = room;
    (expected.last_seq, expected.last_rev) = (seq(2), rev(6));
    expected.active_at = at(2);
    assert_eq!(after.room, expected);
}

pub async fn a_word_may_be_as_long_as_a_text(store: &Store) {
    const MIXED: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    // Digits that cannot be compressed, and letters of three bytes without a space between them.
    let digits = (0..250_u128).map(|number| format!("{:032x}", number.wrapping_mul(MIXED)));
    let digits = digits.collect::<Vec<_>>().concat();
    let letters: String = digits
        .bytes()
        .enumerate()
        .filter_map(|(place, byte)| {
            let place = u32::try_from(place).ok()?;
            char::from_u32(0x4e00 + (u32::from(byte) * 241 + place * 977) % 20_000)
        })
        .collect();
    for text in [digits, letters] {
        assert_eq!(text.chars().count(), 8_000);
        let posted = store.post(room, ana, &text).await;
        assert_eq!(store.seen(posted.id, ana).await.body, posted.body);
        let short = store.post(room, ana, "short").await;
        let edited = store.change(&short, ana, edit(&text)).await;
        assert_eq!(edited.body, posted.body);
    }
}

pub async fn a_batch_is_answered_in_order(store: &Store) {
    let [ana, ben] = store.people().await;
    let (here, there) = (
        store.room(ana, &[ben]).await.id,
        store.room(ben, &[ana]).await.id,
    );
    let start = store.post(here, ana, "start").await;
    let begun = store.post(there, ana, "begun").await;

    let batch = [
        new_message(there, ana, "1"),
        reply(&start, ben, "2"),
        new_message(there, ben, "3"),
        reply(&start, ana, "4"),
        new_message(here, ben, "5"),
        reply(&begun, ben, "6"),
    ];
    let answers = all_stored(store, &batch).await;

    for (new, answer) in batch.iter().zip(&answers) {
        assert_eq!(answer.message.id, new.id);
    }
    let places = answers.iter().map(|answer| {
        let message = &answer.message;
        let thread = answer.thread.as_ref();
        (
            message.seq.get(),
            message.rev.get(),
            thread.map(|start| (start.rev.get(), start.reply_count)),
        )
    });
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            (2, 5, None),
            (2, 5, Some((6, 1))),
            (3, 6, None),
            (3, 7, Some((8, 2))),
            (4, 9, None),
            (4, 7, Some((8, 1))),
        ]
    );
    assert_eq!(store.seen(start.id, ana).await.reply_count, 2);
    assert_eq!(store.messages.append(&[]).await.unwrap(), []);

    a_batch_answers_itself(store, here, ana).await;
    a_batch_may_be_great(store, [here, there], ana).await;
}

/// Later messages of a batch refer to earlier ones.
async fn a_batch_answers_itself(store: &Store, room: RoomId, sender: UserId) {
    let before = store.head(room).await;
    let mut start = new_message(room, sender, "start");
    start.client = Some((fresh(), Fingerprint([1; 32])));
    let mut answer = new_message(room, sender, "answer");
    answer.reply_to = Some(ReplyTo {
        message: start.id,
        thread: start.id,
    });
    let again = NewMessage {
        id: fresh(),
        ..start.clone()
    };
    let batch = [start.clone(), answer, again];
    let answers = store.messages.append(&batch).await.unwrap();
    let [
        Appended::Stored(first),
        Appended::Stored(second),
        Appended::Duplicate(repeat),
    ] = answers.as_slice()
    else {
        panic!("{answers:?}");
    };
    let place = before.seq.get() + 1;
    let rev_of_start = before.rev.get() + 1;
    assert_eq!(first.message, as_stored(&start, place, rev_of_start));
    let mut counted = first.message.clone();
    (counted.reply_count, counted.rev) = (1, rev(rev_of_start + 2));
    assert_eq!(second.thread.as_ref(), Some(&counted));
    assert_eq!(**repeat, counted);
    assert_eq!(store.seen(start.id, sender).await, counted);
}

/// More than any batch in practice.
async fn a_batch_may_be_great(store: &Store, rooms: [RoomId; 2], sender: UserId) {
    let before = store.head(rooms[0]).await;
    let batch: Vec<NewMessage> = (0..1_000)
        .map(|number| new_message(rooms[number % 2], sender, "one of many"))
        .collect();
    let answers = all_stored(store, &batch).await;
    assert!(
        answers
            .iter()
            .map(|it| it.message.id)
            .eq(batch.iter().map(|it| it.id))
    );
    let after = store.head(rooms[0]).await;
    assert_eq!(after.seq.get(), before.seq.get() + 500);
    assert_eq!(after.rev.get(), before.rev.get() + 500);
}

pub async fn concurrent_appends_leave_no_hole(store: &Store) {
    let [ana] = store.people().await;
    let rooms = [
        store.room(ana, &[]).await.id,
        store.room(ana, &[]).await.id,
        store.room(ana, &[]).await.id,
    ];

    // Every batch visits the rooms in another order.
    let batches = at_once(CROWD, |number| {
        let store = store.clone();
        async move {
            let mut order = rooms;
            order.rotate_left(number % rooms.len());
            if number % 2 == 0 {
                order.reverse();
            }
            let batch: Vec<NewMessage> = order
                .iter()
                .chain(&order)
                .map(|room| new_message(*room, ana, "now"))
                .collect();
            all_stored(&store, &batch).await
        }
    })
    .await;

    let count = i64::try_from(2 * CROWD).unwrap();
    for room in rooms {
        let mut messages = Vec::new();
        for batch in &batches {
            let own: Vec<Message> = batch
                .iter()
                .map(|stored| stored.message.clone())
                .filter(|message| message.room == room)
                .collect();
            assert!(own.is_sorted_by_key(|message| message.seq));
            messages.extend(own);
        }
        messages.sort_by_key(|message| message.seq);
        assert_eq!(seqs(&messages), (1..=count).collect::<Vec<_>>());
        assert_eq!(revs(&messages), (3..count + 3).collect::<Vec<_>>());
        let view = view(room, ana);
        let kept = store.messages.page(&view, Window::Newest, 1_000).await;
        assert_eq!(kept.unwrap(), messages);
        let head = store.head(room).await;
        assert_eq!((head.seq, head.rev), (seq(count), rev(count + 2)));
    }
}

pub async fn posting_moves_the_senders_cursors(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let before = store.seat(room, ana).await;

    store.post(room, ben, "one").await;
    store.post(room, ana, "two").await;
    let after = store.seat(room, ana).await;
    assert_eq!(after.cursors, both_at(2));
    assert_eq!(after.rev, before.rev);
    assert_eq!(store.seat(room, ben).await.cursors, both_at(1));
    assert_eq!(store.seat(room, cleo).await.cursors, both_at(0));

    let batch = [ben, ana, ana, ben].map(|sender| new_message(room, sender, "more"));
    all_stored(store, &batch).await;
    assert_eq!(store.seat(room, ana).await.cursors, both_at(5));
    assert_eq!(store.seat(room, ben).await.cursors, both_at(6));
    assert_eq!(store.seat(room, cleo).await.cursors, both_at(0));
}

pub async fn a_reply_counts_in_its_thread(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let start = store.post(room, ana, "start").await;
    let bystander = store.post(room, ana, "bystander").await;
    assert_eq!(bystander.rev, rev(5));

    let first = reply(&start, ben, "first");
    let stored = store.store(first.clone()).await;
    let mut counted = start.clone();
    (counted.reply_count, counted.rev) = (1, rev(7));
    assert_eq!(stored.message, as_stored(&first, 3, 6));
    assert_eq!(stored.thread, Some(counted.clone()));
    assert_eq!(store.seen(start.id, ana).await, counted);

    // A reply to a reply is counted at the thread's root, and the message between stays as it was.
    let second = store.reply(&stored.message, ana, "second").await;
    assert_eq!(second.message.reply_to, Some(first.id));
    assert_eq!(second.message.thread, Some(start.id));
    assert_eq!((second.message.seq, second.message.rev), (seq(4), rev(8)));
    (counted.reply_count, counted.rev) = (2, rev(9));
    assert_eq!(second.thread, Some(counted.clone()));
    assert_eq!(store.seen(start.id, ana).await, counted);
    assert_eq!(store.seen(first.id, ana).await, stored.message);
    assert_eq!(store.seen(bystander.id, ana).await, bystander);
    assert_eq!(store.head(room).await.rev, rev(9));
}

fn both_at(place: i64) -> Cursors {
    Cursors {
        read: seq(place),
        delivered: seq(place),
    }
}

/// Posts a batch of messages that must all be stored.
async fn all_stored(store: &Store, batch: &[NewMessage]) -> Vec<Stored> {
    let answers = store.messages.append(batch).await.unwrap();
    assert_eq!(answers.len(), batch.len());
    answers
        .into_iter()
        .map(|answer| match answer {
            Appended::Stored(stored) => *stored,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// A new message as it is stored with these numbers.
fn as_stored(new: &NewMessage, seq_number: i64, rev_number: i64) -> Message {
    Message {
        id: new.id,
        room: new.room,
        seq: seq(seq_number),
        rev: rev(rev_number),
        sender: new.sender,
        body: Some(new.body.clone()),
        client_id: new.client.map(|(id, _)| id),
        reply_to: new.reply_to.map(|to| to.message),
        thread: new.reply_to.map(|to| to.thread),
        reply_count: 0,
        attachments: Vec::new(),
        mentions: new.mentions.clone(),
        reactions: Vec::new(),
        created_at: new.at,
        edited_at: None,
        deleted_at: None,
        pinned: false,
    }
}
