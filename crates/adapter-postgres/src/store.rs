//! The store as a whole: opening it, running work on it, closing it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::result::ConnectionError;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use domain::Failure;
use futures::FutureExt as _;
use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::time::timeout;

use crate::OpenError;
use crate::connection::{Connector, Patience};
use crate::failure::{Broken, Call, NotDone, is_cut};
use crate::hold::Hold;
use crate::lease::Lease;
use crate::migrations;
use crate::work::Work;

/// How often work is repeated after concurrent changes invalidated it.
const TRIES: usize = 5;

/// The limits of a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// At most this many connections.
    pub connections: usize,
    /// Calls that may wait for a connection; further ones are refused as overloaded.
    pub waiting: usize,
    /// How long a call may wait for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take.
    pub statement_timeout: Duration,
    /// How long a statement may wait for a lock.
    pub lock_timeout: Duration,
    /// Whether this server is connected to no other: then no other may use the database.
    pub alone: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 16,
            waiting: 1024,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(3),
            alone: false,
        }
    }
}

/// Users, rooms, messages and jobs in Postgres.
///
/// Every change is a transaction of its own; every read sees one snapshot. Clones share the
/// connections.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool<AsyncPgConnection>,
    options: Options,
    /// How often the database has answered, be it with an error.
    answers: Arc<AtomicU64>,
    // Held as long as the store is in use.
    hold: Arc<Hold>,
}

/// How a piece of work is isolated from concurrent work.
#[derive(Clone, Copy)]
enum Frame {
    /// One reading statement.
    Read,
    /// Several reading statements, in one snapshot.
    Snapshot,
    /// One changing statement, a transaction by itself.
    Change,
    /// Several changing statements, all or nothing.
    Transaction,
}

impl Frame {
    const fn begin(self) -> Option<&'static str> {
        match self {
            Self::Read | Self::Change => None,
            Self::Snapshot => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Self::Transaction => Some("BEGIN"),
        }
    }

    const fn changes(self) -> bool {
        matches!(self, Self::Change | Self::Transaction)
    }
}

/// The outcome of one attempt.
enum Attempt<T> {
    Done(T),
    /// The connection was dead, and this attempt cannot have changed anything.
    Dead(Broken),
    Broken(Broken),
}

impl<T> Attempt<T> {
    /// Classifies a failure; `harmless` says whether repeating the work is safe after a dead
    /// connection.
    fn begun(broken: Broken, harmless: bool) -> Self {
        let dead = matches!(&broken, Broken::Database(error) if is_cut(error));
        if harmless && dead {
            Self::Dead(broken)
        } else {
            Self::Broken(broken)
        }
    }
}

