//! Waiting for a condition elsewhere: in a server, in a folder, on another connection.

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Longer than anything that must happen can take; a failing test may wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often to poll a condition that sends no notification.
const LOOK: Duration = Duration::from_millis(20);

/// Polls until the answer is yes. Only for conditions that can only be polled: if there is a
/// notification, wait for that.
pub async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !so().await {
            sleep(LOOK).await;
        }
    };
    let asked = timeout(PATIENCE, asking).await;
    assert!(asked.is_ok(), "it did not come to this: {what}");
}
