//! Carries out the orders of clients.

use application::Error;
use application::messages::{CursorKind, NewPost, Reading, UpTo};
use application::rooms::{ChatPlan, Door, MemberList};
use domain::{ClientId, MessageId, Refusal, RoomId, UserId};
use protocol::ErrorCode;
use realtime::{Dialect, Own};
use serde_json::{Map, Value, json};

use super::answers::{Reply, complain_of};
use super::order::{Address, Letter, Order, Place, Word};
use super::visitor::Visitor;
use super::vocabulary::{self, Vocabulary};
use crate::error::ApiError;
use crate::live::{InFlight, JoinFrom, Joined, join};
use crate::translate;

/// The maximum number of members that are listed.
const MOST_MEMBERS: usize = 1_000;
/// How many of them are read at once.
const PAGE: usize = 100;

/// The field that names a room.
const ROOM: &str = "roomId";

/// The outcome of an order, for a client that asked for an answer.
pub(super) type Outcome = Result<Map<String, Value>, ApiError>;

/// Carries out an order.
pub(super) async fn carry_out(visitor: &Visitor, order: Order, reply: &mut Reply) -> Outcome {
    let (peer, caller) = (&visitor.peer, visitor.peer.caller());
    let use_cases = &peer.worker.sockets.use_cases;
    match order {
        Order::Authenticate(word) => authenticate(visitor, word).await,
        Order::Join {
            room,
            since,
            dialect,
        } => {
            let room = find(visitor, room).await?;
            enter(visitor, room, since, dialect, reply).await
        }
        Order::Leave(room) => {
            let room = find(visitor, room).await?;
            leave(visitor, room).await;
            Ok(fields(json!({ "roomId": room.as_uuid() })))
        }
        Order::Send(letter) => {
            let room = address(visitor, letter.to).await?;
            post(visitor, room, letter, None).await
        }
        Order::Typing { room, on } => {
            use_cases.typing.run(&caller, room, on).await?;
            peer.types(room, on);
            Ok(Map::new())
        }
        Order::Mark {
            room,
            message,
            read,
        } => mark(visitor, room, message, read).await,
        Order::Delete { room, message } => {
            let view = use_cases.read_message.run(&caller, message).await?;
            if view.message.room != room {
                return Err(Refusal::NotFound.into());
            }
            let deleted = use_cases.delete_message.run(&caller, message).await?;
            Ok(fields(json!({ "message": vocabulary::answered(&deleted) })))
        }
        Order::Members(room) => members(visitor, room).await,
    }
}

async fn authenticate(visitor: &Visitor, word: Word) -> Outcome {
    let (peer, caller) = (&visitor.peer, visitor.peer.caller());
    let is_same = match word {
        Word::Id(user) => user == caller.user,
        Word::Token(token) => {
            let use_cases = &peer.worker.sockets.use_cases;
            let believed = use_cases.authenticate.believe(token.reveal()).await?;
            let same = believed.caller.user == caller.user;
            if same {
                peer.go_on_as(believed.caller, token.reveal()).await?;
            }
            same
        }
    };
    if !is_same {
        let words = "this connection belongs to another user";
        return Err(ApiError::new(ErrorCode::Forbidden, words));
    }
    Ok(fields(json!({ "userId": caller.user.as_uuid() })))
}

/// Resolves a place to a room.
async fn find(visitor: &Visitor, place: Place) -> Result<RoomId, ApiError> {
    let me = visitor.peer.caller().user;
    match place {
        Place::Room(room) => Ok(room),
        Place::Pair(one, other) if one == me => with(visitor, other, ROOM).await,
        Place::Pair(one, other) if other == me => with(visitor, one, ROOM).await,
        Place::Pair(..) => Err(Refusal::NotFound.into()),
    }
}

/// The direct room with another user, which is created if necessary. `field` names them in errors.
async fn with(visitor: &Visitor, other: UserId, field: &'static str) -> Result<RoomId, ApiError> {
    let plan = ChatPlan {
        participants: vec![other],
        name: None,
        group: Some(false),
    };
    let peer = &visitor.peer;
    let start = &peer.worker.sockets.use_cases.start_chat;
    let started = start.run(&peer.caller(), plan).await;
    let (view, _) = started.map_err(|error| blamed(error, field))?;
    Ok(view.room.id)
}

