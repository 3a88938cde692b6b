//! How SQLite executes the statements that the contracts make the adapter send.
//!
//! A statement that scans a whole table is fast in every test and slow in every real deployment. So
//! each statement is captured, explained, and rejected if it scans.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, Once};
use std::thread::panicking;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

/// Statements that may scan a table, each identified by a part of its text, and why that is right.
const MEANT: &[(&str, &str)] = &[
    (
        "(1=0)",
        "asks for nothing, which SQLite sees before it looks",
    ),
    ("`sqlite_master`", "as many rows as the schema has parts"),
    (
        "`__diesel_schema_migrations`",
        "as many rows as there are migrations",
    ),
    ("FROM `meta`", "a handful of rows"),
    (
        "COUNT(*) FROM `outbox",
        "counts what waits, which is little",
    ),
    (
        "UPDATE `webhooks` SET `holder` = ?, `held_until` = ? WHERE (`webhooks`.`holder`",
        "an operator has a handful of them, and it is asked once a process",
    ),
    (
        "FROM `webhooks` ORDER BY",
        "an operator has a handful of them",
    ),
    (
        "EXISTS (SELECT `webhooks`.",
        "stops at the first of a handful",
    ),
    (
        "FROM `webhooks` WHERE (`webhooks`.`enabled`",
        "an operator has a handful of them",
    ),
    (
        "FROM `rooms` WHERE (((`rooms`.`deleted_at` IS NULL) AND ((`rooms`.`kind` = ?) OR",
        "goes by the order asked for and stops at the limit",
    ),
];

/// The statements that have a plan.
const EXPLAINED: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE"];

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

/// A folder with a database. When it is dropped, the statements captured meanwhile are explained by it.
pub(crate) struct Ground {
    pub(crate) folder: TempDir,
}

impl Ground {
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("tertulia.db")
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if panicking() {
            return;
        }
        let caught = CAUGHT.lock().unwrap().take().unwrap_or_default();
        let mut db = SqliteConnection::establish(&self.file().to_string_lossy()).unwrap();
        for statement in caught {
            let scans = scans(&mut db, &statement);
            assert!(scans.is_empty(), "{statement}\ngoes through {scans:?}");
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    detail: String,
}

fn scans(db: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let begins = |word: &&str| statement.trim_start().starts_with(*word);
    let meant = |(part, _why): &(&str, &str)| statement.contains(part);
    if !EXPLAINED.iter().any(begins) || MEANT.iter().any(meant) {
        return Vec::new();
    }
    let plan = format!("EXPLAIN QUERY PLAN {statement}");
    let lines: Vec<Line> = diesel::sql_query(plan).load(db).unwrap();
    let details = lines.into_iter().map(|line| line.detail);
    details.filter(|detail| is_scan(detail)).collect()
}

/// SQLite calls every lookup in the text index a scan.
fn is_scan(detail: &str) -> bool {
    detail.starts_with("SCAN ")
        && detail != "SCAN CONSTANT ROW"
        && !detail.contains("VIRTUAL TABLE INDEX")
}

#[test]
fn a_scan_is_told_from_a_search() {
    let mut db = SqliteConnection::establish(":memory:").unwrap();
    diesel::sql_query("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)")
        .execute(&mut db)
        .unwrap();
    let by_id = scans(&mut db, "SELECT name FROM things WHERE id = ?");
    assert!(by_id.is_empty(), "{by_id:?}");
    let by_name = scans(&mut db, "SELECT id FROM things WHERE name = ?");
    assert_eq!(by_name, ["SCAN things"]);
}
