//! Profiles, searching for users, and blocking them.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};

scenarios![
    a_profile_is_changed_in_part,
    a_profile_is_for_those_who_share_a_room,
    people_are_found_by_name,
    several_people_are_read_at_once,
    a_blocked_person_cannot_write,
];

async fn a_profile_is_changed_in_part(world: &mut World) {
    let ana = world.person("ana").await;
    world.person("ben").await;
    let change = async |body: Value| ana.patch("/api/users/me", body).await;

    let me = change(
        json!({ "displayName": "Ana M.", "bio": " reads ", "profile": { "city": "Cádiz" } }),
    )
    .await
    .expect(200);
    assert_eq!(me["displayName"], "Ana M.");
    assert_eq!(me["bio"], "reads");
    assert_eq!(me["profile"]["city"], "Cádiz");
    assert_eq!(me["username"], "ana");

    let me = change(json!({ "bio": null })).await.expect(200);
    assert!(me.get("bio").is_none(), "{me}");
    assert_eq!(me["displayName"], "Ana M.");

    change(json!({ "username": "BEN" }))
        .await
        .expect_problem(409, "username_taken");
    change(json!({ "username": "ANA" })).await.expect(200);
    let wrong =
        json!({ "username": "a b", "displayName": "", "bio": "x".repeat(501), "profile": [] });
    assert_eq!(
        change(wrong).await.expect_fields(),
        ["bio", "displayName", "profile", "username"]
    );
    let large = json!({ "profile": { "all": "x".repeat(17_000) } });
    assert_eq!(change(large).await.expect_fields(), ["profile"]);
    // An empty request changes nothing.
    change(json!({})).await.expect(200);
}

async fn a_profile_is_for_those_who_share_a_room(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    ana.patch("/api/users/me", json!({ "profile": { "city": "Cádiz" } }))
        .await
        .expect(200);
    let sees = async |who: &Person| who.get(&format!("/api/users/{}", ana.id)).await.expect(200);

    let stranger = sees(&ben).await;
    assert!(stranger.get("profile").is_none(), "{stranger}");
    assert!(stranger.get("email").is_none(), "{stranger}");
    assert_eq!(stranger["status"], "offline");

    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let known = sees(&ben).await;
    assert_eq!(known["profile"]["city"], "Cádiz");
    assert!(known.get("email").is_none(), "{known}");
}

async fn people_are_found_by_name(world: &mut World) {
    let ana = world.person("ana").await;
    let maria = world.person("maria_lopez").await;
    maria
        .patch(
            "/api/users/me",
            json!({ "displayName": "María 100% López" }),
        )
        .await
        .expect(200);
    let finds = async |path: &str| -> Vec<String> {
        ana.get(path).await.expect(200)["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["username"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(finds("/api/users/search/maria").await, ["maria_lopez"]);
    assert_eq!(finds("/api/users/search?q=mar").await, ["maria_lopez"]);
    assert_eq!(finds("/api/users/search?q=L%C3%B3p").await, ["maria_lopez"]);
    assert_eq!(finds("/api/users/search?q=lop").await, ["maria_lopez"]);
    // Characters that are special to a database are plain text here.
    for odd in ["%25", "_", "%27", "%22", "*", "maria*%22", "%5C"] {
        for found in finds(&format!("/api/users/search?q={odd}")).await {
            assert_eq!(found, "maria_lopez", "{odd}");
        }
    }
    assert_eq!(finds("/api/users/search?q=zzz").await, [""; 0]);
}

async fn several_people_are_read_at_once(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let unknown = uuid::Uuid::now_v7();
    let path = format!("/api/users?ids={},{unknown},{}", ben.id, ana.id);
    let users = ana.get(&path).await.expect(200)["users"].clone();
    let ids: Vec<&str> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [ben.id.as_str(), ana.id.as_str()]);

    let path = format!("/api/users/{unknown}");
    ana.get(&path).await.expect_problem(404, "not_found");
    ana.get("/api/users/no-uuid")
        .await
        .expect_problem(404, "not_found");
    assert_eq!(
        ana.get("/api/users?ids=no-uuid").await.expect_fields(),
        ["ids"]
    );
    let many = vec![unknown.to_string(); 101].join(",");
    assert_eq!(
        ana.get(&format!("/api/users?ids={many}"))
            .await
            .expect_fields(),
        ["ids"]
    );
}

async fn a_blocked_person_cannot_write(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let chat = json!({ "participantIds": [ana.id] });
    let room = ben.post("/api/chat", chat.clone()).await.expect(201)["id"].clone();
    let room = room.as_str().unwrap();
    let said = ben.posts(room, "hello").await;
    let pin = format!("/api/messages/{}/pin", said["id"].as_str().unwrap());

    let path = format!("/api/users/{}/block", ben.id);
    ana.put(&path).await.expect_nothing();
    ana.put(&path).await.expect_nothing();
    ben.tries_to_post(room, "hello?")
        .await
        .expect_problem(403, "blocked");
    ben.put(&pin).await.expect_problem(403, "blocked");
    ben.delete(&pin).await.expect_problem(403, "blocked");
    ben.post("/api/chat", chat)
        .await
        .expect_problem(403, "blocked");

    ana.delete(&path).await.expect_nothing();
    ben.posts(room, "thank you").await;
    ben.put(&pin).await.expect(200);
    let nobody = format!("/api/users/{}/block", uuid::Uuid::now_v7());
    ana.put(&nobody).await.expect_problem(404, "not_found");
}
