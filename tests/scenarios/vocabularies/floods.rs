//! Clients that say far more than they may.

use acceptance::{World, scenarios};

use super::play;

scenarios![with &[
    // What one connection may say is at stake here, and not what a person may.
    ("RATE_LIMIT_POINTS", "0"),
    ("LIMIT_FRAMES", "60/10"),
]; flood];

async fn flood(world: &mut World) {
    play(world, "flood").await;
}
