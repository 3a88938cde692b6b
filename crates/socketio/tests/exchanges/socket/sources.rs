//! Frames that are taken from a source when there is place for them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use actix_web::rt::task::spawn_blocking;
use bytes::Bytes;
use socketio::{Bounds, Encoded, Incoming, Namespaces, Options, Reason, Socket, Source};

use crate::client::{Got, Line, Poller, within};
use crate::server::{Server, calm, options};

/// Counts to as many as it is told, several frames in a piece.
#[derive(Default)]
struct Counter {
    next: Cell<u32>,
    end: Cell<u32>,
    reader: RefCell<Option<Waker>>,
}

impl Counter {
    fn count_to(&self, end: u32) {
        self.end.set(end);
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

impl Source for Counter {
    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if self.next.get() >= self.end.get() {
            *self.reader.borrow_mut() = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut piece = Vec::new();
        for _ in 0..3.min(self.end.get() - self.next.get()) {
            let number = self.next.get();
            let event = Encoded::event("/", "number", &number).unwrap();
            piece.extend_from_slice(event.bytes());
            self.next.set(number + 1);
        }
        Poll::Ready(Some(Bytes::from(piece)))
    }
}

fn counting() -> Namespaces {
    Namespaces::new().on("/", async |socket: Socket, _| {
        let counter = Rc::new(Counter::default());
        let source = Rc::clone(&counter);
        socket.attach(source);
        while let Some(Incoming::Event(event)) = socket.next().await {
            let end = event.args[0].as_u64().unwrap();
            let before = socket.mark();
            counter.count_to(u32::try_from(end).unwrap());
            if let Some(ack) = event.ack {
                ack.send(&(before < socket.mark())).unwrap();
            }
        }
    })
}

/// Has more to give than any client takes.
struct Torrent {
    piece: Bytes,
    given: Cell<u32>,
}

const MOST: u32 = 10_000;

impl Source for Torrent {
    fn poll_next(&self, _: &Context<'_>) -> Poll<Option<Bytes>> {
        if self.given.get() == MOST {
            return Poll::Ready(None);
        }
        self.given.set(self.given.get() + 1);
        Poll::Ready(Some(self.piece.clone()))
    }
}

#[actix_web::test]
async fn a_client_that_does_not_read_is_not_given_more_than_its_connection_holds() {
    let (told, given) = mpsc::channel();
    let server = Server::serving(options(), move || {
        let told = told.clone();
        Namespaces::new().on("/", async move |socket: Socket, _| {
            let event = Encoded::event("/", "much", &"x".repeat(64 * 1024)).unwrap();
            let torrent = Rc::new(Torrent {
                piece: event.bytes().clone(),
                given: Cell::new(0),
            });
            let source = Rc::clone(&torrent);
            socket.attach(source);
            while let Some(incoming) = socket.next().await {
                if let Incoming::Gone(reason) = incoming {
                    told.send((torrent.given.get(), reason)).unwrap();
                }
            }
        })
    });
    let (mut line, _) = Line::open(&server).await;
    line.send("40").await;
    let given = spawn_blocking(move || given.recv().unwrap());
    let (given, reason) = within(given).await.unwrap();
    // Its answers to pings do not come, as it does not read those.
    assert_eq!(reason, Reason::PingTimeout);
    assert!(given < 2_000, "{given} of {MOST}");
    drop(line);
    server.stop().await;
}

/// Gives what it was handed, in that order.
#[derive(Default)]
struct Shelf {
    packets: RefCell<VecDeque<Bytes>>,
    reader: RefCell<Option<Waker>>,
}

impl Shelf {
    fn put(&self, packet: &Encoded) {
        self.packets.borrow_mut().push_back(packet.bytes().clone());
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

impl Source for Shelf {
    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let next = self.packets.borrow_mut().pop_front();
        if next.is_none() {
            *self.reader.borrow_mut() = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(next)
    }
}

/// Answers each event after it has counted to three.
fn answering() -> Namespaces {
    Namespaces::new().on("/", async |socket: Socket, _| {
        let shelf = Rc::new(Shelf::default());
        let source = Rc::clone(&shelf);
        socket.attach(source);
        while let Some(Incoming::Event(event)) = socket.next().await {
            for number in 0..3 {
                shelf.put(&Encoded::event("/", "number", &number).unwrap());
            }
            shelf.put(&event.ack.unwrap().encode(&"counted").unwrap());
        }
    })
}

#[actix_web::test]
async fn an_answer_keeps_its_place_behind_what_a_source_has() {
    let server = Server::serving(calm(), answering);
    let (mut line, _) = Line::open(&server).await;
    line.send("40").await;
    assert!(line.text().await.starts_with("40{"));
    for id in [7, 8] {
        line.send(format!(r#"42{id}["count"]"#)).await;
        for number in numbers(0..3) {
            assert_eq!(line.text().await, number);
        }
        assert_eq!(line.text().await, format!(r#"43{id}["counted"]"#));
    }
    server.stop().await;
}

fn numbers(range: std::ops::Range<u32>) -> Vec<String> {
    range
        .map(|number| format!(r#"42["number",{number}]"#))
        .collect()
}

#[actix_web::test]
async fn a_websocket_takes_from_a_source() {
    let server = Server::serving(calm(), counting);
    let (mut line, _) = Line::open(&server).await;
    line.send("40").await;
    assert!(line.text().await.starts_with("40{"));
    for (from, to) in [(0, 10), (10, 3_000)] {
        line.send(format!(r#"42["count",{to}]"#)).await;
        for number in numbers(from..to) {
            assert_eq!(line.text().await, number);
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_poll_takes_from_a_source_as_much_as_there_is_place_for() {
    let server = Server::serving(
        Options {
            outgoing: Bounds {
                bytes: 10_000,
                frames: 20,
            },
            ..calm()
        },
        counting,
    );
    let poller = Poller::open(&server).await;
    poller.post("40").await;
    assert!(poller.poll().await.body.starts_with("40{"));
    poller.post(r#"42["count",1000]"#).await;
    let mut got = Vec::new();
    while got.len() < 1_000 {
        let packets = poller.packets().await;
        assert!(packets.len() <= 20, "{}", packets.len());
        got.extend(packets);
    }
    assert_eq!(got, numbers(0..1_000));
    server.stop().await;
}

/// Reads what a client is told that polls, and then moves to a WebSocket of either thread meanwhile.
async fn upgraded_amid(server: &Server) {
    let poller = Poller::open(server).await;
    poller.post("40").await;
    assert!(poller.poll().await.body.starts_with("40{"));
    poller.post(r#"42["count",5000]"#).await;
    let mut got = poller.packets().await;
    let query = format!("EIO=4&transport=websocket&sid={}", poller.sid);
    let mut line = Line::dial(server, &query).await.unwrap();
    line.send("2probe").await;
    assert_eq!(line.text().await, "3probe");
    got.extend(poller.packets().await);
    line.send("5").await;
    got.retain(|packet| packet != "6");
    while got.len() < 5_000 {
        match line.message().await {
            Got::Text(text) => got.push(text),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(got, numbers(0..5_000));
}

#[actix_web::test]
async fn nothing_of_a_source_is_lost_or_out_of_order_while_a_websocket_takes_over() {
    let server = Server::serving(calm(), counting);
    for _ in 0..10 {
        upgraded_amid(&server).await;
    }
    server.stop().await;
}
