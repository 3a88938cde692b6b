//! The store as a whole: opened, asked, closed.

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

/// How often work is done over that somebody else has overtaken.
const TRIES: usize = 5;

/// How much a store takes on.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections, at most.
    pub connections: usize,
    /// Calls that may wait for a connection; further ones are refused as overloaded.
    pub waiting: usize,
    /// How long a call may wait for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take.
    pub statement_timeout: Duration,
    /// How long a statement may wait for a lock.
    pub lock_timeout: Duration,
    /// Whether this server hears of no other: then no other may use the database.
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
/// Every change is a transaction of its own; what a reader sees is one snapshot. Cloning shares the
/// connections.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool<AsyncPgConnection>,
    options: Options,
    /// How often the database has answered, be it with a refusal.
    answers: Arc<AtomicU64>,
    // Held as long as anybody works with the store.
    hold: Arc<Hold>,
}

/// How a piece of work is set off from what others do meanwhile.
#[derive(Clone, Copy)]
enum Frame {
    /// One statement that reads.
    Read,
    /// Several that read, in one snapshot.
    Snapshot,
    /// One statement that changes something, a transaction by itself.
    Change,
    /// Several, all or nothing.
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

/// What became of one try.
enum Attempt<T> {
    Done(T),
    /// The connection was dead, and nothing can have changed by this.
    Dead(Broken),
    Broken(Broken),
}

impl<T> Attempt<T> {
    /// What a failure means, by whether doing it again is safe when the connection was dead.
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
    /// Opens a database for work, and brings it up to date. Ten servers may do so at once.
    pub async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let connector = Connector::new(url)?;
        let applied = migrations::apply(&connector).await?;
        if !applied.is_empty() {
            tracing::info!(?applied, "the database was brought up to date");
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

    /// Brings a database up to date and names the steps that this took.
    pub async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
        migrations::apply(&Connector::new(url)?).await
    }

    /// Names the steps that a database has not seen yet, and changes nothing.
    pub async fn pending(url: &str) -> Result<Vec<String>, OpenError> {
        migrations::pending(&Connector::new(url)?).await
    }

    /// Takes no more calls. What was begun is finished by those who wait for it.
    pub async fn close(&self) {
        self.pool.close();
        self.hold.release().await;
    }

    /// How many connections there are, how many of them are free, and how many calls wait for one.
    pub fn pressure(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        (status.size, status.available, status.waiting)
    }

    /// Reads something by one statement.
    pub(crate) async fn read<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Read, work).await
    }

    /// Reads something by several statements, in one snapshot.
    pub(crate) async fn snapshot<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Snapshot, work).await
    }

    /// Changes something by one statement.
    pub(crate) async fn change<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Change, work).await
    }

    /// Changes something by several statements, in one transaction. The work may be done more than once, each
    /// time after all of it was rolled back.
    pub(crate) async fn transact<T>(&self, call: Call, work: impl Work<T>) -> Result<T, Failure> {
        self.run(call, Frame::Transaction, work).await
    }

    /// Does work on a connection. It is done over where that is safe: where all of it was rolled back,
    /// and where the connection was found dead before anything could have changed. After a restart of the
    /// server every connection in the pool may be dead, and one more is new.
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
            // With all connections in use and nobody answered on any of them, it is not the crowd.
            Err(_elapsed) if self.answers.load(Ordering::Relaxed) == answers => {
                Err(NotDone::Silent)
            }
            Err(_elapsed) => Err(NotDone::Late),
        }
    }

    /// When a server that was asked cannot be believed to answer any more.
    fn longest(&self) -> Duration {
        self.options.statement_timeout + Duration::from_secs(1)
    }
}

/// Does work within its frame, and leaves the connection as it was found, or not at all.
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
    // Whether a connection is dead shows when work begins on it, without a question in between.
    config.recycling_method = RecyclingMethod::Fast;
    // A connection lives where the store was opened: where it was first asked for may end before it.
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
