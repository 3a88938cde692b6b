//! Rooms, members, invites and bans.

use serde_json::{Value, json};

use crate::house::{House, Plan};

#[actix_web::test]
async fn a_room_is_made_changed_and_deleted() {
    let house = House::new();
    let ana = house.person("ana").await;
    let form = json!({ "name": " Lobby ", "description": "hello", "history": "joined" });
    let told = house.act(&ana, "POST", "/api/rooms", form).await;
    let room = told.is(201);
    let path = format!("/api/rooms/{}", room["id"].as_str().unwrap());
    assert_eq!(told.header("location"), path);
    assert_eq!(room["name"], "Lobby");
    assert_eq!(room["kind"], "public");
    assert_eq!(room["isPrivate"], false);
    assert_eq!(room["history"], "joined");
    assert_eq!(room["ownerId"], ana.id.as_str());
    assert_eq!(room["membership"]["role"], "owner");
    assert_eq!(room.get("inviteCode"), None);
    assert_eq!(house.read(&ana, &path).await.is(200), room);

    let change = json!({ "name": "Hall", "description": null, "isPrivate": true });
    let changed = house.act(&ana, "PATCH", &path, change).await.is(200);
    assert_eq!(changed["name"], "Hall");
    assert_eq!(changed.get("description"), None);
    assert_eq!(changed["kind"], "private");
    house.act(&ana, "PATCH", &path, Value::Null).await.is(200);

    house.act(&ana, "DELETE", &path, Value::Null).await.is(204);
    house.read(&ana, &path).await.refuses(404, "not_found");
}

