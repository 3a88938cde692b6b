//! The state of the subscriber's connection.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::failure::Broken;

/// How long to wait for the first connection, or for a room's channel.
const PATIENCE: Duration = Duration::from_secs(1);

/// The state of the subscriber's connection.
#[derive(Clone, Debug)]
pub(super) enum ConnectionState {
    /// It is being established for the first time.
    Joining,
    /// It is up, and all changes up to this one are in effect.
    Subscribed { wish: u64 },
    /// It is down for this reason, and being re-established.
    Away(Arc<Broken>),
}

/// Observes the state.
pub(super) struct Lookout {
    state: watch::Receiver<ConnectionState>,
}

impl Lookout {
    pub(super) const fn new(state: watch::Receiver<ConnectionState>) -> Self {
        Self { state }
    }

    /// Waits until a change is in effect. Not for long, and not at all while the connection is down:
    /// then it takes effect as soon as the connection is back, followed by a gap.
    pub(super) async fn met(&self, wish: u64) {
        let over = |state: &ConnectionState| match state {
            ConnectionState::Joining => false,
            ConnectionState::Subscribed { wish: met } => *met >= wish,
            ConnectionState::Away(_) => true,
        };
        self.wait(over).await;
    }

    /// Whether notices are arriving, or why not.
    pub(super) async fn subscribed(&self) -> Result<(), Broken> {
        self.met(0).await;
        match &*self.state.borrow() {
            ConnectionState::Subscribed { .. } => Ok(()),
            ConnectionState::Joining => Err(Broken::Unsubscribed(Arc::new(Broken::Late))),
            ConnectionState::Away(why) => Err(Broken::Unsubscribed(Arc::clone(why))),
        }
    }

    async fn wait(&self, over: impl FnMut(&ConnectionState) -> bool) {
        let mut state = self.state.clone();
        // Whether this timed out or succeeded, the caller proceeds in the same way.
        drop(timeout(PATIENCE, state.wait_for(over)).await);
    }
}
