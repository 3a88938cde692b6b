//! What clients ask for, carried out.

use application::Error;
use application::messages::{CursorKind, NewPost, Reading, UpTo};
use application::rooms::{ChatPlan, Door, MemberList};
use domain::{ClientId, MessageId, Refusal, RoomId, UserId};
use protocol::ErrorCode;
use realtime::{Dialect, Own};
use serde_json::{Map, Value, json};

use super::answers::complain_of;
use super::order::{Address, Letter, Order, Place, Word};
use super::visitor::Visitor;
use super::vocabulary::{self, Vocabulary};
use crate::error::ApiError;
use crate::live::{From as Since, Joined, Send, join};
use crate::translate;

/// How many members of a room are listed.
const MOST_MEMBERS: usize = 1_000;
/// How many are read at once.
const PAGE: usize = 100;

/// The field that names a room.
const ROOM: &str = "roomId";

/// What came of an order, for whoever waits for an answer.
pub(super) type Outcome = Result<Map<String, Value>, ApiError>;

/// Carries an order out.
pub(super) async fn carry_out(visitor: &Visitor, order: Order) -> Outcome {
    let (peer, caller) = (&visitor.peer, visitor.peer.caller());
    let use_cases = &peer.worker.sockets.use_cases;
    match order {
        Order::Authenticate(word) => authenticate(visitor, word).await,
        Order::Join {
            room,
            since,
            dialect,
        } => enter(visitor, room, since, dialect).await,
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
                peer.go_on_as(believed.caller);
            }
            same
        }
    };
    if !is_same {
        let words = "this connection is another person's";
        return Err(ApiError::new(ErrorCode::Forbidden, words));
    }
    Ok(fields(json!({ "userId": caller.user.as_uuid() })))
}

/// The room that is meant.
async fn find(visitor: &Visitor, place: Place) -> Result<RoomId, ApiError> {
    let me = visitor.peer.caller().user;
    match place {
        Place::Room(room) => Ok(room),
        Place::Pair(one, other) if one == me => with(visitor, other, ROOM).await,
        Place::Pair(one, other) if other == me => with(visitor, one, ROOM).await,
        Place::Pair(..) => Err(Refusal::NotFound.into()),
    }
}

/// The direct room with somebody, which is made if there is none. It is this field that names them.
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

/// Whatever a use case finds unacceptable came in this field.
fn blamed(error: Error, field: &'static str) -> Error {
    let Error::Refused(Refusal::Invalid(mut problems)) = error else {
        return error;
    };
    for problem in &mut problems {
        problem.field = field;
    }
    Refusal::Invalid(problems).into()
}

/// Listens to a room, and joins it before if it is open to everybody.
async fn enter(visitor: &Visitor, place: Place, since: Option<i64>, dialect: Dialect) -> Outcome {
    let room = find(visitor, place).await?;
    match listen_from(visitor, room, since, dialect).await {
        Err(error) if error.code() == ErrorCode::Forbidden => {
            let (use_cases, caller) = (
                &visitor.peer.worker.sockets.use_cases,
                visitor.peer.caller(),
            );
            let door = Door::Room(room, None);
            use_cases.join_room.enter(&caller, door).await?;
            listen_from(visitor, room, since, dialect).await
        }
        heard => heard,
    }
}

/// Listens to a room that somebody belongs to.
async fn listen_from(
    visitor: &Visitor,
    room: RoomId,
    since: Option<i64>,
    dialect: Dialect,
) -> Outcome {
    let peer = &visitor.peer;
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    visitor.take_seats_in(dialect);
    let cursor = since.or_else(|| visitor.cursor(room));
    let since = match (cursor, shard.position(connection, room)) {
        (Some(rev), _) => Since::Rev(rev),
        // They were told of everything up to there.
        (None, Some(position)) => Since::Seat(position),
        (None, None) => Since::Delivered,
    };
    let Joined {
        rev,
        reset,
        admitted,
    } = join(peer, room, since).await?;
    visitor.forget_cursor(room);
    visitor.was_told(room, &admitted);
    let told = json!({
        "roomId": room.as_uuid(),
        "rev": rev.get(),
        "seq": admitted.seq.get(),
        "reset": reset,
    });
    if let Some(event) = vocabulary::joined(dialect) {
        connection.send(vocabulary::written(event, told.clone()));
    }
    let visits = &peer.worker.sockets.use_cases.visits;
    visits.enter(&peer.caller(), room, connection.id()).await;
    Ok(fields(told))
}

/// Listens to a room in which they are anyway, quietly.
pub(super) async fn listen(visitor: &Visitor, room: RoomId) {
    if let Err(error) = listen_to(visitor, room).await {
        visitor.peer.log(&error);
    }
}

/// Listens to rooms that the client had when it connected, and tells of those that are not to be heard. Who
/// has left one of them, or was removed, does not come back into it by coming back.
pub(super) async fn listen_again(visitor: &Visitor, rooms: Vec<RoomId>) {
    for room in rooms {
        let heard = listen_to(visitor, room).await;
        // Once: a join later says by itself from where on.
        visitor.forget_cursor(room);
        if let Err(error) = heard {
            visitor.peer.log(&error);
            complain_of(&visitor.socket, room, &error);
        }
    }
}

async fn listen_to(visitor: &Visitor, room: RoomId) -> Result<(), ApiError> {
    if let Some(vocabulary) = visitor.vocabulary() {
        listen_from(visitor, room, None, vocabulary.dialect()).await?;
    }
    Ok(())
}

async fn leave(visitor: &Visitor, room: RoomId) {
    let peer = &visitor.peer;
    peer.worker.shard.leave(&peer.connection, room);
    let (user, id) = (peer.caller().user, peer.connection.id());
    let visits = &peer.worker.sockets.use_cases.visits;
    visits.leave(user, room, id).await;
}

/// Where a message is to be posted.
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
    // Their own message is told like any other, so they have to listen before.
    let direct = visitor.vocabulary() == Some(Vocabulary::Direct);
    if direct && !peer.worker.shard.sits(&peer.connection, room) {
        listen(visitor, room).await;
    }
    Ok(room)
}

/// Posts a message. Others may be on their way before and behind it.
pub(super) async fn post(
    visitor: &Visitor,
    room: RoomId,
    letter: Letter,
    send: Option<&Send>,
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
    let in_turn = || send.map_or((), Send::hand_in);
    let posted = use_case.run_in_turn(&caller, room, new, in_turn).await;
    if !posted.as_ref().is_ok_and(|posted| posted.fresh) {
        // Nobody is told of a message of this id.
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

/// What the poster's own connection is told of a message, if not what everybody is.
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
                "displayName": member.user.display_name,
                "role": member.role,
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
