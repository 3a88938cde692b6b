//! Closing the door.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::house::House;
use crate::plain_http::Told;

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

#[actix_web::test]
async fn a_request_in_flight_is_finished() {
    let house = House::new();
    let ana = house.person("ana").await;
    let asked = house.ask("POST", "/api/rooms").token(&ana.token);
    let asked = asked
        .header("expect", "100-continue")
        .body("{\"name\":\"Last\"}");
    let mut stream = asked.begin().await;
    let mut go_on = vec![0; CONTINUE.len()];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(go_on, CONTINUE);

    let handle = house.handle.clone();
    let closing = actix_web::rt::spawn(async move { handle.close().await });
    // The door is closed once nobody can connect.
    while TcpStream::connect(house.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(b"{\"name\":\"Last\"}").await.unwrap();
    assert_eq!(Told::read(stream).await.is(201)["name"], "Last");
    closing.await.unwrap();
    house.served.await.unwrap().unwrap();
}

#[actix_web::test]
async fn idle_connections_do_not_hold_the_door_open() {
    let house = House::new();
    house
        .room(&house.person("ana").await, json!({ "name": "a" }))
        .await;
    let mut idle = TcpStream::connect(house.address).await.unwrap();
    let request = format!("GET /health HTTP/1.1\r\nhost: {}\r\n\r\n", house.address);
    idle.write_all(request.as_bytes()).await.unwrap();
    idle.readable().await.unwrap();
    house.handle.close().await;
    house.served.await.unwrap().unwrap();
}
