//! Direct rooms, and groups.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};

scenarios![
    two_people_have_one_conversation,
    two_openings_at_once_make_one,
    a_conversation_has_exactly_its_two,
    a_group_has_everybody_from_the_start,
    somebody_unknown_cannot_be_invited,
];

async fn opens(who: &Person, with: &[&Person]) -> acceptance::Answer {
    let ids: Vec<&str> = with.iter().map(|person| person.id.as_str()).collect();
    who.post("/api/chat", json!({ "participantIds": ids }))
        .await
}

fn id(room: &Value) -> String {
    room["id"].as_str().unwrap().to_owned()
}

async fn two_people_have_one_conversation(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = opens(&ana, &[&ben]).await.expect(201);
    assert_eq!(room["kind"], "direct");
    assert!(room["name"].is_null(), "{room}");
    assert!(room.get("ownerId").is_none(), "{room}");
    assert_eq!(room["participants"].as_array().unwrap().len(), 2);
    let again = opens(&ben, &[&ana, &ben]).await.expect(200);
    assert_eq!(id(&again), id(&room), "one's own id is dropped");

    ana.posts(&id(&room), "psst").await;
    let chats = ben.get("/api/chat").await.expect(200);
    assert_eq!(chats[0]["lastMessage"]["content"], "psst");
    assert_eq!(
        id(&ben
            .get(&format!("/api/chat/{}", id(&room)))
            .await
            .expect(200)),
        id(&room)
    );
    let said = ben
        .get(&format!("/api/chat/{}/messages", id(&room)))
        .await
        .expect(200);
    assert_eq!(said["messages"][0]["content"], "psst");
    let listed = ana.get("/api/rooms").await.expect(200);
    assert_eq!(listed["rooms"], json!([]), "never among the rooms");
}

async fn two_openings_at_once_make_one(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let mut opening = Vec::new();
    for number in 0..8 {
        let (ana, ben) = (ana.clone(), ben.clone());
        opening.push(tokio::spawn(async move {
            let answer = if number % 2 == 0 {
                opens(&ana, &[&ben]).await
            } else {
                opens(&ben, &[&ana]).await
            };
            let status = answer.status;
            (status, id(&answer.expect(status)))
        }));
    }
    let mut answers = Vec::new();
    for answer in opening {
        answers.push(answer.await.unwrap());
    }
    assert_eq!(
        answers.iter().filter(|(status, _)| *status == 201).count(),
        1,
        "{answers:?}"
    );
    assert!(
        answers.iter().all(|(_, id)| *id == answers[0].1),
        "{answers:?}"
    );
}

async fn a_conversation_has_exactly_its_two(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let carl = world.person("carl").await;
    let room = id(&opens(&ana, &[&ben]).await.expect(201));
    let path = format!("/api/rooms/{room}");
    carl.get(&path).await.expect_problem(404, "not_found");
    carl.post(&format!("{path}/join"), json!({}))
        .await
        .expect_problem(404, "not_found");
    carl.tries_to_post(&room, "hello?")
        .await
        .expect_problem(404, "not_found");

    ana.delete(&format!("{path}/leave"))
        .await
        .expect_problem(409, "conflict");
    ana.delete(&format!("{path}/users/{}", ben.id))
        .await
        .expect_problem(409, "conflict");
    ana.post(&format!("{path}/invites"), json!({}))
        .await
        .expect_problem(409, "conflict");
    ana.patch(&path, json!({ "name": "us" }))
        .await
        .expect_problem(409, "conflict");
}

async fn a_group_has_everybody_from_the_start(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let carl = world.person("carl").await;
    let group = opens(&ana, &[&ben, &carl]).await.expect(201);
    assert_eq!(group["kind"], "private");
    assert_eq!(group["memberCount"], 3);
    assert_eq!(group["ownerId"], ana.id.as_str());
    ben.posts(&id(&group), "hello, all").await;
    assert_eq!(carl.reads(&id(&group)).await, ["hello, all"]);
    let another = opens(&ana, &[&ben, &carl]).await.expect(201);
    assert_ne!(id(&another), id(&group), "groups are not unique");

    let of_two = json!({ "participantIds": [ben.id], "type": "group", "name": "plans" });
    let plans = ana.post("/api/chat", of_two).await.expect(201);
    assert_eq!(plans["kind"], "private");
    assert_eq!(plans["name"], "plans");
}

async fn somebody_unknown_cannot_be_invited(world: &mut World) {
    let ana = world.person("ana").await;
    let fields = async |body: Value| ana.post("/api/chat", body).await.expect_fields();
    let unknown = uuid::Uuid::now_v7();
    assert_eq!(
        fields(json!({ "participantIds": [unknown] })).await,
        ["participantIds"]
    );
    assert_eq!(
        fields(json!({ "participantIds": [] })).await,
        ["participantIds"]
    );
    assert_eq!(
        fields(json!({ "participantIds": [ana.id] })).await,
        ["participantIds"]
    );
    assert_eq!(fields(json!({ "participantIds": ["x"] })).await.len(), 1);
    let odd = json!({ "participantIds": vec![unknown; 101], "type": "party" });
    assert_eq!(fields(odd).await, ["participantIds", "type"]);
}
