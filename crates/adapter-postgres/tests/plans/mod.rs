//! How Postgres executes the statements that the contracts make the adapter send.
//!
//! A statement that scans a whole table is fast in every test and slow in every real deployment. So
//! each statement is captured, explained by a filled database and by a new one, and rejected if it
//! scans a table, or an index from end to end.

mod houses;
mod planner;

use std::collections::HashSet;
use std::sync::{Mutex, Once};
use std::thread::panicking;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use crate::ground::{self, Ground};
use planner::Planner;

/// Statements that were captured and not yet explained.
static CAUGHT: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// Captures every statement from now on.
pub(crate) fn catch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_default_instrumentation(|| Some(Box::new(Catcher))).unwrap();
    });
}

struct Catcher;

impl Instrumentation for Catcher {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let (statement, _binds) = text.split_once(" -- binds").unwrap_or((&text, ""));
            let mut caught = CAUGHT.lock().unwrap();
            caught.get_or_insert_default().insert(statement.to_owned());
        }
    }
}

/// A database. When it is dropped, the statements captured meanwhile are explained.
pub(crate) struct Explained(#[expect(dead_code, reason = "kept")] pub(crate) Ground);

impl Drop for Explained {
    fn drop(&mut self) {
        if panicking() {
            return;
        }
        let caught = CAUGHT.lock().unwrap().take().unwrap_or_default();
        let found = ground::apart(explain(caught));
        assert!(found.is_empty(), "{}", found.join("\n\n"));
    }
}

/// The statements that scan something.
async fn explain(caught: HashSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (house, url) in houses::urls().await {
        let mut planner = Planner::new(&url).await;
        for statement in &caught {
            let scans = planner.scans(statement).await;
            if !scans.is_empty() {
                found.push(format!("{statement}\nin {house} goes through {scans:?}"));
            }
        }
    }
    found
}
