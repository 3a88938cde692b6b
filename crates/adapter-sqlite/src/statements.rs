//! How much is asked of the database.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use metrics::Counter;

/// Counts every statement that is sent, those that begin and end transactions among them.
pub(crate) struct Statements(Counter);

impl Statements {
    /// Counts into the process' numbers.
    pub(crate) fn counted() -> Self {
        Self(metrics::counter!(
            "tertulia_database_statements_total",
            "database" => "sqlite"
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
