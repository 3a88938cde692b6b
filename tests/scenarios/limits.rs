//! How often is too often.

use acceptance::{World, scenarios};
use serde_json::json;
use uuid::Uuid;

scenarios![
    with &[
        ("RATE_LIMIT_POINTS", "5"),
        ("RATE_LIMIT_DURATION", "600"),
        ("LIMIT_LOGIN_IP", "5/600"),
        ("LIMIT_REGISTER_IP", "4/600"),
        ("LIMIT_USER", "40/600"),
    ];
    messages_are_limited_in_each_room,
    a_repeat_is_not_counted,
    failed_logins_are_limited,
    registrations_are_limited,
    requests_are_limited,
    a_limit_is_told_whatever_the_answer,
];

async fn messages_are_limited_in_each_room(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    for left in (0..5).rev() {
        let answer = ana.tries_to_post(&room, "one more").await;
        assert!(
            answer
                .header("ratelimit-policy")
                .contains("\"message\";q=5;w=600")
        );
        let left = format!("\"message\";r={left};");
        assert!(answer.header("ratelimit").contains(&left), "{answer:?}");
        answer.expect(201);
    }
    let refused = ana.tries_to_post(&room, "one too many").await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    let problem = refused.expect_problem(429, "rate_limited");
    assert_eq!(problem["retryAfter"], wait);

    ben.posts(&room, "I may").await;
    let other = ana.makes_room("other").await;
    ana.posts(&other, "and so may I, here").await;
    // What is wrong anyhow is told before how often.
    assert_eq!(
        ana.tries_to_post(&room, "").await.expect_fields(),
        ["content"]
    );
    assert_eq!(ana.reads(&room).await.len(), 6);
}

async fn a_repeat_is_not_counted(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let name = Uuid::now_v7();
    ana.posts_as(&room, name, "once").await.expect(201);
    for _ in 0..6 {
        ana.posts_as(&room, name, "once").await.expect(200);
    }
    for _ in 0..4 {
        ana.posts(&room, "more").await;
    }
    ana.tries_to_post(&room, "too many")
        .await
        .expect_problem(429, "rate_limited");
    ana.posts_as(&room, name, "once").await.expect(200);
    ana.posts_as(&room, name, "twice")
        .await
        .expect_problem(409, "conflict");
}

async fn failed_logins_are_limited(world: &mut World) {
    world.person("ana").await;
    let login = async |password: &str| {
        let credentials = json!({ "email": "ana", "password": password });
        world.visitor().post("/api/auth/login", credentials).await
    };
    for _ in 0..3 {
        login(acceptance::PASSWORD).await.expect(200);
    }
    for _ in 0..5 {
        login("wrong horse")
            .await
            .expect_problem(401, "bad_credentials");
    }
    let refused = login("wrong horse").await;
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    assert_eq!(refused.status, 429, "{}", refused.text);
}

async fn registrations_are_limited(world: &mut World) {
    for number in 0..4 {
        world.person(&format!("person{number}")).await;
    }
    let account = json!({ "email": "e@example.org", "password": acceptance::PASSWORD, "username": "person5" });
    let refused = world.visitor().post("/api/auth/register", account).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
}

async fn requests_are_limited(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let mut refused = 0;
    for _ in 0..50 {
        if ana.get("/api/auth/me").await.status == 429 {
            refused += 1;
        }
    }
    assert!((8..=10).contains(&refused), "{refused} of 50 were refused");
    ben.get("/api/auth/me").await.expect(200);
}

async fn a_limit_is_told_whatever_the_answer(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    for (path, status) in [
        ("/api/rooms".to_owned(), 200),
        (format!("/api/rooms/{room}/messages?limit=0"), 422),
        (format!("/api/rooms/{}", Uuid::now_v7()), 404),
        ("/api/nothing".to_owned(), 404),
        ("/api/auth/login".to_owned(), 405),
    ] {
        let answer = ana.get(&path).await;
        assert_eq!(answer.status, status, "{answer:?}");
        let policy = answer.header("ratelimit-policy");
        assert_eq!(policy, "\"user\";q=40;w=600", "{answer:?}");
        let left = answer.header("ratelimit");
        assert!(left.starts_with("\"user\";r="), "{answer:?}");
    }
}
