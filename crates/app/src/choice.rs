//! Which adapter was chosen for which port, and why.

use std::fmt::{self, Display};
use std::path::Path;

use crate::settings::{MediaPlace, Settings, Store};

/// One line of the start-up table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The ports.
    pub part: &'static str,
    /// The adapter.
    pub adapter: String,
    /// The setting that decided.
    pub reason: &'static str,
}

/// The adapters that the settings choose.
pub fn choices(settings: &Settings) -> Vec<Choice> {
    let row = |part, (adapter, reason)| Choice {
        part,
        adapter,
        reason,
    };
    vec![
        row("users, rooms, messages, search", store(settings)),
        row("sessions, profiles", sessions(settings)),
        row("presence, limits, bus", shared(settings)),
        row("jobs", jobs(settings)),
        row("notifications", notifications(settings)),
        row("push notifications", push(settings)),
        row("files", files(settings)),
        row("summaries", summaries(settings)),
        row("other nodes", others(settings)),
        row(
            "passwords",
            ("bcrypt".to_owned(), "the only implementation"),
        ),
        row(
            "tokens",
            (signing(settings).to_owned(), "see auth in docs/settings.md"),
        ),
    ]
}

/// An adapter, and the setting that decided.
type Chosen = (String, &'static str);

fn store(settings: &Settings) -> Chosen {
    match settings.store() {
        Store::Memory => (
            "memory, lost on shutdown".to_owned(),
            "storage.memory is set",
        ),
        Store::Sqlite(path) => (sqlite(&path), "DATABASE_URL names no server"),
        Store::Postgres(_) => ("Postgres".to_owned(), "DATABASE_URL is set"),
    }
}

fn sessions(settings: &Settings) -> Chosen {
    if settings.mongodb.url.is_some() {
        return ("MongoDB".to_owned(), "MONGODB_URL is set");
    }
    let (kept, _) = match settings.store() {
        Store::Memory | Store::Sqlite(_) => store(settings),
        Store::Postgres(_) => (sqlite(&settings.sessions_file()), ""),
    };
    (kept, "MONGODB_URL is not set")
}

fn shared(settings: &Settings) -> Chosen {
    match &settings.redis.url {
        Some(_) => (
            format!("Redis, keys of {}", settings.redis.prefix),
            "REDIS_URL is set",
        ),
        None => ("in this process".to_owned(), "REDIS_URL is not set"),
    }
}

fn jobs(settings: &Settings) -> Chosen {
    let who = if settings.jobs.in_server {
        ""
    } else {
        ", processed by workers elsewhere"
    };
    match &settings.rabbitmq.url {
        Some(_) => (format!("RabbitMQ{who}"), "RABBITMQ_URL is set"),
        None => (format!("in this process{who}"), "RABBITMQ_URL is not set"),
    }
}

fn files(settings: &Settings) -> Chosen {
    match settings.media_place() {
        MediaPlace::Memory => (
            "memory, lost on shutdown".to_owned(),
            "storage.memory is set",
        ),
        MediaPlace::Bucket(_) => ("S3".to_owned(), "S3_URL is set"),
        MediaPlace::Folder(path) => {
            let reason = match settings.media.folder {
                Some(_) => "media.folder is set: all nodes need to share it",
                None => "S3_URL is not set",
            };
            (format!("a folder, {}", path.display()), reason)
        }
    }
}

fn summaries(settings: &Settings) -> Chosen {
    let openai = &settings.openai;
    let by = |whose: &str| format!("{} of {whose}, with an extractive fallback", openai.model);
    match (&openai.base_url, &openai.api_key) {
        (Some(_), _) => (by("another server"), "OPENAI_BASE_URL is set"),
        (None, Some(_)) => (by("OpenAI"), "OPENAI_API_KEY is set"),
        (None, None) => (
            "extractive, without a model".to_owned(),
            "neither OPENAI_API_KEY nor OPENAI_BASE_URL is set",
        ),
    }
}

fn notifications(settings: &Settings) -> Chosen {
    match &settings.notifications.webhook_url {
        Some(_) => ("a webhook".to_owned(), "notifications.webhook_url is set"),
        None => ("none".to_owned(), "notifications.webhook_url is not set"),
    }
}

fn push(settings: &Settings) -> Chosen {
    let web_push = || "Web Push".to_owned();
    if settings.push.private_key.is_some() {
        (web_push(), "push.private_key is set")
    } else if settings.makes_push_key() {
        (
            web_push(),
            "push.private_key is not set: using a generated key",
        )
    } else {
        ("none".to_owned(), "push.private_key is not set")
    }
}

fn others(settings: &Settings) -> Chosen {
    let reason = match (settings.store(), &settings.redis.url, &settings.mongodb.url) {
        (Store::Memory, ..) => "memory cannot be shared",
        (Store::Sqlite(_), ..) => "SQLite is for one node: set DATABASE_URL for more",
        (Store::Postgres(_), None, _) => "set REDIS_URL for more, so that they notify each other",
        (Store::Postgres(_), Some(_), None) => {
            "set MONGODB_URL for more, so that sessions are shared"
        }
        (Store::Postgres(_), Some(_), Some(_)) => {
            let reason = match (settings.media_place(), &settings.media.folder) {
                (MediaPlace::Folder(_), None) => {
                    "everything is shared except files: set S3_URL or media.folder"
                }
                _ => "everything is shared",
            };
            return ("may join".to_owned(), reason);
        }
    };
    ("none".to_owned(), reason)
}

fn sqlite(path: &Path) -> String {
    format!("SQLite in {}", path.display())
}

fn signing(settings: &Settings) -> &'static str {
    match (&settings.auth.key_file, &settings.auth.jwt_secret) {
        (Some(_), _) => "signed with the key file",
        (None, Some(_)) => "HS256 with JWT_SECRET",
        (None, None) => "HS256 with a generated key",
    }
}

