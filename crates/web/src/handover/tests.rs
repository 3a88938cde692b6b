//! Connections of real clients, byte for byte.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::pending;
use std::io::ErrorKind;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{IntoServiceFactory as _, ServiceFactory as _, map_config};
use actix_web::body::{BodyStream, BoxBody};
use actix_web::dev::{AppConfig, Payload};
use actix_web::error::PayloadError;
use actix_web::middleware::from_fn;
use actix_web::rt::task::JoinHandle;
use actix_web::{App, Error, HttpRequest, HttpResponse, rt, web};
use actix_ws::Message;
use bytes::Bytes;
use futures::channel::oneshot;
use futures::{StreamExt as _, stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::inward::Inward;
use super::line::Line;
use super::*;

const HEAD: &str = "Host: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
/// A close without a code, as a server sends it.
const CLOSE: [u8; 2] = [0x88, 0];
/// How many pieces `/flood` sends, and how long each is.
const FLOOD: (u8, usize) = (200, 40_000);

/// Echoes what the client sends, until that is "go".
async fn echo(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let (response, session, mut stream) = actix_ws::handle(&request, payload)?;
    let mut session = session;
    rt::spawn(async move {
        while let Some(Ok(Message::Text(text))) = stream.recv().await {
            if text == "go" {
                break;
            }
            session.text(text).await.unwrap();
        }
        drop(session.close(None).await);
    });
    Ok(response)
}

/// Sends more than any buffer holds.
async fn flood(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let (response, _, _) = actix_ws::handle(&request, payload)?;
    let (count, length) = FLOOD;
    let pieces =
        (0..count).map(move |number| Ok::<_, Infallible>(Bytes::from(vec![number; length])));
    Ok(response.map_body(|_, _| BoxBody::new(BodyStream::new(stream::iter(pieces)))))
}

/// Waits until the client has disconnected, and reports it.
async fn mourn(
    request: HttpRequest,
    payload: web::Payload,
    told: web::Data<Cell<Option<oneshot::Sender<()>>>>,
) -> Result<HttpResponse, Error> {
    let (response, session, mut stream) = actix_ws::handle(&request, payload)?;
    rt::spawn(async move {
        let _open = session;
        while let Some(Ok(_)) = stream.recv().await {}
        told.take().unwrap().send(()).unwrap();
    });
    Ok(response)
}

/// Says that it has begun, and waits for as long as the client does. What it holds is dropped with it.
async fn wait(
    request: HttpRequest,
    told: web::Data<Cell<Option<[oneshot::Sender<()>; 2]>>>,
) -> HttpResponse {
    let _attention = attend(&request);
    let [begun, _held] = told.take().unwrap();
    begun.send(()).unwrap();
    pending().await
}

/// A client that connects, and the task that serves it.
async fn connect(
    routes: impl FnOnce(&mut web::ServiceConfig),
) -> (TcpStream, JoinHandle<Result<(), DispatchError>>) {
    let app = App::new().configure(routes).wrap(from_fn(leave_http));
    let http = HttpService::build()
        .on_connect_ext(introduce)
        .h1(map_config(app.into_factory(), |()| AppConfig::default()));
    let http = http.new_service(()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap());
    let (client, accepted) = tokio::join!(client, listener.accept());
    let served = rt::spawn(beyond_http(accepted.unwrap().0, &http, &Entrance::new()));
    (client.unwrap(), served)
}

fn all(routes: &mut web::ServiceConfig) {
    routes
        .route("/echo", web::get().to(echo))
        .route("/flood", web::get().to(flood))
        .route("/hello", web::get().to(|| async { "hello" }));
}

/// A text frame as a client sends it. A mask of zeros changes nothing.
fn said(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
}

/// A text frame as a server sends it.
fn heard(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    [&[0x81, length], text.as_bytes()].concat()
}

/// The head of a response.
async fn head(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn read(client: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    client.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn shake_hands(client: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\n{HEAD}");
    client.write_all(request.as_bytes()).await.unwrap();
    let head = head(client).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(!head.to_lowercase().contains("transfer-encoding"), "{head}");
}

#[actix_web::test]
async fn a_socket_goes_on_without_http() {
    let (mut client, served) = connect(all).await;
    shake_hands(&mut client, "/echo").await;
    for text in ["one", "two", "three"] {
        client.write_all(&said(text)).await.unwrap();
        assert_eq!(read(&mut client, text.len() + 2).await, heard(text));
    }
    client.write_all(&said("go")).await.unwrap();
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, CLOSE);
    assert!(!served.is_finished(), "the client has a moment to close");
    drop(client);
    served.await.unwrap().unwrap();
}

#[actix_web::test]
async fn what_came_with_the_handshake_is_read_before_what_came_after_it() {
    let (mut client, _served) = connect(all).await;
    let first: Vec<u8> = (0..200).flat_map(|n| said(&format!("{n:03}"))).collect();
    let request = format!("GET /echo HTTP/1.1\r\n{HEAD}");
    // The last frame is split in two; its second half is sent after HTTP has left.
    let (early, late) = first.split_at(first.len() - 2);
    client
        .write_all(&[request.as_bytes(), early].concat())
        .await
        .unwrap();
    assert!(head(&mut client).await.starts_with("HTTP/1.1 101 "));
    let expected: Vec<u8> = (0..200).flat_map(|n| heard(&format!("{n:03}"))).collect();
    let (at_once, last) = expected.split_at(expected.len() - 5);
    assert_eq!(read(&mut client, at_once.len()).await, at_once);
    client.write_all(late).await.unwrap();
    assert_eq!(read(&mut client, last.len()).await, last);
}

#[actix_web::test]
async fn a_socket_may_come_after_other_requests() {
    let (mut client, _served) = connect(all).await;
    for (path, status, length) in [("hello", 200, 5), ("nothing", 404, 0)] {
        let request = format!("GET /{path} HTTP/1.1\r\nHost: here\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let head = head(&mut client).await;
        assert!(head.contains(&format!(" {status} ")), "{head}");
        read(&mut client, length).await;
    }
    shake_hands(&mut client, "/echo").await;
    client.write_all(&said("still here")).await.unwrap();
    assert_eq!(read(&mut client, 12).await, heard("still here"));
}

#[actix_web::test]
async fn what_is_cut_off_does_not_look_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).await;
    let line = Line::new(stream.unwrap());
    let read = [
        Ok(Bytes::from_static(b"half of")),
        Err(PayloadError::Incomplete(None)),
    ];
    let http: Payload = Payload::Stream {
        payload: Box::pin(stream::iter(read)),
    };
    let mut inward = Inward::new(http, &line);
    drop(line);
    assert_eq!(inward.next().await.unwrap().unwrap(), "half of");
    assert!(inward.next().await.unwrap().is_err());
}

#[actix_web::test]
async fn who_reads_slowly_gets_everything() {
    let (mut client, served) = connect(all).await;
    shake_hands(&mut client, "/flood").await;
    let (count, length) = FLOOD;
    for number in 0..count {
        rt::task::yield_now().await;
        assert_eq!(read(&mut client, length).await, vec![number; length]);
    }
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    drop(client);
    served.await.unwrap().unwrap();
}

#[actix_web::test]
async fn who_leaves_is_missed() {
    let (tell, told) = oneshot::channel::<()>();
    let told_by = web::Data::new(Cell::new(Some(tell)));
    let (mut client, served) = connect(|routes| {
        routes.app_data(told_by).route("/", web::get().to(mourn));
    })
    .await;
    shake_hands(&mut client, "/").await;
    drop(client);
    told.await.unwrap();
    served.await.unwrap().unwrap();
}

#[actix_web::test]
async fn a_client_that_no_longer_waits_is_noticed() {
    let (begun, begins) = oneshot::channel::<()>();
    let (held, ended) = oneshot::channel::<()>();
    let told = web::Data::new(Cell::new(Some([begun, held])));
    let (mut client, served) = connect(|routes| {
        routes.app_data(told).route("/", web::get().to(wait));
    })
    .await;
    client
        .write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        .await
        .unwrap();
    begins.await.unwrap();
    client.shutdown().await.unwrap();
    served.await.unwrap().unwrap_err();
    ended.await.unwrap_err();
}

#[actix_web::test]
async fn who_does_not_close_is_cut_off() {
    let (mut client, served) = connect(all).await;
    shake_hands(&mut client, "/echo").await;
    client.write_all(&said("go")).await.unwrap();
    assert_eq!(read(&mut client, 2).await, CLOSE);
    served.await.unwrap().unwrap();
    let error = loop {
        if let Err(error) = client.write_all(&said("hello?")).await {
            break error;
        }
        rt::task::yield_now().await;
    };
    assert!(matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
    ));
}
