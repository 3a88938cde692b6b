//! Requests that come at once, stop half way, or are for nobody.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Line, Poller, within};
use crate::server::{Server, calm, options};

/// Begins a request that is never finished.
async fn begin(server: &Server, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!("{head}\r\nHost: {}\r\n", server.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn until_empty(server: &Server) {
    within(async {
        while server.io.sessions() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[actix_web::test]
async fn a_poll_that_is_let_go_takes_its_session_along() {
    let server = Server::start(options());
    let poller = Poller::connect(&server).await;
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", poller.sid);
    let mut stream = begin(&server, &format!("GET {path} HTTP/1.1")).await;
    stream.write_all(b"\r\n").await.unwrap();
    drop(stream);
    until_empty(&server).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_post_that_never_ends_holds_nothing_when_its_session_is_gone() {
    let server = Server::start(options());
    let poller = Poller::connect(&server).await;
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", poller.sid);
    let mut stream = begin(&server, &format!("POST {path} HTTP/1.1")).await;
    stream
        .write_all(b"Content-Length: 1000\r\n\r\n42[")
        .await
        .unwrap();
    // The session ends by its heartbeat, and the post is answered.
    let mut answer = Vec::new();
    let mut piece = [0; 1_024];
    while !answer.starts_with(b"HTTP/1.1 400") {
        let read = within(stream.read(&mut piece)).await.unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&piece[..read]);
    }
    until_empty(&server).await;
    server.stop().await;
}

#[actix_web::test]
async fn two_posts_at_once_end_the_session() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", poller.sid);
    let mut first = begin(&server, &format!("POST {path} HTTP/1.1")).await;
    first
        .write_all(b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
        .await
        .unwrap();
    // The server asks for the body once it reads it.
    let mut asked = [0; 12];
    within(first.read_exact(&mut asked)).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100");
    let second = within(async {
        loop {
            let answer = poller.post("43[]").await;
            if answer.status != 200 {
                return answer.status;
            }
        }
    });
    assert_eq!(second.await, 400);
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn a_post_that_announces_too_much_is_not_read() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", poller.sid);
    let mut stream = begin(&server, &format!("POST {path} HTTP/1.1")).await;
    stream
        .write_all(b"Content-Length: 99999999999\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 12];
    within(stream.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn a_frame_that_announces_too_much_is_not_read() {
    let server = Server::start(calm());
    let mut good = Line::connect(&server).await;
    let path = "/socket.io/?EIO=4&transport=websocket";
    let mut stream = begin(&server, &format!("GET {path} HTTP/1.1")).await;
    let head = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head).await.unwrap();
    // A terabyte, of which not even the mask is sent.
    let terabyte = 1_u64 << 40;
    let frame = [&[0x81, 0xff][..], &terabyte.to_be_bytes()].concat();
    stream.write_all(&frame).await.unwrap();
    let mut heard = Vec::new();
    within(stream.read_to_end(&mut heard)).await.unwrap();
    assert!(heard.starts_with(b"HTTP/1.1 101 "));
    good.send(r#"42["message","still here"]"#).await;
    assert_eq!(good.text().await, r#"42["message-back","still here"]"#);
    drop(good);
    until_empty(&server).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_probe_for_nobody_is_refused() {
    let server = Server::start(calm());
    for sid in [
        "AAAAAAAAAAAAAAAA",
        "",
        "..",
        "%00",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let query = format!("EIO=4&transport=websocket&sid={sid}");
        assert_eq!(Line::dial(&server, &query).await.err(), Some(400), "{sid}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn what_is_no_payload_is_refused() {
    let server = Server::start(calm());
    let poller = Poller::connect(&server).await;
    let url = format!(
        "http://{}/socket.io/?EIO=4&transport=polling&sid={}",
        server.address, poller.sid
    );
    let request = reqwest::Client::new().post(url);
    let request = request
        .header("Content-Type", "application/octet-stream")
        .body("42[\"message\"]");
    assert_eq!(crate::client::ask(request).await.status, 400);
    assert!(poller.is_gone().await);
    server.stop().await;
}
