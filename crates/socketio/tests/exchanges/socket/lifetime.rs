//! Why sockets end, and that nothing of them stays behind.

use std::sync::mpsc;
use std::time::Duration;

use actix_web::rt::task::spawn_blocking;
use socketio::{Incoming, Namespaces, Options, Reason, Socket};

use crate::client::{Line, Poller, within};
use crate::server::{Server, calm, options};

/// Tells why its sockets ended.
fn ending(told: mpsc::Sender<Reason>) -> impl Fn() -> Namespaces + Clone {
    move || {
        let told = told.clone();
        Namespaces::new().on("/", async move |socket: Socket, _| {
            while let Some(incoming) = socket.next().await {
                match incoming {
                    Incoming::Event(event) if event.name == "leave" => socket.disconnect(false),
                    Incoming::Event(event) if event.name == "close" => socket.disconnect(true),
                    Incoming::Event(_) => (),
                    Incoming::Gone(reason) => told.send(reason).unwrap(),
                }
            }
            assert!(!socket.is_connected());
        })
    }
}

async fn reason(reasons: mpsc::Receiver<Reason>) -> Reason {
    let reason = spawn_blocking(move || reasons.recv().unwrap());
    within(reason).await.unwrap()
}

async fn connected(server: &Server) -> Line {
    let (mut line, _) = Line::open(server).await;
    line.send("40").await;
    assert!(line.text().await.starts_with("40{"));
    line
}

#[actix_web::test]
async fn a_socket_ends_for_a_reason() {
    for (packet, expected) in [
        ("1", Reason::TransportClose),
        ("41", Reason::ClientDisconnect),
        (r#"42["leave"]"#, Reason::ServerDisconnect),
        (r#"42["close"]"#, Reason::ServerDisconnect),
        ("42{}", Reason::ParseError),
        ("2", Reason::TransportError),
        (r#"42/other,["nobody"]"#, Reason::ServerClose),
    ] {
        let (told, reasons) = mpsc::channel();
        let server = Server::serving(calm(), ending(told));
        let mut line = connected(&server).await;
        line.send(packet).await;
        assert_eq!(reason(reasons).await, expected, "{packet}");
        server.stop().await;
    }
}

#[actix_web::test]
async fn a_socket_ends_with_its_connection() {
    let (told, reasons) = mpsc::channel();
    let server = Server::serving(calm(), ending(told));
    drop(connected(&server).await);
    assert_eq!(reason(reasons).await, Reason::TransportClose);
    server.stop().await;
}

#[actix_web::test]
async fn a_socket_ends_when_its_client_does_not_answer() {
    let (told, reasons) = mpsc::channel();
    let server = Server::serving(options(), ending(told));
    let _line = connected(&server).await;
    assert_eq!(reason(reasons).await, Reason::PingTimeout);
    server.stop().await;
}

#[actix_web::test]
async fn sockets_end_when_the_server_stops_and_their_clients_may_try_elsewhere() {
    let (told, reasons) = mpsc::channel();
    let server = Server::serving(calm(), ending(told));
    let mut line = connected(&server).await;
    let poller = Poller::open(&server).await;
    let (stopped, last) =
        futures::join!(server.io.shut_down(Duration::from_mins(1)), poller.poll());
    assert!(stopped);
    assert_eq!(last.body, "1");
    // No goodbye, after which the client's library would not try again.
    line.until_closed().await;
    assert_eq!(reason(reasons).await, Reason::ServerShutdown);
    assert_eq!(
        Line::dial(&server, "EIO=4&transport=websocket").await.err(),
        Some(503)
    );
    server.stop().await;
}

#[actix_web::test]
async fn a_session_without_a_socket_is_closed() {
    let server = Server::start(Options {
        connect_timeout: Duration::from_millis(100),
        ..calm()
    });
    let (mut line, _) = Line::open(&server).await;
    let mut left = Line::connect(&server).await;
    let poller = Poller::open(&server).await;
    assert_eq!(poller.poll().await.body, "1");
    line.until_closed().await;
    // And so is one that has left all namespaces.
    left.send("41").await;
    left.until_closed().await;
    server.stop().await;
}

#[actix_web::test]
async fn a_client_whose_owner_is_slow_is_not_read_and_not_forgotten() {
    let options = Options {
        incoming_events: 2,
        ..options()
    };
    let server = Server::serving(options, || {
        Namespaces::new().on("/", async |socket: Socket, _| {
            // Longer than a client may be silent.
            actix_web::rt::time::sleep(Duration::from_millis(1_500)).await;
            while let Some(Incoming::Event(event)) = socket.next().await {
                socket.emit_with(&event.name, &event.args, &[]).unwrap();
            }
        })
    });
    let mut line = connected(&server).await;
    for number in 0..100 {
        line.send(format!(r#"42["echo",{number}]"#)).await;
    }
    for number in 0..100 {
        assert_eq!(line.packet().await, format!(r#"42["echo",{number}]"#));
    }
    server.stop().await;
}
