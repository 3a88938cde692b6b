//! Checks that involve more than one value, or more than its type.

use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::draft::Draft;
use super::error::SettingsError;
use super::tree::Settings;
use super::value::{ServiceUrl, Store};

/// Texts that must not be empty.
const REQUIRED: [&str; 8] = [
    "data_dir",
    "http.host",
    "redis.prefix",
    "auth.issuer",
    "auth.audience",
    "openai.model",
    "traces.service",
    "log.filter",
];

/// The minimum length of the administrators' token; a shorter one could be guessed.
const ADMIN_TOKEN: usize = 32;

/// The maximum delay of notifications; with a longer one a queue would hold messages of minutes.
const LONGEST_DELAY: Duration = Duration::from_mins(1);

pub(super) fn check(settings: &Settings, draft: &Draft) -> Result<(), SettingsError> {
    if let Some(key) = REQUIRED
        .iter()
        .find(|key| draft.text(key).trim().is_empty())
    {
        return Err(draft.bad(key, "must not be empty"));
    }
    if !is_log_filter(&settings.log.filter) {
        return Err(draft.bad(
            "log.filter",
            "must be a level, and exceptions to it, like info,web=debug",
        ));
    }
    let token = settings.admin.token.as_ref();
    if token.is_some_and(|token| token.expose().chars().count() < ADMIN_TOKEN) {
        return Err(draft.bad("admin.token", "must have at least 32 characters"));
    }
    let contact = settings.push.contact.as_ref();
    let is_one = |contact: &String| {
        ["mailto:", "https://"]
            .iter()
            .any(|it| contact.starts_with(it))
    };
    if contact.is_some_and(|contact| !is_one(contact)) {
        return Err(draft.bad("push.contact", "must begin with mailto: or https://"));
    }
    check_schemes(settings, draft)?;
    check_pairs(settings)
}

/// Whether a text is a level, and exceptions to it. A word that is no level would be taken for the
/// name of a module, and silence all others.
fn is_log_filter(text: &str) -> bool {
    let mut parts = text.split(',').map(str::trim);
    parts.all(|part| part.contains(['=', '[']) || part.parse::<LevelFilter>().is_ok())
        && EnvFilter::builder().parse(text).is_ok()
}

/// Catches an address in the wrong variable here, before a driver reports something cryptic.
fn check_schemes(settings: &Settings, draft: &Draft) -> Result<(), SettingsError> {
    let services: [(&str, &Option<ServiceUrl>, &[&str]); 6] = [
        (
            "mongodb.url",
            &settings.mongodb.url,
            &["mongodb", "mongodb+srv"],
        ),
        (
            "redis.url",
            &settings.redis.url,
            &["redis", "rediss", "redis+cluster", "rediss+cluster"],
        ),
        (
            "notifications.webhook_url",
            &settings.notifications.webhook_url,
            &["http", "https"],
        ),
        ("rabbitmq.url", &settings.rabbitmq.url, &["amqp", "amqps"]),
        ("s3.url", &settings.s3.url, &["s3"]),
        (
            "openai.base_url",
            &settings.openai.base_url,
            &["http", "https"],
        ),
    ];
    for (key, url, schemes) in services {
        if url
            .as_ref()
            .is_some_and(|url| !schemes.contains(&url.scheme()))
        {
            return Err(draft.bad(
                key,
                format!("must begin with {}://", schemes.join(":// or ")),
            ));
        }
    }
    Ok(())
}

fn check_pairs(settings: &Settings) -> Result<(), SettingsError> {
    let contradiction = |sentence: &str| Err(SettingsError::Contradiction(sentence.to_owned()));
    if settings.auth.jwt_secret.is_some() && settings.auth.key_file.is_some() {
        return contradiction(
            "auth.jwt_secret (JWT_SECRET) and auth.key_file are both set, and only one can sign: \
             take one away",
        );
    }
    if settings.storage.memory && settings.database.url.is_some() {
        return contradiction(
            "storage.memory keeps nothing, and database.url (DATABASE_URL) says where to keep it: \
             take one away",
        );
    }
    let notifications = &settings.notifications;
    if notifications.webhook_url.is_some() != notifications.webhook_secret.is_some() {
        return contradiction(
            "notifications.webhook_url and notifications.webhook_secret go together: set both, or take \
             one away",
        );
    }
    if notifications.delay > LONGEST_DELAY {
        return contradiction("notifications.delay is longer than a minute: set 1m or less");
    }
    if !settings.jobs.in_server && !matches!(settings.store(), Store::Postgres(_)) {
        return contradiction(
            "jobs.in_server is false, and only a server itself can work on the jobs of SQLite or of \
             memory: set DATABASE_URL to Postgres and run `tertulia worker`, or leave it true",
        );
    }
    if settings.storage.memory && settings.profile.is_strict() {
        return contradiction(
            "storage.memory loses everything when the process ends: it is for the profiles \
             development and test",
        );
    }
    Ok(())
}
