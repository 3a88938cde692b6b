//! The queue of a client that reads slowly, and what is known to have arrived.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc;

use socketio::{
    Bounds, EmitError, Encoded, Incoming, Namespaces, Options, Overflow, Position, SendError,
    Socket,
};

use crate::client::{Line, Poller, within};
use crate::server::{Server, calm, options};

fn narrow() -> Options {
    Options {
        outgoing: Bounds {
            bytes: 10_000,
            frames: 8,
        },
        ..calm()
    }
}

/// Fills the queue of a client that does not poll, and says how much went in.
fn filling() -> Namespaces {
    Namespaces::new().on("/", async |socket: Socket, _| {
        while let Some(Incoming::Event(event)) = socket.next().await {
            let mut sent = 0;
            let full = loop {
                let outcome = match event.name.as_str() {
                    "volatile" => socket.emit_volatile("fill", &sent),
                    _ => socket.emit("fill", &sent),
                };
                match outcome {
                    Ok(()) => sent += 1,
                    Err(error) => break error,
                }
            };
            assert!(matches!(full, EmitError::Send(SendError::Full)));
            // An answer still fits when nothing else does.
            event.ack.unwrap().send(&sent).unwrap();
            socket.has_capacity().await;
            socket.emit("room again", &()).unwrap();
        }
    })
}

#[actix_web::test]
async fn a_queue_has_its_bounds() {
    let server = Server::serving(narrow(), filling);
    for (name, most) in [("usual", 8), ("volatile", 5)] {
        let poller = Poller::open(&server).await;
        poller.post("40").await;
        assert!(poller.poll().await.body.starts_with("40{"));
        assert_eq!(poller.post(format!(r#"421["{name}"]"#)).await.body, "ok");
        let mut packets = poller.packets().await;
        while packets.len() < most + 2 {
            packets.extend(poller.packets().await);
        }
        assert_eq!(packets.len(), most + 2, "{packets:?}");
        assert_eq!(packets[most], format!("431[{most}]"));
    }
    server.stop().await;
}

#[actix_web::test]
async fn whoever_never_reads_answers_is_disconnected() {
    let server = Server::start(narrow());
    let poller = Poller::connect(&server).await;
    let mut posted = 200;
    for id in 0..100 {
        let packet = format!(r#"42{id}["ask"]"#);
        posted = poller.post(packet).await.status;
        if posted != 200 {
            break;
        }
    }
    assert_eq!(posted, 400);
    assert!(poller.is_gone().await);
    server.stop().await;
}

#[actix_web::test]
async fn whoever_misses_a_broadcast_is_dropped_if_so_wished() {
    for (overflow, left) in [(Overflow::Drop, 1), (Overflow::Close, 0)] {
        let server = Server::start(Options {
            overflow,
            ..narrow()
        });
        let poller = Poller::connect(&server).await;
        let fill = Encoded::event("/", "fill", &"x".repeat(1_000)).unwrap();
        for _ in 0..8 {
            assert_eq!(server.io.of("/").send(&fill), 1);
        }
        assert_eq!(server.io.of("/").send(&fill), 0);
        assert_eq!(server.io.of("/").count(), left);
        drop(poller);
        server.stop().await;
    }
}

/// Marks what it tells, and reports when that is known to have arrived.
fn proving(told: mpsc::Sender<(Position, Position)>) -> impl Fn() -> Namespaces + Clone {
    move || {
        let told = told.clone();
        let last: Rc<RefCell<Position>> = Rc::default();
        Namespaces::new().on("/", async move |socket: Socket, _| {
            socket.emit("news", &1).unwrap();
            let marked = socket.mark();
            assert!(socket.proven() < marked);
            *last.borrow_mut() = marked;
            socket.ask_for_proof();
            while socket.proven() < marked && socket.proven_beyond(socket.proven()).await {}
            told.send((marked, socket.proven())).unwrap();
            while socket.next().await.is_some() {}
        })
    }
}

async fn proof(proofs: mpsc::Receiver<(Position, Position)>) {
    let proven = actix_web::rt::task::spawn_blocking(move || proofs.recv().unwrap());
    let (marked, proven) = within(proven).await.unwrap();
    assert!(proven >= marked);
}

#[actix_web::test]
async fn the_next_poll_proves_what_came_by_the_last() {
    let (told, proofs) = mpsc::channel();
    let server = Server::serving(calm(), proving(told));
    let poller = Poller::open(&server).await;
    poller.post("40").await;
    let mut packets = poller.packets().await;
    while packets.len() < 2 {
        packets.extend(poller.packets().await);
    }
    assert!(proofs.try_recv().is_err(), "nothing is proven yet");
    let proven = proof(proofs);
    let waiting = poller.poll();
    futures::pin_mut!(waiting);
    futures::future::select(Box::pin(proven), waiting).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_pong_proves_what_came_before_its_ping() {
    let (told, proofs) = mpsc::channel();
    // The WebSocket's own ping is not answered here, as nobody reads meanwhile: the heartbeat is.
    let server = Server::serving(options(), proving(told));
    let poller = Poller::open(&server).await;
    poller.post("40").await;
    let mut packets = poller.packets().await;
    while packets.len() < 2 {
        packets.extend(poller.packets().await);
    }
    let query = format!("EIO=4&transport=websocket&sid={}", poller.sid);
    let mut line = Line::dial(&server, &query).await.unwrap();
    line.send("2probe").await;
    assert_eq!(line.text().await, "3probe");
    line.send("5").await;
    assert_eq!(line.text().await, "2");
    assert!(proofs.try_recv().is_err(), "nothing is proven yet");
    line.send("3").await;
    proof(proofs).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_websocket_proves_when_it_is_asked() {
    let (told, proofs) = mpsc::channel();
    let server = Server::serving(calm(), proving(told));
    let (mut line, _) = Line::open(&server).await;
    line.send("40").await;
    assert!(line.text().await.starts_with("40{"));
    assert_eq!(line.text().await, r#"42["news",1]"#);
    // The client's library answers the ping as it reads on.
    let reading = line.until_closed();
    futures::pin_mut!(reading);
    futures::future::select(Box::pin(proof(proofs)), reading).await;
    server.stop().await;
}
