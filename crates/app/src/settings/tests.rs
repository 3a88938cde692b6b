//! Valid and invalid settings, and the errors about the latter.

use std::error::Error as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::*;

fn with(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    load(&variables.iter().copied().collect(), Path::new("/nowhere"))
}

fn with_files(
    files: &[(&str, &str)],
    variables: &[(&str, &str)],
) -> (TempDir, Result<Settings, SettingsError>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let settings = load(&variables.iter().copied().collect(), folder.path());
    (folder, settings)
}

fn refusal(variables: &[(&str, &str)]) -> String {
    with(variables).unwrap_err().to_string()
}

#[test]
fn nothing_at_all_is_enough() {
    let settings = with(&[]).unwrap();
    assert_eq!(settings.profile.name(), "development");
    assert_eq!(
        (settings.http.host.as_str(), settings.http.port),
        ("127.0.0.1", 3000)
    );
    assert_eq!(settings.auth.jwt_expiration, Duration::from_mins(15));
    assert_eq!(settings.limits.message.points, 5);
    assert_eq!(
        settings.store(),
        Store::Sqlite(PathBuf::from("data/tertulia.db"))
    );
    assert_eq!(settings.http.public_url, None);
    assert!(settings.auth.jwt_secret.is_none());
}

#[test]
fn the_known_profiles_need_no_file() {
    let production = with(&[("PROFILE", "production")]).unwrap();
    assert_eq!(production.http.host, "0.0.0.0");
    assert_eq!(production.log.format, LogFormat::Json);
    let test = with(&[("NODE_ENV", "test")]).unwrap();
    assert_eq!((test.http.port, test.auth.bcrypt_cost), (0, 4));
    assert!(test.limits.login_ip.is_none());
}

#[test]
fn the_environment_beats_the_profile_and_the_profile_the_defaults() {
    let files = [
        (
            "default.toml",
            "profile = 'staging'\n[http]\nport = 1\nworkers = 1\n",
        ),
        ("staging.toml", "[http]\nport = 2\nhost = '::1'\n"),
    ];
    let (_folder, settings) = with_files(&files, &[("PORT", "3"), ("HOST", "")]);
    let settings = settings.unwrap();
    assert_eq!(settings.profile.name(), "staging");
    assert_eq!((settings.http.port, settings.http.workers), (3, 1));
    assert_eq!(settings.http.host, "::1");
}

#[test]
fn a_file_replaces_the_compiled_in_profile() {
    let files = [(
        "production.toml",
        "[auth]\nissuer = 'us'\njwt_expiration = 60\n",
    )];
    let (_folder, settings) = with_files(&files, &[("PROFILE", "production")]);
    let settings = settings.unwrap();
    assert_eq!(settings.auth.issuer, "us");
    assert_eq!(settings.auth.jwt_expiration, Duration::from_mins(1));
    assert_eq!(settings.http.host, "127.0.0.1");
}

#[test]
fn every_setting_has_a_long_name_that_knows_its_kind() {
    let settings = with(&[
        ("TERTULIA_HTTP__PORT", "8080"),
        ("PORT", "1"),
        ("TERTULIA_HTTP__TLS_TERMINATED", "true"),
        ("TERTULIA_LIMITS__LOGIN_IP", "7/70"),
        ("TERTULIA_DATA_DIR", "/srv/chat"),
    ])
    .unwrap();
    assert_eq!(settings.http.port, 8080);
    assert!(settings.http.tls_terminated);
    assert_eq!(settings.limits.login_ip.points, 7);
    assert_eq!(settings.data_dir, PathBuf::from("/srv/chat"));
}

#[test]
fn of_two_short_names_the_first_counts() {
    let settings = with(&[("PROFILE", "test"), ("NODE_ENV", "production")]).unwrap();
    assert_eq!(settings.profile.name(), "test");
    let settings = with(&[
        ("MONGODB_URL", "mongodb://a"),
        ("MONGODB_URI", "mongodb://b"),
    ]);
    assert_eq!(
        settings.unwrap().mongodb.url.unwrap().expose(),
        "mongodb://a"
    );
}

