//! The task that owns the connection on which notices arrive.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis::{PushInfo, RedisResult, cmd};
use domain::RoomId;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use super::back_off::BackOff;
use super::connection_state::ConnectionState;
use super::ears::{Ears, Hearing};
use super::rooms::Rooms;
use crate::address::{Address, CONNECT};
use crate::failure::Broken;
use crate::keys::Keys;
use crate::link::Link;

/// How often the server is pinged.
const PULSE: Duration = Duration::from_secs(1);

/// How long a connection must last to reset the back-off.
const STEADY: Duration = Duration::from_secs(5);

/// How many subscriptions are in progress at once.
const AT_ONCE: usize = 256;

pub(super) struct Subscriber {
    pub(super) address: Address,
    pub(super) keys: Keys,
    pub(super) rooms: Arc<Rooms>,
    pub(super) ears: Arc<Ears>,
    pub(super) state: watch::Sender<ConnectionState>,
    pub(super) back_off: BackOff,
}

/// A connection, and the signal that it is lost.
struct Connection {
    link: Link,
    loss: Arc<Notify>,
}

impl Subscriber {
    /// Keeps a connection as long as anything observes its state.
    pub(super) async fn run(mut self) {
        while !self.state.is_closed() {
            let broken = match self.join().await {
                Ok(joined) => self.stay(&joined).await,
                Err(broken) => broken,
            };
            self.note_away(broken);
            sleep(self.back_off.wait()).await;
        }
    }

    /// Connects, subscribes to all channels, and then announces the gap before that.
    async fn join(&self) -> Result<Connection, Broken> {
        let loss = Arc::new(Notify::new());
        let (ears, alarm) = (Arc::clone(&self.ears), Arc::clone(&loss));
        let hears = move |push: PushInfo| {
            if ears.hear(&push) == Hearing::Lost {
                alarm.notify_one();
            }
            Ok::<(), Infallible>(())
        };
        let link = match timeout(CONNECT, self.address.connect(Some(hears))).await {
            Ok(link) => link?,
            Err(_late) => return Err(Broken::Late),
        };
        let joined = Connection { link, loss };
        self.rooms.begin();
        tell(
            &joined.link,
            "SSUBSCRIBE",
            [self.keys.everyone()].into_iter(),
        )
        .await?;
        let wish = self.step(&joined.link).await?;
        self.ears.gap();
        self.note_subscribed(wish);
        Ok(joined)
    }

    /// Applies changes to the followed rooms until the connection is lost.
    async fn stay(&mut self, connection: &Connection) -> Broken {
        let steady_at = Instant::now() + STEADY;
        loop {
            if Instant::now() >= steady_at {
                self.back_off.reset();
            }
            let step = tokio::select! {
                () = connection.loss.notified() => return Broken::Unheard,
                () = self.rooms.changed() => self.step(&connection.link).await.map(Some),
                () = sleep(PULSE) => connection.link.clone().ping().await.map(|()| None),
            };
            match step {
                Ok(Some(wish)) => self.note_subscribed(wish),
                Ok(None) => {}
                Err(error) => return Broken::Redis(error),
            }
        }
    }

    /// Subscribes and unsubscribes as needed, and returns the number of the last change that is now in
    /// effect.
    async fn step(&self, link: &Link) -> RedisResult<u64> {
        let steps = self.rooms.steps();
        let channels = |rooms: Vec<RoomId>| rooms.into_iter().map(|room| self.keys.room(room));
        tell(link, "SUNSUBSCRIBE", channels(steps.leave)).await?;
        tell(link, "SSUBSCRIBE", channels(steps.enter)).await?;
        Ok(steps.wish)
    }

    fn note_subscribed(&self, wish: u64) {
        let before = self
            .state
            .send_replace(ConnectionState::Subscribed { wish });
        if let ConnectionState::Away(_) = before {
            let rooms = self.rooms.count();
            tracing::info!(
                rooms,
                "subscribed to other nodes' notices again after an outage"
            );
        }
    }

    fn note_away(&self, broken: Broken) {
        let broken = Arc::new(broken);
        let before = self
            .state
            .send_replace(ConnectionState::Away(Arc::clone(&broken)));
        if !matches!(before, ConnectionState::Away(_)) {
            let error: &dyn std::error::Error = &broken;
            tracing::warn!(
                error,
                "lost the subscription to other nodes' notices; reconnecting"
            );
        }
    }
}

/// Sends a separate command for each channel, since on a cluster each has its own slot.
async fn tell(
    link: &Link,
    what: &'static str,
    channels: impl Iterator<Item = String>,
) -> RedisResult<()> {
    let each = channels.map(|channel| {
        let mut link = link.clone();
        async move { cmd(what).arg(channel).exec_async(&mut link).await }
    });
    stream::iter(each)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}
