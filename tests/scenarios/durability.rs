//! What was acknowledged survives a restart of the server.

use acceptance::{Person, World, scenarios};
use serde_json::json;
use uuid::Uuid;

scenarios![
    kept;
    everything_is_there_after_a_restart,
    a_repeat_after_a_restart_stores_nothing,
    stopping_answers_what_was_begun,
];

async fn everything_is_there_after_a_restart(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let code = ana.sees(&room).await["inviteCode"].clone();
    ben.post("/api/rooms/join", json!({ "inviteCode": code }))
        .await
        .expect(200);
    let said = ana.posts(&room, "remember, @ben").await;
    ben.put(&format!(
        "/api/messages/{}/reactions/%F0%9F%91%8D",
        said["id"].as_str().unwrap()
    ))
    .await
    .expect(200);
    ana.patch("/api/users/me", json!({ "profile": { "city": "Cádiz" } }))
        .await
        .expect(200);
    let epoch = async |who: &Person| {
        who.get(&format!("/api/rooms/{room}/events?since=0"))
            .await
            .expect(200)["epoch"]
            .clone()
    };
    let (before, first) = (ben.sees(&room).await, epoch(&ben).await);

    world.restart().await;

    // The tokens are valid for the new process, which has a different port.
    let (ana, ben) = (back(world, &ana), back(world, &ben));
    assert_eq!(ben.sees(&room).await, before);
    assert_eq!(before["membership"]["mentions"], 1);
    assert_eq!(epoch(&ben).await, first);
    let seen = ana
        .get(&format!("/api/messages/{}", said["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(seen["reactions"][0]["emoji"], "👍");
    let me = ana.get("/api/users/me").await.expect(200);
    assert_eq!(me["profile"]["city"], "Cádiz");
    let next = ana.posts(&room, "and go on").await;
    assert_eq!(next["seq"], 2);
    let body = json!({ "refreshToken": ana.refresh_token });
    ana.post("/api/auth/refresh", body).await.expect(200);
}

async fn a_repeat_after_a_restart_stores_nothing(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let name = Uuid::now_v7();
    let first = ana.posts_as(&room, name, "once").await.expect(201);
    world.restart().await;
    let ana = back(world, &ana);
    let again = ana.posts_as(&room, name, "once").await.expect(200);
    assert_eq!(again["id"], first["id"]);
    assert_eq!(ana.reads(&room).await, ["once"]);
}

async fn stopping_answers_what_was_begun(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let mut writers = Vec::new();
    for writer in 0..16 {
        let (ana, room) = (ana.clone(), room.clone());
        writers.push(tokio::spawn(async move {
            let mut answered = Vec::new();
            for number in 0.. {
                let text = format!("{writer}/{number}");
                match ana.hopes_to_post(&room, &text).await {
                    Some(201) => answered.push(text),
                    _ => break,
                }
            }
            answered
        }));
    }
    // Until the first message is refused there is no sign that the server is stopping; what matters is that
    // it is stopped while they write.
    while ana.reads(&room).await.len() < 32 {
        tokio::task::yield_now().await;
    }
    world.restart().await;
    let mut answered = Vec::new();
    for writer in writers {
        answered.extend(writer.await.unwrap());
    }
    let ana = back(world, &ana);
    let kept = ana.reads_all(&room).await;
    for text in &answered {
        let copies = kept.iter().filter(|kept| *kept == text).count();
        assert_eq!(copies, 1, "{text} was answered with 201");
    }
    assert!(answered.len() >= 32);
}

fn back(world: &World, person: &Person) -> Person {
    person.clone().at(&world.visitor())
}
