//! The vocabularies of Socket.IO, with its official client, in every world.
//!
//! What its client does is written in its own language, in `client`: one file a scenario.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use acceptance::{World, scenarios};

scenarios![with &[
    // One limit for messages is enough to be tested, and that is done elsewhere.
    ("RATE_LIMIT_POINTS", "0"),
    ("LIMIT_FRAMES", "0/10"),
]; rooms, conversations, direct, convo, resume];

async fn rooms(world: &mut World) {
    play(world, "rooms").await;
}

async fn conversations(world: &mut World) {
    play(world, "conversations").await;
}

async fn direct(world: &mut World) {
    play(world, "direct").await;
}

async fn convo(world: &mut World) {
    play(world, "convo").await;
}

async fn resume(world: &mut World) {
    play(world, "resume").await;
}

/// Has the client play a scenario on all nodes of a world.
async fn play(world: &World, scenario: &str) {
    let nodes = (0..world.nodes()).map(|node| world.visitor_at(node).url().to_owned());
    play_at(nodes.collect(), scenario).await;
}

/// The same, where these addresses lead.
pub(crate) async fn play_at(nodes: Vec<String>, scenario: &str) {
    let mut node = Command::new("node");
    node.arg("play.mjs")
        .arg(scenario)
        .args(nodes)
        .current_dir(client())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || {
        node.output()
            .expect("there is no node: run tests/run, which installs it")
    });
    let output = output.await.unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The client, installed among what cargo builds. Tests in other processes wait for whoever is first.
fn client() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/vocabularies/client");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vocabularies");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let mut stale = !folder.join("node_modules/.package-lock.json").exists();
    for entry in fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        let (name, text) = (entry.file_name(), fs::read_to_string(entry.path()).unwrap());
        let place = folder.join(&name);
        if !fs::read_to_string(&place).is_ok_and(|present| present == text) {
            stale |= name.to_string_lossy().starts_with("package");
            fs::write(place, text).unwrap();
        }
    }
    if stale {
        let npm = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder)
            .status();
        let npm = npm.expect("there is no npm: run tests/run, which installs it");
        assert!(npm.success(), "npm ci failed in {}", folder.display());
    }
    folder
}
