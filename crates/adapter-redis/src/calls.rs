//! Calls to Redis: over a few shared connections, bounded in number and in time.
//!
//! A call returns its connection to the pool as soon as it has a handle on it. So concurrent calls go
//! out in one write and their replies come in one read, which is most of what a call costs.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{BuildError, Manager, Metrics, Pool, QueueMode, RecycleResult, Timeouts};
use deadpool_redis::redis::{PushInfo, RedisError, RedisResult};
use domain::Failure;
use metrics::Counter;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinError;
use tokio::time::{Instant, timeout, timeout_at};

use crate::address::{Address, CONNECT};
use crate::failure::{Broken, Call};
use crate::link::Link;

/// How long a call may take in total.
const CALL: Duration = Duration::from_secs(1);

/// How long a call waits for a permit.
const WAIT: Duration = Duration::from_millis(250);

/// How many calls may be in progress per connection.
const CALLS_EACH: usize = 64;

/// How long a connection may be unused before it is pinged. One that was just used is not pinged, so a
/// call costs one round trip.
const IDLE: Duration = Duration::from_secs(1);

/// Makes calls on the pool's connections.
pub(crate) struct Calls {
    pool: Pool<Links>,
    /// A permit for each call that may be in progress.
    turns: Semaphore,
    /// Counts calls, just as the SQL adapters count their statements. All commands of a call count as
    /// one, since they are sent together.
    asked: Counter,
}

impl Calls {
    pub(crate) fn new(address: Address, connections: usize) -> Result<Self, BuildError> {
        let connections = connections.max(1);
        let links = Links {
            address,
            home: Handle::current(),
            made: AtomicU64::new(0),
        };
        let pool = Pool::builder(links)
            .max_size(connections)
            // Reuses the most recently used connection first, so that many calls share it.
            .queue_mode(QueueMode::Lifo)
            .timeouts(Timeouts {
                wait: Some(WAIT),
                create: Some(CONNECT),
                recycle: Some(WAIT),
            })
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self {
            pool,
            turns: Semaphore::new(connections.saturating_mul(CALLS_EACH)),
            asked: metrics::counter!("tertulia_database_statements_total", "database" => "redis"),
        })
    }

    /// Makes a call that may be repeated: it is retried once if its connection was lost.
    #[tracing::instrument(
        skip_all,
        name = "store",
        fields(
            otel.name = format!("redis {}.{}", call.port, call.action),
            otel.kind = "client",
            db.system.name = "redis",
        )
    )]
    pub(crate) async fn run<T, F>(
        &self,
        call: Call,
        work: impl Fn(Link) -> F + Send + Sync,
    ) -> Result<T, Failure>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        let deadline = Instant::now() + CALL;
        let mut answer = self.attempt(&work, deadline).await;
        if answer.as_ref().is_err_and(Broken::lost_connection) {
            answer = self.attempt(&work, deadline).await;
        }
        answer.map_err(|broken| broken.into_failure(call))
    }

    /// Makes a call that must not be made twice.
    #[tracing::instrument(
        skip_all,
        name = "store",
        fields(
            otel.name = format!("redis {}.{}", call.port, call.action),
            otel.kind = "client",
            db.system.name = "redis",
        )
    )]
    pub(crate) async fn run_once<T, F>(
        &self,
        call: Call,
        work: impl FnOnce(Link) -> F + Send,
    ) -> Result<T, Failure>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        let answer = self.attempt(work, Instant::now() + CALL).await;
        answer.map_err(|broken| broken.into_failure(call))
    }

    /// Waits for a permit.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, Broken> {
        match timeout(WAIT, self.turns.acquire()).await {
            // The semaphore is never closed.
            Ok(turn) => turn.map_err(|_closed| Broken::Closed),
            Err(_elapsed) => Err(Broken::Busy),
        }
    }

    /// A connection, which returns to the pool at once.
    async fn link(&self, deadline: Instant) -> Result<Numbered, Broken> {
        match timeout_at(deadline, self.pool.get()).await {
            Ok(link) => Ok(Numbered::clone(&*link?)),
            Err(_late) => Err(Broken::Late),
        }
    }

    async fn attempt<T, F>(
        &self,
        work: impl FnOnce(Link) -> F + Send,
        deadline: Instant,
    ) -> Result<T, Broken>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        let _turn = self.turn().await?;
        let older_than = self.pool.manager().made.load(Ordering::Relaxed);
        let Numbered { link, number } = self.link(deadline).await?;
        self.asked.increment(1);
        // Boxed, because otherwise the future of a call would be several times as large as that of its
        // work.
        let answer = match timeout_at(deadline, Box::pin(work(link))).await {
            Ok(answer) => answer.map_err(Broken::from),
            Err(_late) => Err(Broken::Late),
        };
        // After a late or broken reply it is unknown whether the connection is still usable, and a
        // restarted server has lost the other connections as well: so all that existed before are
        // closed.
        if answer
            .as_ref()
            .is_err_and(|broken| !broken.leaves_connection())
        {
            let is_newer = |kept: &Numbered| kept.number >= older_than && kept.number != number;
            self.pool.retain(|kept, _| is_newer(kept));
        }
        answer
    }
}

/// A connection, numbered in order of creation.
#[derive(Clone)]
struct Numbered {
    link: Link,
    number: u64,
}

/// Creates connections, and checks those that were idle.
struct Links {
    address: Address,
    /// Connections are driven by the runtime that opened the store: the one that first asks for a
    /// connection may end earlier.
    home: Handle,
    made: AtomicU64,
}

impl Manager for Links {
    type Type = Numbered;
    type Error = RedisError;

    async fn create(&self) -> RedisResult<Numbered> {
        // Numbered before connecting: a failure in the meantime may have affected this connection too.
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let address = self.address.clone();
        let made = self
            .home
            .spawn(async move { address.connect(None::<Deaf>).await });
        let given_up = |error: JoinError| RedisError::from(io::Error::other(error));
        let link = made.await.map_err(given_up)??;
        Ok(Numbered { link, number })
    }

    async fn recycle(&self, kept: &mut Numbered, metrics: &Metrics) -> RecycleResult<RedisError> {
        if metrics.last_used() >= IDLE {
            kept.link.ping().await?;
        }
        Ok(())
    }
}

/// The handler type of a connection without push messages.
type Deaf = fn(PushInfo) -> Result<(), std::convert::Infallible>;
