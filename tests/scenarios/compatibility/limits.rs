//! Limits that the five systems document, but that could be bypassed there.

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::json;

use super::scene::two_in_a_room;

scenarios![
    with &[
        ("RATE_LIMIT_POINTS", "5"),
        ("RATE_LIMIT_DURATION", "600"),
        ("LIMIT_LOGIN_IP", "5/600"),
    ];
    logins_are_counted_by_the_real_address,
    messages_are_counted_by_person_and_room,
];

async fn logins_are_counted_by_the_real_address(world: &mut World) {
    world.person("ana").await;
    let visitor = world.visitor();
    let guess = async |number: u8| {
        let credentials = json!({ "email": "ana", "password": format!("guess {number}") });
        let request = visitor
            .request(Method::POST, "/api/auth/login")
            .header("x-forwarded-for", format!("203.0.113.{number}"))
            .json(&credentials);
        visitor.send(request).await
    };
    for number in 0..5 {
        let refused = guess(number).await;
        refused.expect_problem(401, "bad_credentials");
    }
    let refused = guess(5).await;
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    refused.expect_problem(429, "rate_limited");
}

async fn messages_are_counted_by_person_and_room(world: &mut World) {
    let (ana, ben, room) = two_in_a_room(world).await;
    // One limit for all APIs, devices and nodes.
    let phone = ana.on_another_device().await.at(&world.visitor());
    let mut socket = phone.connects().await;
    ana.posts(&room, "by its id").await;
    let by_name = json!({ "chatRoomName": "tertulia", "content": "by its name" });
    phone
        .post("/chat/message", by_name.clone())
        .await
        .expect(201);
    let send = json!({ "type": "send", "roomId": room, "content": "by the socket" });
    socket.ask(send.clone()).await.done();
    ana.posts(&room, "four").await;
    phone.posts(&room, "five").await;

    let refused = ana.tries_to_post(&room, "six").await;
    refused.expect_problem(429, "rate_limited");
    let refused = phone.post("/chat/message", by_name).await;
    refused.expect_problem(429, "rate_limited");
    let mut again = phone.connects().await;
    again.ask(send).await.refused("rate_limited");
    ben.posts(&room, "I may").await;
}
