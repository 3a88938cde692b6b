//! Files: what they cost a node, and what becomes of them when it is killed.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use acceptance::{Person, within};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::server::Server;

const FENCE: &str = "a-fence";
/// How long background work may take on a slow machine: the claims of a dead node last for half a
/// minute.
const PATIENCE: Duration = Duration::from_mins(3);
/// The maximum size of a file.
const LARGEST: usize = 25 << 20;

/// The smallest possible PNG: one pixel.
const DOT: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\
    \x00\x00\x3a\x7e\x9bU\x00\x00\x00\x0aIDATx\x9cc\xa8\x07\x00\x00\x81\x00\x80\xd3\x94SJ\
    \x00\x00\x00\x00IEND\xaeB\x60\x82";

async fn uploads(person: &Person, room: &str, bytes: &[u8]) -> Value {
    let head = format!(
        "--{FENCE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a file\"\r\n\r\n"
    );
    let end = format!("\r\n--{FENCE}--\r\n");
    let body = [head.as_bytes(), bytes, end.as_bytes()].concat();
    let request = person
        .request(
            "POST".parse().unwrap(),
            &format!("/api/media?roomId={room}"),
        )
        .header(
            "content-type",
            format!("multipart/form-data; boundary={FENCE}"),
        );
    person.send(request.body(body)).await.expect(201)
}

/// Downloads an uploaded file.
async fn reads(person: &Person, media: &Value) -> Vec<u8> {
    let path = media["url"].as_str().unwrap();
    let answer = person.request("GET".parse().unwrap(), path).send().await;
    answer.unwrap().bytes().await.unwrap().to_vec()
}

/// The peak memory of a process so far, in bytes.
pub(crate) fn peak(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.unwrap().trim().trim_end_matches(" kB");
    kibibytes.parse::<usize>().unwrap() << 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_pass_through_and_are_held_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("tertulia").await;
    // One-time allocations do not count.
    uploads(&ana, &room, b"warm").await;
    let before = peak(server.id());

    let file = vec![7; LARGEST];
    let sent = join_all((0..4).map(|_| uploads(&ana, &room, &file))).await;
    for media in &sent {
        assert_eq!(media["size"], LARGEST);
        assert!(reads(&ana, media).await == file, "other bytes came back");
    }
    // A hundred mebibytes went in and out, without any file being held in memory.
    let more = peak(server.id()) - before;
    assert!(more < LARGEST, "{} MiB more", more >> 20);
    let (content, log) = server.stop();
    assert!(content, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_node_has_not_looked_at_the_next_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Its queues are unreachable, so that it is killed before anybody has processed the file.
    let server = Server::with(&data, &[("RABBITMQ_URL", "amqp://127.0.0.1:9")]);
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("tertulia").await;
    let media = uploads(&ana, &room, DOT).await;
    let attached = json!({ "content": "look", "attachments": [media["id"]] });
    let message = ana
        .post(&format!("/api/rooms/{room}/messages"), attached)
        .await
        .expect(201);
    assert_eq!(message["attachments"][0]["status"], "processing");
    server.kill();

    let server = Server::start(&data);
    let ana = ana.at(&server.client());
    let path = format!("/api/messages/{}", message["id"].as_str().unwrap());
    let looked_at = within(PATIENCE, async || {
        ana.get(&path).await.expect(200)["attachments"][0]["status"] == "ready"
    });
    assert!(looked_at.await.is_some(), "it was not looked at");
    let small = json!({ "url": format!("{}/thumbnail", media["url"].as_str().unwrap()) });
    assert!(
        reads(&ana, &small).await.starts_with(b"\xff\xd8\xff"),
        "it is no JPEG"
    );
    let (content, log) = server.stop();
    assert!(content, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_node_left_lying_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("tertulia").await;
    let media = uploads(&ana, &room, b"to be kept").await;
    let (content, log) = server.stop();
    assert!(content, "{log}");

    // As if a node had died long ago: after the last byte of one file, and in the middle of
    // another.
    let hours = folder.path().join("media/0195b4");
    fs::create_dir(&hours).unwrap();
    let left: Vec<PathBuf> = ["1.original", "2.original#1"]
        .iter()
        .map(|end| hours.join(format!("0195b4a0-0000-7000-8000-00000000000{end}")))
        .collect();
    for path in &left {
        fs::write(path, "nobody knows of it").unwrap();
    }
    let server = Server::start(folder.path());
    let cleared = within(PATIENCE, async || !left.iter().any(|path| path.exists()));
    assert!(cleared.await.is_some(), "something still lies there");
    let ana = ana.at(&server.client());
    assert_eq!(reads(&ana, &media).await, b"to be kept");
}
