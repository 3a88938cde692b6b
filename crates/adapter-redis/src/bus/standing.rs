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
pub(super) enum Standing {
    /// It is being established for the first time.
    Joining,
    /// It is up, and all changes up to this one are in effect.
    Subscribed { wish: u64 },
    /// It is down for this reason, and being re-established.
    Away(Arc<Broken>),
}

/// Observes the state.
pub(super) struct Lookout {
    standing: watch::Receiver<Standing>,
}

impl Lookout {
    pub(super) const fn new(standing: watch::Receiver<Standing>) -> Self {
        Self { standing }
    }

    /// Waits until a change is in effect. Not for long, and not at all while the connection is down:
    /// then it takes effect as soon as the connection is back, followed by a gap.
    pub(super) async fn met(&self, wish: u64) {
        let over = |standing: &Standing| match standing {
            Standing::Joining => false,
            Standing::Subscribed { wish: met } => *met >= wish,
            Standing::Away(_) => true,
        };
        self.wait(over).await;
    }

    /// Whether notices are arriving, or why not.
    pub(super) async fn subscribed(&self) -> Result<(), Broken> {
        self.met(0).await;
        match &*self.standing.borrow() {
            Standing::Subscribed { .. } => Ok(()),
            Standing::Joining => Err(Broken::Unsubscribed(Arc::new(Broken::Late))),
            Standing::Away(why) => Err(Broken::Unsubscribed(Arc::clone(why))),
        }
    }

    async fn wait(&self, over: impl FnMut(&Standing) -> bool) {
        let mut standing = self.standing.clone();
        // Whether this timed out or succeeded, the caller proceeds in the same way.
        drop(timeout(PATIENCE, standing.wait_for(over)).await);
    }
}
