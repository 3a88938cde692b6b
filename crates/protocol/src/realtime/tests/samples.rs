//! A sample of everything, in its minimal and its full form.

use std::collections::BTreeMap;

use crate::realtime::{
    Ack, Command, MemberOp, MessageOp, NotificationKind, React, ReactionBy, RemovalReason, RoomOp,
    ServerFrame, Subscribe, Subscribed,
};
use crate::rest::{EditMessage, PostMessage, SummaryQuery, SummarySince, SummaryStyle};
use crate::schema::Example as _;
use crate::shape::tests::scene::{
    at, bare_media, direct_room, full_media, full_message, full_room, full_user, id, member,
    standing, tombstone,
};
use crate::shape::{Cursors, Member, Message, Presence, Room, Standing, Summary};
use crate::{ErrorCode, FieldCode, FieldError, Secret};

/// Every command. Those with optional parts come twice, the minimal one first.
#[expect(clippy::too_many_lines, reason = "a list has no parts")]
pub(super) fn commands() -> Vec<Command> {
    let (room_id, message_id) = (id(10), id(20));
    vec![
        Command::Auth {
            token: Secret::new("a.b.c"),
        },
        Command::Subscribe(Subscribe {
            rooms: BTreeMap::new(),
            epoch: None,
        }),
        Command::Subscribe(Subscribe {
            rooms: BTreeMap::from([(id(10), Some(12)), (id(11), None)]),
            epoch: Some("e1".into()),
        }),
        Command::Unsubscribe {
            rooms: vec![id(10), id(11)],
        },
        Command::Send {
            room_id,
            message: PostMessage {
                content: "Hello".into(),
                client_id: None,
                reply_to: None,
                attachments: Vec::new(),
            },
        },
        Command::Send {
            room_id,
            message: PostMessage {
                content: "Hello".into(),
                client_id: Some(id(21)),
                reply_to: Some(id(19)),
                attachments: vec![id(30)],
            },
        },
        Command::Edit {
            message_id,
            change: EditMessage {
                content: "Hello, all".into(),
            },
        },
        Command::Delete { message_id },
        Command::React(React {
            message_id,
            emoji: "👍".into(),
            on: true,
        }),
        Command::Read { room_id, seq: 7 },
        Command::Delivered { room_id, seq: 7 },
        Command::Typing { room_id, on: true },
        Command::Presence { room_id },
        Command::Summary {
            room_id,
            ask: SummaryQuery {
                since: SummarySince::Read,
                style: SummaryStyle::Bullets,
            },
        },
        Command::Summary {
            room_id,
            ask: SummaryQuery {
                since: SummarySince::Place(7),
                style: SummaryStyle::Brief,
            },
        },
        Command::Ping,
    ]
}

/// Every ack.
pub(super) fn acks() -> Vec<Ack> {
    let live = Subscribed::Live {
        rev: 12,
        seq: 7,
        read_seq: 5,
        delivered_seq: 6,
        replayed: 3,
        reset: false,
    };
    let refused = Subscribed::Refused {
        code: ErrorCode::TooMany,
    };
    vec![
        Ack::Message {
            message: full_message(),
        },
        Ack::Subscribed {
            rooms: BTreeMap::from([(id(10), live), (id(11), refused)]),
        },
        Ack::Cursors(Cursors {
            read_seq: 5,
            delivered_seq: 6,
        }),
        Ack::Presence {
            online: vec![id(1), id(2)],
            count: 2,
        },
        Ack::Summary {
            summary: Summary::example(),
        },
        Ack::Auth {
            token_expires_at: at(60),
        },
        Ack::Done {},
    ]
}

/// Every frame of the server, including its acks. Of those with optional parts, the minimal one comes
/// first.
pub(super) fn frames() -> Vec<ServerFrame> {
    let ack = |ack| ServerFrame::Ack { id: 7, ack };
    let mut frames = about_the_connection();
    frames.extend(acks().into_iter().map(ack));
    frames.extend(durable());
    frames.extend(about_people());
    frames.extend(about_the_user());
    frames
}

