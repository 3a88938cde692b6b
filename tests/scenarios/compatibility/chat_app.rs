//! "Chat App Backend".

use acceptance::{World, scenarios};
use serde_json::{Value, json};

use super::scene::{PASSWORD, conversation, each, signed_in, text};

scenarios![
    accounts_have_usernames,
    conversations_are_listed_and_read,
    a_conversation_is_found_by_exactly_its_two,
    a_conversation_is_nobody_elses,
    nothing_secret_is_told_of_people,
];

async fn accounts_have_usernames(world: &mut World) {
    let account = json!({ "email": "ana@example.org", "username": "ana", "password": PASSWORD });
    let visitor = world.visitor();
    let made = visitor.post("/api/auth/register", account.clone()).await;
    let made = made.expect(201);
    assert_eq!(made["user"]["username"], "ana");
    assert_eq!(made["user"]["email"], "ana@example.org");
    let credentials = json!({ "email": "ana@example.org", "password": PASSWORD });
    let tokens = visitor.post("/api/auth/login", credentials).await;
    let (ana, _) = signed_in(world.visitor(), &tokens.expect(200), "token");
    assert_eq!(ana.get("/api/chat").await.expect(200), json!([]));

    let wrong = json!({ "email": "ana@example.org", "password": "not it, is it?" });
    let refused = visitor.post("/api/auth/login", wrong).await;
    refused.expect_problem(401, "bad_credentials");
    let bare = json!({ "email": "nobody", "password": "" });
    let refused = visitor.post("/api/auth/register", bare).await;
    let fields = refused.expect_fields();
    assert!(fields.contains(&"email".to_owned()), "{fields:?}");
    assert!(fields.contains(&"password".to_owned()), "{fields:?}");
    let stranger = world.visitor().with_token("any string at all");
    let refused = stranger.get("/api/chat").await;
    refused.expect_problem(401, "unauthenticated");
}

async fn conversations_are_listed_and_read(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = conversation(&ana, &ben).await;
    for number in 1..=60 {
        ana.posts(&room, &number.to_string()).await;
    }
    let listed = ben.get("/api/chat").await.expect(200);
    assert_eq!(each(&listed, "/id"), [room.as_str()]);
    let mut people = each(&listed[0]["participants"], "/username");
    people.sort();
    assert_eq!(people, ["ana", "ben"]);
    assert_eq!(listed[0]["lastMessage"]["content"], "60");

    let one = ben.get(&format!("/api/chat/{room}")).await.expect(200);
    assert_eq!(one["kind"], "direct");
    assert_eq!(one["membership"]["unread"], 60);
    let path = format!("/api/chat/{room}/messages");
    let newest = ben.get(&path).await.expect(200);
    let said = each(&newest["messages"], "/content");
    assert_eq!((said.len(), said[0].as_str()), (50, "60"), "the newest");
    let next = text(&newest["nextCursor"]);
    let rest = ben.get(&format!("{path}?cursor={next}")).await.expect(200);
    assert_eq!(each(&rest["messages"], "/content").len(), 10);
    let refused = ben.get(&format!("{path}?limit=100000")).await;
    assert_eq!(refused.expect_fields(), ["limit"]);
}

async fn a_conversation_is_found_by_exactly_its_two(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let carl = world.person("carl").await;
    let asked = async |body: Value| ana.post("/api/chat", body).await;
    let pair = conversation(&ana, &ben).await;
    // A request for three never returns the pair's room; a request for the pair always does.
    let three = json!({ "participantIds": [ben.id, carl.id], "type": "group", "name": "three" });
    let three = asked(three).await.expect(201);
    assert_ne!(text(&three["id"]), pair);
    assert_eq!(three["name"], "three");
    for ids in [vec![&ben.id], vec![&ana.id, &ben.id], vec![&ben.id; 2]] {
        let again = json!({ "participantIds": ids, "type": "private" });
        assert_eq!(text(&asked(again).await.expect(200)["id"]), pair);
    }
    let other = conversation(&ana, &carl).await;
    assert_ne!(other, pair);
    let refused = asked(json!({})).await;
    assert_eq!(refused.expect_fields(), ["participantIds"]);
}

async fn a_conversation_is_nobody_elses(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let carl = world.person("carl").await;
    let room = conversation(&ana, &ben).await;
    ana.posts(&room, "psst").await;
    for path in ["", "/messages"] {
        let refused = carl.get(&format!("/api/chat/{room}{path}")).await;
        refused.expect_problem(404, "not_found");
    }
    let refused = carl.tries_to_post(&room, "let me in").await;
    refused.expect_problem(404, "not_found");
    // And one of the two takes it from nobody.
    let refused = ana.delete(&format!("/api/rooms/{room}")).await;
    assert!([403, 409].contains(&refused.status), "{refused:?}");
    assert_eq!(ben.reads(&room).await, ["psst"]);
}

async fn nothing_secret_is_told_of_people(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = conversation(&ana, &ben).await;
    ben.posts(&room, "hello").await;
    for path in [
        "/api/chat".to_owned(),
        format!("/api/chat/{room}"),
        format!("/api/chat/{room}/messages"),
        format!("/api/rooms/{room}/users"),
        format!("/api/users/{}", ben.id),
    ] {
        let told = ana.get(&path).await.expect(200).to_string();
        assert!(told.contains(&ben.id), "{path}: {told}");
        for secret in ["password", "hash", "$2", &ben.email] {
            assert!(!told.contains(secret), "{path} tells {secret}: {told}");
        }
    }
}
