//! Rooms, conversations, and rooms by their names.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{ID, OTHER, body, id, query, told, told_of_query, written};
use crate::Patch;
use crate::rest::{
    ChatKind, CreateChat, CreateRoom, EditRoom, JoinAny, JoinRoom, NamedHistoryQuery, NamedMessage,
    NamedRoom, RoomsQuery,
};
use crate::shape::History;

#[test]
fn a_room_is_public_and_open_unless_it_says_otherwise() {
    let room: CreateRoom = body(&json!({ "name": " Engines ", "description": " ", "ownerId": 7 }));
    assert_eq!(
        written(&room),
        r#"{"name":"Engines","isPrivate":false,"history":"all"}"#
    );
    let room: CreateRoom = body(&json!({
        "name": "Engines", "description": "Analytical.", "isPrivate": true, "history": "joined",
    }));
    assert!(room.is_private);
    assert_eq!(room.history, History::Joined);
    assert_eq!(room.description.as_deref(), Some("Analytical."));
    written(&room);
}

#[test]
fn every_bad_field_of_a_room_is_named() {
    assert_snapshot!(told::<CreateRoom>(&json!({})), @"name required: is required");
    assert_snapshot!(told::<CreateRoom>(&json!({
        "name": "x".repeat(101), "description": "x".repeat(1001), "isPrivate": "true",
        "history": "some",
    })), @r#"
    name too_long: must have at most 100 characters
    description too_long: must have at most 1000 characters
    isPrivate type: must be true or false
    history format: must be one of all, joined
    "#);
    assert_snapshot!(told::<CreateRoom>(&json!({
        "name": "\u{0}", "description": 1, "isPrivate": 1, "history": true,
    })), @r#"
    name format: must not contain U+0000
    description type: must be a string
    isPrivate type: must be true or false
    history type: must be a string
    "#);
    assert_snapshot!(told::<CreateRoom>(&json!({ "name": "\u{a0}\n" })), @"name too_short: must not be empty");
}

#[test]
fn a_room_is_edited_field_by_field() {
    assert_eq!(crate::read::<EditRoom>(b"").unwrap(), EditRoom::default());
    for cleared in [json!(null), json!("")] {
        let edit: EditRoom = body(&json!({ "description": cleared }));
        assert_eq!(edit.description, Patch::Null);
        assert_eq!(written(&edit), r#"{"description":null}"#);
    }
    let edit = EditRoom {
        name: Some("Looms".into()),
        description: Patch::Set("Cards.".into()),
        is_private: Some(false),
        history: Some(History::All),
    };
    assert_snapshot!(written(&edit), @r#"{"name":"Looms","description":"Cards.","isPrivate":false,"history":"all"}"#);
    assert_snapshot!(told::<EditRoom>(&json!({
        "name": null, "isPrivate": null, "history": null,
    })), @r#"
    name type: cannot be null
    isPrivate type: cannot be null
    history type: cannot be null
    "#);
    assert_snapshot!(told::<EditRoom>(&json!({
        "name": "", "description": "x".repeat(1001), "isPrivate": "no", "history": "",
    })), @r#"
    name too_short: must not be empty
    description too_long: must have at most 1000 characters
    isPrivate type: must be true or false
    history format: must be one of all, joined
    "#);
}

#[test]
fn joining_with_and_without_a_code() {
    assert_eq!(crate::read::<JoinRoom>(b"").unwrap(), JoinRoom::default());
    for none in [json!({ "inviteCode": null }), json!({ "inviteCode": "" })] {
        assert_eq!(body::<JoinRoom>(&none), JoinRoom::default());
    }
    let join: JoinRoom = body(&json!({ "inviteCode": " abc ", "roomId": 1, "userId": 2 }));
    assert_eq!(written(&join), r#"{"inviteCode":"abc"}"#);
    assert_snapshot!(told::<JoinRoom>(&json!({ "inviteCode": 5 })), @"inviteCode type: must be a string");
}

#[test]
fn joining_by_code_or_by_id() {
    let code = JoinAny::InviteCode("abc".into());
    assert_eq!(body::<JoinAny>(&json!({ "inviteCode": "abc" })), code);
    assert_eq!(
        body::<JoinAny>(&json!({ "inviteCode": "abc", "roomId": ID })),
        code
    );
    assert_eq!(
        body::<JoinAny>(&json!({ "inviteCode": "", "roomId": ID })),
        JoinAny::RoomId(id(ID))
    );
    assert_eq!(written(&code), r#"{"inviteCode":"abc"}"#);
    assert_eq!(
        written(&JoinAny::RoomId(id(ID))),
        format!(r#"{{"roomId":"{ID}"}}"#)
    );
    assert_snapshot!(told::<JoinAny>(&json!({})), @"inviteCode required: one of inviteCode, roomId is required");
    assert_snapshot!(told::<JoinAny>(&json!({ "roomId": "lobby" })), @"roomId format: must be a UUID");
    assert_snapshot!(told::<JoinAny>(&json!({ "inviteCode": 1, "roomId": 2 })), @r#"
    inviteCode type: must be a string
    roomId type: must be a string
    "#);
}

#[test]
fn rooms_to_browse() {
    let asked: RoomsQuery = query("");
    assert_eq!((asked.q, asked.cursor, asked.limit), (None, None, 50));
    let asked: RoomsQuery = query(&format!("q=eng&cursor={ID}&limit=100"));
    assert_eq!(
        (asked.q.as_deref(), asked.cursor, asked.limit),
        (Some("eng"), Some(id(ID)), 100)
    );
    assert_snapshot!(told_of_query::<RoomsQuery>(&format!(
        "q={}&cursor=9&limit=0", "x".repeat(201)
    )), @r#"
    q too_long: must have at most 200 characters
    cursor format: must be a UUID
    limit range: must be from 1 to 100
    "#);
}

#[test]
fn conversations() {
    let chat: CreateChat = body(&json!({
        "participantIds": [ID, OTHER], "name": "Us", "type": "group",
    }));
    assert_eq!(chat.participant_ids, [id(ID), id(OTHER)]);
    assert_eq!(chat.kind, Some(ChatKind::Group));
    assert_snapshot!(written(&chat), @r#"{"participantIds":["0195b4a0-0000-7000-8000-000000000001","0195b4a0-0000-7000-8000-000000000002"],"name":"Us","type":"group"}"#);
    let chat: CreateChat = body(&json!({ "participantIds": [ID], "name": "", "type": null }));
    assert_eq!((chat.name.as_deref(), chat.kind), (None, None));
    written(&chat);
    assert_snapshot!(told::<CreateChat>(&json!({ "type": "secret" })), @r#"
    participantIds required: is required
    type format: must be one of private, group
    "#);
    assert_snapshot!(told::<CreateChat>(&json!({ "participantIds": [], "name": 1 })), @r#"
    participantIds too_few: must not be empty
    name type: must be a string
    "#);
    assert_snapshot!(told::<CreateChat>(&json!({ "participantIds": ID })), @"participantIds type: must be a list of UUIDs");
    assert_snapshot!(told::<CreateChat>(&json!({ "participantIds": [ID, null] })), @"participantIds type: must be a list of UUIDs");
    assert_snapshot!(told::<CreateChat>(&json!({ "participantIds": [ID, "x"] })), @"participantIds format: must be a list of UUIDs");
    assert_snapshot!(told::<CreateChat>(&json!({
        "participantIds": vec![ID; 101], "name": "x".repeat(101),
    })), @r#"
    participantIds too_many: must have at most 100 items
    name too_long: must have at most 100 characters
    "#);
}

#[test]
fn rooms_by_their_names() {
    let room: NamedRoom = body(&json!({ "name": " lobby " }));
    assert_eq!(written(&room), r#"{"name":"lobby"}"#);
    let message: NamedMessage = body(&json!({ "chatRoomName": "lobby", "content": "Hello" }));
    assert_eq!(
        written(&message),
        r#"{"chatRoomName":"lobby","content":"Hello"}"#
    );
    let form = json!({ "chatRoomName": "lobby", "content": "Hello", "clientId": ID });
    assert_eq!(body::<NamedMessage>(&form).client_id, Some(id(ID)));
    let asked: NamedHistoryQuery = query("chatRoomName=the+lobby&limit=2");
    assert_eq!((&*asked.chat_room_name, asked.limit), ("the lobby", 2));
    assert_snapshot!(told::<NamedRoom>(&json!({ "name": "" })), @"name too_short: must not be empty");
    assert_snapshot!(told::<NamedMessage>(&json!({ "text": "" })), @r#"
    chatRoomName required: is required
    text too_short: must not be empty
    "#);
    assert_snapshot!(told_of_query::<NamedHistoryQuery>("limit=101&cursor=x"), @r#"
    chatRoomName required: is required
    cursor format: must be a UUID
    limit range: must be from 1 to 100
    "#);
}
