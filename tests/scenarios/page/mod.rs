//! The web client, in Chromium, in every world.
//!
//! What people do before it is written in its own language, in `browser`: one file a scenario. None of
//! them may leave a complaint in the browser's console.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use acceptance::{World, scenarios};

scenarios![talk, away, slow, history, invite, missed];

async fn talk(world: &mut World) {
    play(world, "talk").await;
}

async fn away(world: &mut World) {
    play(world, "away").await;
}

async fn slow(world: &mut World) {
    play(world, "slow").await;
}

async fn history(world: &mut World) {
    play(world, "history").await;
}

async fn invite(world: &mut World) {
    play(world, "invite").await;
}

async fn missed(world: &mut World) {
    play(world, "missed").await;
}

/// Where nodes have files in common is for whoever runs them to say.
mod one_node {
    use acceptance::{World, scenarios};

    scenarios![alone; files];

    async fn files(world: &mut World) {
        super::play(world, "files").await;
    }
}

/// What is the page's alone is the same in every world.
#[test]
fn keyboard() {
    World::memory().run(async |world| play(world, "keyboard").await);
}

#[test]
fn phone() {
    World::memory().run(async |world| play(world, "phone").await);
}

/// The types that are written beside the client's code are those of what it does.
#[test]
fn the_clients_types_hold() {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/web/client");
    let compiler = browser().join("node_modules/.bin/tsc");
    let output = Command::new(compiler)
        .arg("--project")
        .arg(client)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// Has a scenario played on all nodes of a world.
async fn play(world: &World, scenario: &str) {
    let nodes = (0..world.nodes()).map(|node| world.visitor_at(node).url().to_owned());
    let mut node = Command::new("node");
    node.arg("play.mjs")
        .arg(scenario)
        .args(nodes)
        .current_dir(browser())
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

/// What drives the browser, installed among what cargo builds.
fn browser() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/page/browser");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
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
