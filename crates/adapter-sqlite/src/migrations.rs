//! The migrations, compiled in, and which of them a database has seen.

use std::path::Path;

use diesel::migration::MigrationSource as _;
use diesel::prelude::*;
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::open_error::OpenError;

const KNOWN: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

diesel::table! {
    sqlite_master (name) {
        name -> Text,
    }
}

diesel::table! {
    /// Diesel's table of applied migrations.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Applies the pending migrations, each in a transaction, and returns their names.
pub(crate) fn apply(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Vec<String>, OpenError> {
    let pending = pending(connection, path)?;
    if !pending.is_empty() {
        connection.run_pending_migrations(KNOWN).map_err(|error| {
            match error.downcast::<diesel::result::Error>() {
                Ok(error) => OpenError::from_diesel(path, *error),
                Err(error) => OpenError::failed(path, error),
            }
        })?;
    }
    Ok(pending)
}

/// Lists the pending migrations. Changes nothing, and refuses a database that has seen migrations
/// unknown to this program, or that belongs to another program.
pub(crate) fn pending(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Vec<String>, OpenError> {
    let known = known(path)?;
    let seen = seen(connection).map_err(|error| OpenError::from_diesel(path, error))?;
    let Some(seen) = seen else {
        return Err(OpenError::NotADatabase {
            path: path.to_owned(),
        });
    };
    let unknown: Vec<String> = seen
        .iter()
        .filter(|version| !known.iter().any(|(number, _)| number == *version))
        .cloned()
        .collect();
    if !unknown.is_empty() {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            unknown,
        });
    }
    let missing = known
        .into_iter()
        .filter(|(number, _)| !seen.contains(number));
    Ok(missing.map(|(_, name)| name).collect())
}

/// All migrations, by version and name.
pub(crate) fn known(path: &Path) -> Result<Vec<(String, String)>, OpenError> {
    let steps: Vec<Box<dyn diesel::migration::Migration<Sqlite>>> = KNOWN
        .migrations()
        .map_err(|error| OpenError::failed(path, error))?;
    let mut steps: Vec<(String, String)> = steps
        .iter()
        .map(|step| (step.name().version().to_string(), step.name().to_string()))
        .collect();
    steps.sort();
    Ok(steps)
}

/// The versions that the database has seen; `None` if its tables are not ours.
fn seen(connection: &mut SqliteConnection) -> QueryResult<Option<Vec<String>>> {
    let tables: Vec<String> = sqlite_master::table
        .select(sqlite_master::name)
        .load(connection)?;
    if tables.is_empty() {
        return Ok(Some(Vec::new()));
    }
    if !tables
        .iter()
        .any(|name| name == "__diesel_schema_migrations")
    {
        return Ok(None);
    }
    __diesel_schema_migrations::table
        .select(__diesel_schema_migrations::version)
        .load(connection)
        .map(Some)
}

#[cfg(test)]
mod tests {
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Text};

    use super::*;
    use crate::connection::{Mode, Seat};

    // Excludes the text index's own tables, and those of SQLite and Diesel.
    const LAX: &str = "SELECT name FROM pragma_table_list \
         WHERE type = 'table' AND strict = 0 \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'";
    const OURS: &str = "SELECT count(*) FROM sqlite_master \
         WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'";

    #[test]
    fn steps_go_up_down_and_up_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tertulia.db");
        let mut seat = Seat::open(&path, Mode::Write).unwrap();
        let db = &mut seat.connection;
        let all = apply(db, &path).unwrap();
        assert!(!all.is_empty());
        assert_eq!(pending(db, &path).unwrap(), Vec::<String>::new());

        db.revert_all_migrations(KNOWN).unwrap();
        let left: i64 = sql::<BigInt>(OURS).get_result(db).unwrap();
        assert_eq!(left, 0);
        assert_eq!(apply(db, &path).unwrap(), all);
    }

    #[test]
    fn every_table_is_strict() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tertulia.db");
        let mut seat = Seat::open(&path, Mode::Write).unwrap();
        apply(&mut seat.connection, &path).unwrap();
        let lax: Vec<String> = sql::<Text>(LAX).load(&mut seat.connection).unwrap();
        assert_eq!(lax, Vec::<String>::new());
    }
}
