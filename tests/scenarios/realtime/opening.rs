//! Authentication of sockets.

use acceptance::{Client, Person, Socket, World, scenarios, until};
use serde_json::json;
use uuid::Uuid;

scenarios![
    with &[("CORS_ORIGINS", "https://app.example.org")];
    there_are_three_ways_in,
    what_one_needs_to_know_is_told_first,
    a_bad_token_is_refused,
    an_ended_session_is_refused,
    other_protocols_are_not_spoken,
    strange_pages_are_refused,
    nothing_is_done_before_one_is_known,
    who_does_not_say_who_they_are_is_sent_away,
    nobody_has_more_than_twenty_connections,
];

async fn introduced(client: &Client, token: &str) -> Socket {
    let mut socket = client.opens(&[]).await;
    socket
        .tells(json!({ "type": "auth", "token": token }))
        .await;
    socket
}

async fn there_are_three_ways_in(world: &mut World) {
    let ana = world.person("ana").await;
    let authorization = ana.authorization();
    let offer = ana.offer();
    let authorization = ("authorization", authorization.as_str());
    let protocol = |name| ("sec-websocket-protocol", name);

    for (headers, selected) in [
        (&[authorization][..], None),
        (
            &[authorization, protocol("tertulia.v1")],
            Some("tertulia.v1"),
        ),
        (
            &[authorization, protocol("chat, tertulia.v1")],
            Some("tertulia.v1"),
        ),
        (&[protocol(offer.as_str())], Some("tertulia.v1")),
    ] {
        let mut socket = ana.opens(headers).await;
        assert_eq!(socket.protocol(), selected);
        assert_eq!(socket.is_ready().await["userId"], ana.id.as_str());
    }
    for headers in [&[][..], &[protocol("tertulia.v1")]] {
        let mut socket = ana.opens(headers).await;
        let auth = json!({ "type": "auth", "token": ana.token });
        socket.tells(auth).await;
        assert_eq!(socket.is_ready().await["userId"], ana.id.as_str());
    }
}

async fn what_one_needs_to_know_is_told_first(world: &mut World) {
    let ana = world.person("ana").await;
    let authorization = ana.authorization();
    let headers = [("authorization", authorization.as_str())];
    let mut socket = ana.opens(&headers).await;
    let ready = socket.is_ready().await;

    let sessions = ana.get("/api/auth/sessions").await.expect(200);
    assert_eq!(ready["sessionId"], sessions["sessions"][0]["id"]);
    let room = ana.makes_room("tertulia").await;
    let events = format!("/api/rooms/{room}/events?since=0");
    assert_eq!(ready["epoch"], ana.get(&events).await.expect(200)["epoch"]);
    assert_eq!(ready["heartbeat"], 25);
    let time = ready["serverTime"].as_str().unwrap();
    assert!(time.ends_with('Z') && time.len() == 24, "{time}");

    let mut other = ana.opens(&headers).await;
    let other = other.is_ready().await;
    assert_eq!(other["sessionId"], ready["sessionId"]);
    let ids = [&other, &ready].map(|it| it["connectionId"].as_str().unwrap().parse::<Uuid>());
    let [other, one] = ids.map(Result::unwrap);
    assert_ne!(other, one);
}

async fn a_bad_token_is_refused(world: &mut World) {
    let ana = world.person("ana").await;
    let visitor = world.visitor();
    for token in ["x", "a.b.c", &ana.refresh_token] {
        let authorization = format!("Bearer {token}");
        let offer = format!("tertulia.v1, bearer.{token}");
        for header in [
            ("authorization", authorization.as_str()),
            ("sec-websocket-protocol", offer.as_str()),
        ] {
            let answer = visitor.knocks(&[header]).await;
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            answer.expect_problem(401, "unauthenticated");
        }
        introduced(&visitor, token).await.ends_with(4500).await;
    }
}

async fn an_ended_session_is_refused(world: &mut World) {
    let ana = world.person("ana").await;
    ana.post("/api/auth/logout", json!({}))
        .await
        .expect_nothing();
    let authorization = ana.authorization();
    let header = ("authorization", authorization.as_str());
    ana.knocks(&[header])
        .await
        .expect_problem(401, "session_revoked");
    introduced(&ana, &ana.token).await.ends_with(4500).await;
}

async fn other_protocols_are_not_spoken(world: &mut World) {
    let ana = world.person("ana").await;
    let authorization = ana.authorization();
    for offer in ["chat", "graphql-ws, mqtt", "tertulia.v2", "bearer.x"] {
        let headers = [
            ("authorization", authorization.as_str()),
            ("sec-websocket-protocol", offer),
        ];
        ana.knocks(&headers).await.expect_problem(400, "malformed");
    }
}

async fn strange_pages_are_refused(world: &mut World) {
    let ana = world.person("ana").await;
    let authorization = ana.authorization();
    let of = |origin| {
        [
            ("authorization", authorization.as_str()),
            ("origin", origin),
        ]
    };
    for origin in [
        "https://evil.example.org",
        "http://app.example.org",
        "https://app.example.org.evil.example",
        "null",
    ] {
        ana.knocks(&of(origin))
            .await
            .expect_problem(403, "forbidden");
    }
    let mut socket = ana.opens(&of("https://app.example.org")).await;
    socket.is_ready().await;
}

async fn nothing_is_done_before_one_is_known(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    for frame in [
        json!({ "type": "ping" }),
        json!({ "type": "subscribe", "rooms": { &room: null }, "id": 1 }),
        json!({ "type": "send", "roomId": room, "content": "boo" }),
    ] {
        let mut socket = world.visitor().opens(&[]).await;
        socket.tells(frame).await;
        socket.ends_with(4500).await;
    }
    assert_eq!(ana.reads(&room).await, [""; 0]);
}

async fn who_does_not_say_who_they_are_is_sent_away(world: &mut World) {
    let mut socket = world.visitor().opens(&[]).await;
    socket.ends_with(4500).await;
}

async fn nobody_has_more_than_twenty_connections(world: &mut World) {
    let ana = world.person("ana").await;
    let elsewhere = |number: usize| -> Person {
        let node = world.visitor_at(number % world.nodes());
        ana.clone().at(&node)
    };
    let mut sockets = Vec::new();
    for number in 0..20 {
        sockets.push(elsewhere(number).connects().await);
    }
    let authorization = ana.authorization();
    let header = [("authorization", authorization.as_str())];
    for number in 0..world.nodes() {
        let refused = elsewhere(number).knocks(&header).await;
        refused.expect_problem(429, "too_many");
        let mut refused = introduced(&elsewhere(number), &ana.token).await;
        refused.ends_with(4504).await;
    }
    // Other users are not affected, and existing connections stay open.
    world.person("ben").await.connects().await;
    for socket in &mut sockets {
        socket.so_far().await;
    }

    sockets.pop().unwrap().leaves().await;
    until("there is room for another one", async || {
        let mut socket = introduced(&ana, &ana.token).await;
        match socket.hears(acceptance::SOON).await {
            acceptance::Heard::Frame(frame) => frame["type"] == "ready",
            acceptance::Heard::End(_) | acceptance::Heard::Nothing => false,
        }
    })
    .await;
}
