//! "Convo Backend".

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{PASSWORD, each, signed_in, text, two_in_a_room};

scenarios![
    people_talk_in_rooms_by_name,
    a_name_is_taken_once,
    what_is_said_stays_as_it_is,
    a_token_ends_with_its_session,
    pages_are_as_long_as_asked,
    who_is_banned_reads_no_more,
];

async fn people_talk_in_rooms_by_name(world: &mut World) {
    let mut people = Vec::new();
    for name in ["ana", "ben"] {
        let (visitor, email) = (world.visitor(), format!("{name}@example.org"));
        let account = json!({ "email": email, "username": name, "password": PASSWORD });
        let made = visitor.post("/auth/register", account).await.expect(201);
        assert_eq!(made["user"]["username"], name);
        let credentials = json!({ "email": email, "password": PASSWORD });
        let tokens = visitor.post("/auth/login", credentials).await.expect(200);
        people.push(signed_in(visitor, &tokens, "access_token"));
    }
    let [(ana, _), (ben, bens_id)] = people.as_slice() else {
        panic!("two people");
    };
    let room = ana.post("/chat/room", json!({ "name": "room-name" })).await;
    let room = room.expect(201);
    assert_eq!(room["name"], "room-name");
    for field in ["id", "createdAt"] {
        assert!(room[field].is_string(), "{field} of {room}");
    }
    let said = json!({ "chatRoomName": "room-name", "content": "hello" });
    let said = ben.post("/chat/message", said).await.expect(201);
    assert_eq!(said["senderId"], bens_id.as_str());
    assert_eq!(said["roomId"], room["id"]);

    let read = ana.get("/chat/messages?chatRoomName=room-name").await;
    let read = read.expect(200);
    assert_eq!(each(&read["messages"], "/content"), ["hello"]);
    assert_eq!(each(&read["messages"], "/sender/username"), ["ben"]);
}

async fn a_name_is_taken_once(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    ana.post("/chat/room", json!({ "name": "lobby" }))
        .await
        .expect(201);
    let again = ben.post("/chat/room", json!({ "name": "lobby" })).await;
    again.expect_problem(409, "name_taken");
    // This must not be a 401: clients of that system sign out on any 401.
    let unknown = ana.get("/chat/messages?chatRoomName=elsewhere").await;
    unknown.expect_problem(404, "not_found");
    let said = json!({ "chatRoomName": "elsewhere", "content": "hello?" });
    let unknown = ana.post("/chat/message", said).await;
    unknown.expect_problem(404, "not_found");
    let refused = ana.get("/chat/messages").await;
    assert_eq!(refused.expect_fields(), ["chatRoomName"]);
}

async fn what_is_said_stays_as_it_is(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    let markup = "<b>5 > 3 & \"so\" 'on'</b> <script>alert(1)</script>";
    assert_eq!(ana.posts(&room, markup).await["content"], markup);
    assert_eq!(ben.reads(&room).await, [markup]);
    let by_name = json!({ "chatRoomName": "tertulia", "content": markup });
    let by_name = ben.post("/chat/message", by_name).await;
    assert_eq!(by_name.expect(201)["content"], markup);
}

async fn a_token_ends_with_its_session(world: &mut World) {
    let ana = world.person("ana").await;
    ana.makes_room("lobby").await;
    let phone = ana.on_another_device().await;
    // A second login does not affect the first.
    ana.get("/api/auth/me").await.expect(200);

    let out = phone.post("/api/auth/logout", json!({})).await;
    out.expect_nothing();
    let said = json!({ "chatRoomName": "lobby", "content": "still me" });
    for (method, path, body) in [
        (Method::GET, "/chat/messages?chatRoomName=lobby", None),
        (Method::POST, "/chat/message", Some(said)),
        (Method::GET, "/api/rooms/mine", None),
    ] {
        let refused = phone.ask(method, path, body).await;
        refused.expect_problem(401, "session_revoked");
    }
    let bearer = phone.authorization();
    let refused = phone.knocks(&[("authorization", &bearer)]).await;
    refused.expect_problem(401, "session_revoked");
    ana.get("/api/auth/me").await.expect(200);
}

async fn pages_are_as_long_as_asked(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    // Both post at once, so that a stale cached page would be noticed.
    let writing = async |who: &acceptance::Person| {
        for number in 0..30 {
            who.posts(&room, &format!("{} {number}", who.username))
                .await;
        }
    };
    tokio::join!(writing(&ana), writing(&ben));

    let page = async |query: &str| -> Value {
        let path = format!("/chat/messages?chatRoomName=tertulia&{query}");
        ben.get(&path).await.expect(200)
    };
    let first = page("limit=7").await;
    let mut seen = each(&first["messages"], "/content");
    assert_eq!(seen.len(), 7);
    let next = text(&first["nextCursor"]);
    let rest = page(&format!("limit=100&cursor={next}")).await;
    seen.extend(each(&rest["messages"], "/content"));
    assert_eq!(rest["nextCursor"], Value::Null);
    assert_eq!(seen.len(), 60);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60, "each once");
}

async fn who_is_banned_reads_no_more(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    ana.posts(&room, "before").await;
    let path = format!("/api/rooms/{room}/users/{}?ban=true", ben.id);
    ana.delete(&path).await.expect_nothing();
    // Not by its name either, which lets anyone join who uses it.
    let said = json!({ "chatRoomName": "tertulia", "content": "me again" });
    let refused = ben.get("/chat/messages?chatRoomName=tertulia").await;
    refused.expect_problem(403, "banned");
    let refused = ben.post("/chat/message", said).await;
    refused.expect_problem(403, "banned");
    let refused = ben.get(&format!("/api/rooms/{room}/messages")).await;
    refused.expect_problem(403, "banned");
    assert_eq!(ana.reads(&room).await, ["before"]);
}
