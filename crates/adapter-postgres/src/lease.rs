//! A connection borrowed from the pool for one piece of work.

use std::error::Error;

use diesel::QueryResult;
use diesel::result::Error as DieselError;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager as _};

/// A connection that returns to the pool once its work has finished, and is closed otherwise: after a
/// caller was cancelled the connection's state is unknown, and its locks must not outlive the work.
pub(crate) struct Lease {
    connection: Option<Object<AsyncPgConnection>>,
    settled: bool,
}

impl Lease {
    pub(crate) const fn new(connection: Object<AsyncPgConnection>) -> Self {
        Self {
            connection: Some(connection),
            settled: false,
        }
    }

    pub(crate) fn connection(&mut self) -> QueryResult<&mut AsyncPgConnection> {
        match &mut self.connection {
            Some(connection) => Ok(connection),
            None => Err(DieselError::BrokenTransactionManager),
        }
    }

    pub(crate) async fn begin(&mut self, sql: &str) -> QueryResult<()> {
        AnsiTransactionManager::begin_transaction_sql(self.connection()?, sql).await
    }

    pub(crate) async fn commit(&mut self) -> QueryResult<()> {
        AnsiTransactionManager::commit_transaction(self.connection()?).await?;
        self.settle();
        Ok(())
    }

    /// Rolls back. If that fails the connection is closed, which has the same effect.
    pub(crate) async fn roll_back(&mut self) {
        let undone = match self.connection() {
            Ok(connection) => AnsiTransactionManager::rollback_transaction(connection).await,
            Err(error) => Err(error),
        };
        match undone {
            Ok(()) => self.settle(),
            Err(error) => {
                let error: &dyn Error = &error;
                tracing::debug!(error, "rollback failed; closing the connection instead");
            }
        }
    }

    /// Marks the work as finished: nothing of it is left on the connection.
    pub(crate) const fn settle(&mut self) {
        self.settled = true;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && !self.settled
        {
            drop(Object::take(connection));
        }
    }
}
