//! Messages and cursors.

use application::messages::{CursorKind, MessageSearch, NewPost, Reading, Stretch, UpTo};
use application::{Hit, MessageView, Reach, Receipts};
use domain::{
    ClientId, Cursors, Media, MediaId, MediaStatus, MessageBody, MessageId, Reaction, Refusal,
    RoomId, RoomName, SearchText, Seq, UserId,
};
use protocol::rest::{self, CursorTarget, HistoryFrom};
use protocol::shape;

use super::moments::{from_wire, to_wire};
use super::people::named_user;
use super::{links, page_size, room_name, value};

/// A message, as the reader may see it.
pub(crate) fn message(view: MessageView) -> shape::Message {
    let MessageView {
        message,
        sender,
        reach,
    } = view;
    shape::Message {
        id: message.id.as_uuid(),
        room_id: message.room.as_uuid(),
        seq: message.seq.get(),
        rev: message.rev.get(),
        sender_id: message.sender.as_uuid(),
        sender: named_user(&sender),
        content: message.body.map(|body| body.as_str().to_owned()),
        client_id: message.client_id.map(ClientId::as_uuid),
        reply_to: message.reply_to.map(MessageId::as_uuid),
        reply_count: message.reply_count,
        attachments: message.attachments.into_iter().map(media).collect(),
        mentions: message.mentions.into_iter().map(UserId::as_uuid).collect(),
        reactions: message.reactions.iter().map(reaction).collect(),
        status: reach.map(message_status),
        created_at: to_wire(message.created_at),
        edited_at: message.edited_at.map(to_wire),
        deleted_at: message.deleted_at.map(to_wire),
        pinned: message.pinned,
    }
}

/// How far a message has got: sent, delivered or read.
pub(crate) const fn message_status(reach: Reach) -> shape::MessageStatus {
    match reach {
        Reach::Sent => shape::MessageStatus::Sent,
        Reach::Delivered => shape::MessageStatus::Delivered,
        Reach::Read => shape::MessageStatus::Read,
    }
}

fn reaction(reaction: &Reaction) -> shape::Reaction {
    shape::Reaction {
        emoji: reaction.emoji.as_str().to_owned(),
        count: reaction.count,
        mine: Some(reaction.mine),
    }
}

/// A file.
pub(crate) fn media(media: Media) -> shape::Media {
    let (width, height) = media.dimensions.unzip();
    shape::Media {
        id: media.id.as_uuid(),
        room_id: media.room.map(RoomId::as_uuid),
        owner_id: media.owner.as_uuid(),
        file_name: media.file_name.as_str().to_owned(),
        content_type: media.content_type,
        size: media.size,
        width,
        height,
        status: match media.status {
            MediaStatus::Processing => shape::MediaStatus::Processing,
            MediaStatus::Ready => shape::MediaStatus::Ready,
            MediaStatus::Rejected => shape::MediaStatus::Rejected,
        },
        url: links::media(media.id),
        thumbnail_url: media.thumbnail.then(|| links::thumbnail(media.id)),
    }
}

/// The text of a message.
pub(crate) fn body(content: String) -> Result<MessageBody, Refusal> {
    value("content", MessageBody::parse(content))
}

/// The message that is to be posted.
pub(crate) fn new_post(form: rest::PostMessage) -> Result<NewPost, Refusal> {
    let attachments = form.attachments.into_iter();
    Ok(NewPost {
        id: None,
        body: body(form.content)?,
        client_id: form.client_id.map(ClientId::from_uuid),
        reply_to: form.reply_to.map(MessageId::from_uuid),
        attachments: attachments.map(MediaId::from_uuid).collect(),
    })
}

/// The message that is to be posted, and the name of its room.
pub(crate) fn named_post(form: rest::NamedMessage) -> Result<(RoomName, NewPost), Refusal> {
    let name = room_name("chatRoomName", form.chat_room_name)?;
    let post = NewPost {
        id: None,
        body: body(form.content)?,
        client_id: form.client_id.map(ClientId::from_uuid),
        reply_to: None,
        attachments: Vec::new(),
    };
    Ok((name, post))
}

/// The requested part of the history.
pub(crate) fn stretch(from: HistoryFrom) -> Stretch {
    match from {
        HistoryFrom::Newest => Stretch::Newest,
        HistoryFrom::Before(id) => Stretch::Before(MessageId::from_uuid(id)),
        HistoryFrom::After(place) => Stretch::After(seq(place)),
        HistoryFrom::Around(place) => Stretch::Around(seq(place)),
    }
}

/// A sequence number, which the form has checked against the same bounds.
fn seq(place: i64) -> Seq {
    Seq::new(place).unwrap_or(if place < 0 { Seq::ZERO } else { Seq::MAX })
}

/// How far a cursor is to move.
pub(crate) fn reading(kind: CursorKind, to: CursorTarget) -> Reading {
    let up_to = match to {
        CursorTarget::Message(id) => UpTo::Message(MessageId::from_uuid(id)),
        CursorTarget::Seq(place) => UpTo::Seq(seq(place)),
    };
    Reading { kind, up_to }
}

/// The cursors of a member.
pub(crate) const fn cursors(cursors: Cursors) -> shape::Cursors {
    shape::Cursors {
        read_seq: cursors.read.get(),
        delivered_seq: cursors.delivered.get(),
    }
}

/// Who has received and who has read a message.
pub(crate) fn receipts(receipts: Receipts) -> shape::Receipts {
    let shown = |people: Vec<UserId>| {
        let receipt = |user: UserId| shape::Receipt {
            user_id: user.as_uuid(),
        };
        people.into_iter().map(receipt).collect()
    };
    shape::Receipts {
        delivered_to: shown(receipts.delivered_to),
        read_by: shown(receipts.read_by),
    }
}

/// A search text.
pub(crate) fn sought(text: String) -> Result<SearchText, Refusal> {
    value("q", SearchText::parse(text))
}

/// A search for messages.
pub(crate) fn search(form: rest::SearchQuery) -> Result<MessageSearch, Refusal> {
    Ok(MessageSearch {
        text: sought(form.q)?,
        room: form.room_id.map(RoomId::from_uuid),
        from: form.from.map(UserId::from_uuid),
        before: form.before.map(from_wire),
        after: form.after.map(from_wire),
        cursor: form.cursor.map(MessageId::from_uuid),
        limit: page_size(form.limit),
    })
}

/// A search result.
pub(super) fn hit(hit: Hit) -> shape::SearchHit {
    let highlights = hit.snippet.highlights.into_iter();
    shape::SearchHit {
        message: message(hit.view),
        snippet: shape::Snippet {
            text: hit.snippet.text,
            highlights: highlights.map(|place| [place.start, place.end]).collect(),
        },
    }
}