#[actix_web::test]
async fn rooms_are_browsed_page_by_page() {
    let house = House::new();
    let ana = house.person("ana").await;
    for name in ["Red", "Green", "Blue"] {
        house.room(&ana, json!({ "name": name })).await;
    }
    let page = house.read(&ana, "/api/rooms?limit=2").await.is(200);
    assert_eq!(page["rooms"].as_array().unwrap().len(), 2);
    let cursor = page["nextCursor"].as_str().unwrap();
    let path = format!("/api/rooms?limit=2&cursor={cursor}");
    let page = house.read(&ana, &path).await.is(200);
    assert_eq!(page["rooms"][0]["name"], "Red");
    assert_eq!(page["nextCursor"], Value::Null);
    let page = house.read(&ana, "/api/rooms?q=GRE").await.is(200);
    assert_eq!(page["rooms"][0]["name"], "Green");
    let mine = house.read(&ana, "/api/rooms/mine").await.is(200);
    assert_eq!(mine["rooms"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn people_join_are_given_roles_and_leave() {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let join = format!("/api/rooms/{room}/join");
    let told = house.act(&ben, "POST", &join, Value::Null).await.is(200);
    assert_eq!(told["memberCount"], 2);
    let form = json!({ "roomId": room });
    house
        .act(&ben, "POST", "/api/rooms/join", form)
        .await
        .is(200);

    let users = format!("/api/rooms/{room}/users");
    let page = house.read(&ben, &users).await.is(200);
    assert_eq!(page["users"][0]["user"]["username"], "ana");
    assert_eq!(page["users"][0]["role"], "owner");
    assert_eq!(page["users"][1]["readSeq"], 0);
    let online = house
        .read(&ben, &format!("{users}?online=true"))
        .await
        .is(200);
    assert_eq!(online["users"], json!([]));

    let member = format!("{users}/{}", ben.id);
    let told = house
        .act(&ben, "PATCH", &member, json!({ "role": "admin" }))
        .await;
    told.refuses(403, "forbidden");
    let told = house
        .act(&ana, "PATCH", &member, json!({ "role": "admin" }))
        .await;
    assert_eq!(told.is(200)["role"], "admin");
    let told = house
        .act(&ana, "PATCH", &member, json!({ "role": "king" }))
        .await;
    assert_eq!(told.bad_fields(), ["role format"]);

    let leave = format!("/api/rooms/{room}/leave");
    let told = house.act(&ana, "DELETE", &leave, Value::Null).await;
    told.refuses(409, "owner_must_hand_over");
    house.act(&ben, "DELETE", &leave, Value::Null).await.is(204);
    house.read(&ben, &users).await.refuses(403, "forbidden");
}

#[actix_web::test]
async fn someone_is_silenced_removed_and_banned() {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let join = format!("/api/rooms/{room}/join");
    let member = format!("/api/rooms/{room}/users/{}", ben.id);
    house.act(&ben, "POST", &join, Value::Null).await.is(200);

    let until = json!({ "mutedUntil": "2030-01-02T03:04:05Z" });
    house.act(&ana, "PATCH", &member, until).await.is(200);
    let post = format!("/api/rooms/{room}/messages");
    let told = house
        .act(&ben, "POST", &post, json!({ "content": "hi" }))
        .await;
    let problem = told.refuses(403, "muted");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("2030-01-02T03:04:05.000Z"), "{detail}");
    let free = json!({ "mutedUntil": null });
    house.act(&ana, "PATCH", &member, free).await.is(200);
    house.post(&ben, &room, "hi").await;

    house
        .act(&ana, "DELETE", &member, Value::Null)
        .await
        .is(204);
    house.act(&ben, "POST", &join, Value::Null).await.is(200);
    let ban = format!("{member}?ban=true");
    house.act(&ana, "DELETE", &ban, Value::Null).await.is(204);
    let told = house.act(&ben, "POST", &join, Value::Null).await;
    told.refuses(403, "banned");

    let bans = format!("/api/rooms/{room}/bans");
    let told = house.read(&ana, &bans).await.is(200);
    assert_eq!(told["bans"][0]["user"]["username"], "ben");
    assert_eq!(told["bans"][0]["by"], ana.id.as_str());
    let lift = format!("{bans}/{}", ben.id);
    house.act(&ana, "DELETE", &lift, Value::Null).await.is(204);
    house.act(&ben, "POST", &join, Value::Null).await.is(200);
}

#[actix_web::test]
async fn an_invite_opens_a_private_room() {
    let mut plan = Plan::new();
    plan.options.public_url = Some("https://chat.example.org".to_owned());
    let house = plan.open();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let room = house
        .room(&ana, json!({ "name": "Den", "isPrivate": true }))
        .await;
    let room_path = format!("/api/rooms/{room}");
    let invites = format!("{room_path}/invites");
    house.read(&ben, &room_path).await.refuses(404, "not_found");
    let shown = house.read(&ana, &room_path).await.is(200);
    let standing = shown["inviteCode"].as_str().unwrap();
    let url = format!("https://chat.example.org/#/invite/{standing}");
    assert_eq!(shown["inviteUrl"], url);

    let form = json!({ "expiresIn": 3600, "maxUses": 1 });
    let told = house.act(&ana, "POST", &invites, form).await;
    let invite = told.is(201);
    let code = invite["code"].as_str().unwrap();
    let preview = format!("/api/invites/{code}");
    assert_eq!(told.header("location"), preview);
    assert_eq!(invite["maxUses"], 1);
    assert_eq!(invite["uses"], 0);
    let told = house
        .act(&ana, "POST", &invites, json!({ "expiresIn": 59 }))
        .await;
    assert_eq!(told.bad_fields(), ["expiresIn range"]);

    let told = house.ask("GET", &preview).send().await.is(200);
    assert_eq!(told["room"]["name"], "Den");
    assert_eq!(told["invitedBy"]["username"], "ana");

    let form = json!({ "inviteCode": "junk" });
    let told = house
        .act(&ben, "POST", "/api/rooms/join", form.clone())
        .await;
    told.refuses(404, "not_found");
    let told = house
        .act(&ben, "POST", &format!("{room_path}/join"), form)
        .await;
    told.refuses(404, "not_found");
    let form = json!({ "inviteCode": code });
    house
        .act(&ben, "POST", "/api/rooms/join", form)
        .await
        .is(200);
    house
        .ask("GET", &preview)
        .send()
        .await
        .refuses(410, "invite_expired");

    let revoke = format!("{invites}/{standing}");
    house
        .act(&ana, "DELETE", &revoke, Value::Null)
        .await
        .is(204);
    let junk = format!("{invites}/junk");
    let told = house.act(&ana, "DELETE", &junk, Value::Null).await;
    told.refuses(404, "not_found");
    let left = house.read(&ana, &invites).await.is(200);
    assert_eq!(left, json!({ "invites": [] }));
}

#[actix_web::test]
async fn conversations_are_direct_rooms_and_groups() {
    let house = House::new();
    let [ana, ben, cleo] = [
        house.person("ana").await,
        house.person("ben").await,
        house.person("cleo").await,
    ];
    let pair = json!({ "participantIds": [ben.id] });
    let told = house.act(&ana, "POST", "/api/chat", pair.clone()).await;
    let direct = told.is(201);
    assert_eq!(direct["kind"], "direct");
    assert_eq!(direct["name"], Value::Null);
    assert_eq!(direct["participants"].as_array().unwrap().len(), 2);
    let room = format!("/api/rooms/{}", direct["id"].as_str().unwrap());
    assert_eq!(told.header("location"), room);
    let again = house.act(&ana, "POST", "/api/chat", pair).await.is(200);
    assert_eq!(again["id"], direct["id"]);
    let told = house
        .act(&ana, "PATCH", &room, json!({ "name": "x" }))
        .await;
    told.refuses(409, "conflict");

    let group = json!({ "participantIds": [ben.id, cleo.id], "name": "Trio", "type": "group" });
    let group = house.act(&ana, "POST", "/api/chat", group).await.is(201);
    assert_eq!(group["kind"], "private");
    house.room(&ana, json!({ "name": "Public" })).await;

    let list = house.read(&ana, "/api/chat").await.is(200);
    assert_eq!(list.as_array().unwrap().len(), 2);
    let chat = format!("/api/chat/{}", group["id"].as_str().unwrap());
    assert_eq!(house.read(&cleo, &chat).await.is(200)["name"], "Trio");
    let told = house.read(&cleo, &format!("{chat}/messages")).await.is(200);
    assert_eq!(told["messages"], json!([]));
    let told = house
        .act(&ana, "POST", "/api/chat", json!({ "participantIds": [] }))
        .await;
    assert_eq!(told.bad_fields(), ["participantIds too_few"]);
}

#[actix_web::test]
async fn a_room_by_name_needs_a_name_of_its_own() {
    let house = House::new();
    let ana = house.person("ana").await;
    let form = json!({ "name": "Plaza" });
    let told = house.act(&ana, "POST", "/chat/room", form.clone()).await;
    assert_eq!(told.is(201)["kind"], "public");
    let told = house.act(&ana, "POST", "/chat/room", form).await;
    told.refuses(409, "name_taken");
}

#[actix_web::test]
async fn notifications_are_muted_for_oneself() {
    let house = House::new();
    let ana = house.person("ana").await;
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let path = format!("/api/rooms/{room}");
    let mute = format!("{path}/mute");
    house.act(&ana, "PUT", &mute, Value::Null).await.is(204);
    let told = house.read(&ana, &path).await.is(200);
    assert_eq!(told["membership"]["muted"], true);
    let until = json!({ "until": "2030-01-02T03:04:05.678Z" });
    house.act(&ana, "PUT", &mute, until.clone()).await.is(204);
    let told = house.read(&ana, &path).await.is(200);
    assert_eq!(told["membership"]["mutedUntil"], until["until"]);
    house.act(&ana, "DELETE", &mute, Value::Null).await.is(204);
    let told = house.read(&ana, &path).await.is(200);
    assert_eq!(told["membership"]["muted"], false);
}

#[actix_web::test]
async fn whoever_may_not_revoke_invites_is_told_so_whatever_the_code() {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let path = format!("/api/rooms/{room}/invites/no-code");
    let told = house.act(&ben, "DELETE", &path, Value::Null).await;
    told.refuses(403, "forbidden");
    let told = house.act(&ana, "DELETE", &path, Value::Null).await;
    told.refuses(404, "not_found");
}
