//! Starting before the backends, or while they are down.

use std::time::{Duration, Instant};

use acceptance::{Client, Person};
use serde_json::{Value, json};
use servers::{Mongo, Postgres, Redis};

use crate::server::{Server, said, tertulia};

/// Longer than any of them takes to come back.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_without_mongo_and_redis_and_finds_them_when_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let (mut mongo, mut redis) = (Mongo::start(), Redis::start());
    mongo.kill();
    redis.kill();
    let settings = [
        ("MONGODB_URL", &*mongo.url()),
        ("REDIS_URL", &*redis.url()),
        ("LIMIT_ANONYMOUS", "1000/60"),
        ("LIMIT_USER", "1000/60"),
    ];
    let server = Server::with(&folder.path().join("data"), &settings);
    let visitor = server.client();
    let health = wait_until_it_is(&visitor, "degraded").await;
    for (backend, state) in [("store", "ok"), ("sessions", "down"), ("bus", "down")] {
        assert_eq!(state_of(&health, backend), state, "{health}");
    }
    visitor
        .get("/api/rooms")
        .await
        .expect_problem(401, "unauthenticated");
    assert!(is_without(&visitor, "limits").await);

    mongo.restart();
    redis.restart();
    wait_until_it_is(&visitor, "ok").await;
    let ana = Person::register(visitor.clone(), "ana").await;
    let room = ana.makes_room("tertulia").await;
    post(&ana, &room).await;
    let begun = Instant::now();
    while is_without(&visitor, "limits").await {
        assert!(begun.elapsed() < PATIENCE, "it is not asked again");
        post(&ana, &room).await;
    }
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
    for news in ["a backend is unhealthy", "a backend is healthy again"] {
        assert!(log.contains(news), "{log}");
    }
}

/// Waits until the server is in this state, and returns its health document.
async fn wait_until_it_is(visitor: &Client, status: &str) -> Value {
    let begun = Instant::now();
    loop {
        let health = visitor.get("/health/ready").await.expect(200);
        if health["status"] == status {
            return health;
        }
        assert!(begun.elapsed() < PATIENCE, "it is {health}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn state_of<'a>(health: &'a Value, backend: &str) -> &'a Value {
    let all = health["backends"].as_array().unwrap();
    let found = all.iter().find(|one| one["name"] == backend);
    &found.unwrap()["state"]
}

async fn post(who: &Person, room: &str) {
    let path = format!("/api/rooms/{room}/messages");
    let told = who.post(&path, json!({ "content": "still here" })).await;
    told.expect(201);
}

/// Whether the node uses the fallback of this part.
async fn is_without(visitor: &Client, part: &str) -> bool {
    let written = visitor.get("/metrics").await;
    assert_eq!(written.status, 200);
    let line = format!("tertulia_fallback_in_force{{part=\"{part}\"}} ");
    let value = written.text.lines().find_map(|it| it.strip_prefix(&line));
    value.unwrap() == "1"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_waits_for_postgres_at_its_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut postgres = Postgres::start();
    postgres.kill();
    let (data, url) = (folder.path().to_owned(), postgres.url());
    let starting = std::thread::spawn(move || Server::with(&data, &[("DATABASE_URL", &url)]));
    postgres.restart();
    let server = starting.join().unwrap();
    Person::register(server.client(), "ana").await;
    let (content, log) = server.stop();
    assert!(content, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_share_a_postgres_only_if_they_hear_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (postgres, mongo, redis) = (Postgres::start(), Mongo::start(), Redis::start());
    let database = postgres.url();
    let data = |name: &str| folder.path().join(name);

    let asked = |command: &str, settings: &[(&str, &str)]| {
        let mut asked = tertulia(&data("one"));
        let asked = asked.arg(command).envs(settings.iter().copied());
        said(&asked.output().unwrap())
    };
    let alone = [("DATABASE_URL", &*database)];
    let told = asked("migrate", &alone);
    assert!(
        told.contains("applied ") && told.contains("is up to date"),
        "{told}"
    );
    let told = asked("doctor", &alone);
    assert!(told.contains("a second node will be refused"), "{told}");

    let alone = Server::with(&data("one"), &[("DATABASE_URL", &database)]);
    let mut second = tertulia(&data("two"));
    let second = second.env("DATABASE_URL", &database).output().unwrap();
    assert!(!second.status.success());
    for name in ["REDIS_URL", "MONGODB_URL"] {
        assert!(said(&second).contains(name), "{}", said(&second));
    }
    assert!(alone.stop().0);

    let all = [
        ("DATABASE_URL", &*database),
        ("MONGODB_URL", &*mongo.url()),
        ("REDIS_URL", &*redis.url()),
        ("JWT_SECRET", "a secret of more than thirty-two bytes"),
    ];
    let told = asked("doctor", &all);
    for well in ["Postgres is up to date", "MongoDB works", "Redis works"] {
        assert!(told.contains(well), "{told}");
    }
    let (one, two) = (
        Server::with(&data("one"), &all),
        Server::with(&data("two"), &all),
    );
    let ana = Person::register(one.client(), "ana").await;
    let room = ana.makes_room("tertulia").await;
    post(&ana.at(&two.client()), &room).await;
    assert!(one.stop().0 && two.stop().0);
}