#[test]
fn lists_are_separated_by_commas() {
    let settings = with(&[
        ("SOCKET_IO_CORS", "http://a.org, http://b.org"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::1"),
    ])
    .unwrap();
    let origins = ["http://a.org", "http://b.org"].map(str::to_owned).to_vec();
    assert_eq!(settings.http.cors_origins, Origins::Only(origins));
    let inside: IpAddr = "10.1.2.3".parse().unwrap();
    assert_eq!(settings.http.trusted_proxies.len(), 2);
    assert!(settings.http.trusted_proxies[0].network().contains(&inside));
}

#[test]
fn the_message_limit_has_two_halves() {
    let limit = |variables| with(variables).unwrap().limits.message;
    let both = limit(&[("RATE_LIMIT_POINTS", "9"), ("RATE_LIMIT_DURATION", "3")]);
    assert_eq!((both.points, both.per), (9, Duration::from_secs(3)));
    assert_eq!(
        limit(&[("RATE_LIMIT_POINTS", "9")]).per,
        Duration::from_secs(10)
    );
    assert_eq!(limit(&[("RATE_LIMIT_DURATION", "3")]).points, 5);
    assert!(limit(&[("RATE_LIMIT_POINTS", "0")]).is_none());
    assert!(refusal(&[("RATE_LIMIT_DURATION", "0")]).contains("RATE_LIMIT_DURATION"));
    let both = refusal(&[("RATE_LIMIT_POINTS", "x"), ("RATE_LIMIT_DURATION", "3")]);
    assert!(both.contains("RATE_LIMIT_POINTS"), "{both}");
}

#[test]
fn no_account_limit_means_none_at_all() {
    let none = with(&[("LIMIT_LOGIN_ACCOUNT", "0")]).unwrap().limits;
    assert!(none.login_account.is_none() && none.login_account_network.is_none());
    let some = with(&[("LIMIT_LOGIN_ACCOUNT", "3/60")]).unwrap().limits;
    assert_eq!(
        (some.login_account_network.points, some.login_account.points),
        (3, 100)
    );
}

#[test]
fn unknown_names_are_refused_by_name() {
    assert_eq!(
        refusal(&[("TERTULIA_HTTP__PROT", "1")]),
        "the variable TERTULIA_HTTP__PROT sets `http.prot`, and there is no such setting: \
         docs/settings.md lists all of them"
    );
    for text in [
        "[http]\nprot = 1",
        "[htttp]",
        "http = 1",
        "[data_dir]\nx = 1",
    ] {
        let (folder, settings) = with_files(&[("default.toml", text)], &[]);
        let refusal = settings.unwrap_err().to_string();
        let file = folder.path().join("default.toml").display().to_string();
        assert!(
            refusal.starts_with(&file) && refusal.contains("no such setting"),
            "{refusal}"
        );
    }
}

#[test]
fn bad_values_name_the_variable_and_never_themselves() {
    for (name, value, key) in [
        ("PORT", "70000", "http.port"),
        ("PORT", "sesame", "http.port"),
        (
            "TERTULIA_HTTP__TLS_TERMINATED",
            "sesame",
            "http.tls_terminated",
        ),
        ("JWT_EXPIRATION", "sesame", "auth.jwt_expiration"),
        ("LIMIT_USER", "sesame", "limits.user"),
        ("CORS_ORIGINS", "sesame", "http.cors_origins"),
        ("TRUSTED_PROXIES", "sesame", "http.trusted_proxies"),
        ("LOG_FORMAT", "sesame", "log.format"),
        ("PROFILE", "../sesame", "profile"),
        (
            "DATABASE_URL",
            "mysql://root:sesame@db/chat",
            "database.url",
        ),
        ("REDIS_URL", "amqp://:sesame@db", "redis.url"),
        ("TERTULIA_AUTH__BCRYPT_COST", "3", "auth.bcrypt_cost"),
        (
            "TERTULIA_HTTP__PUBLIC_URL",
            "https://x?sesame",
            "http.public_url",
        ),
        ("JWT_SECRET", "sesame\u{fffd}", "auth.jwt_secret"),
    ] {
        let refusal = refusal(&[(name, value)]);
        let start = format!("the variable {name} sets `{key}`, which ");
        assert!(refusal.starts_with(&start), "{refusal}");
        assert!(!refusal.contains("sesame"), "{refusal}");
    }
    assert!(refusal(&[("DATABASE_URL", "mysql://db/chat")]).contains("does not speak"));
}

#[test]
fn bad_values_in_a_file_name_the_file() {
    for text in [
        "[http]\nport = 'sesame'",
        "[auth]\njwt_secret = ['sesame']",
        "[http]\nport = -1",
    ] {
        let (folder, settings) = with_files(&[("test.toml", text)], &[("PROFILE", "test")]);
        let refusal = settings.unwrap_err().to_string();
        let file = folder.path().join("test.toml").display().to_string();
        assert!(
            refusal.starts_with(&file) && !refusal.contains("sesame"),
            "{refusal}"
        );
    }
}

#[test]
fn what_is_not_toml_names_the_line() {
    let text = "[auth]\n\njwt_secret = sesame\n";
    let (_folder, settings) = with_files(&[("default.toml", text)], &[]);
    let error = settings.unwrap_err();
    assert!(
        error.to_string().contains("is not TOML at line 3"),
        "{error}"
    );
    assert!(
        !format!("{error} {error:?}").contains("sesame"),
        "{error:?}"
    );
    assert!(error.source().is_none());
}

#[test]
fn a_profile_needs_a_file_that_does_not_name_another() {
    let refusal = refusal(&[("NODE_ENV", "staging")]);
    assert!(
        refusal.contains("NODE_ENV") && refusal.contains("staging.toml"),
        "{refusal}"
    );
    let (_folder, settings) = with_files(&[("development.toml", "profile = 'test'")], &[]);
    assert!(
        settings
            .unwrap_err()
            .to_string()
            .contains("development.toml")
    );
}

#[test]
fn contradictions_are_refused() {
    let memory = ("TERTULIA_STORAGE__MEMORY", "true");
    assert_eq!(with(&[memory]).unwrap().store(), Store::Memory);
    for variables in [
        [memory, ("PROFILE", "production")],
        [memory, ("DATABASE_URL", "sqlite://x.db")],
        [("JWT_SECRET", "x"), ("TERTULIA_AUTH__KEY_FILE", "key.pem")],
    ] {
        assert!(matches!(
            with(&variables),
            Err(SettingsError::Contradiction(_))
        ));
    }
}

#[test]
fn what_is_not_ours_is_left_alone() {
    with(&[
        ("SESSION_SECRET", "x"),
        ("PATH", "/bin"),
        ("HTTP_PORT", "x"),
    ])
    .unwrap();
}

#[test]
fn secrets_do_not_show() {
    let settings = with(&[
        ("JWT_SECRET", "sesame"),
        ("METRICS_TOKEN", "sesame"),
        ("ADMIN_TOKEN", "sesame sesame sesame sesame sesame"),
        ("OPENAI_API_KEY", "sesame"),
        ("OPENAI_BASE_URL", "https://sesame@host"),
        ("DATABASE_URL", "postgres://u:sesame@db/chat"),
        ("MONGODB_URL", "mongodb://u:sesame@db"),
        ("REDIS_URL", "redis://:sesame@cache"),
        ("RABBITMQ_URL", "amqp://u:sesame@queue"),
        ("S3_URL", "s3://u:sesame@bucket"),
    ])
    .unwrap();
    let shown = format!("{settings:#?} {:?}", settings.store());
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn an_administrators_token_is_too_long_to_be_guessed() {
    let token = "0123456789abcdef0123456789abcdef";
    let settings = with(&[("ADMIN_TOKEN", token)]).unwrap();
    assert_eq!(settings.admin.token.unwrap().expose(), token);
    assert!(with(&[]).unwrap().admin.token.is_none());
    let refused = with(&[("ADMIN_TOKEN", "hunter2hunter2hunter2hunter2hun")]).unwrap_err();
    assert!(!refused.to_string().contains("hunter2"), "{refused}");
}
