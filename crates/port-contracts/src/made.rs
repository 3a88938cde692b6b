//! Values for tests to pass in and look for, without a store.

use std::ops::Range;

use domain::port::cache::CacheKey;
use domain::port::media::FileDigest;
use domain::port::messages::{Amendment, Change, NewMessage, ReplyTo, View};
use domain::port::rooms::{Act, Decision, Step};
use domain::{
    Emoji, Event, FileName, Happening, Media, MediaId, MediaStatus, Message, MessageBody,
    MessageId, Rev, RoomId, Seq, Telling, Topics, UserId, Webhook, WebhookSecret, WebhookUrl,
};

use crate::{at, fresh, new_message};

/// The digest of uploads whose bytes do not matter.
pub const DIGEST: FileDigest = FileDigest([7; 32]);

/// The outbox lanes that only its own tests claim. A lane has one holder, so other tests avoid them.
pub const KEPT_LANES: Range<u8> = 0..13;

/// A new room id whose events go into one of these lanes.
pub fn room_id_in(lanes: Range<u8>) -> RoomId {
    loop {
        let id = fresh();
        if lanes.contains(&event(id, Happening::RoomCreated).lane()) {
            return id;
        }
    }
}

/// A new room id whose events any test may look at.
pub fn room_id() -> RoomId {
    room_id_in(KEPT_LANES.end..Event::LANES)
}

/// A new key of a cache, of no kind in particular.
pub fn cache_key() -> CacheKey {
    CacheKey::Notified {
        room: fresh(),
        user: fresh(),
        device: None,
        read: Seq::ZERO,
        personal: false,
    }
}

/// An act on a room, which concerns nobody but the actor.
pub fn act(room: RoomId, actor: UserId) -> Act {
    Act {
        room,
        actor,
        subject: actor,
        invite: None,
        at: at(1),
    }
}

/// A decision without further consequences.
pub fn decision(steps: Vec<Step>) -> Decision {
    Decision {
        steps,
        events: Vec::new(),
    }
}

/// Something that happened in a room.
pub fn event(room: RoomId, what: Happening) -> Event {
    Event {
        id: fresh(),
        at: at(2),
        room: Some(room),
        what,
    }
}

/// A webhook for all topics.
pub fn webhook() -> Webhook {
    Webhook {
        id: fresh(),
        url: WebhookUrl::parse("https://example.org/hook?team=7").unwrap(),
        topics: Topics::parse(["message.*", "member.*", "room.*"]).unwrap(),
        room: None,
        secret: WebhookSecret::from_bits([7; 32]),
        enabled: true,
        created_at: at(0),
        failing_since: None,
    }
}

/// A delivery about a room, which need not exist any longer.
pub fn telling(room: RoomId) -> Telling {
    Telling {
        event: fresh(),
        at: at(2),
        room: Some(room),
        what: Some(Happening::MessageCreated(fresh())),
    }
}

/// An upload that has not been processed yet.
pub fn new_media(owner: UserId, room: Option<RoomId>) -> Media {
    Media {
        id: fresh(),
        room,
        owner,
        file_name: FileName::parse("ñandú at dusk.png").unwrap(),
        content_type: "image/png".to_owned(),
        size: 1_000,
        dimensions: None,
        thumbnail: false,
        status: MediaStatus::Processing,
        created_at: at(2),
    }
}

/// A reply to a message.
pub fn reply(to: &Message, sender: UserId, text: &str) -> NewMessage {
    let mut new = new_message(to.room, sender, text);
    new.reply_to = Some(ReplyTo {
        message: to.id,
        thread: to.thread_root(),
    });
    new
}

/// A message with these uploads.
pub fn with_uploads(room: RoomId, sender: UserId, uploads: &[MediaId]) -> NewMessage {
    let mut new = new_message(room, sender, "look");
    new.attachments = uploads.to_vec();
    new
}

/// A change to a message.
pub fn amendment(message: &Message, by: UserId, change: Change) -> Amendment {
    Amendment {
        message: message.id,
        room: message.room,
        by,
        at: at(3),
        change,
        events: Vec::new(),
    }
}

/// Edits the text, and mentions nobody.
pub fn edit(text: &str) -> Change {
    Change::Edit {
        body: body(text),
        mentions: Vec::new(),
    }
}

/// Adds a reaction.
pub fn react(emoji: &Emoji) -> Change {
    Change::React {
        emoji: emoji.clone(),
        on: true,
    }
}

/// Takes a reaction back.
pub fn unreact(emoji: &Emoji) -> Change {
    Change::React {
        emoji: emoji.clone(),
        on: false,
    }
}

/// Pins the message.
pub const PIN: Change = Change::Pin { on: true };

/// Unpins the message.
pub const UNPIN: Change = Change::Pin { on: false };

/// A message's text.
pub fn body(text: &str) -> MessageBody {
    MessageBody::parse(text).unwrap()
}

/// One of eighty different emoji.
pub fn emoji(number: u32) -> Emoji {
    let face = char::from_u32(0x1_f600 + number % 80).unwrap();
    Emoji::parse(face.to_string()).unwrap()
}

/// A room as seen by a user who may read everything.
pub fn view(room: RoomId, reader: UserId) -> View {
    view_above(0, room, reader)
}

/// A room as seen by a user who may read what comes after a seq.
pub fn view_above(floor: i64, room: RoomId, reader: UserId) -> View {
    View {
        room,
        reader,
        floor: seq(floor),
    }
}

/// A seq in a room's log.
pub fn seq(number: i64) -> Seq {
    Seq::new(number).unwrap()
}

/// A room's rev.
pub fn rev(number: i64) -> Rev {
    Rev::new(number).unwrap()
}

/// The seqs of messages.
pub fn seqs(messages: &[Message]) -> Vec<i64> {
    messages.iter().map(|message| message.seq.get()).collect()
}

/// The revs of messages.
pub fn revs(messages: &[Message]) -> Vec<i64> {
    messages.iter().map(|message| message.rev.get()).collect()
}

/// The ids of messages.
pub fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}
