//! The names of environment variables: one for every setting, and short ones that are widely known.

use super::draft::Draft;
use super::environment::Environment;
use super::error::{Origin, SettingsError};

const PREFIX: &str = "TERTULIA_";

/// Short names. If a setting has two, the first one that is set wins.
const PLAIN: [(&str, &str); 33] = [
    ("PROFILE", "profile"),
    ("NODE_ENV", "profile"),
    ("HOST", "http.host"),
    ("PORT", "http.port"),
    ("DATA_DIR", "data_dir"),
    ("DATABASE_URL", "database.url"),
    ("MONGODB_URL", "mongodb.url"),
    ("MONGODB_URI", "mongodb.url"),
    ("REDIS_URL", "redis.url"),
    ("RABBITMQ_URL", "rabbitmq.url"),
    ("S3_URL", "s3.url"),
    ("OPENAI_API_KEY", "openai.api_key"),
    ("OPENAI_BASE_URL", "openai.base_url"),
    ("OPENAI_MODEL", "openai.model"),
    ("JWT_SECRET", "auth.jwt_secret"),
    ("JWT_EXPIRATION", "auth.jwt_expiration"),
    ("LIMIT_LOGIN_IP", "limits.login_ip"),
    ("LIMIT_REGISTER_IP", "limits.register_ip"),
    ("LIMIT_ANONYMOUS", "limits.anonymous"),
    ("LIMIT_USER", "limits.user"),
    ("LIMIT_FRAMES", "limits.frames"),
    ("CORS_ORIGINS", "http.cors_origins"),
    ("SOCKET_IO_CORS", "http.cors_origins"),
    ("TRUSTED_PROXIES", "http.trusted_proxies"),
    ("METRICS_TOKEN", "metrics.token"),
    ("ADMIN_TOKEN", "admin.token"),
    ("WEBHOOKS_ALLOW_PRIVATE", "webhooks.allow_private"),
    ("VAPID_PRIVATE_KEY", "push.private_key"),
    ("VAPID_SUBJECT", "push.contact"),
    ("LOG_FORMAT", "log.format"),
    // The standard names of OpenTelemetry.
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "traces.endpoint"),
    ("OTEL_SERVICE_NAME", "traces.service"),
    ("OTEL_TRACES_SAMPLER_ARG", "traces.share"),
];

const MESSAGE: &str = "limits.message";

/// Applies the environment. A `TERTULIA_` name takes precedence over a short one, since no other
/// program reads it.
pub(super) fn lay(draft: &mut Draft, environment: &Environment) -> Result<(), SettingsError> {
    // In reverse, so that of two names for one setting the first is applied last.
    for (name, key) in PLAIN.iter().rev() {
        if let Some(text) = environment.get(name) {
            draft.lay_text(&variable(name), key, text)?;
        }
    }
    lay_login_account(draft, environment)?;
    lay_message_limit(draft, environment)?;
    lay_prefixed(draft, environment)
}

/// One short name for two limits: it sets the one per network, or turns both off with 0 points.
fn lay_login_account(draft: &mut Draft, environment: &Environment) -> Result<(), SettingsError> {
    const NAME: &str = "LIMIT_LOGIN_ACCOUNT";
    let Some(text) = environment.get(NAME) else {
        return Ok(());
    };
    draft.lay_text(&variable(NAME), "limits.login_account_network", text)?;
    if text
        .split('/')
        .next()
        .is_some_and(|points| points.trim() == "0")
    {
        draft.lay_text(&variable(NAME), "limits.login_account", text)?;
    }
    Ok(())
}

/// Two short names for one limit: each replaces half of it.
fn lay_message_limit(draft: &mut Draft, environment: &Environment) -> Result<(), SettingsError> {
    for name in ["RATE_LIMIT_POINTS", "RATE_LIMIT_DURATION"] {
        let Some(text) = environment.get(name) else {
            continue;
        };
        let (points, seconds) = draft.text(MESSAGE).split_once('/').unwrap_or(("0", "10"));
        let text = text.trim();
        let limit = match name {
            "RATE_LIMIT_POINTS" => format!("{text}/{seconds}"),
            _ => format!("{points}/{text}"),
        };
        // Checked separately, so that the error names the right half.
        let whole = text.parse::<u32>();
        let good = whole.is_ok_and(|number| number > 0 || name == "RATE_LIMIT_POINTS");
        draft.lay_text(&variable(name), MESSAGE, &limit)?;
        if !good {
            return Err(draft.bad(MESSAGE, "must be a whole number (0 points are no limit)"));
        }
    }
    Ok(())
}

fn lay_prefixed(draft: &mut Draft, environment: &Environment) -> Result<(), SettingsError> {
    let settings: Vec<_> = draft
        .keys()
        .map(|key| (prefixed(key), key.to_owned()))
        .collect();
    for (name, text) in environment.starting_with(PREFIX) {
        let known = settings.iter().find(|(setting, _)| setting == name);
        let (_, key) = known.ok_or_else(|| SettingsError::Unknown {
            origin: variable(name),
            key: name
                .trim_start_matches(PREFIX)
                .to_lowercase()
                .replace("__", "."),
        })?;
        draft.lay_text(&variable(name), key, text)?;
    }
    Ok(())
}

fn variable(name: &str) -> Origin {
    Origin::Variable(name.to_owned())
}

/// The variable of a setting: `TERTULIA_A__B_C` for `a.b_c`.
fn prefixed(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new setting or name has to be documented.
    #[test]
    fn the_documentation_lists_every_setting_and_name() {
        let documentation = include_str!("../../../../docs/settings.md");
        let draft = Draft::of_defaults().unwrap();
        for key in draft.keys() {
            assert!(documentation.contains(&format!("`{key}`")), "{key}");
        }
        let halves = [
            "RATE_LIMIT_POINTS",
            "RATE_LIMIT_DURATION",
            "LIMIT_LOGIN_ACCOUNT",
        ];
        for name in PLAIN.iter().map(|(name, _)| *name).chain(halves) {
            assert!(documentation.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn short_names_mean_settings() {
        let draft = Draft::of_defaults().unwrap();
        for (name, key) in PLAIN {
            assert!(draft.keys().any(|known| known == key), "{name}");
        }
    }

    #[test]
    fn a_setting_has_a_long_name() {
        assert_eq!(prefixed("limits.login_ip"), "TERTULIA_LIMITS__LOGIN_IP");
        assert_eq!(prefixed("data_dir"), "TERTULIA_DATA_DIR");
    }
}
