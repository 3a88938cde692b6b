//! Which adapter was put behind which port, and why.

use std::fmt::{self, Display};

use crate::settings::{Settings, Store};

/// One line of the start-up table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is for.
    pub part: &'static str,
    /// What does it.
    pub adapter: String,
    /// Because of which setting.
    pub reason: &'static str,
}

/// What the settings choose.
pub fn choices(settings: &Settings) -> Vec<Choice> {
    let (store, reason) = match settings.store() {
        Store::Memory => (
            "memory, gone at the end".to_owned(),
            "storage.memory is set",
        ),
        Store::Sqlite(path) => (
            format!("SQLite in {}", path.display()),
            "DATABASE_URL names no other",
        ),
        Store::Postgres(_) => ("Postgres".to_owned(), "DATABASE_URL is set"),
    };
    let choice = |part, adapter: &str, reason| Choice {
        part,
        adapter: adapter.to_owned(),
        reason,
    };
    vec![
        choice("users, rooms, messages, search", &store, reason),
        choice("sessions, profiles", &store, "MONGODB_URL is not set"),
        choice(
            "presence, limits, bus",
            "inside this process",
            "REDIS_URL is not set",
        ),
        choice("passwords", "bcrypt", "there is no other"),
        choice("tokens", signing(settings), "see auth in docs/settings.md"),
    ]
}

fn signing(settings: &Settings) -> &'static str {
    match (&settings.auth.key_file, &settings.auth.jwt_secret) {
        (Some(_), _) => "signed with the key file",
        (None, Some(_)) => "HS256 with JWT_SECRET",
        (None, None) => "HS256 with a key made here",
    }
}

/// The start-up table, for people.
pub struct Table<'a>(pub &'a [Choice]);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&Choice) -> &str| {
            self.0
                .iter()
                .map(|choice| text(choice).chars().count())
                .max()
                .unwrap_or_default()
        };
        let parts = width(|choice| choice.part);
        let adapters = width(|choice| &choice.adapter);
        for Choice {
            part,
            adapter,
            reason,
        } in self.0
        {
            writeln!(f, "  {part:parts$}  {adapter:adapters$}  {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::{Environment, load};

    fn table(variables: &[(&str, &str)]) -> String {
        let environment: Environment = variables.iter().copied().collect();
        let settings = load(&environment, Path::new("/nowhere")).unwrap();
        Table(&choices(&settings)).to_string()
    }

    #[test]
    fn the_embedded_default_says_where_things_are() {
        let table = table(&[]);
        assert!(table.contains("SQLite in data/tertulia.db"), "{table}");
        assert!(table.contains("REDIS_URL is not set"), "{table}");
    }

    #[test]
    fn memory_says_that_it_forgets() {
        let table = table(&[("PROFILE", "test"), ("TERTULIA_STORAGE__MEMORY", "true")]);
        assert!(table.contains("gone at the end"), "{table}");
    }
}
