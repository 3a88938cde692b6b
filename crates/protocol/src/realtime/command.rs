//! What clients can ask for.

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

/// What a client asks for. A text and its kin follow the rules that they have over REST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Command {
    /// To be taken for the user of this token, or to go on being that with a fresh one.
    Auth {
        /// An access token.
        token: Secret,
    },
    /// To be told what happens in rooms.
    Subscribe(Subscribe),
    /// To be told no more of it.
    Unsubscribe {
        /// Which rooms.
        rooms: Vec<Uuid>,
    },
    /// To post a message.
    Send {
        /// Where.
        room_id: Uuid,
        /// The message.
        #[serde(flatten)]
        message: PostMessage,
    },
    /// To change a message.
    Edit {
        /// Which.
        message_id: Uuid,
        /// Into what.
        #[serde(flatten)]
        change: EditMessage,
    },
    /// To delete a message.
    Delete {
        /// Which.
        message_id: Uuid,
    },
    /// To give or take back a reaction.
    React(React),
    /// To have read a room up to here.
    Read {
        /// Which room.
        room_id: Uuid,
        /// The last message that was read.
        seq: i64,
    },
    /// To have a room's messages up to here on this device.
    Delivered {
        /// Which room.
        room_id: Uuid,
        /// The last message that has arrived.
        seq: i64,
    },
    /// To show that the user writes, or writes no more.
    Typing {
        /// Where.
        room_id: Uuid,
        /// Whether they do.
        on: bool,
    },
    /// To hear who of a room is online.
    Presence {
        /// Which room.
        room_id: Uuid,
    },
    /// To be told what was missed, piece by piece.
    Summary {
        /// Which room.
        room_id: Uuid,
        /// Since when, and in which form.
        #[serde(flatten)]
        ask: SummaryQuery,
    },
    /// To hear a `pong`.
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
    /// The rooms, each with the last rev that the client has; null: what happens from now on.
    pub rooms: BTreeMap<Uuid, Option<i64>>,
    /// The epoch that those revs are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = EPOCH_MAX))]
    pub epoch: Option<String>,
}

/// The fields of [`Command::React`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate)]
#[serde(rename_all = "camelCase")]
pub struct React {
    /// To which message.
    pub message_id: Uuid,
    /// With what. Whether it is an emoji is not asked here.
    #[validate(length(min = 1, max = EMOJI_MAX))]
    pub emoji: String,
    /// Whether to give it; otherwise it is taken back.
    pub on: bool,
}

impl Command {
    /// Which of them it is.
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

    /// Takes the fields of such a command, as [`Request::read`](crate::Request::read) does.
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
    /// What is not here has no rules beyond what its fields are read as.
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
