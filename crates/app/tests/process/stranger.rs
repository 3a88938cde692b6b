//! What somebody meets who has just built it: no settings, an empty folder, a browser.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::server::Server;

/// Plays scenarios in the page; the acceptance tests use it as well.
#[expect(
    clippy::expect_used,
    reason = "the acceptance tests may, and it is theirs"
)]
#[path = "../../../../tests/scenarios/script.rs"]
mod script;

/// The binary as `cargo run` starts it, except for the port, since 3000 may be taken on this
/// machine.
fn started_in(folder: &Path) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tertulia"));
    command
        .env_clear()
        .env("PORT", "0")
        .current_dir(folder)
        .stdin(Stdio::null());
    Server::of(command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_has_people_talking_without_a_setting() {
    let folder = tempfile::tempdir().unwrap();
    let server = started_in(folder.path());
    let url = server.client().url().to_owned();
    let browser = script::installed("../../tests/scenarios/page/browser", "page");
    script::play(&browser, "stranger", vec![url]).await;
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
    // All of it is in one folder, which it created.
    let made = fs::read_dir(folder.path()).unwrap();
    let made: Vec<_> = made.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(made, ["data"]);
    assert!(folder.path().join("data/tertulia.db").exists());
}

/// Messages are still there after a restart, and sessions still valid.
#[tokio::test]
async fn what_a_stranger_said_is_there_after_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let server = started_in(folder.path());
    let ana = acceptance::Person::register(server.client(), "ana").await;
    let room = ana.makes_room("Garden").await;
    ana.posts(&room, "still here?").await;
    drop(server.kill());
    let server = started_in(folder.path());
    let ana = ana.at(&server.client());
    assert_eq!(ana.reads(&room).await, ["still here?"]);
    assert!(server.stop().0);
}
