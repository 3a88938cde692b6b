//! Waiting for things that must happen.

use std::time::Duration;

use domain::port::bus::{Heard, Notice, Notices};
use futures::StreamExt as _;
use tokio::time::timeout;

/// Longer than anything that must happen can take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The next thing that a listener receives.
pub async fn hear(listener: &mut Notices) -> Heard {
    timeout(PATIENCE, listener.next()).await.unwrap().unwrap()
}

/// The next notice that a listener receives.
pub async fn notice(listener: &mut Notices) -> Notice {
    match hear(listener).await {
        Heard::Notice(notice) => Notice::clone(&notice),
        Heard::Gap => panic!("there is a gap"),
    }
}

/// Receives until there is a gap.
pub async fn gap(listener: &mut Notices) {
    while hear(listener).await != Heard::Gap {}
}

/// Receives until this notice, skipping gaps and earlier notices.
pub async fn hear_of(listener: &mut Notices, notice: &Notice) {
    while !matches!(hear(listener).await, Heard::Notice(heard) if *heard == *notice) {}
}
