//! The web client, in Chromium, in every world.
//!
//! The scenarios are written in JavaScript, one file each, in `browser`. None of them may cause an error in
//! the browser's console.

use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::{World, scenarios};

use crate::script;

scenarios![talk, away, slow, history, invite, missed, apart];

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

async fn apart(world: &mut World) {
    play(world, "apart").await;
}

/// The folder of uploads that all nodes share is configured by the operator.
mod one_node {
    use acceptance::{World, scenarios};

    scenarios![alone; files];

    async fn files(world: &mut World) {
        super::play(world, "files").await;
    }
}

/// The browser's push service is a mock of the test on this machine.
mod with_push {
    use acceptance::{World, scenarios};

    scenarios![
        with &[
            ("VAPID_PRIVATE_KEY", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
            ("WEBHOOKS_ALLOW_PRIVATE", "true"),
            ("TERTULIA_NOTIFICATIONS__DELAY", "1s"),
        ];
        notified,
    ];

    async fn notified(world: &mut World) {
        super::play(world, "notified").await;
    }
}

/// What concerns only the page is the same in every world.
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

/// Runs a scenario against all nodes of a world.
async fn play(world: &World, scenario: &str) {
    let nodes = (0..world.nodes()).map(|node| world.visitor_at(node).url().to_owned());
    script::play(&browser(), scenario, nodes.collect()).await;
}

/// The installed package that drives the browser.
fn browser() -> PathBuf {
    script::installed("scenarios/page/browser", "page")
}
