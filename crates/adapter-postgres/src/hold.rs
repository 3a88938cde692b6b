//! Who may work with the database at the same time.
//!
//! Servers that hear each other share it. One that hears of no others must be the only one: people on two
//! such servers would learn of each other's messages seconds late, and be let in with sessions that were
//! ended. So each keeps an advisory lock, a shared one or one of its own, on a connection that does
//! nothing else.

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
/// Whether this connection has it.
const HELD: &str = "SELECT EXISTS (SELECT FROM pg_locks \
     WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted)";
/// How long to wait for a server that is about to stop.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the lock is looked after.
const ROUND: Duration = Duration::from_secs(5);
/// How often it is asked for while somebody else has it.
const AGAIN: Duration = Duration::from_millis(250);

/// The right to work with the database, kept until it is released or dropped.
pub(crate) struct Hold(Mutex<JoinSet<()>>);

impl Hold {
    /// Takes the right, or says that somebody else is in the way.
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

    /// Lets the next one in.
    pub(crate) async fn release(&self) {
        let mut keeper =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        keeper.shutdown().await;
    }
}

/// Looks after the lock for ever, and takes it again after its connection was lost. Whoever came in
/// meanwhile is told of, once: what is stored stays right, but people hear of it late.
#[expect(
    clippy::infinite_loop,
    reason = "whoever waits for it wants it to end, and then it is dropped"
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
                    tracing::info!("the database is held again");
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
