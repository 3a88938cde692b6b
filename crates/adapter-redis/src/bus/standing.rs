//! Whether notices of other nodes come.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::failure::Broken;

/// How long anybody waits for the first connection, or for a room's channel.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where the connection for notices stands.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// It is being made for the first time.
    Joining,
    /// It is there, and all wishes up to this one are met.
    Subscribed { wish: u64 },
    /// It is not, since this happened. Somebody sees to it.
    Away(Arc<Broken>),
}

/// Follows where it stands.
pub(super) struct Lookout {
    standing: watch::Receiver<Standing>,
}

impl Lookout {
    pub(super) const fn new(standing: watch::Receiver<Standing>) -> Self {
        Self { standing }
    }

    /// Waits until a wish is met. Not for long, and not at all while the connection is away: then it
    /// is met as soon as the connection is back, and a gap is heard.
    pub(super) async fn met(&self, wish: u64) {
        let over = |standing: &Standing| match standing {
            Standing::Joining => false,
            Standing::Subscribed { wish: met } => *met >= wish,
            Standing::Away(_) => true,
        };
        self.wait(over).await;
    }

    /// Whether notices come, or why not.
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
        // Whether the time is over or the connection is there, what follows is the same.
        drop(timeout(PATIENCE, standing.wait_for(over)).await);
    }
}
