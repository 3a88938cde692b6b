//! Translates frames into events.

use protocol::realtime::{MessageOp, ServerFrame};

use super::Event;

impl Event {
    /// The event for the program, if the frame has one.
    pub(super) fn of(frame: ServerFrame) -> Option<Self> {
        let is_durable = matches!(
            frame,
            ServerFrame::Message { .. } | ServerFrame::Member { .. } | ServerFrame::Room { .. }
        );
        if is_durable {
            durable(frame)
        } else {
            passing(frame)
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "no other durable frame has an event"
)]
fn durable(frame: ServerFrame) -> Option<Event> {
    Some(match frame {
        ServerFrame::Message {
            op,
            room_id: room,
            rev,
            message,
            by,
            ..
        } => {
            let message = Box::new(message);
            match (op, by) {
                (MessageOp::Created, _) => Event::Posted { room, rev, message },
                (MessageOp::Deleted, _) => Event::Deleted { room, rev, message },
                (MessageOp::Updated, Some(by)) => Event::Reacted {
                    room,
                    rev,
                    message,
                    by,
                },
                (MessageOp::Updated, None) => Event::Changed { room, rev, message },
            }
        }
        ServerFrame::Member {
            op,
            room_id: room,
            rev,
            member,
            ..
        } => Event::Member {
            room,
            rev,
            op,
            member: Box::new(member),
        },
        ServerFrame::Room { op, rev, room, .. } => Event::Room {
            rev,
            op,
            room: Box::new(room),
        },
        _ => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all others are for the connection itself"
)]
fn passing(frame: ServerFrame) -> Option<Event> {
    Some(match frame {
        ServerFrame::Receipt {
            room_id,
            user_id,
            read_seq,
            delivered_seq,
        } => Event::Receipt {
            room: room_id,
            user: user_id,
            read_seq,
            delivered_seq,
        },
        ServerFrame::Typing {
            room_id,
            user_id,
            on,
        } => Event::Typing {
            room: room_id,
            user: user_id,
            on,
        },
        ServerFrame::Presence {
            user_id,
            status,
            last_seen_at,
        } => Event::Presence {
            user: user_id,
            status,
            last_seen_at,
        },
        ServerFrame::RoomAdded { room } => Event::Added {
            room: Box::new(room),
        },
        ServerFrame::Media { media } => Event::Media { media },
        ServerFrame::Notification {
            room_id,
            message_id,
            kind,
        } => Event::Notification {
            room: room_id,
            message: message_id,
            kind,
        },
        ServerFrame::SummaryHint { room_id, unread } => Event::SummaryHint {
            room: room_id,
            unread,
        },
        _ => return None,
    })
}
