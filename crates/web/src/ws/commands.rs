//! Runs the commands of clients.

use std::rc::Rc;

use application::messages::CursorKind;
use application::{MessageView, UseCases};
use domain::{Emoji, MessageId, RoomId, UserId};
use protocol::realtime::{Ack, ClientFrame, CloseCode, Command, ServerFrame, Subscribed};
use protocol::rest::{CursorTarget, PostMessage};

use super::session::Session;
use crate::error::ApiError;
use crate::live::{InFlight, subscribe};
use crate::translate;

/// Runs a command, and answers it.
pub(super) async fn run(session: Rc<Session>, frame: ClientFrame) {
    let ClientFrame { command, id } = frame;
    match carry_out(&session, command).await {
        Ok(ack) => {
            let hints = hints(&session, &ack);
            session.acknowledge(id, ack);
            for hint in &hints {
                session.send(hint);
            }
        }
        Err(error) => session.refuse(id, &error),
    }
}

/// Hints for rooms in which so much is unread that a summary is worth requesting.
fn hints(session: &Session, ack: &Ack) -> Vec<ServerFrame> {
    let Ack::Subscribed { rooms } = ack else {
        return Vec::new();
    };
    let summarise = &session.peer.worker.sockets.use_cases.summarise;
    let worth = rooms.iter().filter_map(|(room, subscribed)| {
        let Subscribed::Live { seq, read_seq, .. } = subscribed else {
            return None;
        };
        let unread = seq.saturating_sub(*read_seq);
        summarise
            .is_worth(unread)
            .then_some(ServerFrame::SummaryHint {
                room_id: *room,
                unread,
            })
    });
    worth.collect()
}

/// Posts a message, and answers. Others may be in flight before and after it.
pub(super) async fn send(
    session: Rc<Session>,
    in_flight: InFlight,
    id: Option<u64>,
    room: RoomId,
    message: PostMessage,
) {
    match post(&session, &in_flight, room, message).await {
        Ok(ack) => session.acknowledge(id, ack),
        Err(error) => session.refuse(id, &error),
    }
}

async fn post(
    session: &Session,
    in_flight: &InFlight,
    room: RoomId,
    message: PostMessage,
) -> Result<Ack, ApiError> {
    let (peer, post) = (&session.peer, translate::new_post(message)?);
    let use_case = &peer.worker.sockets.use_cases.post_message;
    let caller = peer.caller();
    let posted = use_case.run_in_turn(&caller, room, post, || in_flight.hand_in());
    Ok(told(posted.await?.view))
}

async fn carry_out(session: &Session, command: Command) -> Result<Ack, ApiError> {
    let (use_cases, caller) = (
        &*session.peer.worker.sockets.use_cases,
        session.peer.caller(),
    );
    match command {
        Command::Subscribe(form) => subscribe(&session.peer, form).await,
        Command::Unsubscribe { rooms } => {
            for room in rooms {
                let room = RoomId::from_uuid(room);
                session
                    .peer
                    .worker
                    .shard
                    .leave(&session.peer.connection, room);
            }
            Ok(Ack::Done {})
        }
        Command::Auth { token } => renew(session, use_cases, token.reveal()).await,
        Command::Typing { room_id, on } => type_in(session, RoomId::from_uuid(room_id), on).await,
        Command::Presence { room_id } => {
            let room = RoomId::from_uuid(room_id);
            let here = use_cases.room_presence.run(&caller, room).await?;
            Ok(Ack::Presence {
                online: here.online.into_iter().map(UserId::as_uuid).collect(),
                count: i64::try_from(here.count).unwrap_or(i64::MAX),
            })
        }
        Command::Read { room_id, seq } => {
            mark(session, CursorKind::Read, RoomId::from_uuid(room_id), seq).await
        }
        Command::Delivered { room_id, seq } => {
            mark(
                session,
                CursorKind::Delivered,
                RoomId::from_uuid(room_id),
                seq,
            )
            .await
        }
        Command::Edit { message_id, change } => {
            let id = MessageId::from_uuid(message_id);
            let body = translate::body(change.content)?;
            let edited = use_cases.edit_message.run(&caller, id, body);
            Ok(told(edited.await?))
        }
        Command::Delete { message_id } => {
            let id = MessageId::from_uuid(message_id);
            let deleted = use_cases.delete_message.run(&caller, id);
            Ok(told(deleted.await?))
        }
        Command::React(form) => {
            let id = MessageId::from_uuid(form.message_id);
            let emoji = translate::value("emoji", Emoji::parse(form.emoji))?;
            let reacted = use_cases.react.run(&caller, id, emoji, form.on);
            Ok(told(reacted.await?))
        }
        // These are handled elsewhere, or were answered when they were read.
        Command::Send { .. } | Command::Summary { .. } | Command::Ping => Ok(Ack::Done {}),
    }
}

fn told(view: MessageView) -> Ack {
    Ack::Message {
        message: translate::message(view),
    }
}

/// Continues with a fresh token of the same user.
async fn renew(session: &Session, use_cases: &UseCases, token: &str) -> Result<Ack, ApiError> {
    let believed = use_cases.authenticate.believe(token).await?;
    if believed.caller.user != session.peer.caller().user {
        session.close(CloseCode::Breach);
        return Err(ApiError::new(
            protocol::ErrorCode::Forbidden,
            "this connection belongs to another user",
        ));
    }
    session.renew(&believed, token).await?;
    Ok(Ack::Auth {
        token_expires_at: translate::to_wire(believed.expires_at),
    })
}

async fn mark(
    session: &Session,
    kind: CursorKind,
    room: RoomId,
    seq: i64,
) -> Result<Ack, ApiError> {
    let reading = translate::reading(kind, CursorTarget::Seq(seq));
    let use_cases = &session.peer.worker.sockets.use_cases;
    let moved = use_cases
        .move_cursors
        .run(&session.peer.caller(), room, reading)
        .await?;
    Ok(Ack::Cursors(translate::cursors(moved.cursors)))
}

async fn type_in(session: &Session, room: RoomId, on: bool) -> Result<Ack, ApiError> {
    let use_cases = &session.peer.worker.sockets.use_cases;
    use_cases
        .typing
        .run(&session.peer.caller(), room, on)
        .await?;
    session.peer.types(room, on);
    Ok(Ack::Done {})
}
