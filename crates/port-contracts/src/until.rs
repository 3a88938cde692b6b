//! Waiting for what becomes so elsewhere: in a server, in a folder, on another connection.

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Longer than anything takes that must come at all; a test that fails may wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often to look at what tells nobody when it changes.
const LOOK: Duration = Duration::from_millis(20);

/// Asks again and again until the answer is yes. It is for what can only be asked: where somebody tells,
/// wait for that.
pub async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !so().await {
            sleep(LOOK).await;
        }
    };
    let asked = timeout(PATIENCE, asking).await;
    assert!(asked.is_ok(), "it did not come to this: {what}");
}
