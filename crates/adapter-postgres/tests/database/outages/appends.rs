//! A server that dies while messages are written.

use std::collections::HashMap;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use adapter_postgres::{Options, PostgresStore};
use domain::port::messages::{Appended, Fingerprint, NewMessage, Window};
use domain::port::{Messages as _, RoomLog as _};
use domain::{ClientId, Message, Retry, Rev, RoomId, UserId};
use port_contracts::made::view;
use port_contracts::{fresh, new_message};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::scene::CONNECTIONS;
use crate::ports::ports;

const WRITERS: usize = 32;
const MESSAGES: usize = 30;
const DEATHS: usize = 3;

/// The messages acknowledged to a client, by its own ids for them.
type Told = HashMap<ClientId, Message>;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once() {
    let mut server = servers::Postgres::start();
    let options = Options {
        connections: CONNECTIONS,
        ..Options::default()
    };
    let store = PostgresStore::open(&server.url(), options).await.unwrap();
    let ports = ports(&Arc::new(store.clone()));
    let people: [UserId; WRITERS] = ports.people().await;
    let mut rooms = Vec::new();
    for _ in 0..4 {
        rooms.push(ports.room(people[0], &people[1..]).await.id);
    }
    let mut before = HashMap::new();
    for head in store.heads(&rooms).await.unwrap() {
        before.insert(head.room, head.rev);
    }

    let (acknowledged, mut seen) = watch::channel(0);
    let mut writers = JoinSet::new();
    for (number, sender) in people.into_iter().enumerate() {
        let (store, acknowledged) = (store.clone(), acknowledged.clone());
        let room = rooms[number % rooms.len()];
        writers.spawn(async move { write(&store, room, sender, &acknowledged).await });
    }
    for death in 1..=DEATHS {
        let enough = WRITERS * MESSAGES * death / (DEATHS + 1);
        seen.wait_for(|count| *count >= enough).await.unwrap();
        server.kill();
        server.restart();
    }
    let told: Told = writers.join_all().await.into_iter().flatten().collect();
    assert_eq!(told.len(), WRITERS * MESSAGES);

    let mut kept = 0;
    for room in rooms {
        kept += check(&store, room, people[0], before[&room], &told).await;
    }
    assert_eq!(kept, told.len());
}

/// Posts messages one after another, each until it is acknowledged.
async fn write(
    store: &PostgresStore,
    room: RoomId,
    sender: UserId,
    acknowledged: &watch::Sender<usize>,
) -> Told {
    let mut told = Told::new();
    for number in 0..MESSAGES {
        let client = fresh();
        let message = loop {
            let new = NewMessage {
                client: Some((client, Fingerprint([1; 32]))),
                ..new_message(room, sender, &format!("message {number}"))
            };
            match store.append(slice::from_ref(&new)).await.as_deref() {
                Ok([Appended::Stored(stored)]) => break stored.message.clone(),
                Ok([Appended::Duplicate(message)]) => break message.as_ref().clone(),
                Ok(other) => panic!("{other:?}"),
                Err(failure) => assert_ne!(failure.retry, Retry::Useless, "{failure:?}"),
            }
            sleep(Duration::from_millis(20)).await;
        };
        told.insert(client, message);
        acknowledged.send_modify(|count| *count += 1);
    }
    told
}

/// Every message of a room was acknowledged in exactly that form, and no seq is missing. Returns their
/// number.
async fn check(
    store: &PostgresStore,
    room: RoomId,
    reader: UserId,
    before: Rev,
    told: &Told,
) -> usize {
    let view = view(room, reader);
    let messages = store.page(&view, Window::Newest, 10_000).await.unwrap();
    for (message, seq) in messages.iter().zip(1..) {
        assert_eq!(message.seq.get(), seq);
        assert_eq!(message.rev.get(), before.get() + seq);
        assert_eq!(&told[&message.client_id.unwrap()], message);
    }
    let heads = store.heads(&[room]).await.unwrap();
    let last = messages.last().unwrap();
    assert_eq!((heads[0].seq, heads[0].rev), (last.seq, last.rev));
    let changes = store.changes(&view, before, 10_000).await.unwrap().unwrap();
    assert_eq!(changes.messages, messages);
    messages.len()
}