/// The start-up table, formatted for people.
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
    fn each_service_is_chosen_by_itself() {
        let postgres = ("DATABASE_URL", "postgres://u:hunter2@db/chat");
        let mongo = ("MONGODB_URL", "mongodb://u:hunter2@db");
        let redis = ("REDIS_URL", "redis://:hunter2@db");
        for (settings, expected) in [
            (
                &[postgres][..],
                &[
                    "Postgres",
                    "SQLite in data/sessions.db",
                    "in this process",
                    "set REDIS_URL",
                ][..],
            ),
            (
                &[postgres, redis],
                &["Postgres", "Redis, keys of tertulia", "set MONGODB_URL"],
            ),
            (&[postgres, mongo, redis], &["MongoDB", "Redis", "may join"]),
            (
                &[mongo, redis],
                &["SQLite in data/tertulia.db", "MongoDB", "SQLite is for one"],
            ),
        ] {
            let table = table(settings);
            for text in expected {
                assert!(table.contains(text), "{text} is not in\n{table}");
            }
            assert!(!table.contains("hunter2"), "{table}");
        }
    }

    #[test]
    fn without_a_key_production_tells_no_devices() {
        let with = |variables: &[(&str, &str)]| {
            let table = table(variables);
            let row = table.lines().find(|row| row.contains("push notifications"));
            row.unwrap().to_owned()
        };
        let strict = ("PROFILE", "production");
        assert!(with(&[]).contains("a generated key"));
        assert!(with(&[strict]).contains("none"));
        let row = with(&[strict, ("VAPID_PRIVATE_KEY", "hunter2")]);
        assert!(
            row.contains("Web Push") && !row.contains("hunter2"),
            "{row}"
        );
    }

    #[test]
    fn memory_says_that_it_forgets() {
        let table = table(&[("PROFILE", "test"), ("TERTULIA_STORAGE__MEMORY", "true")]);
        assert!(table.contains("lost on shutdown"), "{table}");
    }
}
