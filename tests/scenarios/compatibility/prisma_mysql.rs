//! "Real-time Chat Backend (Node.js + TypeScript + Express + Socket.IO + Prisma/MySQL)".

use acceptance::{World, scenarios};
use serde_json::{Value, json};

use super::scene::{PASSWORD, each, signed_in, text, two_in_a_room};

scenarios![
    signing_up_and_in_answer_alike,
    rooms_are_joined_by_invite_or_id,
    history_goes_backward,
    receipts_are_marked,
    a_private_room_needs_its_invite,
    what_is_odd_is_refused,
];

async fn signing_up_and_in_answer_alike(world: &mut World) {
    let account = json!({ "email": "ana@example.org", "password": PASSWORD, "displayName": "Ana" });
    let visitor = world.visitor();
    let made = visitor.post("/api/auth/register", account.clone()).await;
    let made = made.expect(201);
    let credentials = json!({ "email": "ana@example.org", "password": PASSWORD });
    let tokens = visitor.post("/api/auth/login", credentials).await;
    let tokens = tokens.expect(200);
    for answer in [&made, &tokens] {
        assert_eq!(answer["user"]["email"], "ana@example.org");
        assert_eq!(answer["user"]["displayName"], "Ana");
        let (ana, id) = signed_in(world.visitor(), answer, "token");
        let mine = ana.get("/api/auth/me").await.expect(200);
        assert_eq!(mine["id"], id);
        let none = ana.get("/api/rooms/mine").await.expect(200);
        assert_eq!(none["rooms"], json!([]));
    }
    let again = visitor.post("/api/auth/register", account).await;
    again.expect_problem(409, "email_taken");
}

async fn rooms_are_joined_by_invite_or_id(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let make = async |room: Value| ana.post("/api/rooms", room).await.expect(201);
    let open = make(json!({ "name": "open", "isPrivate": false })).await;
    let closed = make(json!({ "name": "closed", "isPrivate": true })).await;
    assert_eq!(open["isPrivate"], false);
    assert!(open.get("inviteCode").is_none(), "{open}");
    assert_eq!(closed["isPrivate"], true);

    let join = async |body: Value| ben.post("/api/rooms/join", body).await;
    let joined = join(json!({ "roomId": open["id"] })).await.expect(200);
    assert_eq!(joined["id"], open["id"]);
    let joined = join(json!({ "inviteCode": closed["inviteCode"] })).await;
    assert_eq!(joined.expect(200)["id"], closed["id"]);
    // Joining again changes nothing.
    let again = join(json!({ "inviteCode": closed["inviteCode"] })).await;
    assert_eq!(again.expect(200)["memberCount"], 2);
    assert_eq!(join(json!({})).await.expect_fields().len(), 1);

    let mine = ben.get("/api/rooms/mine").await.expect(200);
    let mut names = each(&mine["rooms"], "/name");
    names.sort();
    assert_eq!(names, ["closed", "open"]);
}

async fn history_goes_backward(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    for number in 1..=45 {
        ana.posts(&room, &number.to_string()).await;
    }
    let (mut seen, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let path = format!("/api/rooms/{room}/messages?{cursor}limit=20");
        let page = ben.get(&path).await.expect(200);
        seen.extend(each(&page["messages"], "/content"));
        pages += 1;
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("cursor={next}&");
    }
    let newest_first: Vec<String> = (1..=45).rev().map(|it| it.to_string()).collect();
    assert_eq!(seen, newest_first);
    assert_eq!(pages, 3, "the last page says that it is the last");
}

async fn receipts_are_marked(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    let said = ana.posts(&room, "hello").await;
    let path = format!("/api/messages/{}", text(&said["id"]));
    let body = json!({ "roomId": room, "messageId": said["id"] });
    for (mark, status) in [("delivered", "delivered"), ("read", "read")] {
        assert_ne!(ana.get(&path).await.expect(200)["status"], status);
        let marks = format!("/api/messages/{mark}");
        let marked = ben.post(&marks, body.clone()).await.expect(200);
        assert_eq!(marked["deliveredSeq"], 1);
        assert_eq!(ana.get(&path).await.expect(200)["status"], status);
    }
}

async fn a_private_room_needs_its_invite(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let private = json!({ "name": "closed", "isPrivate": true });
    let closed = ana.post("/api/rooms", private).await.expect(201);
    let id = text(&closed["id"]);

    // Its id is not enough to join, and nothing reveals the invite.
    for (path, body) in [
        ("/api/rooms/join".to_owned(), json!({ "roomId": id })),
        (format!("/api/rooms/{id}/join"), json!({})),
        (
            format!("/api/rooms/{id}/join"),
            json!({ "inviteCode": "0123456789abcdef" }),
        ),
    ] {
        let refused = ben.post(&path, body).await;
        let refused = refused.expect_problem(404, "not_found").to_string();
        assert!(!refused.contains(&text(&closed["inviteCode"])), "{refused}");
    }
    for path in ["", "/messages", "/users", "/events?since=0"] {
        let refused = ben.get(&format!("/api/rooms/{id}{path}")).await;
        refused.expect_problem(404, "not_found");
    }
    let invite = json!({ "inviteCode": closed["inviteCode"] });
    let joined = ben.post("/api/rooms/join", invite).await.expect(200);
    assert!(joined.get("inviteCode").is_none(), "of admins: {joined}");
}

async fn what_is_odd_is_refused(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    let path = format!("/api/rooms/{room}/messages");
    for query in ["limit=abc", "limit=0", "limit=101", "limit=-1", "limit=1e9"] {
        let refused = ana.get(&format!("{path}?{query}")).await;
        assert_eq!(refused.expect_fields(), ["limit"], "{query}");
    }
    for content in [json!(7), json!({}), json!([]), Value::Null, json!("  ")] {
        let refused = ana.post(&path, json!({ "content": content })).await;
        assert_eq!(refused.expect_fields(), ["content"], "{content}");
    }
    // The limit counts characters, and is not that of a database column.
    ana.posts(&room, &"é".repeat(8000)).await;
    let refused = ana.tries_to_post(&room, &"é".repeat(8001)).await;
    assert_eq!(refused.expect_fields(), ["content"]);

    let other = ana.makes_room("other").await;
    let elsewhere = text(&ana.posts(&other, "elsewhere").await["id"]);
    for message in [elsewhere, uuid::Uuid::now_v7().to_string()] {
        let body = json!({ "roomId": room, "messageId": message });
        let refused = ben.post("/api/messages/read", body).await;
        assert_eq!(refused.expect_fields(), ["messageId"]);
    }
    assert_eq!(ben.sees(&room).await["membership"]["readSeq"], 0);
}
