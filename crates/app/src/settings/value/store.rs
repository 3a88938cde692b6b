//! The database that is the source of truth.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::ServiceUrl;

/// A parsed `DATABASE_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    /// `sqlite://path`.
    Sqlite(PathBuf),
    /// `postgres://…`.
    Postgres(ServiceUrl),
}

/// Where users, rooms and messages are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// In memory: they are lost when the process ends.
    Memory,
    /// In a file.
    Sqlite(PathBuf),
    /// In a server.
    Postgres(ServiceUrl),
}

impl Store {
    pub(crate) fn chosen(memory: bool, url: Option<&DatabaseUrl>, data_dir: &Path) -> Self {
        match url {
            _ if memory => Self::Memory,
            Some(DatabaseUrl::Sqlite(path)) => Self::Sqlite(path.clone()),
            Some(DatabaseUrl::Postgres(url)) => Self::Postgres(url.clone()),
            None => Self::Sqlite(data_dir.join("tertulia.db")),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: ServiceUrl = text.parse().map_err(|_no_address| FORMS)?;
        match url.scheme() {
            "postgres" | "postgresql" => Ok(Self::Postgres(url)),
            "sqlite" => sqlite(url.expose()),
            "mysql" | "mariadb" => Err(
                "names MySQL, which Tertulia does not speak: set postgres://…, or leave it empty \
                 for SQLite in the data folder",
            ),
            "mongodb" | "mongodb+srv" => {
                Err("names MongoDB, which keeps sessions and profiles only: set MONGODB_URL to it")
            }
            _ => Err(FORMS),
        }
    }
}

const FORMS: &str = "must be postgres://… or sqlite://path";

fn sqlite(url: &str) -> Result<DatabaseUrl, &'static str> {
    let path = url.trim_start_matches("sqlite://");
    if path.is_empty() || path.contains(['?', '#']) || path.starts_with(':') {
        return Err("must be sqlite:// and the path of a file, without anything after it");
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<DatabaseUrl, &'static str> {
        text.parse()
    }

    #[test]
    fn sqlite_has_a_path() {
        assert_eq!(
            parsed("sqlite:///var/lib/chat.db"),
            Ok(DatabaseUrl::Sqlite("/var/lib/chat.db".into()))
        );
        assert_eq!(
            parsed("sqlite://chat.db"),
            Ok(DatabaseUrl::Sqlite("chat.db".into()))
        );
        for text in ["sqlite://", "sqlite://:memory:", "sqlite://a.db?mode=rwc"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn postgres_has_two_names() {
        for text in ["postgres://u:p@db/chat", "postgresql://u:p@db/chat"] {
            assert!(
                matches!(parsed(text), Ok(DatabaseUrl::Postgres(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn others_are_refused_with_a_way_out() {
        let mysql = parsed("mysql://root:password@db:3306/chat").unwrap_err();
        assert!(
            mysql.contains("MySQL") && mysql.contains("postgres://"),
            "{mysql}"
        );
        let mongo = parsed("mongodb://db/chat").unwrap_err();
        assert!(mongo.contains("MONGODB_URL"), "{mongo}");
        assert_eq!(parsed("oracle://db"), Err(FORMS));
        assert_eq!(parsed("chat.db"), Err(FORMS));
    }

    #[test]
    fn the_data_folder_is_the_default() {
        let data = Path::new("/data");
        assert_eq!(
            Store::chosen(false, None, data),
            Store::Sqlite("/data/tertulia.db".into())
        );
        let file = DatabaseUrl::Sqlite("/x.db".into());
        assert_eq!(
            Store::chosen(false, Some(&file), data),
            Store::Sqlite("/x.db".into())
        );
        assert_eq!(Store::chosen(true, None, data), Store::Memory);
    }
}
