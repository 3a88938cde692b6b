//! Creating, finding, joining and leaving rooms.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};
use uuid::Uuid;

scenarios![
    a_room_belongs_to_whoever_made_it,
    a_public_room_is_found_and_joined,
    a_private_room_is_there_for_its_members_only,
    rooms_come_in_pages,
    my_rooms_begin_with_the_latest,
    a_room_is_changed_by_its_admins,
    an_invite_opens_a_private_room,
    an_invite_ends,
    a_standing_invite_is_replaced,
    the_owner_hands_over_before_leaving,
    the_last_to_leave_deletes_the_room,
    a_deleted_room_is_gone,
    names_of_public_rooms_lead_to_the_oldest,
];

fn path(room: &str) -> String {
    format!("/api/rooms/{room}")
}

fn names(page: &Value) -> Vec<&str> {
    page["rooms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|room| room["name"].as_str().unwrap())
        .collect()
}

async fn a_room_belongs_to_whoever_made_it(world: &mut World) {
    let ana = world.person("ana").await;
    let wish = json!({ "name": " tertulia ", "description": "books" });
    let answer = ana.post("/api/rooms", wish).await;
    let location = answer.header("location").to_owned();
    let room = answer.expect(201);
    assert_eq!(location, path(room["id"].as_str().unwrap()));
    assert_eq!(room["name"], "tertulia");
    assert_eq!(room["description"], "books");
    assert_eq!(room["kind"], "public");
    assert_eq!(room["isPrivate"], false);
    assert_eq!(room["history"], "all");
    assert_eq!(room["ownerId"], ana.id.as_str());
    assert_eq!(room["memberCount"], 1);
    assert_eq!(room["lastSeq"], 0);
    let membership = &room["membership"];
    assert_eq!(membership["role"], "owner");
    assert_eq!(membership["unread"], 0);
    assert_eq!(membership["mentions"], 0);
    assert_eq!(membership["muted"], false);
}

async fn a_public_room_is_found_and_joined(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ana.makes(json!({ "name": "secret tertulia", "isPrivate": true }))
        .await;

    let found = ben.get("/api/rooms?q=TERTUL").await.expect(200);
    assert_eq!(names(&found), ["tertulia"]);
    let seen = ben.sees(&room).await;
    assert!(seen.get("membership").is_none(), "{seen}");

    let joined = ben.joins(&room).await;
    assert_eq!(joined["memberCount"], 2);
    assert_eq!(joined["membership"]["role"], "member");
    let rev = joined["lastRev"].clone();
    let again = ben.joins(&room).await;
    assert_eq!(again["lastRev"], rev, "joining again changes nothing");
    let by_id = ben
        .post("/api/rooms/join", json!({ "roomId": room }))
        .await
        .expect(200);
    assert_eq!(by_id["lastRev"], rev);

    ben.delete(&format!("{}/leave", path(&room)))
        .await
        .expect_nothing();
    assert_eq!(ana.sees(&room).await["memberCount"], 1);
    ben.delete(&format!("{}/leave", path(&room)))
        .await
        .expect_problem(403, "forbidden");
}

async fn a_private_room_is_there_for_its_members_only(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let seen = ana.sees(&room).await;
    assert_eq!(seen["kind"], "private");
    assert!(seen["inviteCode"].is_string(), "{seen}");
    assert!(
        seen["inviteUrl"]
            .as_str()
            .unwrap()
            .contains(seen["inviteCode"].as_str().unwrap())
    );

    ben.get(&path(&room)).await.expect_problem(404, "not_found");
    let join = format!("{}/join", path(&room));
    ben.post(&join, json!({}))
        .await
        .expect_problem(404, "not_found");
    ben.tries_to_post(&room, "hello?")
        .await
        .expect_problem(404, "not_found");

    ben.post(&join, json!({ "inviteCode": seen["inviteCode"] }))
        .await
        .expect(200);
    let seen = ben.sees(&room).await;
    assert!(
        seen.get("inviteCode").is_none(),
        "for owner and admins only: {seen}"
    );
}

async fn rooms_come_in_pages(world: &mut World) {
    let ana = world.person("ana").await;
    for number in 0..5 {
        ana.makes_room(&format!("room {number}")).await;
    }
    let mut seen = Vec::new();
    let mut query = "/api/rooms?limit=2".to_owned();
    loop {
        let page = ana.get(&query).await.expect(200);
        assert!(names(&page).len() <= 2);
        seen.extend(names(&page).iter().map(|name| (*name).to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        query = format!("/api/rooms?limit=2&cursor={cursor}");
    }
    seen.sort();
    assert_eq!(seen, ["room 0", "room 1", "room 2", "room 3", "room 4"]);
    assert_eq!(
        ana.get("/api/rooms?limit=0&cursor=x").await.expect_fields(),
        ["cursor", "limit"]
    );
}

async fn my_rooms_begin_with_the_latest(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let first = ana.makes_room("first").await;
    let second = ana.makes_room("second").await;
    ben.joins(&first).await;
    let earlier = ana.posts(&second, "one").await["createdAt"].clone();
    // Times are in milliseconds; rooms that were active in the same one have no defined order.
    let mut unread = 1;
    while ben.posts(&first, "two").await["createdAt"] == earlier {
        unread += 1;
    }

    let mine = ana.get("/api/rooms/mine").await.expect(200);
    assert_eq!(names(&mine), ["first", "second"]);
    let room = &mine["rooms"][0];
    assert_eq!(room["lastMessage"]["content"], "two");
    assert_eq!(room["membership"]["unread"], unread);
    assert_eq!(
        names(&ben.get("/api/rooms/mine").await.expect(200)),
        ["first"]
    );
}

async fn a_room_is_changed_by_its_admins(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana
        .makes(json!({ "name": "old", "description": "words" }))
        .await;
    ben.joins(&room).await;
    let before = ana.sees(&room).await;

    let changed = ana
        .patch(
            &path(&room),
            json!({ "name": "new", "description": null, "history": "joined" }),
        )
        .await
        .expect(200);
    assert_eq!(changed["name"], "new");
    assert!(changed.get("description").is_none(), "{changed}");
    assert_eq!(changed["history"], "joined");
    assert_eq!(
        changed["lastRev"].as_i64(),
        before["lastRev"].as_i64().map(|rev| rev + 1)
    );
    assert_eq!(changed["rev"], changed["lastRev"]);

    ben.patch(&path(&room), json!({ "name": "mine" }))
        .await
        .expect_problem(403, "forbidden");
    let wrong = json!({ "name": "", "description": "x".repeat(1001), "isPrivate": "yes", "history": "none" });
    assert_eq!(
        ana.patch(&path(&room), wrong).await.expect_fields(),
        ["description", "history", "isPrivate", "name"]
    );
}

async fn an_invite_opens_a_private_room(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana
        .makes(json!({ "name": "den", "isPrivate": true, "description": "quiet" }))
        .await;
    let invites = format!("{}/invites", path(&room));
    let wish = json!({ "expiresIn": 3600, "maxUses": 1 });
    let invite = ana.post(&invites, wish).await.expect(201);
    let code = invite["code"].as_str().unwrap();
    assert!(code.len() >= 22, "128 random bits: {code}");
    assert_eq!(invite["uses"], 0);
    assert_eq!(invite["maxUses"], 1);
    assert!(invite["expiresAt"].is_string());

    // A visitor without an account can preview an invite.
    let preview = format!("/api/invites/{code}");
    let seen = world.visitor().get(&preview).await.expect(200);
    assert_eq!(seen["room"]["name"], "den");
    assert_eq!(seen["room"]["description"], "quiet");
    assert_eq!(seen["room"]["memberCount"], 1);

    ben.post("/api/rooms/join", json!({ "inviteCode": code }))
        .await
        .expect(200);
    // Members who use it again do not use it up.
    ben.post("/api/rooms/join", json!({ "inviteCode": code }))
        .await
        .expect(200);

    let carl = world.person("carl").await;
    carl.post("/api/rooms/join", json!({ "inviteCode": code }))
        .await
        .expect_problem(410, "invite_expired");
    world
        .visitor()
        .get(&preview)
        .await
        .expect_problem(410, "invite_expired");
    world
        .visitor()
        .get("/api/invites/unknown")
        .await
        .expect_problem(404, "not_found");
}

async fn an_invite_ends(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let invites = format!("{}/invites", path(&room));
    let invite = ana.post(&invites, json!({})).await.expect(201);
    let code = invite["code"].as_str().unwrap().to_owned();
    let listed = ana.get(&invites).await.expect(200);
    assert!(
        listed["invites"]
            .as_array()
            .unwrap()
            .iter()
            .any(|invite| invite["code"] == code.as_str())
    );

    ana.delete(&format!("{invites}/{code}"))
        .await
        .expect_nothing();
    ben.post("/api/rooms/join", json!({ "inviteCode": code }))
        .await
        .expect_problem(410, "invite_expired");
    ana.delete(&format!("{invites}/unknown"))
        .await
        .expect_problem(404, "not_found");
    let wrong = json!({ "expiresIn": 59, "maxUses": 0 });
    assert_eq!(
        ana.post(&invites, wrong).await.expect_fields(),
        ["expiresIn", "maxUses"]
    );
}

async fn a_standing_invite_is_replaced(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let invites = format!("{}/invites", path(&room));
    let seen = ana.get(&path(&room)).await.expect(200);
    let standing = seen["inviteCode"].as_str().unwrap();
    let more = ana.post(&invites, json!({})).await.expect(201);
    assert_ne!(more["code"], standing);
    let still = ana.get(&path(&room)).await.expect(200);
    assert_eq!(still["inviteCode"], standing);

    ana.delete(&format!("{invites}/{standing}"))
        .await
        .expect_nothing();
    ana.post(&invites, json!({ "maxUses": 5 }))
        .await
        .expect(201);
    let without = ana.get(&path(&room)).await.expect(200);
    assert!(without.get("inviteCode").is_none(), "{without}");

    let new = ana.post(&invites, json!({})).await.expect(201);
    let with = ana.get(&path(&room)).await.expect(200);
    assert_eq!(with["inviteCode"], new["code"]);
    assert!(with["inviteUrl"].is_string(), "{with}");
    ben.post("/api/rooms/join", json!({ "inviteCode": new["code"] }))
        .await
        .expect(200);
}

async fn the_owner_hands_over_before_leaving(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let leave = format!("{}/leave", path(&room));
    ana.delete(&leave)
        .await
        .expect_problem(409, "owner_must_hand_over");

    let heir = format!("{}/users/{}", path(&room), ben.id);
    let member = ana
        .patch(&heir, json!({ "role": "owner" }))
        .await
        .expect(200);
    assert_eq!(member["role"], "owner");
    let seen = ana.sees(&room).await;
    assert_eq!(seen["ownerId"], ben.id.as_str());
    assert_eq!(seen["membership"]["role"], "admin");
    ana.delete(&leave).await.expect_nothing();
}

async fn the_last_to_leave_deletes_the_room(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    ana.delete(&format!("{}/leave", path(&room)))
        .await
        .expect_nothing();
    ana.get(&path(&room)).await.expect_problem(404, "not_found");
}

async fn a_deleted_room_is_gone(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let said = ben.posts(&room, "hello").await;
    ben.delete(&path(&room))
        .await
        .expect_problem(403, "forbidden");
    ana.delete(&path(&room)).await.expect_nothing();

    let gone = async |person: &Person, path: &str| {
        person.get(path).await.expect_problem(404, "not_found");
    };
    gone(&ben, &path(&room)).await;
    gone(&ben, &format!("{}/messages", path(&room))).await;
    gone(
        &ben,
        &format!("/api/messages/{}", said["id"].as_str().unwrap()),
    )
    .await;
    assert_eq!(
        names(&ben.get("/api/rooms/mine").await.expect(200)),
        [""; 0]
    );
    assert_eq!(
        names(&ben.get("/api/rooms?q=tertulia").await.expect(200)),
        [""; 0]
    );
}

async fn names_of_public_rooms_lead_to_the_oldest(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    ana.post("/chat/room", json!({ "name": "lobby" }))
        .await
        .expect(201);
    ben.post("/chat/room", json!({ "name": "lobby" }))
        .await
        .expect_problem(409, "name_taken");

    let name = Uuid::now_v7().to_string();
    let post = json!({ "chatRoomName": "lobby", "content": "hello", "clientId": name });
    let first = ben.post("/chat/message", post.clone()).await.expect(201);
    assert_eq!(first["clientId"], name.as_str());
    let again = ben.post("/chat/message", post).await.expect(200);
    assert_eq!(again["id"], first["id"]);
    let said = ana
        .get("/chat/messages?chatRoomName=lobby")
        .await
        .expect(200);
    assert!(said.to_string().contains("hello"), "{said}");
    ben.get("/chat/messages?chatRoomName=nowhere")
        .await
        .expect_problem(404, "not_found");
}
