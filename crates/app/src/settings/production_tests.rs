//! Checks that `config/production.toml` covers every setting, and that what it says is true.

use std::path::Path;

use toml::Table;

use super::{Settings, SettingsError, load};

const DEFAULT: &str = include_str!("../../../../config/default.toml");
const PRODUCTION: &str = include_str!("../../../../config/production.toml");

/// Named there only as variables, because they are or contain secrets; or refused in production.
const ELSEWHERE: [(&str, &str); 15] = [
    ("profile", "PROFILE"),
    ("database.url", "DATABASE_URL"),
    ("mongodb.url", "MONGODB_URL"),
    ("redis.url", "REDIS_URL"),
    ("rabbitmq.url", "RABBITMQ_URL"),
    ("s3.url", "S3_URL"),
    ("openai.api_key", "OPENAI_API_KEY"),
    ("openai.base_url", "OPENAI_BASE_URL"),
    ("auth.jwt_secret", "JWT_SECRET"),
    ("metrics.token", "METRICS_TOKEN"),
    ("admin.token", "ADMIN_TOKEN"),
    (
        "notifications.webhook_url",
        "TERTULIA_NOTIFICATIONS__WEBHOOK_URL",
    ),
    (
        "notifications.webhook_secret",
        "TERTULIA_NOTIFICATIONS__WEBHOOK_SECRET",
    ),
    ("push.private_key", "VAPID_PRIVATE_KEY"),
    ("storage.memory", ""),
];

/// The file with every example uncommented: prose has a space after its `#`, settings have none.
fn with_examples() -> String {
    let lines = PRODUCTION.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(char::is_alphabetic) => setting,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The names of the settings: `http.port` and so on.
fn names(table: &Table) -> Vec<String> {
    let within = |(name, value): (&String, &toml::Value)| match value.as_table() {
        Some(inner) => names(inner)
            .iter()
            .map(|it| format!("{name}.{it}"))
            .collect(),
        None => vec![name.clone()],
    };
    table.iter().flat_map(within).collect()
}

fn loaded(file: &str, key: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("production.toml"), file).unwrap();
    let variables = [
        ("PROFILE", "production"),
        (
            "DATABASE_URL",
            "postgres://tertulia:x@db/tertulia?sslmode=require",
        ),
        (
            "MONGODB_URL",
            "mongodb://tertulia:x@a,b/tertulia?replicaSet=rs0&tls=true",
        ),
        ("REDIS_URL", "rediss://:x@cache"),
        ("METRICS_TOKEN", "a token of some length"),
    ];
    let variables = variables.iter().chain(key).copied().collect();
    load(&variables, Path::new(folder.path()))
}

#[test]
fn it_is_what_production_needs() {
    let secret = ("JWT_SECRET", "0123456789abcdef0123456789abcdef");
    let settings = loaded(PRODUCTION, &[secret]).unwrap();
    assert_eq!(settings.http.host, "0.0.0.0");
    assert!(!settings.is_alone());
}

#[test]
fn its_examples_are_good_ones() {
    let settings = loaded(&with_examples(), &[]).unwrap();
    assert!(settings.http.tls_terminated);
    assert!(settings.auth.key_file.is_some());
}

#[test]
fn every_setting_is_in_it() {
    let there = names(&with_examples().parse().unwrap());
    for name in names(&DEFAULT.parse().unwrap()) {
        let elsewhere = ELSEWHERE
            .iter()
            .find(|(setting, _)| *setting == name)
            .map(|(_, variable)| PRODUCTION.contains(variable));
        assert!(
            elsewhere.unwrap_or_else(|| there.contains(&name)),
            "config/production.toml says nothing of {name}"
        );
    }
}

#[test]
fn the_defaults_that_it_shows_are_the_defaults() {
    // Settings without a useful default, and those that production sets.
    const OTHERWISE: [&str; 11] = [
        "data_dir",
        "http.host",
        "http.public_url",
        "http.cors_origins",
        "http.trusted_proxies",
        "http.tls_terminated",
        "auth.key_file",
        "media.folder",
        "push.contact",
        "traces.endpoint",
        "log.format",
    ];
    let default: Table = DEFAULT.parse().unwrap();
    let shown: Table = with_examples().parse().unwrap();
    for name in names(&shown) {
        let same = value(&shown, &name) == value(&default, &name);
        assert_eq!(same, !OTHERWISE.contains(&name.as_str()), "{name}");
    }
}

fn value<'a>(table: &'a Table, name: &str) -> Option<&'a toml::Value> {
    match name.split_once('.') {
        Some((first, rest)) => value(table.get(first)?.as_table()?, rest),
        None => table.get(name),
    }
}
