//! What holds for every table, and that each migration can be reverted and applied again.

use std::fs;
use std::path::PathBuf;

use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};

use crate::ground::Ground;
use crate::watch::connect;
use adapter_postgres::PostgresStore;

/// Everything that a migration can create, as text.
const PARTS: &str = "
    SELECT part FROM (
        SELECT 'column ' || attrelid::regclass || ' '
            || row_number() OVER (PARTITION BY attrelid ORDER BY attnum) || ' ' || attname || ' '
            || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || attidentity::text || ' '
            || attcollation::regcollation
        FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
            -- One that was dropped leaves its number.
            AND NOT attisdropped
        UNION ALL
        SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'relation ' || relkind::text || ' ' || relname || ' ' || coalesce(array_to_string(reloptions, ' '), '')
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS parts (part)
    ORDER BY part
";

/// Tables without a primary key cannot be replicated, and their rows cannot be told apart.
const WITHOUT_KEY: &str = "
    SELECT pg_class.oid::regclass::text
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary)
";

/// Deleting a row makes Postgres look for references to it. User rows are erased but never deleted.
const WITHOUT_INDEX: &str = "
    SELECT conrelid::regclass || '.' || conname
    FROM pg_constraint
    WHERE contype = 'f' AND confrelid <> 'users'::regclass
        AND NOT EXISTS (
            SELECT FROM pg_index
            WHERE indrelid = conrelid
                AND (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
                AND (indkey::int2[])[0:cardinality(conkey) - 1] <@ conkey
        )
";

/// Columns sorted by the server's locale change their order when its library is upgraded.
const BY_LOCALE: &str = "
    SELECT attrelid::regclass || '.' || attname
    FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%'
        AND attcollation <> 0 AND attcollation <> 'pg_catalog.\"C\"'::regcollation
";

/// Sequence numbers. They reveal how much there is, so none of them may be exposed.
const COUNTED: &str = "
    SELECT table_name || '.' || column_name
    FROM information_schema.columns
    WHERE table_schema = 'public' AND (is_identity = 'YES' OR column_default LIKE 'nextval%')
    ORDER BY 1
";

async fn texts(db: &mut AsyncPgConnection, sql: &str) -> Vec<String> {
    diesel::dsl::sql::<Text>(sql).load(db).await.unwrap()
}

/// The migrations' folders, in order.
fn steps() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    let mut steps: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    steps.sort();
    steps
}

#[tokio::test]
async fn what_was_done_can_be_undone_and_done_again() {
    let ground = Ground::new().await;
    let mut db = connect(&ground.url()).await;
    let steps = steps();
    assert!(!steps.is_empty());
    let mut before = Vec::new();
    for step in &steps {
        before.push(texts(&mut db, PARTS).await);
        run(&mut db, &step.join("up.sql")).await;
    }
    let after = texts(&mut db, PARTS).await;
    for (step, before) in steps.iter().zip(before).rev() {
        run(&mut db, &step.join("down.sql")).await;
        assert_eq!(texts(&mut db, PARTS).await, before, "{}", step.display());
    }
    for step in &steps {
        run(&mut db, &step.join("up.sql")).await;
    }
    assert_eq!(texts(&mut db, PARTS).await, after);
}

async fn run(db: &mut AsyncPgConnection, file: &PathBuf) {
    let sql = fs::read_to_string(file).unwrap();
    db.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn every_table_can_be_cleared_replicated_and_moved() {
    let ground = Ground::new().await;
    PostgresStore::migrate(&ground.url()).await.unwrap();
    let mut db = connect(&ground.url()).await;
    for question in [WITHOUT_KEY, WITHOUT_INDEX, BY_LOCALE] {
        let answer = texts(&mut db, question).await;
        assert!(answer.is_empty(), "{question}{answer:?}");
    }
    // The order of first reactions, of events and of deliveries. The adapter returns none of them.
    let counted = texts(&mut db, COUNTED).await;
    assert_eq!(
        counted,
        [
            "outbox.num",
            "outbox_parked.num",
            "reactions.num",
            "webhook_deliveries.num"
        ]
    );
}
