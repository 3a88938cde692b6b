//! The closed sets of words in the server's frames.

use crate::word::words;

words! {
    /// What happened to a message.
    pub enum MessageOp {
        /// It was posted, and nothing has changed since.
        Created = "created",
        /// It was edited, reacted to, pinned or replied to.
        Updated = "updated",
        /// It was deleted.
        Deleted = "deleted",
    }
}

words! {
    /// What happened to a membership.
    pub enum MemberOp {
        /// They joined.
        Joined = "joined",
        /// They left.
        Left = "left",
        /// They were removed.
        Kicked = "kicked",
        /// They were banned.
        Banned = "banned",
        /// Their role changed.
        Role = "role",
    }
}

words! {
    /// What happened to a room itself.
    pub enum RoomOp {
        /// Its properties changed.
        Updated = "updated",
        /// It was deleted.
        Deleted = "deleted",
    }
}

words! {
    /// Why a user is no longer a member of a room.
    pub enum RemovalReason {
        /// They left.
        Left = "left",
        /// They were removed.
        Kicked = "kicked",
        /// They were banned.
        Banned = "banned",
        /// The room was deleted.
        Deleted = "deleted",
    }
}

words! {
    /// Why a message concerns a user in particular.
    pub enum NotificationKind {
        /// It mentions them.
        Mention = "mention",
        /// It is in a direct room of theirs.
        Direct = "direct",
        /// It replies to a message of theirs.
        Reply = "reply",
    }
}

words! {
    /// The types of the frames that the server sends.
    pub enum ServerFrameKind {
        /// [`ServerFrame::Ready`](super::ServerFrame::Ready).
        Ready = "ready",
        /// [`ServerFrame::Ack`](super::ServerFrame::Ack).
        Ack = "ack",
        /// [`ServerFrame::Error`](super::ServerFrame::Error).
        Error = "error",
        /// [`ServerFrame::Pong`](super::ServerFrame::Pong).
        Pong = "pong",
        /// [`ServerFrame::Message`](super::ServerFrame::Message).
        Message = "message",
        /// [`ServerFrame::Member`](super::ServerFrame::Member).
        Member = "member",
        /// [`ServerFrame::Room`](super::ServerFrame::Room).
        Room = "room",
        /// [`ServerFrame::Skip`](super::ServerFrame::Skip).
        Skip = "skip",
        /// [`ServerFrame::Receipt`](super::ServerFrame::Receipt).
        Receipt = "receipt",
        /// [`ServerFrame::Typing`](super::ServerFrame::Typing).
        Typing = "typing",
        /// [`ServerFrame::Presence`](super::ServerFrame::Presence).
        Presence = "presence",
        /// [`ServerFrame::RoomAdded`](super::ServerFrame::RoomAdded).
        RoomAdded = "room_added",
        /// [`ServerFrame::RoomRemoved`](super::ServerFrame::RoomRemoved).
        RoomRemoved = "room_removed",
        /// [`ServerFrame::Media`](super::ServerFrame::Media).
        Media = "media",
        /// [`ServerFrame::Notification`](super::ServerFrame::Notification).
        Notification = "notification",
        /// [`ServerFrame::SummaryPart`](super::ServerFrame::SummaryPart).
        SummaryPart = "summary_part",
        /// [`ServerFrame::SummaryHint`](super::ServerFrame::SummaryHint).
        SummaryHint = "summary_hint",
        /// [`ServerFrame::Lagging`](super::ServerFrame::Lagging).
        Lagging = "lagging",
        /// [`ServerFrame::Resumed`](super::ServerFrame::Resumed).
        Resumed = "resumed",
        /// [`ServerFrame::TokenExpiring`](super::ServerFrame::TokenExpiring).
        TokenExpiring = "token_expiring",
        /// [`ServerFrame::SessionRevoked`](super::ServerFrame::SessionRevoked).
        SessionRevoked = "session_revoked",
        /// [`ServerFrame::Shutdown`](super::ServerFrame::Shutdown).
        Shutdown = "shutdown",
    }
}
