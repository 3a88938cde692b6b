//! The Socket.IO vocabularies, with the official client, in every world.
//!
//! The scenarios are written in JavaScript, one file each, in `client`.

mod floods;

use acceptance::{World, scenarios};

use crate::script;

scenarios![with &[
    // The message limit is tested elsewhere.
    ("RATE_LIMIT_POINTS", "0"),
    ("LIMIT_FRAMES", "0/10"),
]; rooms, conversations, direct, convo, resume, returning];

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

async fn returning(world: &mut World) {
    play(world, "returning").await;
}

/// Runs a scenario of the client against all nodes of a world.
async fn play(world: &World, scenario: &str) {
    let nodes = (0..world.nodes()).map(|node| world.visitor_at(node).url().to_owned());
    play_at(nodes.collect(), scenario).await;
}

/// The same against the servers at these addresses.
pub(crate) async fn play_at(nodes: Vec<String>, scenario: &str) {
    let client = script::installed("scenarios/vocabularies/client", "vocabularies");
    script::play(&client, scenario, nodes).await;
}
