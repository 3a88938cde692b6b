//! Clients that far exceed their limits.

use acceptance::{World, scenarios};

use super::play;

scenarios![with &[
    // This tests the limit per connection, not the one per user.
    ("RATE_LIMIT_POINTS", "0"),
    ("LIMIT_FRAMES", "60/10"),
]; flood];

async fn flood(world: &mut World) {
    play(world, "flood").await;
}
