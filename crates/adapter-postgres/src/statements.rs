//! Counting the statements sent to the database.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use metrics::Counter;

/// Counts every statement that is sent, including those that begin and end transactions.
pub(crate) struct Statements(Counter);

impl Statements {
    /// Counts into the process-wide metrics.
    pub(crate) fn counted() -> Self {
        Self(metrics::counter!(
            "tertulia_database_statements_total",
            "database" => "postgres"
        ))
    }
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            self.0.increment(1);
        }
    }
}