impl PostgresStore {
    /// Opens a database and brings it up to date. Several servers may do so at once.
    pub async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let connector = Connector::new(url)?;
        let applied = migrations::apply(&connector).await?;
        if !applied.is_empty() {
            tracing::info!(?applied, "the database was migrated");
        }
        let hold = Hold::take(connector.clone(), options.alone).await?;
        let pool = pool(connector, &options)?;
        Ok(Self {
            pool,
            options,
            answers: Arc::default(),
            hold: Arc::new(hold),
        })
    }

    /// Brings a database up to date and returns the names of the migrations applied.
    pub async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
        migrations::apply(&Connector::new(url)?).await
    }

    /// Returns the names of the pending migrations, and changes nothing.
    pub async fn pending(url: &str) -> Result<Vec<String>, OpenError> {
        migrations::pending(&Connector::new(url)?).await
    }

    /// Refuses further calls. Calls in progress run to completion.
    pub async fn close(&self) {
        self.pool.close();
        self.hold.release().await;
    }

    /// The number of connections, of free connections, and of calls waiting for one.
    pub fn pressure(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        (status.size, status.available, status.waiting)
    }

    /// Reads with one statement.
    pub(crate) async fn read<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Read, work).await
    }

    /// Reads with several statements, in one snapshot.
    pub(crate) async fn snapshot<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Snapshot, work).await
    }

    /// Makes a change with one statement.
    pub(crate) async fn change<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Change, work).await
    }

    /// Makes a change with several statements, in one transaction. The work may run more than once,
    /// each time after a complete rollback.
    pub(crate) async fn transact<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Transaction, work).await
    }

    /// Runs work on a connection. It is repeated where that is safe: after a complete rollback, and
    /// when the connection turned out to be dead before anything could have changed. After a restart of
    /// the server every pooled connection may be dead, and the one after those is new.
    #[tracing::instrument(
        skip_all,
        name = "store",
        fields(
            otel.name = format!("postgresql {}.{}", call.port, call.action),
            otel.kind = "client",
            db.system.name = "postgresql",
        )
    )]
    async fn run<T>(&self, call: Call, frame: Frame, work: impl Work<T>) -> Result<T, Failure> {
        let (mut overtaken, mut dead) = (0, 0);
        loop {
            let trial = self.attempt(frame, work);
            let done = match timeout(self.longest(), trial).await {
                Ok(done) => done.map_err(|error| error.into_failure(call))?,
                Err(_elapsed) => return Err(NotDone::Silent.into_failure(call)),
            };
            match done {
                Attempt::Done(done) => return Ok(done),
                Attempt::Dead(_) if dead < self.options.connections => dead += 1,
                Attempt::Broken(Broken::Overtaken) if overtaken < TRIES => overtaken += 1,
                Attempt::Dead(broken) | Attempt::Broken(broken) => {
                    return Err(broken.into_failure(call));
                }
            }
        }
    }

    async fn attempt<T>(&self, frame: Frame, work: impl Work<T>) -> Result<Attempt<T>, NotDone> {
        let mut lease = self.idle().await?;
        if let Some(sql) = frame.begin()
            && let Err(error) = lease.begin(sql).await
        {
            return Ok(Attempt::begun(error.into(), true));
        }
        let done = within(&mut lease, frame, work).await;
        self.answers.fetch_add(1, Ordering::Relaxed);
        Ok(match done {
            Ok(done) => Attempt::Done(done),
            Err(broken) => Attempt::begun(broken, !frame.changes()),
        })
    }

    async fn idle(&self) -> Result<Lease, NotDone> {
        if self.pool.status().waiting >= self.options.waiting {
            return Err(NotDone::Full);
        }
        let answers = self.answers.load(Ordering::Relaxed);
        match timeout(self.options.acquire_timeout, self.pool.get()).await {
            Ok(connection) => Ok(Lease::new(connection?)),
            // All connections are in use and none has been answered: the database hangs, it is not
            // overload.
            Err(_elapsed) if self.answers.load(Ordering::Relaxed) == answers => {
                Err(NotDone::Silent)
            }
            Err(_elapsed) => Err(NotDone::Late),
        }
    }

    /// After how long a statement's answer is no longer expected.
    fn longest(&self) -> Duration {
        self.options.statement_timeout + Duration::from_secs(1)
    }
}

/// Runs work within its frame, and leaves the connection clean or marks it for closing.
async fn within<T>(lease: &mut Lease, frame: Frame, work: impl Work<T>) -> Result<T, Broken> {
    match (work(lease.connection()?).await, frame) {
        (done, Frame::Read | Frame::Change) => {
            lease.settle();
            done
        }
        (Ok(done), Frame::Snapshot | Frame::Transaction) => {
            lease.commit().await?;
            Ok(done)
        }
        (Err(broken), Frame::Snapshot | Frame::Transaction) => {
            lease.roll_back().await;
            Err(broken)
        }
    }
}

fn pool(connector: Connector, options: &Options) -> Result<Pool<AsyncPgConnection>, OpenError> {
    let patience = Patience {
        statement: options.statement_timeout,
        lock: options.lock_timeout,
    };
    let mut config = ManagerConfig::default();
    // A dead connection shows when work begins on it, so no ping is needed in between.
    config.recycling_method = RecyclingMethod::Fast;
    // Connections are driven by the runtime that opened the store: the one that first asks for a
    // connection may end earlier.
    let home = Handle::current();
    config.custom_setup = Box::new(move |_url| {
        let connector = connector.clone();
        let made = home.spawn(async move { connector.connect(patience).await });
        let given_up = |error: JoinError| ConnectionError::BadConnection(error.to_string());
        made.map(move |made| made.map_err(given_up)?).boxed()
    });
    let manager = AsyncDieselConnectionManager::new_with_config(String::new(), config);
    Pool::builder(manager)
        .max_size(options.connections.max(1))
        .build()
        .map_err(OpenError::failed)
}
