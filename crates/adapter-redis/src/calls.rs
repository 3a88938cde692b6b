//! Calls of Redis: over a few connections that they share, bounded, and none that hangs.
//!
//! A connection is the pool's again as soon as a call knows it. So calls that are made at once go out in
//! one write and their answers come in one read, which is most of what a call costs.

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
use crate::gate::Gate;
use crate::link::Link;

/// How long a call may take, whatever it waits for.
const CALL: Duration = Duration::from_secs(1);

/// How long a call waits for its turn.
const WAIT: Duration = Duration::from_millis(250);

/// How many calls may be under way for each connection that there may be.
const CALLS_EACH: usize = 64;

/// After how long without use a connection is asked whether it is still there. One that was used just
/// now is not, so a call costs one round trip.
const IDLE: Duration = Duration::from_secs(1);

/// Hands connections to calls.
pub(crate) struct Calls {
    pool: Pool<Links>,
    /// One for each call that may be under way.
    turns: Semaphore,
    gate: Gate,
    /// Counts what is asked, as adapters of databases count their statements. The commands of one call
    /// are under way at once.
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
            // The one that was used last is used again, so that many share it.
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
            gate: Gate::open(),
            asked: metrics::counter!("tertulia_database_statements_total", "database" => "redis"),
        })
    }

    /// Makes a call that may be made again: once more, should its connection turn out to be lost.
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
        let deadline = self.enter(call)?;
        let mut answer = self.attempt(&work, deadline).await;
        if answer.as_ref().is_err_and(Broken::lost_connection) {
            answer = self.attempt(&work, deadline).await;
        }
        self.leave(answer, call)
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
        let deadline = self.enter(call)?;
        let answer = self.attempt(work, deadline).await;
        // One connection that was lost says little: the next call finds out.
        if let Err(broken) = &answer
            && broken.lost_connection()
        {
            return answer.map_err(|broken| broken.into_failure(call));
        }
        self.leave(answer, call)
    }

    /// Until when the call may take.
    fn enter(&self, call: Call) -> Result<Instant, Failure> {
        if self.gate.lets_in() {
            Ok(Instant::now() + CALL)
        } else {
            Err(Broken::Away.into_failure(call))
        }
    }

    fn leave<T>(&self, answer: Result<T, Broken>, call: Call) -> Result<T, Failure> {
        match &answer {
            Err(broken) if broken.is_away() => self.gate.failed(broken),
            Err(Broken::Busy) => {}
            // Whoever refuses is there.
            Ok(_) | Err(_) => self.gate.answered(),
        }
        answer.map_err(|broken| broken.into_failure(call))
    }

    /// Waits until a call may be made.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, Broken> {
        match timeout(WAIT, self.turns.acquire()).await {
            // It is never closed.
            Ok(turn) => turn.map_err(|_closed| Broken::Away),
            Err(_elapsed) => Err(Broken::Busy),
        }
    }

    /// A connection, which goes back to the others at once.
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
        // Boxed, or a call would be as large as the work it does, several times over.
        let answer = match timeout_at(deadline, Box::pin(work(link))).await {
            Ok(answer) => answer.map_err(Broken::from),
            Err(_late) => Err(Broken::Late),
        };
        // Whether a connection is good for the next call is not known where an answer came late or broken,
        // and a server that was restarted has lost the others as well: all that were there before.
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

/// A connection, by the order in which they were made.
#[derive(Clone)]
struct Numbered {
    link: Link,
    number: u64,
}

/// Makes connections, and looks after those that were not used for a while.
struct Links {
    address: Address,
    /// A connection lives where the store was opened: where it was first asked for may end before it.
    home: Handle,
    made: AtomicU64,
}

impl Manager for Links {
    type Type = Numbered;
    type Error = RedisError;

    async fn create(&self) -> RedisResult<Numbered> {
        // Before it is made: what breaks meanwhile may have broken this one too.
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

/// Nobody who hears what the server says unasked.
type Deaf = fn(PushInfo) -> Result<(), std::convert::Infallible>;
