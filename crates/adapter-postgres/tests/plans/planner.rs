//! The plan that Postgres makes for a statement.

use std::collections::HashMap;

use diesel::sql_types::Text;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};

/// Statements that may scan a table, each identified by a part of its text, and why that is right.
const MEANT: &[(&str, &str)] = &[
    (
        "\"__diesel_schema_migrations\"",
        "as many rows as there are migrations",
    ),
    ("pg_class", "asks Postgres about itself"),
    ("pg_locks", "asks Postgres about itself"),
    (
        "COUNT(*) FROM \"outbox",
        "counts what waits, which is little",
    ),
    (
        "UPDATE \"webhooks\" SET \"holder\" = $1, \"held_until\" = $2 WHERE (\"webhooks\".\"holder\" =",
        "an operator has a handful of them, and it is asked once a process",
    ),
    (
        "FROM \"webhooks\" ORDER BY",
        "an operator has a handful of them",
    ),
    (
        "EXISTS (SELECT \"webhooks\".",
        "stops at the first of a handful",
    ),
    (
        "FROM \"webhooks\" WHERE (\"webhooks\".\"enabled\"",
        "an operator has a handful of them",
    ),
];

/// The statements that have a plan.
const EXPLAINED: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

/// The planner's choices: as in the adapter, and without knowing any parameter value.
const SETTINGS: &str = "
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan;
";

/// A connection for asking for plans.
pub(super) struct Planner {
    db: AsyncPgConnection,
    /// The first column of each index.
    firsts: HashMap<String, String>,
    /// The types of columns.
    types: HashMap<String, String>,
}

const FIRSTS: &str = "SELECT indexrelid::regclass::text, attname::text FROM pg_index \
     JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]";

const TYPES: &str = "SELECT column_name::text, udt_name::text FROM information_schema.columns \
     WHERE table_schema = 'public'";

impl Planner {
    pub(super) async fn new(url: &str) -> Self {
        let mut db = AsyncPgConnection::establish(url).await.unwrap();
        db.batch_execute(SETTINGS).await.unwrap();
        let firsts = pairs(&mut db, FIRSTS).await;
        let mut types = pairs(&mut db, TYPES).await;
        // A column that is itself an array is bound as text.
        types.retain(|_, name| !name.starts_with('_'));
        Self { db, firsts, types }
    }

    /// What a statement scans from end to end.
    pub(super) async fn scans(&mut self, statement: &str) -> Vec<String> {
        let begins = |word: &&str| statement.trim_start().starts_with(*word);
        let meant = |(part, _why): &(&str, &str)| statement.contains(part);
        if !EXPLAINED.iter().any(begins) || MEANT.iter().any(meant) {
            return Vec::new();
        }
        let types = self.parameters(statement);
        let listed = |words: Vec<&str>| match words.len() {
            0 => String::new(),
            _ => format!("({})", words.join(", ")),
        };
        let arguments = listed(vec!["NULL"; types.len()]);
        let types = listed(types.iter().map(String::as_str).collect());
        self.db
            .batch_execute(&format!("PREPARE explained {types} AS {statement}"))
            .await
            .unwrap_or_else(|error| panic!("{error}: {statement}"));
        let explain = format!("EXPLAIN EXECUTE explained {arguments}");
        let plan: Vec<String> = diesel::dsl::sql::<Text>(&explain)
            .load(&mut self.db)
            .await
            .unwrap();
        self.db.batch_execute("DEALLOCATE explained").await.unwrap();
        nodes(&plan)
            .into_iter()
            .filter(|node| self.is_scan(node))
            .map(|node| node.join(" "))
            .collect()
    }

    /// The types of a statement's parameters: those of columns bound as arrays; Postgres infers the
    /// others.
    fn parameters(&self, statement: &str) -> Vec<String> {
        let mut types = vec!["unknown".to_owned(); count(statement)];
        for rest in statement.split("unnest(").skip(1) {
            let (numbers, rest) = rest.split_once(')').unwrap();
            let (_, names) = rest.split_once('(').unwrap();
            let (names, _) = names.split_once(')').unwrap();
            for (number, name) in numbers.split(", ").zip(names.split(", ")) {
                let number: usize = number.trim_start_matches('$').parse().unwrap();
                let of = self.types.get(name).map_or("text", String::as_str);
                types[number - 1] = format!("{of}[]");
            }
        }
        types
    }

    /// Whether a node scans from end to end: a table, or an index without a bound on its first column.
    fn is_scan(&self, node: &[&str]) -> bool {
        let Some(head) = node.first() else {
            return false;
        };
        if head.contains("Seq Scan on") {
            return true;
        }
        let Some(index) = index_of(head) else {
            return false;
        };
        let first = &self.firsts[index];
        let bounded = |line: &&str| line.contains("Index Cond:") && line.contains(first.as_str());
        !node.iter().any(bounded)
    }
}

/// The index that a node uses.
fn index_of(head: &str) -> Option<&str> {
    let (_, rest) = head
        .split_once(" using ")
        .or_else(|| head.split_once("Bitmap Index Scan on "))?;
    rest.split_whitespace().next()
}

async fn pairs(db: &mut AsyncPgConnection, sql: &str) -> HashMap<String, String> {
    let pairs: Vec<(String, String)> = diesel::dsl::sql::<(Text, Text)>(sql)
        .load(db)
        .await
        .unwrap();
    pairs.into_iter().collect()
}

/// The number of a statement's parameters.
fn count(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_digit());
        rest.get(..end.unwrap_or(rest.len()))?.parse().ok()
    });
    numbers.max().unwrap_or(0)
}

/// A plan's nodes, each with its detail lines.
fn nodes(plan: &[String]) -> Vec<Vec<&str>> {
    let mut nodes: Vec<Vec<&str>> = Vec::new();
    for line in plan {
        let line = line.trim();
        match nodes.last_mut() {
            Some(node) if !line.starts_with("->") => node.push(line),
            _ => nodes.push(vec![line]),
        }
    }
    nodes
}

#[tokio::test]
async fn a_scan_is_told_from_a_search() {
    let mut planner = Planner::new(&servers::postgres_url()).await;
    planner
        .db
        .batch_execute(
            "CREATE TEMP TABLE things (id int, place int, name text, PRIMARY KEY (id, place))",
        )
        .await
        .unwrap();
    planner
        .firsts
        .insert("things_pkey".to_owned(), "id".to_owned());
    for (condition, is_scan) in [
        ("id = $1", false),
        ("id > $1 ORDER BY id DESC, place DESC", false),
        ("place = $1", true),
        ("name = $1", true),
        ("name = $1 ORDER BY id, place", true),
        ("name = $1 ORDER BY id DESC, place DESC", true),
    ] {
        let statement = format!("SELECT name FROM things WHERE {condition}");
        let scans = planner.scans(&statement).await;
        assert_eq!(!scans.is_empty(), is_scan, "{statement}: {scans:?}");
    }
}
