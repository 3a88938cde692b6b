//! Calls of Redis: over a bounded pool, and none that hangs.

use std::io;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{BuildError, Manager, Metrics, Object, Pool, RecycleResult, Timeouts};
use deadpool_redis::redis::{PushInfo, RedisError, RedisResult};
use domain::Failure;
use metrics::Counter;
use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};

use crate::address::{Address, CONNECT};
use crate::failure::{Broken, Call};
use crate::gate::Gate;
use crate::link::Link;

/// How long a call may take, whatever it waits for.
const CALL: Duration = Duration::from_secs(1);

/// How long a call waits for one of the connections.
const WAIT: Duration = Duration::from_millis(250);

/// After how long without use a connection is asked whether it is still there. One that was used just
/// now is not, so a call costs one round trip.
const IDLE: Duration = Duration::from_secs(1);

/// Hands connections to calls.
pub(crate) struct Calls {
    pool: Pool<Links>,
    gate: Gate,
    /// Counts what is asked, as adapters of databases count their statements. The commands of one call
    /// are under way at once.
    asked: Counter,
}

impl Calls {
    pub(crate) fn new(address: Address, connections: usize) -> Result<Self, BuildError> {
        let home = Handle::current();
        let pool = Pool::builder(Links { address, home })
            .max_size(connections.max(1))
            .timeouts(Timeouts {
                wait: Some(WAIT),
                create: Some(CONNECT),
                recycle: Some(WAIT),
            })
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self {
            pool,
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

    async fn attempt<T, F>(
        &self,
        work: impl FnOnce(Link) -> F + Send,
        deadline: Instant,
    ) -> Result<T, Broken>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        let link = match timeout_at(deadline, self.pool.get()).await {
            Ok(link) => link?,
            Err(_late) => return Err(Broken::Late),
        };
        self.asked.increment(1);
        // Boxed, or a call would be as large as the work it does, several times over.
        let work = Box::pin(work(Link::clone(&link)));
        let answer = match timeout_at(deadline, work).await {
            Ok(answer) => answer.map_err(Broken::from),
            Err(_late) => Err(Broken::Late),
        };
        // Whether the answer to the next call would be its own is not known of a connection on which
        // one came late or broken.
        if answer
            .as_ref()
            .is_err_and(|broken| !broken.leaves_connection())
        {
            drop(Object::take(link));
        }
        if answer.as_ref().is_err_and(Broken::lost_connection) {
            // A server that was restarted has lost the others as well, and another of them would not
            // do better than this one.
            self.pool.retain(|_, _| false);
        }
        answer
    }
}

/// Makes connections, and looks after those that were not used for a while.
struct Links {
    address: Address,
    /// A connection lives where the store was opened: where it was first asked for may end before it.
    home: Handle,
}

impl Manager for Links {
    type Type = Link;
    type Error = RedisError;

    async fn create(&self) -> RedisResult<Link> {
        let address = self.address.clone();
        let made = self
            .home
            .spawn(async move { address.connect(None::<Deaf>).await });
        let given_up = |error: JoinError| RedisError::from(io::Error::other(error));
        made.await.map_err(given_up)?
    }

    async fn recycle(&self, link: &mut Link, metrics: &Metrics) -> RecycleResult<RedisError> {
        if metrics.last_used() >= IDLE {
            link.ping().await?;
        }
        Ok(())
    }
}

/// Nobody who hears what the server says unasked.
type Deaf = fn(PushInfo) -> Result<(), std::convert::Infallible>;
