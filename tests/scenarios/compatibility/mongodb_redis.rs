//! "Real-Time Chat Backend", on MongoDB and Redis.

use acceptance::{World, scenarios, until};
use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{PASSWORD, conversation, each, signed_in, text, two_in_a_room};

scenarios![
    history_comes_in_numbered_pages,
    a_conversation_is_read_and_marked,
    people_are_made_and_found,
    who_is_online_is_told,
    what_came_meanwhile_waits,
    history_is_for_those_who_are_there,
    searching_for_people_is_plain_text,
];

async fn history_comes_in_numbered_pages(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    for number in 1..=7 {
        ana.posts(&room, &number.to_string()).await;
    }
    let path = format!("/api/messages/room/{room}");
    let page = ben.get(&format!("{path}?page=3&limit=3")).await;
    let page = page.expect(200);
    assert_eq!(each(&page["messages"], "/content"), ["1"]);
    assert_eq!(page["totalPages"], 3);
    assert_eq!(page["currentPage"], 3);
    let page = ben.get(&path).await.expect(200);
    assert_eq!(each(&page["messages"], "/content")[0], "7", "newest first");
    assert_eq!(page["currentPage"], 1);
    for query in ["page=0", "page=x", "page=-1"] {
        let refused = ben.get(&format!("{path}?{query}")).await;
        assert_eq!(refused.expect_fields(), ["page"], "{query}");
    }
    let refused = ben.get(&format!("{path}?limit=100000")).await;
    assert_eq!(refused.expect_fields(), ["limit"]);
}

async fn a_conversation_is_read_and_marked(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = conversation(&ana, &ben).await;
    for said in ["one", "two"] {
        // That system's clients call the text `message`.
        let path = format!("/api/rooms/{room}/messages");
        let said = ana.post(&path, json!({ "message": said })).await;
        assert_eq!(said.expect(201)["status"], "sent");
    }
    let path = format!("/api/messages/conversation/{}/{}", ana.id, ben.id);
    let page = ben.get(&format!("{path}?page=1&limit=50")).await;
    let page = page.expect(200);
    assert_eq!(each(&page["messages"], "/content"), ["two", "one"]);
    assert_eq!(each(&page["messages"], "/sender/username"), ["ana", "ana"]);
    assert_eq!(page["totalPages"], 1);

    // The sender is the caller, whatever the body says.
    let marks = format!("/api/messages/read/{room}");
    let as_ben = json!({ "userId": ben.id });
    let marked = ana.ask(Method::PUT, &marks, Some(as_ben)).await;
    marked.expect(200);
    assert_eq!(ben.sees(&room).await["membership"]["unread"], 2);
    ben.put(&marks).await.expect(200);
    assert_eq!(ben.sees(&room).await["membership"]["unread"], 0);
    let read = ana.get(&path).await.expect(200);
    assert_eq!(each(&read["messages"], "/status"), ["read", "read"]);
}

async fn people_are_made_and_found(world: &mut World) {
    let account = json!({ "username": "ana", "email": "ana@example.org", "password": PASSWORD });
    let visitor = world.visitor();
    let made = visitor.post("/api/users", account.clone()).await;
    let (ana, id) = signed_in(world.visitor(), &made.expect(201), "token");
    let ben = world.person("ben").await;
    let seen = ben.get(&format!("/api/users/{id}")).await.expect(200);
    assert_eq!(seen["username"], "ana");
    assert_eq!(seen["status"], "offline");
    let found = ana.get("/api/users/search/be").await.expect(200);
    assert_eq!(each(&found["users"], "/username"), ["ben"]);
    for nobody in ["no-id", "0190f5a0-0000-7000-8000-000000000000"] {
        let unknown = ana.get(&format!("/api/users/{nobody}")).await;
        unknown.expect_problem(404, "not_found");
    }

    // Existing users can sign in; knowing a name is not enough.
    let taken = visitor.post("/api/users", account).await;
    assert_eq!(taken.status, 409, "{}", taken.text);
    let credentials = json!({ "email": "ana", "password": PASSWORD });
    visitor
        .post("/api/auth/login", credentials)
        .await
        .expect(200);
    let bare = visitor.post("/api/users", json!({ "username": "ana" }));
    assert_eq!(bare.await.expect_fields(), ["email", "password"]);
}

