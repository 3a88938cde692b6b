//! Rate limits.

use acceptance::{World, scenarios};
use serde_json::{Value, json};
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
    what_posting_counts_is_told_whatever_the_answer,
    what_signing_in_and_up_count_is_told_whatever_the_answer,
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
    // Invalid requests are reported as such before the limit is checked.
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

async fn what_posting_counts_is_told_whatever_the_answer(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let (name, nowhere) = (Uuid::now_v7(), Uuid::now_v7());
    ana.posts_as(&room, name, "once").await.expect(201);
    let tells = async |path: &str, form: Value, status: u16, left: u32| {
        let answer = ana.post(path, form).await;
        assert_eq!(answer.status, status, "{answer:?}");
        let policy = answer.header("ratelimit-policy");
        assert!(policy.contains("\"message\";q=5;w=600"), "{answer:?}");
        let left = format!("\"message\";r={left};");
        assert!(answer.header("ratelimit").contains(&left), "{answer:?}");
    };
    let path = format!("/api/rooms/{room}/messages");
    tells(&path, json!({ "content": "" }), 422, 4).await;
    tells(&path, json!([]), 422, 4).await;
    let lost = json!({ "content": "x", "replyTo": nowhere });
    tells(&path, lost, 422, 4).await;
    let same = |content: &str| json!({ "content": content, "clientId": name });
    tells(&path, same("twice"), 409, 4).await;
    tells(&path, same("once"), 200, 4).await;
    let elsewhere = format!("/api/rooms/{nowhere}/messages");
    tells(&elsewhere, json!({ "content": "x" }), 404, 5).await;
    let by_name = json!({ "chatRoomName": "tertulia", "content": "hello" });
    tells("/chat/message", by_name, 201, 3).await;

    // Requests without a room do not use up the limit.
    let letter = || json!({ "content": "x" });
    tells("/api/rooms/xx/messages", letter(), 404, 5).await;
    let unknown = json!({ "chatRoomName": "nowhere", "content": "x" });
    tells("/chat/message", unknown, 404, 5).await;
    let answer = world.visitor().post(&path, letter()).await;
    assert_eq!(answer.status, 401, "{answer:?}");
    let policy = answer.header("ratelimit-policy");
    assert!(policy.contains("\"message\";q=5;w=600"), "{answer:?}");
    let left = answer.header("ratelimit");
    assert!(left.contains("\"message\";r=5;"), "{answer:?}");
}

async fn what_signing_in_and_up_count_is_told_whatever_the_answer(world: &mut World) {
    world.person("ana").await;
    let visitor = world.visitor();
    let tells = async |path: &str, form: Value, status: u16, left: &str| {
        let answer = visitor.post(path, form).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.header("ratelimit").contains(left), "{answer:?}");
    };
    let log_in = |password: &str| json!({ "email": "ana", "password": password });
    let good = log_in(acceptance::PASSWORD);
    tells("/api/auth/login", good, 200, "\"login\";r=5;").await;
    let bad = log_in("wrong horse");
    tells("/api/auth/login", bad, 401, "\"login\";r=4;").await;
    tells("/api/auth/login", json!({}), 422, "\"login\";r=4;").await;

    let ben = json!({
        "email": "ben@example.com", "password": acceptance::PASSWORD, "username": "ben",
    });
    let path = "/api/auth/register";
    tells(path, json!({}), 422, "\"register\";r=3;").await;
    tells(path, ben.clone(), 201, "\"register\";r=2;").await;
    tells(path, ben, 409, "\"register\";r=1;").await;
}
