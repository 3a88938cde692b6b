//! Waiting for what must come.

use std::time::Duration;

use domain::port::bus::{Heard, Notice, Notices};
use futures::StreamExt as _;
use tokio::time::timeout;

/// Longer than anything takes that must come at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a listener hears next.
pub async fn hear(listener: &mut Notices) -> Heard {
    timeout(PATIENCE, listener.next()).await.unwrap().unwrap()
}

/// The notice that a listener hears next.
pub async fn notice(listener: &mut Notices) -> Notice {
    match hear(listener).await {
        Heard::Notice(notice) => Notice::clone(&notice),
        Heard::Gap => panic!("there is a gap"),
    }
}

/// Hears until there is a gap.
pub async fn gap(listener: &mut Notices) {
    while hear(listener).await != Heard::Gap {}
}

/// Hears until there is this notice, past gaps and past whatever was said before.
pub async fn hear_of(listener: &mut Notices, notice: &Notice) {
    while !matches!(hear(listener).await, Heard::Notice(heard) if *heard == *notice) {}
}
