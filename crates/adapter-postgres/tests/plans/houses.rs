//! A database with realistic contents, and a new one without statistics: plans made on the latter stay
//! in use on a connection until the first ANALYZE. All tests share both, and only ask them for plans.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use adapter_postgres::PostgresStore;
use diesel::sql_types::Bool;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};

use crate::ground;

/// Smaller than the database of docs/data.md, but large enough that a table scan is not the best plan.
const SIZES: [(&str, &str); 5] = [
    (":people", "2000"),
    (":rooms", "500"),
    (":members", "20"),
    (":longest", "20000"),
    (":usual", "20"),
];

/// The lock under which one test creates it while the others wait.
const MAKING: i64 = 0x7465_7274_706c_616e;

/// Their names and URLs.
pub(super) async fn urls() -> [(&'static str, String); 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let fill = filling(&fs::read_to_string(root.join("docs/plans/fill.sql")).unwrap());
    [
        ("a house that was lived in", url(&root, &fill).await),
        ("a new house", url(&root, "").await),
    ]
}

/// The URL of the database with this filling, created on first use.
async fn url(root: &Path, fill: &str) -> String {
    let name = format!("tertulia_plans_{:016x}", digest(root, fill));
    let mut db = AsyncPgConnection::establish(&servers::postgres_url())
        .await
        .unwrap();
    db.batch_execute(&format!("SELECT pg_advisory_lock({MAKING})"))
        .await
        .unwrap();
    let there = format!("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')");
    let there: bool = diesel::dsl::sql::<Bool>(&there)
        .get_result(&mut db)
        .await
        .unwrap();
    if !there {
        make(&mut db, &name, fill).await;
    }
    ground::url_of(&name)
}

/// Renamed only once it is complete, so that no test sees it half filled.
async fn make(db: &mut AsyncPgConnection, name: &str, fill: &str) {
    let new = format!("{name}_new");
    for sql in [
        format!("DROP DATABASE IF EXISTS {new}"),
        format!("CREATE DATABASE {new}"),
    ] {
        db.batch_execute(&sql).await.unwrap();
    }
    PostgresStore::migrate(&ground::url_of(&new)).await.unwrap();
    if !fill.is_empty() {
        let mut filler = AsyncPgConnection::establish(&ground::url_of(&new))
            .await
            .unwrap();
        filler.batch_execute(fill).await.unwrap();
        filler.batch_execute("VACUUM (ANALYZE)").await.unwrap();
    }
    let finish = format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{new}';
        ALTER DATABASE {new} RENAME TO {name}"
    );
    db.batch_execute(&finish).await.unwrap();
}

/// A `psql` script, for this size and for any client.
fn filling(script: &str) -> String {
    let mut sql: String = script
        .lines()
        .filter(|line| !line.starts_with('\\') && !line.starts_with("VACUUM"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for (name, size) in SIZES {
        sql = sql.replace(name, size);
    }
    sql
}

/// Another schema or filling makes another database.
fn digest(root: &Path, fill: &str) -> u64 {
    let mut digest = DefaultHasher::new();
    fill.hash(&mut digest);
    let mut steps: Vec<_> = fs::read_dir(root.join("migrations/postgres"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .filter(|path| path.exists())
        .collect();
    steps.sort();
    for step in steps {
        fs::read_to_string(step).unwrap().hash(&mut digest);
    }
    digest.finish()
}
