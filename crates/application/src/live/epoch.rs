//! The store's incarnation, cached briefly.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::{Clock, RoomLog};
use domain::{Epoch, Failure, Timestamp};

use crate::Ports;
use crate::lock::lock;
use crate::recent::is_believed;

/// How long the cached epoch is used. It only changes when the store is restored from a backup while
/// the node keeps running.
const MAX_AGE: Duration = Duration::from_secs(10);

/// Caches the epoch, which every client is told when it connects.
pub(super) struct KnownEpoch {
    room_log: Arc<dyn RoomLog>,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<(Epoch, Timestamp)>>,
}

impl KnownEpoch {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            room_log: Arc::clone(&ports.room_log),
            clock: Arc::clone(&ports.clock),
            known: Mutex::new(None),
        }
    }

    /// The epoch. While it cannot be read, the last known one is returned, so that clients can connect
    /// and stay connected during an outage of the store.
    pub(super) async fn get(&self) -> Result<Epoch, Failure> {
        let now = self.clock.now();
        let known = lock(&self.known).clone();
        if let Some((epoch, until)) = &known
            && is_believed(*until, MAX_AGE, now)
        {
            return Ok(epoch.clone());
        }
        match (self.room_log.epoch().await, known) {
            (Ok(epoch), _) => {
                *lock(&self.known) = Some((epoch.clone(), now + MAX_AGE));
                Ok(epoch)
            }
            (Err(failure), Some((epoch, _))) => {
                tracing::debug!(
                    error = %failure.chain(),
                    "could not read the epoch; using the last known one"
                );
                Ok(epoch)
            }
            (Err(failure), None) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use async_trait::async_trait;
    use domain::port::messages::View;
    use domain::port::room_log::{Changes, Head, Stretch};
    use domain::{Rev, RoomId, Seq};

    use super::*;
    use crate::testing::World;

    /// A store that was restored from a backup, or is away.
    struct Another(Option<&'static str>);

    #[async_trait]
    impl RoomLog for Another {
        async fn changes(&self, _: &View, _: Rev, _: usize) -> Result<Option<Changes>, Failure> {
            Ok(None)
        }

        async fn heads(&self, _: &[RoomId]) -> Result<Vec<Head>, Failure> {
            Ok(Vec::new())
        }

        async fn stretches(
            &self,
            _: RoomId,
            _: (Seq, Seq),
            _: NonZeroU32,
        ) -> Result<Vec<Stretch>, Failure> {
            Ok(Vec::new())
        }

        async fn epoch(&self) -> Result<Epoch, Failure> {
            let epoch = self.0.map(|text| Epoch::parse(text).unwrap());
            epoch.ok_or_else(|| Failure::passing("room log", "answer", "it is away"))
        }
    }

    async fn told(epoch: &KnownEpoch) -> String {
        epoch.get().await.unwrap().as_str().to_owned()
    }

    #[tokio::test]
    async fn another_epoch_is_noticed_after_a_moment() {
        let world = World::new();
        let mut epoch = KnownEpoch::new(&world.ports);
        assert_eq!(told(&epoch).await, "test");
        epoch.room_log = Arc::new(Another(Some("another")));
        assert_eq!(told(&epoch).await, "test");
        world.pass(MAX_AGE);
        assert_eq!(told(&epoch).await, "another");
    }

    #[tokio::test]
    async fn while_the_store_is_away_the_epoch_is_what_it_was() {
        let mut world = World::new();
        let mut epoch = KnownEpoch::new(&world.ports);
        assert_eq!(told(&epoch).await, "test");
        epoch.room_log = Arc::new(Another(None));
        world.pass(MAX_AGE);
        assert_eq!(told(&epoch).await, "test");
        world.ports.room_log = Arc::new(Another(None));
        assert!(KnownEpoch::new(&world.ports).get().await.is_err());
    }
}