/// Attributes the problems that a use case found to this field.
fn blamed(error: Error, field: &'static str) -> Error {
    let Error::Refused(Refusal::Invalid(mut problems)) = error else {
        return error;
    };
    for problem in &mut problems {
        problem.field = field;
    }
    Refusal::Invalid(problems).into()
}

/// Listens to a room. If the user is not a member and the room is public, joins it first.
async fn enter(
    visitor: &Visitor,
    room: RoomId,
    since: Option<i64>,
    dialect: Dialect,
    reply: &mut Reply,
) -> Outcome {
    let heard = listen_from(visitor, room, since, dialect, Some(&mut *reply)).await;
    match heard {
        Err(error) if error.code() == ErrorCode::Forbidden => {
            let (use_cases, caller) = (
                &visitor.peer.worker.sockets.use_cases,
                visitor.peer.caller(),
            );
            let door = Door::Room(room, None);
            use_cases.join_room.enter(&caller, door).await?;
            listen_from(visitor, room, since, dialect, Some(reply)).await
        }
        heard => heard,
    }
}

/// Listens to a room of which the user is a member.
async fn listen_from(
    visitor: &Visitor,
    room: RoomId,
    since: Option<i64>,
    dialect: Dialect,
    reply: Option<&mut Reply>,
) -> Outcome {
    let peer = &visitor.peer;
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    visitor.take_seats_in(dialect);
    let cursor = since.or_else(|| visitor.cursor(room));
    let from = match (cursor, shard.position(connection, room)) {
        (Some(rev), _) => JoinFrom::Rev(rev),
        // The connection has been sent everything up to this rev.
        (None, Some(position)) => JoinFrom::Seat(position),
        (None, None) => JoinFrom::Delivered,
    };
    let Joined {
        rev,
        reset,
        admitted,
    } = join(peer, room, from).await?;
    visitor.forget_cursor(room);
    visitor.was_told(room, &admitted);
    // Others may have written since the store was read.
    let last = shard.last_message(connection, room).unwrap_or_default();
    let told = json!({
        "roomId": room.as_uuid(),
        "rev": rev.get(),
        "seq": admitted.seq.max(last).get(),
        "reset": reset,
    });
    if let Some(event) = vocabulary::joined(dialect) {
        connection.send(vocabulary::written(event, told.clone()));
    }
    let told = fields(told);
    // The rev in it must not reach the client before the messages up to that rev.
    if let Some(reply) = reply {
        reply.done_in_order(connection, told.clone());
    }
    let visits = &peer.worker.sockets.use_cases.visits;
    visits.enter(&peer.caller(), room, connection.id()).await;
    // If the seat was lost in the meantime, the visit could not be ended yet, so it is ended here.
    if !shard.sits(connection, room) {
        let user = peer.caller().user;
        visits.leave(user, room, connection.id()).await;
    }
    Ok(told)
}

/// Listens to a direct room without being asked to, unless the client listens to it already. A failure is
/// not reported to the client; if it is of the server, this is tried again.
pub(super) async fn listen(visitor: &Visitor, room: RoomId) {
    let peer = &visitor.peer;
    if !visitor.speaks_direct() || peer.worker.shard.sits(&peer.connection, room) {
        return;
    }
    if let Err(error) = listen_to(visitor, room).await {
        peer.log(&error);
        if error.is_passing() {
            visitor.unheard.add(room);
        }
    }
}

/// Listens to rooms that the client had when it connected, and reports those that fail. A user who left
/// one of them, or was removed, does not rejoin it by reconnecting.
pub(super) async fn listen_again(visitor: &Visitor, rooms: Vec<RoomId>) {
    for room in rooms {
        let heard = listen_to(visitor, room).await;
        // Used only once: a later join gives its own rev, unless this one could not be answered.
        if !heard.as_ref().is_err_and(ApiError::is_passing) {
            visitor.forget_cursor(room);
        }
        if let Err(error) = heard {
            visitor.peer.log(&error);
            complain_of(&visitor.socket, room, &error);
        }
    }
}

async fn listen_to(visitor: &Visitor, room: RoomId) -> Result<(), ApiError> {
    if let Some(vocabulary) = visitor.vocabulary() {
        listen_from(visitor, room, None, vocabulary.dialect(), None).await?;
    }
    Ok(())
}

