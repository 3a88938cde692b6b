//! Other systems that are told what happens.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{ID, body, id, query, told, told_of_query, written};
use crate::Patch;
use crate::rest::{CreateWebhook, DeliveriesQuery, EditWebhook};
use crate::shape::{DeliveryState, WebhookTopic};

#[test]
fn a_webhook_has_an_address_and_something_to_be_told() {
    let new = CreateWebhook {
        url: "https://example.org/hook".to_owned(),
        events: vec![WebhookTopic::AllOfMessages, WebhookTopic::RoomDeleted],
        room_id: Some(id(ID)),
    };
    assert_eq!(
        body::<CreateWebhook>(&serde_json::to_value(&new).unwrap()),
        new
    );
    assert_snapshot!(told::<CreateWebhook>(&json!({})), @r#"
    url required: is required
    events required: is required
    "#);
    assert_snapshot!(told::<CreateWebhook>(&json!({ "url": "", "events": [] })), @r#"
    url too_short: must not be empty
    events too_few: must not be empty
    "#);
    assert_snapshot!(told::<CreateWebhook>(&json!({ "url": "x", "events": [], "roomId": "x" })), @r#"
    url format: must be an address that begins with https:// or http://
    events too_few: must not be empty
    roomId format: must be a UUID
    "#);
    assert_snapshot!(told::<CreateWebhook>(&json!({ "url": 7, "events": ["*"], "roomId": "x" })), @r#"
    url type: must be a string
    events format: must be a list of message.*, message.created, message.edited, message.deleted, member.*, member.joined, member.left, room.*, room.created, room.updated, room.deleted
    roomId format: must be a UUID
    "#);
}

#[test]
fn what_is_missing_in_a_change_stays() {
    assert_eq!(
        crate::read::<EditWebhook>(b"").unwrap(),
        EditWebhook::default()
    );
    let edit: EditWebhook = body(&json!({ "roomId": null, "enabled": false }));
    assert_eq!(
        (edit.room_id.clone(), edit.enabled),
        (Patch::Null, Some(false))
    );
    assert_eq!(written(&edit), r#"{"roomId":null,"enabled":false}"#);
    assert_snapshot!(told::<EditWebhook>(&json!({ "url": null, "events": null, "enabled": null })), @r#"
    url type: cannot be null
    events type: cannot be null
    enabled type: cannot be null
    "#);
    assert_snapshot!(told::<EditWebhook>(&json!({ "url": "ftp://a", "events": "message.*", "enabled": 1 })), @r#"
    url format: must be an address that begins with https:// or http://
    events type: must be a list of message.*, message.created, message.edited, message.deleted, member.*, member.joined, member.left, room.*, room.created, room.updated, room.deleted
    enabled type: must be true or false
    "#);
}

#[test]
fn a_part_of_a_log() {
    let asked: DeliveriesQuery = query("");
    assert_eq!((asked.state, asked.cursor, asked.limit), (None, None, 50));
    let asked: DeliveriesQuery = query(&format!("state=dead&cursor={ID}&limit=1"));
    assert_eq!(asked.state, Some(DeliveryState::Dead));
    assert_eq!((asked.cursor, asked.limit), (Some(id(ID)), 1));
    assert_snapshot!(told_of_query::<DeliveriesQuery>("state=lost&cursor=1"), @r#"
    state format: must be one of pending, delivered, dead, dropped
    cursor format: must be a UUID
    "#);
}
