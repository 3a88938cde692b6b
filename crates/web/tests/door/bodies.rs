//! Malformed bodies.

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::house::{House, Person};
use crate::plain_http::{Asked, Told};

const ROOMS: &str = "/api/rooms";

fn rooms(house: &House, who: &Person) -> Asked {
    house.ask("POST", ROOMS).token(&who.token)
}

#[actix_web::test]
async fn what_is_not_json_is_malformed() {
    let house = House::new();
    let ana = house.person("ana").await;
    for body in [
        "",
        "{",
        "hello",
        "{\"name\":\"a\"} x",
        "{\"name\":\"\\ud800\"}",
    ] {
        let told = rooms(&house, &ana).body(body).send().await;
        told.refuses(400, "malformed");
    }
    let deep = format!("{{\"name\":{}{}}}", "[".repeat(64), "]".repeat(64));
    let told = rooms(&house, &ana).body(deep).send().await;
    told.refuses(400, "malformed");
    for body in ["[]", "null", "\"name\""] {
        let told = rooms(&house, &ana).body(body).send().await;
        assert_eq!(told.bad_fields(), ["body type"]);
    }
}

#[actix_web::test]
async fn every_bad_field_is_named() {
    let house = House::new();
    let form = json!({ "email": "nobody", "password": "x".repeat(73), "username": "a\u{0}b" });
    let told = house.ask("POST", "/api/auth/register").json(&form);
    assert_eq!(
        told.send().await.bad_fields(),
        ["email format", "password too_long", "username format"]
    );

    let ana = house.person("ana").await;
    let form = json!({ "name": 7, "isPrivate": "yes", "history": "some" });
    assert_eq!(
        rooms(&house, &ana).json(&form).send().await.bad_fields(),
        ["name type", "isPrivate type", "history format"]
    );
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_heard_out_and_refused() {
    let house = House::new();
    let ana = house.person("ana").await;
    let form = json!({ "name": "x".repeat(10 * 1024 * 1024) });
    rooms(&house, &ana)
        .json(&form)
        .send()
        .await
        .refuses(413, "too_large");

    // Without a content length.
    let asked = rooms(&house, &ana).header("transfer-encoding", "chunked");
    let mut stream = asked.begin().await;
    let chunk = format!("{:x}\r\n{}\r\n", 64 * 1024, " ".repeat(64 * 1024));
    for _ in 0..5 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    Told::read(stream).await.refuses(413, "too_large");

    let fits = json!({ "name": "Lobby", "padding": "x".repeat(255 * 1024) });
    rooms(&house, &ana).json(&fits).send().await.is(201);
}

#[actix_web::test]
async fn a_body_that_is_announced_far_too_large_is_refused_at_once() {
    let house = House::new();
    let ana = house.person("ana").await;
    let asked = rooms(&house, &ana).header("content-length", "99999999999");
    let told = Told::read(asked.begin().await).await;
    told.refuses(413, "too_large");
}

#[actix_web::test]
async fn only_json_is_read() {
    let house = House::new();
    let ana = house.person("ana").await;
    let form = json!({ "name": "Lobby" }).to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "nonsense",
    ] {
        let asked = rooms(&house, &ana).header("content-type", kind);
        let told = asked.body(form.clone()).send().await;
        told.refuses(415, "unsupported_media_type");
    }
    for kind in [
        "application/json; charset=utf-8",
        "application/merge-patch+json",
    ] {
        let asked = rooms(&house, &ana).header("content-type", kind);
        asked.body(form.clone()).send().await.is(201);
    }
    rooms(&house, &ana).body(form).send().await.is(201);
}

#[actix_web::test]
async fn signing_in_comes_before_the_form_and_the_form_before_what_is_stored() {
    let house = House::new();
    let told = house.ask("POST", ROOMS).body("{").send().await;
    told.refuses(401, "unauthenticated");
    let large = json!({ "name": "x".repeat(1024 * 1024) });
    let told = house.ask("POST", ROOMS).json(&large).send().await;
    told.refuses(401, "unauthenticated");

    let ana = house.person("ana").await;
    let nowhere = "/api/rooms/0195b4a0-0000-7000-8000-000000000001";
    for path in [nowhere, "/api/rooms/7"] {
        let told = house.act(&ana, "PATCH", path, json!({ "name": "" })).await;
        assert_eq!(told.bad_fields(), ["name too_short"]);
        let told = house.act(&ana, "PATCH", path, json!({ "name": "b" })).await;
        told.refuses(404, "not_found");
    }
}

#[actix_web::test]
async fn the_greatest_and_smallest_numbers_and_times_break_nothing() {
    let house = House::new();
    let ana = house.person("ana").await;
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    house.post(&ana, &room, "hello").await;
    let numbers = [
        "0",
        "-1",
        "9007199254740991",
        "9223372036854775808",
        "1e3",
        "NaN",
    ];
    for number in numbers {
        for path in [
            format!("/api/rooms/{room}/messages?after={number}&limit=100"),
            format!("/api/rooms/{room}/messages?around={number}&limit=1"),
            format!("/api/rooms/{room}/events?since={number}&limit=1000"),
            format!("/api/rooms/{room}/events?limit={number}"),
            format!("/api/messages/room/{room}?page={number}&limit=100"),
            format!("/api/rooms?limit={number}"),
        ] {
            let told = house.read(&ana, &path).await;
            assert!(
                matches!(told.status, 200 | 422),
                "{} of {path}",
                told.status
            );
        }
    }
    for time in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "today"] {
        let path = format!("/api/search/messages?q=hello&before={time}&after={time}");
        let told = house.read(&ana, &path).await;
        assert!(
            matches!(told.status, 200 | 422),
            "{} of {path}",
            told.status
        );
        let path = format!("/api/rooms/{room}/mute");
        let told = house
            .act(&ana, "PUT", &path, json!({ "until": time }))
            .await;
        assert!(
            matches!(told.status, 204 | 422),
            "{} of {time}",
            told.status
        );
        house
            .read(&ana, &format!("/api/rooms/{room}"))
            .await
            .is(200);
    }
}

#[actix_web::test]
async fn a_client_that_vanishes_or_dawdles_harms_nobody() {
    let house = House::new();
    let ana = house.person("ana").await;
    let slow = rooms(&house, &ana).body("{\"name\":\"Slow\"}");
    let mut dawdling = slow.begin().await;
    dawdling.write_all(b"{\"na").await.unwrap();

    let mut vanishing = rooms(&house, &ana)
        .body("{\"name\":\"Gone\"}")
        .begin()
        .await;
    vanishing.write_all(b"{\"na").await.unwrap();
    drop(vanishing);

    house.room(&ana, json!({ "name": "Lobby" })).await;
    dawdling.write_all(b"me\":\"Slow\"}").await.unwrap();
    Told::read(dawdling).await.is(201);

    let told = house.read(&ana, "/api/rooms").await.is(200);
    let rooms = told["rooms"].as_array().unwrap().iter();
    let names: Vec<&Value> = rooms.map(|room| &room["name"]).collect();
    assert_eq!(names, ["Slow", "Lobby"]);
}
