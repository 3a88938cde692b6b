//! The vocabularies of Socket.IO, with its official client, in every world.
//!
//! What its client does is written in its own language, in `client`: one file a scenario.

mod floods;

use acceptance::{World, scenarios};

use crate::script;

scenarios![with &[
    // One limit for messages is enough to be tested, and that is done elsewhere.
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

/// Has the client play a scenario on all nodes of a world.
async fn play(world: &World, scenario: &str) {
    let nodes = (0..world.nodes()).map(|node| world.visitor_at(node).url().to_owned());
    play_at(nodes.collect(), scenario).await;
}

/// The same, where these addresses lead.
pub(crate) async fn play_at(nodes: Vec<String>, scenario: &str) {
    let client = script::installed("scenarios/vocabularies/client", "vocabularies");
    script::play(&client, scenario, nodes).await;
}
