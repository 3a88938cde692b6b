//! Notices between nodes, for a cluster of one.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::bus::{Heard, Notice, Notices};
use domain::{Failure, RoomId};
use futures::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};

/// Carries notices inside this process.
///
/// A listener that lags by more than the capacity loses the oldest notices and receives a gap. Every
/// listener receives the notices of all rooms: in one process, skipping the others costs nothing.
pub struct MemoryBus {
    sender: Sender<Arc<Notice>>,
}

impl MemoryBus {
    /// A bus that buffers at least `capacity` notices for slow listeners.
    pub fn new(capacity: usize) -> Self {
        const MOST: usize = 1 << 20;
        let (sender, _) = broadcast::channel(capacity.clamp(1, MOST));
        Self { sender }
    }
}

impl Default for MemoryBus {
    /// Buffers some seconds of a busy node's notices.
    fn default() -> Self {
        Self::new(8192)
    }
}

#[async_trait]
impl Bus for MemoryBus {
    async fn publish(&self, notice: Notice) -> Result<(), Failure> {
        // An error means that there are no listeners, which is fine.
        drop(self.sender.send(Arc::new(notice)));
        Ok(())
    }

    async fn listen(&self) -> Result<Notices, Failure> {
        let heard = stream::unfold(self.sender.subscribe(), hear);
        Ok(Box::pin(heard))
    }

    async fn follow(&self, _rooms: &[RoomId]) -> Result<(), Failure> {
        Ok(())
    }

    async fn unfollow(&self, _rooms: &[RoomId]) -> Result<(), Failure> {
        Ok(())
    }
}

async fn hear(mut notices: Receiver<Arc<Notice>>) -> Option<(Heard, Receiver<Arc<Notice>>)> {
    let heard = match notices.recv().await {
        Ok(notice) => Heard::Notice(notice),
        Err(RecvError::Lagged(_)) => Heard::Gap,
        Err(RecvError::Closed) => return None,
    };
    Some((heard, notices))
}
