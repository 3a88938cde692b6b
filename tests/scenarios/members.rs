//! Who is in a room, with which rights, and who is kept out.

use acceptance::{Person, World, scenarios, until};
use serde_json::json;

scenarios![
    members_come_in_pages,
    a_role_is_given_by_the_owner,
    a_muted_member_reads_on,
    a_kicked_member_may_come_back,
    a_banned_member_may_not,
    notifications_are_ones_own,
];

fn user(room: &str, person: &Person) -> String {
    format!("/api/rooms/{room}/users/{}", person.id)
}

async fn trio(world: &World) -> (Person, Person, Person, String) {
    let ana = world.person("ana").await;
    let ben = world.person("ben").await;
    let carl = world.person("carl").await;
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    carl.joins(&room).await;
    (ana, ben, carl, room)
}

async fn members_come_in_pages(world: &mut World) {
    let (ana, ..) = trio(world).await;
    let room = ana.get("/api/rooms/mine").await.expect(200)["rooms"][0]["id"].clone();
    let list = format!("/api/rooms/{}/users", room.as_str().unwrap());
    let mut seen = Vec::new();
    let mut query = format!("{list}?limit=2");
    loop {
        let page = ana.get(&query).await.expect(200);
        for member in page["users"].as_array().unwrap() {
            seen.push(member["user"]["username"].as_str().unwrap().to_owned());
            for name in ["role", "joinedAt"] {
                assert!(member[name].is_string(), "{member}");
            }
            for name in ["rev", "readSeq", "deliveredSeq"] {
                assert!(member[name].is_i64(), "{member}");
            }
        }
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        query = format!("{list}?limit=2&cursor={cursor}");
    }
    seen.sort();
    assert_eq!(seen, ["ana", "ben", "carl"]);

    let stranger = world.person("dora").await;
    stranger.get(&list).await.expect_problem(403, "forbidden");
}

async fn a_role_is_given_by_the_owner(world: &mut World) {
    let (ana, ben, carl, room) = trio(world).await;
    let member = ana
        .patch(&user(&room, &ben), json!({ "role": "admin" }))
        .await
        .expect(200);
    assert_eq!(member["role"], "admin");
    assert_eq!(member["user"]["id"], ben.id.as_str());

    ben.patch(&user(&room, &carl), json!({ "role": "admin" }))
        .await
        .expect_problem(403, "forbidden");
    ben.delete(&user(&room, &ana))
        .await
        .expect_problem(403, "forbidden");
    carl.delete(&user(&room, &ben))
        .await
        .expect_problem(403, "forbidden");
    assert_eq!(
        ana.patch(&user(&room, &ben), json!({ "role": "king" }))
            .await
            .expect_fields(),
        ["role"]
    );
    let nobody = format!("/api/rooms/{room}/users/{}", uuid::Uuid::now_v7());
    ana.patch(&nobody, json!({ "role": "admin" }))
        .await
        .expect_problem(404, "not_found");
}

async fn a_muted_member_reads_on(world: &mut World) {
    let (ana, ben, _carl, room) = trio(world).await;
    ben.posts(&room, "before").await;
    let mute = json!({ "mutedUntil": "2999-01-01T00:00:00.000Z" });
    ana.patch(&user(&room, &ben), mute).await.expect(200);

    let problem = ben
        .tries_to_post(&room, "after")
        .await
        .expect_problem(403, "muted");
    assert!(
        problem["detail"].as_str().unwrap().contains("2999"),
        "{problem}"
    );
    assert_eq!(ben.reads(&room).await, ["before"]);

    ana.patch(&user(&room, &ben), json!({ "mutedUntil": null }))
        .await
        .expect(200);
    ben.posts(&room, "after").await;
}

async fn a_kicked_member_may_come_back(world: &mut World) {
    let (ana, ben, _carl, room) = trio(world).await;
    ben.posts(&room, "hello").await;
    ana.delete(&user(&room, &ben)).await.expect_nothing();
    // He may be on another node, which has to be notified first.
    until("he may not post", async || {
        ben.tries_to_post(&room, "hello?").await.status != 201
    })
    .await;
    ben.tries_to_post(&room, "hello?")
        .await
        .expect_problem(403, "forbidden");
    ana.delete(&user(&room, &ben))
        .await
        .expect_problem(404, "not_found");
    ben.joins(&room).await;
    ben.posts(&room, "back").await;
    ana.delete(&user(&room, &ana))
        .await
        .expect_problem(409, "conflict");
}

async fn a_banned_member_may_not(world: &mut World) {
    let (ana, ben, carl, room) = trio(world).await;
    let ban = format!("{}?ban=true", user(&room, &ben));
    carl.delete(&ban).await.expect_problem(403, "forbidden");
    ana.delete(&ban).await.expect_nothing();

    ben.get(&format!("/api/rooms/{room}"))
        .await
        .expect_problem(403, "banned");
    ben.post(&format!("/api/rooms/{room}/join"), json!({}))
        .await
        .expect_problem(403, "banned");
    ben.tries_to_post(&room, "hello?")
        .await
        .expect_problem(403, "banned");

    let bans = format!("/api/rooms/{room}/bans");
    let listed = ana.get(&bans).await.expect(200);
    assert_eq!(listed["bans"][0]["user"]["id"], ben.id.as_str());
    assert!(listed["bans"][0]["at"].is_string(), "{listed}");
    carl.get(&bans).await.expect_problem(403, "forbidden");

    ana.delete(&format!("{bans}/{}", ben.id))
        .await
        .expect_nothing();
    ana.delete(&format!("{bans}/{}", ben.id))
        .await
        .expect_problem(404, "not_found");
    ben.joins(&room).await;
}

async fn notifications_are_ones_own(world: &mut World) {
    let (_ana, ben, carl, room) = trio(world).await;
    let mute = format!("/api/rooms/{room}/mute");
    ben.put(&mute).await.expect_nothing();
    assert_eq!(ben.sees(&room).await["membership"]["muted"], true);
    assert_eq!(carl.sees(&room).await["membership"]["muted"], false);
    ben.posts(&room, "still here").await;
    ben.delete(&mute).await.expect_nothing();
    assert_eq!(ben.sees(&room).await["membership"]["muted"], false);
}