fn about_the_connection() -> Vec<ServerFrame> {
    vec![
        ServerFrame::Ready {
            user_id: id(1),
            session_id: id(40),
            connection_id: id(41),
            epoch: "e1".into(),
            heartbeat: 25,
            server_time: at(0),
        },
        ServerFrame::Error {
            id: None,
            code: ErrorCode::Muted,
            message: "you may not write here for now".into(),
            errors: Vec::new(),
            retry_after: None,
        },
        ServerFrame::Error {
            id: Some(7),
            code: ErrorCode::Invalid,
            message: "some fields are not acceptable".into(),
            errors: vec![FieldError::new(
                "content",
                FieldCode::Required,
                "is required",
            )],
            retry_after: Some(3),
        },
        ServerFrame::Pong { id: None },
        ServerFrame::Pong { id: Some(7) },
        ServerFrame::SummaryPart {
            id: 7,
            room_id: id(10),
            text: "Ana ".into(),
        },
        ServerFrame::SummaryHint {
            room_id: id(10),
            unread: 120,
        },
        ServerFrame::Lagging {
            rooms: vec![id(10)],
        },
        ServerFrame::Resumed {
            room_id: id(10),
            rev: 12,
            reset: false,
        },
        ServerFrame::TokenExpiring { seconds: 60 },
        ServerFrame::SessionRevoked,
        ServerFrame::Shutdown { reconnect_in: 1500 },
    ]
}

fn durable() -> Vec<ServerFrame> {
    let (room_id, rev, prev) = (id(10), 12, 11);
    vec![
        ServerFrame::Message {
            op: MessageOp::Deleted,
            room_id,
            rev,
            prev,
            message: tombstone(),
            by: None,
        },
        ServerFrame::Message {
            op: MessageOp::Updated,
            room_id,
            rev,
            prev,
            message: public_message(),
            by: Some(ReactionBy {
                user_id: id(2),
                emoji: "👍".into(),
                on: true,
            }),
        },
        ServerFrame::Member {
            op: MemberOp::Joined,
            room_id,
            rev,
            prev,
            member: member(),
        },
        ServerFrame::Member {
            op: MemberOp::Left,
            room_id,
            rev,
            prev,
            member: Member {
                left_at: Some(at(9)),
                ..member()
            },
        },
        ServerFrame::Room {
            op: RoomOp::Updated,
            room_id,
            rev,
            prev,
            room: direct_room(),
        },
        ServerFrame::Skip { room_id, rev, prev },
    ]
}

/// A message as all readers see it, without anything that depends on the reader.
fn public_message() -> Message {
    let mut message = full_message();
    message.status = None;
    message.sender.avatar_url = Some("/api/media/a".into());
    for reaction in &mut message.reactions {
        reaction.mine = None;
    }
    message
}

/// A room whose parts have what they lack in a full one, and lack what they have there.
fn other_room() -> Room {
    let standing = Standing {
        muted_until: None,
        ..standing()
    };
    Room {
        participants: Some(vec![full_user()]),
        membership: Some(standing),
        ..direct_room()
    }
}

fn about_people() -> Vec<ServerFrame> {
    let (room_id, user_id) = (id(10), id(1));
    vec![
        ServerFrame::Receipt {
            room_id,
            user_id,
            read_seq: 5,
            delivered_seq: 6,
        },
        ServerFrame::Typing {
            room_id,
            user_id,
            on: true,
        },
        ServerFrame::Presence {
            user_id,
            status: Presence::Online,
            last_seen_at: None,
        },
        ServerFrame::Presence {
            user_id,
            status: Presence::Offline,
            last_seen_at: Some(at(9)),
        },
    ]
}

fn about_the_user() -> Vec<ServerFrame> {
    vec![
        ServerFrame::RoomAdded { room: full_room() },
        ServerFrame::RoomAdded { room: other_room() },
        ServerFrame::RoomRemoved {
            room_id: id(10),
            reason: RemovalReason::Kicked,
        },
        ServerFrame::Media {
            media: bare_media(),
        },
        ServerFrame::Media {
            media: full_media(),
        },
        ServerFrame::Notification {
            room_id: id(10),
            message_id: id(20),
            kind: NotificationKind::Mention,
        },
    ]
}