async fn leave(visitor: &Visitor, room: RoomId) {
    let peer = &visitor.peer;
    visitor.unheard.forget(room);
    peer.worker.shard.leave(&peer.connection, room);
    let (user, id) = (peer.caller().user, peer.connection.id());
    let visits = &peer.worker.sockets.use_cases.visits;
    visits.leave(user, room, id).await;
}

/// The room in which to post a message.
async fn address(visitor: &Visitor, to: Address) -> Result<RoomId, ApiError> {
    let peer = &visitor.peer;
    let room = match to {
        Address::Place(place) => find(visitor, place).await?,
        Address::Person(person) => with(visitor, person, "receiverId").await?,
        Address::With(place, person) => {
            let room = find(visitor, place).await?;
            let feed = &peer.worker.sockets.use_cases.feed;
            let there = feed.still_members(&[(room, person)]).await;
            if there.map_err(Error::from)?.is_empty() {
                return Err(Refusal::NotFound.into());
            }
            room
        }
    };
    // The user receives their own message like any other, so they have to listen first.
    listen(visitor, room).await;
    Ok(room)
}

/// Posts a message. Others may be in flight before and after it.
pub(super) async fn post(
    visitor: &Visitor,
    room: RoomId,
    letter: Letter,
    in_flight: Option<&InFlight>,
) -> Outcome {
    let peer = &visitor.peer;
    let id: MessageId = peer.worker.next_id();
    let new = NewPost {
        id: Some(id),
        body: translate::body(letter.content)?,
        client_id: letter.client_id.map(ClientId::from_uuid),
        reply_to: None,
        attachments: Vec::new(),
    };
    let own = own(visitor, letter.temp_id.as_ref());
    if let Some(own) = own {
        peer.connection.posts(id, own);
    }
    let use_case = &peer.worker.sockets.use_cases.post_message;
    let caller = peer.caller();
    let in_turn = || in_flight.map_or((), InFlight::hand_in);
    let posted = use_case.run_in_turn(&caller, room, new, in_turn).await;
    if !posted.as_ref().is_ok_and(|posted| posted.fresh) {
        // No message with this id will be delivered.
        peer.connection.take_own(id);
    }
    let view = posted?.view;
    let mut answer = fields(json!({
        "message": vocabulary::answered(&view),
        "messageId": view.message.id.as_uuid(),
    }));
    if let Some(name) = letter.temp_id {
        answer.insert("tempId".to_owned(), name);
    }
    Ok(answer)
}

/// What the poster's own connection receives for a message, if it differs from what others do.
fn own(visitor: &Visitor, name: Option<&Value>) -> Option<Own> {
    if visitor.vocabulary() == Some(Vocabulary::Conversations) {
        return Some(Own::Passed);
    }
    name.map(|name| Own::Called(name.to_string().into()))
}

async fn mark(visitor: &Visitor, place: Place, message: Option<MessageId>, read: bool) -> Outcome {
    let room = find(visitor, place).await?;
    let reading = Reading {
        kind: if read {
            CursorKind::Read
        } else {
            CursorKind::Delivered
        },
        up_to: message.map_or(UpTo::Everything, UpTo::Message),
    };
    let peer = &visitor.peer;
    let use_case = &peer.worker.sockets.use_cases.move_cursors;
    let moved = use_case.run(&peer.caller(), room, reading).await?;
    let cursors = translate::cursors(moved.cursors);
    Ok(fields(json!({
        "roomId": room.as_uuid(),
        "readSeq": cursors.read_seq,
        "deliveredSeq": cursors.delivered_seq,
    })))
}

async fn members(visitor: &Visitor, room: RoomId) -> Outcome {
    let peer = &visitor.peer;
    let list_members = &peer.worker.sockets.use_cases.list_members;
    let (mut members, mut after) = (Vec::new(), None);
    while members.len() < MOST_MEMBERS {
        let list = MemberList {
            after,
            limit: PAGE,
            online_only: false,
        };
        let page = list_members.run(&peer.caller(), room, list).await?;
        members.extend(page.items.into_iter().map(|view| {
            let member = translate::member(view);
            json!({
                "userId": member.user.id,
                "username": member.user.username,
                "joinedAt": member.joined_at,
            })
        }));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let told = json!({ "roomId": room.as_uuid(), "members": members });
    let answer = vocabulary::written("roomMembers", told.clone());
    peer.connection.send(answer);
    Ok(fields(told))
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
