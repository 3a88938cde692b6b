//! Which servers may use the database at the same time.
//!
//! Servers that are connected to each other share it. A server that is connected to no other must be
//! the only one: with two of those, people would see each other's messages seconds late, and sessions
//! ended on one would still be accepted by the other. So each server holds an advisory lock, shared or
//! exclusive, on a connection used for nothing else.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::prelude::*;
use diesel::sql_types::Bool;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::OpenError;
use crate::connection::{Connector, Patience};

/// The advisory lock.
const LOCK: i64 = 0x7465_7274_756c_6962;
/// Whether this connection holds it.
const HELD: &str = "SELECT EXISTS (SELECT FROM pg_locks \
     WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted)";
/// How long to wait for a server that is shutting down.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the lock is checked.
const ROUND: Duration = Duration::from_secs(5);
/// How often to retry while another server holds it.
const AGAIN: Duration = Duration::from_millis(250);

/// The right to use the database, held until it is released or dropped.
pub(crate) struct Hold(Mutex<JoinSet<()>>);

impl Hold {
    /// Acquires the lock, or reports that another server is in the way.
    pub(crate) async fn take(connector: Connector, alone: bool) -> Result<Self, OpenError> {
        let mut db = connect(&connector).await.map_err(OpenError::unreachable)?;
        let end = Instant::now() + PATIENCE;
        while !lock(&mut db, alone).await.map_err(OpenError::failed)? {
            if Instant::now() >= end {
                return Err(OpenError::NotAlone);
            }
            sleep(AGAIN).await;
        }
        let mut keeper = JoinSet::new();
        keeper.spawn(keep(connector, db, alone));
        Ok(Self(Mutex::new(keeper)))
    }

    /// Gives up the lock, so that the next server can start.
    pub(crate) async fn release(&self) {
        let mut keeper =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        keeper.shutdown().await;
    }
}

/// Checks the lock for ever, and takes it again after its connection was lost. If a conflicting server
/// started in the meantime, that is logged once: stored data stays correct, but people see changes
/// late.
#[expect(
    clippy::infinite_loop,
    reason = "it runs until the hold is released or dropped, which aborts its task"
)]
async fn keep(connector: Connector, mut db: AsyncPgConnection, alone: bool) {
    let mut told = false;
    loop {
        while is_there(&mut db).await {
            sleep(ROUND).await;
        }
        if let Ok(mut new) = connect(&connector).await {
            match lock(&mut new, alone).await {
                Ok(true) => {
                    tracing::info!("the advisory lock on the database was taken again");
                    told = false;
                }
                Ok(false) if !told => {
                    tracing::error!("{}", OpenError::NotAlone);
                    told = true;
                }
                Ok(false) | Err(_) => {}
            }
            db = new;
        }
        sleep(ROUND).await;
    }
}

async fn connect(connector: &Connector) -> ConnectionResult<AsyncPgConnection> {
    connector
        .connect(Patience {
            statement: ROUND,
            lock: ROUND,
        })
        .await
}

async fn is_there(db: &mut AsyncPgConnection) -> bool {
    let held = timeout(ROUND, diesel::dsl::sql::<Bool>(HELD).get_result(db)).await;
    matches!(held, Ok(Ok(true)))
}

async fn lock(db: &mut AsyncPgConnection, alone: bool) -> QueryResult<bool> {
    let function = if alone {
        "pg_try_advisory_lock"
    } else {
        "pg_try_advisory_lock_shared"
    };
    let taken = diesel::dsl::sql::<Bool>(&format!("SELECT {function}({LOCK})"));
    taken.get_result(db).await
}
