//! "Real-Time Chat Backend with AI Summaries".

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::json;

use super::scene::{PASSWORD, each, signed_in, text, two_in_a_room};

scenarios![
    accounts_and_rooms_are_made,
    messages_are_posted_and_read_in_pages,
    people_come_and_go,
    people_act_in_their_own_name,
    signing_out_ends_something,
    who_comes_late_is_told_what_they_missed,
];

async fn accounts_and_rooms_are_made(world: &mut World) {
    let account = json!({ "name": "Ana", "email": "ana@example.org", "password": PASSWORD });
    let visitor = world.visitor();
    let made = visitor.post("/api/auth/register", account).await;
    let made = made.expect(201);
    assert_eq!(made["user"]["email"], "ana@example.org");
    assert_eq!(made["user"]["displayName"], "Ana");
    let credentials = json!({ "email": "ana@example.org", "password": PASSWORD });
    let tokens = visitor.post("/api/auth/login", credentials).await;
    let (ana, id) = signed_in(visitor, &tokens.expect(200), "accessToken");

    let room = ana.post("/api/rooms", json!({ "name": "tertulia" })).await;
    let room = room.expect(201);
    for field in ["id", "name", "ownerId", "createdAt"] {
        assert!(room[field].is_string(), "{field} of {room}");
    }
    assert_eq!(room["ownerId"], id, "and the owner is a member");
    let mine = ana.get("/api/rooms").await.expect(200);
    assert_eq!(each(&mine["rooms"], "/id"), [text(&room["id"])]);
    let path = format!("/api/rooms/{}", text(&room["id"]));
    assert_eq!(ana.get(&path).await.expect(200)["id"], room["id"]);

    ana.delete(&path).await.expect_nothing();
    ana.get(&path).await.expect_problem(404, "not_found");
}

async fn messages_are_posted_and_read_in_pages(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    let path = format!("/api/rooms/{room}/messages");
    for number in 1..=5 {
        let said = json!({ "text": format!("number {number}") });
        let said = ana.post(&path, said).await.expect(201);
        assert_eq!(said["content"], format!("number {number}"));
        assert_eq!(said["sender"]["id"], ana.id.as_str());
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ben.get(&format!("{path}?limit=2{cursor}")).await;
        let page = page.expect(200);
        seen.extend(each(&page["messages"], "/content"));
        // A message posted between the pages does not shift them.
        ana.posts(&room, "and more").await;
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(|it| format!("number {it}")));
}

async fn people_come_and_go(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    let path = |rest: &str| format!("/api/rooms/{room}/{rest}");

    let refused = ben.get(&path("users")).await;
    refused.expect_problem(403, "forbidden");
    let refused = ben.get(&path("messages")).await;
    refused.expect_problem(403, "forbidden");

    ben.post(&path("join"), json!({})).await.expect(200);
    ben.post(&path("join"), json!({})).await.expect(200);
    let mut people = each(
        &ben.get(&path("users")).await.expect(200)["users"],
        "/user/username",
    );
    people.sort();
    assert_eq!(people, ["ana", "ben"]);
    let joined = ben.get(&path("users")).await.expect(200);
    each(&joined["users"], "/joinedAt");

    ben.delete(&path("leave")).await.expect_nothing();
    let refused = ben.get(&path("messages")).await;
    refused.expect_problem(403, "forbidden");

    // A room is deleted with its memberships and everything in it.
    ben.joins(&room).await;
    ben.posts(&room, "still here").await;
    ana.delete(&format!("/api/rooms/{room}"))
        .await
        .expect_nothing();
    let gone = ben.get(&path("messages")).await;
    gone.expect_problem(404, "not_found");
}

async fn people_act_in_their_own_name(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    let carl = world.person("carl").await;
    let as_ana = json!({ "name": "hers?", "ownerId": ana.id, "userId": ana.id, "roomId": room });

    let made = ben.post("/api/rooms", as_ana.clone()).await.expect(201);
    assert_eq!(made["ownerId"], ben.id.as_str());
    let path = format!("/api/rooms/{room}");
    ben.ask(Method::DELETE, &path, Some(as_ana.clone()))
        .await
        .expect_problem(403, "forbidden");

    // Carl joins, which affects no other memberships.
    let as_ben = json!({ "userId": ben.id, "roomId": room });
    let join = carl.post(&format!("{path}/join"), as_ben.clone()).await;
    assert_eq!(join.expect(200)["memberCount"], 3);
    carl.ask(Method::DELETE, &format!("{path}/leave"), Some(as_ben))
        .await
        .expect_nothing();
    assert_eq!(ana.sees(&room).await["memberCount"], 2);
    let said = json!({ "text": "who am I?", "senderId": ana.id, "userId": ana.id });
    let said = ben.post(&format!("{path}/messages"), said).await;
    assert_eq!(said.expect(201)["senderId"], ben.id.as_str());
}

async fn signing_out_ends_something(world: &mut World) {
    let ana = world.person("ana").await;
    // Two logins in the same second, with the same claims, are two sessions.
    let (phone, laptop) = tokio::join!(ana.on_another_device(), ana.on_another_device());
    assert_ne!(phone.refresh_token, laptop.refresh_token);

    phone
        .post("/api/auth/logout", json!({}))
        .await
        .expect_nothing();
    let spent = json!({ "refreshToken": phone.refresh_token });
    let refused = world.visitor().post("/api/auth/refresh", spent).await;
    assert_eq!(refused.status, 401, "{}", refused.text);
    let kept = json!({ "refreshToken": laptop.refresh_token });
    let fresh = world.visitor().post("/api/auth/refresh", kept).await;
    let (laptop, id) = signed_in(world.visitor(), &fresh.expect(200), "accessToken");
    assert_eq!(laptop.get("/api/auth/me").await.expect(200)["id"], id);
}

async fn who_comes_late_is_told_what_they_missed(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    let path = format!("/api/rooms/{room}/summary");
    ben.get(&path).await.expect_problem(403, "forbidden");
    ana.posts(
        &room,
        "The release moves to Friday, the importer is not ready.",
    )
    .await;
    ben.joins(&room).await;
    let told = ben.get(&path).await.expect(200);
    assert!(
        told["summary"].as_str().unwrap().contains("Friday"),
        "{told}"
    );
    assert_eq!(told["bullets"][0]["seqs"], json!([1]));
}
