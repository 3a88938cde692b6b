//! Batches and what becomes of them.

use uuid::Uuid;

use crate::port::messages::{Appended, Fingerprint, NewMessage, ReplyTo, Stored};
use crate::{
    ClientId, Emoji, FileName, Media, MediaId, MediaStatus, Message, MessageBody, MessageId,
    Reaction, Rev, RoomId, Seq, Timestamp, UserId,
};

use super::{Known, Present, Standing, Upload, place};

pub(super) fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// The first message of room 1, by user 1.
pub(super) fn message() -> Message {
    new(1, 1).message(seq(1), rev(1))
}

fn room(number: u128) -> RoomId {
    RoomId::from_uuid(Uuid::from_u128(number))
}

fn seq(number: i64) -> Seq {
    Seq::new(number).unwrap()
}

fn rev(number: i64) -> Rev {
    Rev::new(number).unwrap()
}

fn new(id: u128, in_room: u128) -> NewMessage {
    NewMessage {
        id: MessageId::from_uuid(Uuid::from_u128(id)),
        room: room(in_room),
        sender: user(1),
        body: MessageBody::parse("hello").unwrap(),
        client: None,
        reply_to: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        at: Timestamp::from_millis(5),
        events: Vec::new(),
        only_for_webhooks: false,
    }
}

fn named(text: u8, new: NewMessage) -> NewMessage {
    let name = ClientId::from_uuid(Uuid::from_u128(9));
    NewMessage {
        client: Some((name, Fingerprint([text; 32]))),
        ..new
    }
}

fn answering(to: &Message, new: NewMessage) -> NewMessage {
    NewMessage {
        reply_to: Some(ReplyTo {
            message: to.id,
            thread: to.thread_root(),
        }),
        ..new
    }
}

/// Two rooms, the first with one message.
fn known() -> Known {
    let standing = |seq, rev| Standing {
        seq,
        rev,
        active_at: Timestamp::from_millis(7),
    };
    let mut known = Known::default();
    known.rooms.insert(room(1), standing(seq(1), rev(4)));
    known.rooms.insert(room(2), standing(seq(0), rev(1)));
    let present = Present {
        message: message(),
        own: Vec::new(),
    };
    known.messages.insert(message().id, present);
    known
}

fn upload() -> Media {
    Media {
        id: MediaId::from_uuid(Uuid::from_u128(3)),
        room: Some(room(1)),
        owner: user(1),
        file_name: FileName::parse("dusk.png").unwrap(),
        content_type: "image/png".to_owned(),
        size: 1,
        dimensions: None,
        thumbnail: false,
        status: MediaStatus::Ready,
        created_at: Timestamp::from_millis(1),
    }
}

fn stored(answer: &Appended) -> &Stored {
    match answer {
        Appended::Stored(stored) => stored,
        other @ (Appended::Duplicate(_)
        | Appended::Conflict
        | Appended::NoRoom
        | Appended::Unattachable) => panic!("{other:?}"),
    }
}

#[test]
fn each_takes_the_next_place_of_its_room() {
    let batch = [new(11, 1), new(12, 2), new(13, 1), new(14, 3)];
    let (answers, placed) = place(known(), &batch);
    let given = answers[..3].iter().map(|answer| {
        let message = &stored(answer).message;
        (message.seq.get(), message.rev.get())
    });
    assert_eq!(given.collect::<Vec<_>>(), [(2, 5), (1, 2), (3, 6)]);
    assert_eq!(answers[3], Appended::NoRoom);

    let ends = placed.rooms().values().map(|it| (it.seq, it.rev));
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends, [(seq(3), rev(6)), (seq(1), rev(2))]);
    assert_eq!(placed.messages().count(), 3);
    let cursors = [((room(1), user(1)), seq(3)), ((room(2), user(1)), seq(1))];
    assert_eq!(placed.cursors().into_iter().collect::<Vec<_>>(), cursors);
    // A later activity time, from a sender whose clock is ahead, is kept.
    let active = placed.rooms().values().map(|it| it.active_at.as_millis());
    assert_eq!(active.collect::<Vec<_>>(), [7, 7]);
}

#[test]
fn a_name_is_for_one_message() {
    let batch = [
        named(1, new(11, 1)),
        named(1, new(12, 1)),
        named(2, new(13, 1)),
        named(1, new(14, 2)),
    ];
    let (answers, placed) = place(known(), &batch);
    let first = &stored(&answers[0]).message;
    assert_eq!(answers[1], Appended::Duplicate(Box::new(first.clone())));
    assert_eq!(answers[2..], [Appended::Conflict, Appended::Conflict]);
    assert_eq!(placed.messages().count(), 1);
    assert_eq!(placed.rooms().len(), 1, "the second room did not move");
}

#[test]
fn a_thread_counts_what_answers_it() {
    let start = message();
    let fresh = new(11, 1).message(seq(2), rev(5));
    let batch = [
        new(11, 1),
        answering(&start, new(12, 1)),
        answering(&fresh, new(13, 1)),
        answering(&start, new(14, 2)),
    ];
    let (answers, placed) = place(known(), &batch);
    let threads = answers.iter().map(|answer| {
        let thread = stored(answer).thread.as_ref();
        thread.map(|start| (start.id, start.rev.get(), start.reply_count))
    });
    assert_eq!(
        threads.collect::<Vec<_>>(),
        [None, Some((start.id, 7, 1)), Some((fresh.id, 9, 1)), None]
    );
    let counted: Vec<_> = placed.threads().map(|it| (it.id, it.rev)).collect();
    assert_eq!(counted, [(start.id, rev(7))]);
    let first = placed.messages().next().unwrap();
    assert_eq!((first.1.rev, first.1.reply_count), (rev(9), 1));
}

#[test]
fn each_sender_sees_their_own_reactions_to_what_they_answer() {
    let mut known = known();
    let emoji = Emoji::parse("👍").unwrap();
    let mut start = message();
    start.reactions = vec![Reaction {
        emoji: emoji.clone(),
        count: 1,
        mine: false,
    }];
    let present = Present {
        message: start.clone(),
        own: vec![(user(1), emoji)],
    };
    known.messages.insert(start.id, present);
    let other = NewMessage {
        sender: user(2),
        ..answering(&start, new(11, 1))
    };
    let batch = [other, answering(&start, new(12, 1))];
    let (answers, _) = place(known, &batch);
    let threads = answers.iter().map(|answer| {
        let thread = stored(answer).thread.as_ref().unwrap();
        (thread.reply_count, thread.reactions[0].mine)
    });
    assert_eq!(threads.collect::<Vec<_>>(), [(1, false), (2, true)]);
}

#[test]
fn an_upload_hangs_once_and_where_it_belongs() {
    let mut known = known();
    let media = upload();
    let attached = false;
    let id = media.id;
    known.uploads.insert(id, Upload { media, attached });
    let with = |new: NewMessage, uploads: &[MediaId]| NewMessage {
        attachments: uploads.to_vec(),
        ..new
    };
    let others = NewMessage {
        sender: user(2),
        ..with(new(13, 1), &[id])
    };
    let batch = [
        with(new(11, 1), &[id, id]),
        with(new(12, 2), &[id]),
        others,
        with(new(14, 1), &[id]),
        with(new(15, 1), &[id]),
    ];
    let (answers, _) = place(known, &batch);
    assert_eq!(stored(&answers[3]).message.attachments, [upload()]);
    for refused in [0, 1, 2, 4] {
        assert_eq!(answers[refused], Appended::Unattachable);
    }
}
