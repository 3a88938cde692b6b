//! Serialised responses conform to the schemas of their types.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::super::{Example, Schemas};
use super::validator;
use crate::shape::tests::scene::{
    bare_media, bare_user, direct_room, full_media, full_message, full_room, full_user, member,
    sender, standing, tombstone,
};
use crate::shape::{
    Bans, Changes, Cursors, Health, Invite, InvitePreview, Invites, Media, Member, MemberPage,
    Message, MessagePage, NumberedMessages, Push, Receipts, Room, RoomPage, Rooms, SearchPage,
    Sessions, Tokens, User, UserPage, Users, Webhook, WebhookDeliveries, WebhookEvent, Webhooks,
};
use crate::{ErrorCode, FieldCode, FieldError, Problem};

/// Whether a value keeps the rules of its type.
fn conforms<T: JsonSchema>(value: &Value) -> bool {
    let mut schemas = Schemas::default();
    let reference = schemas.answer::<T>();
    validator(&reference, schemas).is_valid(value)
}

#[track_caller]
fn is_written_so<T: JsonSchema + Serialize>(shape: &T) {
    let value = serde_json::to_value(shape).unwrap();
    assert!(conforms::<T>(&value), "{value:#}");
}

fn example_is_written_so<T: JsonSchema + Serialize + Example>() {
    is_written_so(&T::example());
}

#[test]
fn shapes_are_as_their_schemas_say() {
    is_written_so(&bare_user());
    is_written_so(&full_user());
    is_written_so(&sender());
    is_written_so(&full_message());
    is_written_so(&tombstone());
    is_written_so(&bare_media());
    is_written_so(&full_media());
    is_written_so(&direct_room());
    is_written_so(&full_room());
    is_written_so(&member());
    is_written_so(&standing());
}

#[test]
fn examples_are_as_their_schemas_say() {
    example_is_written_so::<Push>();
    example_is_written_so::<Webhook>();
    example_is_written_so::<Webhooks>();
    example_is_written_so::<WebhookDeliveries>();
    example_is_written_so::<WebhookEvent>();
    example_is_written_so::<Tokens>();
    example_is_written_so::<Sessions>();
    example_is_written_so::<Users>();
    example_is_written_so::<UserPage>();
    example_is_written_so::<Rooms>();
    example_is_written_so::<RoomPage>();
    example_is_written_so::<MemberPage>();
    example_is_written_so::<Bans>();
    example_is_written_so::<Invites>();
    example_is_written_so::<InvitePreview>();
    example_is_written_so::<MessagePage>();
    example_is_written_so::<NumberedMessages>();
    example_is_written_so::<Changes>();
    example_is_written_so::<Cursors>();
    example_is_written_so::<Receipts>();
    example_is_written_so::<SearchPage>();
    example_is_written_so::<Health>();
}

#[test]
fn a_problem_is_as_its_schema_says() {
    is_written_so(&Problem {
        kind: "urn:tertulia:problem:invalid".to_owned(),
        title: "Fields not acceptable".to_owned(),
        status: 422,
        detail: "Some fields are not acceptable.".to_owned(),
        code: ErrorCode::Invalid,
        request_id: "7".to_owned(),
        errors: vec![FieldError::new(
            "content",
            FieldCode::Required,
            "is required",
        )],
        retry_after: Some(5),
    });
}

/// Leaves out each field in turn, and sets it to null: the schema must allow exactly the optional ones
/// to be missing, and the nullable ones to be null.
fn lacks<T: JsonSchema + Serialize>(full: &T, may_be_missing: &[&str], may_be_null: &[&str]) {
    let full = serde_json::to_value(full).unwrap();
    for name in full.as_object().unwrap().keys() {
        let mut less = full.clone();
        less.as_object_mut().unwrap().remove(name);
        let expected = may_be_missing.contains(&&**name);
        assert_eq!(conforms::<T>(&less), expected, "{name} is missing");
        let mut null = full.clone();
        null[name] = Value::Null;
        let expected = may_be_null.contains(&&**name);
        assert_eq!(conforms::<T>(&null), expected, "{name} is null");
    }
}

#[test]
fn what_can_be_missing_is_left_out_and_what_is_always_there_can_be_null() {
    lacks::<User>(
        &full_user(),
        &["avatarUrl", "bio", "lastSeenAt", "email", "profile"],
        &[],
    );
    lacks::<Media>(
        &full_media(),
        &["roomId", "width", "height", "thumbnailUrl"],
        &[],
    );
    lacks::<Message>(
        &full_message(),
        &["clientId", "replyTo", "status", "editedAt", "deletedAt"],
        &["content"],
    );
    lacks::<Room>(
        &full_room(),
        &[
            "description",
            "ownerId",
            "participants",
            "inviteCode",
            "inviteUrl",
            "membership",
            "lastMessage",
        ],
        &["name"],
    );
    lacks::<Member>(&member(), &["leftAt"], &[]);
    lacks::<Invite>(&Invite::example(), &["expiresAt", "maxUses"], &[]);
    lacks::<MessagePage>(&MessagePage::example(), &[], &["nextCursor"]);
}

#[test]
fn numbers_count_something() {
    let mut cursors = serde_json::to_value(Cursors::example()).unwrap();
    for (number, holds) in [(0, true), (-1, false), (1_i64 << 53, false)] {
        cursors["readSeq"] = number.into();
        assert_eq!(conforms::<Cursors>(&cursors), holds, "{number}");
    }
}
