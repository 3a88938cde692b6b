//! Without Redis: everything continues, and each node counts rate limits by itself.

use acceptance::{Person, World};
use serde_json::json;
use servers::Redis;

use super::{Fate, login, until_health};

#[test]
fn killed() {
    play(Fate::Killed);
}

#[test]
fn frozen() {
    play(Fate::Frozen);
}

fn play(fate: Fate) {
    let mut redis = Redis::start();
    World::production()
        .with("REDIS_URL", &redis.url())
        .with("RATE_LIMIT_POINTS", "5")
        .with("RATE_LIMIT_DURATION", "600")
        .run(async |world| {
            until_health(world, 200, "bus", "ok").await;
            let (ana, ben) = (world.person("ana").await, world.person("ben").await);
            let room = ana.makes_room("tertulia").await;
            ben.joins(&room).await;
            ana.posts(&room, "before").await;

            fate.strike(&mut redis);
            without(world, &ana, &ben, &room).await;
            until_health(world, 200, "bus", "down").await;

            fate.mend(&mut redis);
            until_health(world, 200, "bus", "ok").await;
            // Ben waits a while: what this node counted by itself remains in force for a moment.
            ana.posts(&room, "after").await;
            assert_eq!(ben.reads(&room).await.last().unwrap(), "after");
        });
}

async fn without(world: &World, ana: &Person, ben: &Person, room: &str) {
    // Limits are still enforced.
    for number in 0..5 {
        ben.posts(room, &format!("meanwhile {number}")).await;
    }
    ben.tries_to_post(room, "too much")
        .await
        .expect_problem(429, "rate_limited");
    // Changes without a hint are read from the store.
    assert_eq!(ana.reads(room).await.len(), 6);
    assert_eq!(ana.sees(room).await["membership"]["unread"], 5);

    let ana = login(world, ana).await.expect(200);
    let token = ana["accessToken"].as_str().unwrap();
    let ana = world.visitor().with_token(token);
    ana.post("/api/rooms", json!({ "name": "another" }))
        .await
        .expect(201);
    ana.post("/api/auth/logout", json!({}))
        .await
        .expect_nothing();
    ana.get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
}
