//! A server that is killed under load has kept everything that it acknowledged.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use acceptance::{Client, Person};
use servers::Postgres;

use crate::server::Server;

const WRITERS: usize = 8;
/// How many acknowledgements to wait for before the kill.
const ENOUGH: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_kill_9() {
    outlives_kill_9(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_on_postgres_outlives_kill_9() {
    let postgres = Postgres::start();
    outlives_kill_9(&[("DATABASE_URL", &postgres.url())]).await;
}

async fn outlives_kill_9(variables: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::with(&data, variables);
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("tertulia").await;

    let answered = Arc::new(AtomicUsize::new(0));
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        writers.push(tokio::spawn(write(
            ana.clone(),
            room.clone(),
            writer,
            Arc::clone(&answered),
        )));
    }
    while answered.load(Ordering::Relaxed) < ENOUGH {
        tokio::task::yield_now().await;
    }
    let log = server.kill();
    assert!(!log.contains("panicked"), "{log}");

    let server = Server::with(&data, variables);
    let ana = ana.at(&server.client());
    let kept = seen(&ana, &room).await;
    let seqs: Vec<usize> = (1..=kept.len()).collect();
    assert_eq!(
        kept.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(),
        seqs,
        "no holes"
    );
    for writer in writers {
        let promised = writer.await.unwrap();
        // In the order of the acknowledgements, each once.
        let mut found = kept.iter().filter(|(_, text)| promised.contains(text));
        for text in &promised {
            assert_eq!(
                found.next().map(|(_, text)| text),
                Some(text),
                "it was acknowledged"
            );
        }
        assert_eq!(found.next(), None, "doubled");
    }
    let (content, log) = server.stop();
    assert!(content, "{log}");
    assert!(!log.contains("panicked"), "{log}");
}

async fn write(
    ana: Person,
    room: String,
    writer: usize,
    answered: Arc<AtomicUsize>,
) -> Vec<String> {
    let mut promised = Vec::new();
    for number in 0.. {
        let text = format!("{writer}/{number}");
        if ana.hopes_to_post(&room, &text).await != Some(201) {
            break;
        }
        answered.fetch_add(1, Ordering::Relaxed);
        promised.push(text);
    }
    promised
}

async fn seen(ana: &Person, room: &str) -> Vec<(usize, String)> {
    let texts = ana.reads_all(room).await;
    let page = ana
        .get(&format!("/api/rooms/{room}/messages?limit=1"))
        .await
        .expect(200);
    let last = page["messages"][0]["seq"].clone();
    assert_eq!(last, texts.len());
    (1..).zip(texts).collect()
}

#[tokio::test]
async fn a_polite_stop_is_a_good_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    alive(&server.client()).await;
    let (content, log) = server.stop();
    assert!(content, "{log}");
}

#[tokio::test]
async fn who_is_told_to_stop_again_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    // A request is in progress, which the first signal waits for.
    let mut slow = TcpStream::connect(server.address()).unwrap();
    let begun = "POST /api/auth/register HTTP/1.1\r\nhost: tertulia\r\ncontent-length: 9\r\n\r\n{";
    slow.write_all(begun.as_bytes()).unwrap();
    alive(&server.client()).await;

    let (content, log) = server.stop_twice();
    assert!(!content, "{log}");
    assert!(log.contains("told to stop again"), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    drop(slow);
}

async fn alive(client: &Client) {
    client.get("/health/live").await.expect(200);
    let ready = client.get("/health/ready").await.expect(200);
    assert!(ready.is_object(), "{ready}");
}
