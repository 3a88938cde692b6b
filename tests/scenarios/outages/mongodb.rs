//! Without MongoDB: signed-in users can continue, but nobody can sign in or be signed out.

use std::time::Duration;

use acceptance::{Person, World};
use serde_json::json;
use servers::Mongo;
use tokio::time::timeout;

use super::{Fate, login, refresh, until_health};

#[test]
fn killed() {
    play(Fate::Killed);
}

#[test]
fn frozen() {
    play(Fate::Frozen);
}

fn play(fate: Fate) {
    let mut mongo = Mongo::start();
    World::production()
        .with("MONGODB_URL", &mongo.url())
        .run(async |world| {
            until_health(world, 200, "sessions", "ok").await;
            let (ana, ben) = (world.person("ana").await, world.person("ben").await);
            let room = ana.makes_room("tertulia").await;
            ana.patch("/api/users/me", json!({ "profile": { "city": "Cádiz" } }))
                .await
                .expect(200);
            ben.post("/api/auth/logout", json!({}))
                .await
                .expect_nothing();

            fate.strike(&mut mongo);
            without(world, &ana, &ben, &room).await;
            until_health(world, 200, "sessions", "down").await;

            fate.mend(&mut mongo);
            until_health(world, 200, "sessions", "ok").await;
            let me = ana.get("/api/users/me").await.expect(200);
            assert_eq!(me["profile"]["city"], "Cádiz");
            refresh(world, &ana).await.expect(200);
            login(world, &ben).await.expect(200);
            world.person("cleo").await;
        });
}

async fn without(world: &World, ana: &Person, ben: &Person, room: &str) {
    ana.posts(room, "I am still here").await;
    assert_eq!(ana.reads(room).await, ["I am still here"]);
    ana.get("/api/auth/me").await.expect(200);

    // This is reported before the driver's own timeout, which is half a minute.
    let soon = Duration::from_secs(28);
    let refused = timeout(soon, login(world, ana)).await.unwrap();
    refused.expect_problem(503, "unavailable");
    let refused = timeout(soon, refresh(world, ana)).await.unwrap();
    refused.expect_problem(503, "unavailable");

    // Users who had signed out stay signed out.
    ben.get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
}
