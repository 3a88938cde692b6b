//! Commands of the clients.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use crate::limits::{EMOJI_MAX, EPOCH_MAX};
use crate::rest::{EditMessage, PostMessage, SummaryQuery};
use crate::word::words;
use crate::{Fields, Query as _, Request as _, Secret};

words! {
    /// The types of the frames that clients send.
    pub enum CommandKind {
        /// [`Command::Auth`].
        Auth = "auth",
        /// [`Command::Subscribe`].
        Subscribe = "subscribe",
        /// [`Command::Unsubscribe`].
        Unsubscribe = "unsubscribe",
        /// [`Command::Send`].
        Send = "send",
        /// [`Command::Edit`].
        Edit = "edit",
        /// [`Command::Delete`].
        Delete = "delete",
        /// [`Command::React`].
        React = "react",
        /// [`Command::Read`].
        Read = "read",
        /// [`Command::Delivered`].
        Delivered = "delivered",
        /// [`Command::Typing`].
        Typing = "typing",
        /// [`Command::Presence`].
        Presence = "presence",
        /// [`Command::Summary`].
        Summary = "summary",
        /// [`Command::Ping`].
        Ping = "ping",
    }
}

/// A command. Texts and other values follow the same rules as over REST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Command {
    /// Authenticates as the user of this token, or replaces an earlier token of the same user.
    Auth {
        /// An access token.
        token: Secret,
    },
    /// Subscribes to rooms.
    Subscribe(Subscribe),
    /// Unsubscribes from rooms.
    Unsubscribe {
        /// The rooms.
        rooms: Vec<Uuid>,
    },
    /// Posts a message.
    Send {
        /// The room.
        room_id: Uuid,
        /// The message.
        #[serde(flatten)]
        message: PostMessage,
    },
    /// Edits a message.
    Edit {
        /// The message.
        message_id: Uuid,
        /// Its new content.
        #[serde(flatten)]
        change: EditMessage,
    },
    /// Deletes a message.
    Delete {
        /// The message.
        message_id: Uuid,
    },
    /// Adds or removes a reaction.
    React(React),
    /// Marks a room as read up to a message.
    Read {
        /// The room.
        room_id: Uuid,
        /// The seq of the last message that was read.
        seq: i64,
    },
    /// Marks a room's messages as delivered up to a message.
    Delivered {
        /// The room.
        room_id: Uuid,
        /// The seq of the last message that has arrived.
        seq: i64,
    },
    /// Signals that the user started or stopped typing.
    Typing {
        /// The room.
        room_id: Uuid,
        /// Whether they are typing.
        on: bool,
    },
    /// Asks which members of a room are online.
    Presence {
        /// The room.
        room_id: Uuid,
    },
    /// Asks for a summary of what was missed, sent piece by piece.
    Summary {
        /// The room.
        room_id: Uuid,
        /// Where it begins, and its form.
        #[serde(flatten)]
        ask: SummaryQuery,
    },
    /// Asks for a `pong`.
    Ping,
}

impl Command {
    /// The `type` of its frame.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Auth { .. } => "auth",
            Self::Subscribe(_) => "subscribe",
            Self::Unsubscribe { .. } => "unsubscribe",
            Self::Send { .. } => "send",
            Self::Edit { .. } => "edit",
            Self::Delete { .. } => "delete",
            Self::React(_) => "react",
            Self::Read { .. } => "read",
            Self::Delivered { .. } => "delivered",
            Self::Typing { .. } => "typing",
            Self::Presence { .. } => "presence",
            Self::Summary { .. } => "summary",
            Self::Ping => "ping",
        }
    }
}

/// The fields of [`Command::Subscribe`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate)]
pub struct Subscribe {
    /// The rooms, each with the last rev that the client has; null to receive only new changes.
    pub rooms: BTreeMap<Uuid, Option<i64>>,
    /// The epoch of those revs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = EPOCH_MAX))]
    pub epoch: Option<String>,
}

/// The fields of [`Command::React`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate)]
#[serde(rename_all = "camelCase")]
pub struct React {
    /// The message.
    pub message_id: Uuid,
    /// The emoji. Whether it really is one is not checked here.
    #[validate(length(min = 1, max = EMOJI_MAX))]
    pub emoji: String,
    /// Whether to add or to remove the reaction.
    pub on: bool,
}

impl Command {
    /// The kind of this command.
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Auth { .. } => CommandKind::Auth,
            Self::Subscribe(_) => CommandKind::Subscribe,
            Self::Unsubscribe { .. } => CommandKind::Unsubscribe,
            Self::Send { .. } => CommandKind::Send,
            Self::Edit { .. } => CommandKind::Edit,
            Self::Delete { .. } => CommandKind::Delete,
            Self::React(_) => CommandKind::React,
            Self::Read { .. } => CommandKind::Read,
            Self::Delivered { .. } => CommandKind::Delivered,
            Self::Typing { .. } => CommandKind::Typing,
            Self::Presence { .. } => CommandKind::Presence,
            Self::Summary { .. } => CommandKind::Summary,
            Self::Ping => CommandKind::Ping,
        }
    }

    /// Takes the fields of a command, as [`Request::read`](crate::Request::read) does.
    pub(super) fn read(kind: CommandKind, fields: &mut Fields) -> Self {
        match kind {
            CommandKind::Auth => Self::Auth {
                token: fields.secret("token").required(),
            },
            CommandKind::Subscribe => Self::Subscribe(Subscribe {
                rooms: fields.places("rooms").required(),
                epoch: fields.verbatim("epoch").optional(),
            }),
            CommandKind::Unsubscribe => Self::Unsubscribe {
                rooms: fields.ids("rooms").required(),
            },
            CommandKind::Send => Self::Send {
                room_id: fields.id("roomId").required(),
                message: PostMessage::read(fields),
            },
            CommandKind::Edit => Self::Edit {
                message_id: fields.id("messageId").required(),
                change: EditMessage::read(fields),
            },
            CommandKind::Delete => Self::Delete {
                message_id: fields.id("messageId").required(),
            },
            CommandKind::React => Self::React(React {
                message_id: fields.id("messageId").required(),
                emoji: fields.text("emoji").required(),
                on: fields.flag("on").required(),
            }),
            CommandKind::Read => Self::Read {
                room_id: fields.id("roomId").required(),
                seq: fields.place("seq").required(),
            },
            CommandKind::Delivered => Self::Delivered {
                room_id: fields.id("roomId").required(),
                seq: fields.place("seq").required(),
            },
            CommandKind::Typing => Self::Typing {
                room_id: fields.id("roomId").required(),
                on: fields.flag("on").required(),
            },
            CommandKind::Presence => Self::Presence {
                room_id: fields.id("roomId").required(),
            },
            CommandKind::Summary => Self::Summary {
                room_id: fields.id("roomId").required(),
                ask: SummaryQuery::read(fields),
            },
            CommandKind::Ping => Self::Ping,
        }
    }
}

impl Validate for Command {
    /// The other commands have no rules beyond the types of their fields.
    fn validate(&self) -> Result<(), ValidationErrors> {
        match self {
            Self::Subscribe(subscribe) => subscribe.validate(),
            Self::Send { message, .. } => message.validate(),
            Self::Edit { change, .. } => change.validate(),
            Self::React(react) => react.validate(),
            Self::Auth { .. }
            | Self::Unsubscribe { .. }
            | Self::Delete { .. }
            | Self::Read { .. }
            | Self::Delivered { .. }
            | Self::Typing { .. }
            | Self::Presence { .. }
            | Self::Summary { .. }
            | Self::Ping => Ok(()),
        }
    }
}