async fn who_is_online_is_told(world: &mut World) {
    let (ana, ben, _room) = two_in_a_room(world).await;
    let stranger = world.person("carl").await;
    let online = async |who: &acceptance::Person| {
        let told = who.get("/api/users/online").await.expect(200);
        each(&told["users"], "/username")
    };
    assert!(!online(&ana).await.contains(&"ben".to_owned()));
    let _socket = ben.connects().await;
    until("Ben is online", async || {
        online(&ana).await.contains(&"ben".to_owned())
    })
    .await;
    // Users who share no room with him do not see that.
    assert!(!online(&stranger).await.contains(&"ben".to_owned()));
    let seen = stranger.get(&format!("/api/users/{}", ben.id)).await;
    let seen = seen.expect(200);
    assert_eq!(seen["status"], "offline");
    assert!(seen.get("lastSeenAt").is_none(), "{seen}");
}

async fn what_came_meanwhile_waits(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = conversation(&ana, &ben).await;
    let stood = ben.sees(&room).await["rev"].as_i64().unwrap();
    let said = ana.posts(&room, "are you there?").await;
    ana.posts(&room, "then later").await;
    let status = async || {
        let path = format!("/api/messages/{}", text(&said["id"]));
        text(&ana.get(&path).await.expect(200)["status"])
    };
    assert_eq!(status().await, "sent", "nobody has it yet");

    let mine = ben.get("/api/rooms/mine").await.expect(200);
    assert_eq!(mine["rooms"][0]["membership"]["unread"], 2);
    let path = format!("/api/rooms/{room}/events?since={stood}");
    let missed = ben.get(&path).await.expect(200);
    let texts = each(&missed["messages"], "/content");
    assert_eq!(texts, ["are you there?", "then later"]);
    for (mark, becomes) in [("delivered", "delivered"), ("read", "read")] {
        let body = json!({ "roomId": room, "messageId": said["id"] });
        let marks = format!("/api/messages/{mark}");
        ben.post(&marks, body).await.expect(200);
        assert_eq!(status().await, becomes);
    }
}

async fn history_is_for_those_who_are_there(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let carl = world.person("carl").await;
    let room = conversation(&ana, &ben).await;
    ana.posts(&room, "psst").await;
    let pair = format!("/api/messages/conversation/{}/{}", ana.id, ben.id);
    let by_room = format!("/api/messages/room/{room}");
    let marks = format!("/api/messages/read/{room}");

    let anybody = world.visitor();
    for path in [
        &pair,
        &by_room,
        "/api/users/online",
        "/api/users/search/ana",
        &format!("/api/users/{}", ana.id),
    ] {
        let refused = anybody.get(path).await;
        refused.expect_problem(401, "unauthenticated");
    }
    let refused = anybody.put(&marks).await;
    refused.expect_problem(401, "unauthenticated");

    let refused = carl.get(&pair).await;
    refused.expect_problem(403, "forbidden");
    let refused = carl.get(&by_room).await;
    refused.expect_problem(404, "not_found");
    let refused = carl.put(&marks).await;
    refused.expect_problem(404, "not_found");
    let odd = carl.get("/api/messages/conversation/one/other").await;
    odd.expect_problem(404, "not_found");

    // A user's messages outlive their account.
    let gone = json!({ "password": acceptance::PASSWORD });
    let erased = ana.ask(Method::DELETE, "/api/users/me", Some(gone)).await;
    erased.expect_nothing();
    let page = ben.get(&by_room).await.expect(200);
    assert_eq!(each(&page["messages"], "/content"), ["psst"]);
}

async fn searching_for_people_is_plain_text(world: &mut World) {
    let (ana, _ben) = (world.person("ana").await, world.person("ben").await);
    let found = async |query: &str| -> Value {
        let told = ana.get(&format!("/api/users/search/{query}")).await;
        told.expect(200)["users"].clone()
    };
    assert_eq!(each(&found("BEN").await, "/username"), ["ben"]);
    // `.*`, `^b`, `b|x`, `[a-z]en`, `(a+)+$`, and brackets that do not close.
    for pattern in [
        ".*",
        "%5Eb",
        "b%7Cx",
        "%5Ba-z%5Den",
        "(a%2B)%2B%24",
        "((%5B",
    ] {
        assert_eq!(found(pattern).await, json!([]), "{pattern}");
    }
}
