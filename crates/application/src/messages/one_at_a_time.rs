//! Repeats of a message wait for each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::{ClientId, UserId};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::lock::lock;

/// What identifies the repeats of a message.
type Key = (UserId, ClientId);

/// The messages that are being posted under a client id. A repeat waits until the one before it is
/// stored, and then takes no point of the rate limit. Their number is bounded by that of requests and sends
/// in progress.
#[derive(Default)]
pub(super) struct OneAtATime {
    posting: Arc<Mutex<Posting>>,
}

type Posting = HashMap<Key, Arc<AsyncMutex<()>>>;

/// The turn of one message, until this is dropped.
pub(super) struct Turn {
    key: Key,
    posting: Arc<Mutex<Posting>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl OneAtATime {
    /// Waits until nothing else is being posted under this client id.
    pub(super) async fn turn(&self, sender: UserId, client: ClientId) -> Turn {
        let key = (sender, client);
        let door = Arc::clone(lock(&self.posting).entry(key).or_default());
        let mut turn = Turn {
            key,
            posting: Arc::clone(&self.posting),
            held: None,
        };
        turn.held = Some(door.lock_owned().await);
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.held = None;
        let mut posting = lock(&self.posting);
        // Others that wait hold a reference of their own.
        if posting
            .get(&self.key)
            .is_some_and(|door| Arc::strong_count(door) == 1)
        {
            posting.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn one_client_id_has_one_turn() {
        let turns = OneAtATime::default();
        let user = |number| UserId::from_uuid(Uuid::from_u128(number));
        let client = ClientId::from_uuid(Uuid::from_u128(7));
        let first = turns.turn(user(1), client).await;
        let mut second = Box::pin(turns.turn(user(1), client));
        assert!((&mut second).now_or_never().is_none());
        drop(turns.turn(user(2), client).await);
        drop(first);
        let second = second.await;
        drop(Box::pin(turns.turn(user(1), client)).now_or_never());
        drop(second);
        assert!(lock(&turns.posting).is_empty());
    }
}
