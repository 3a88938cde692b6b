//! What can be set already and not yet be done.

use super::tree::Settings;

/// Sentences about settings that name an adapter which this build does not have. Doing without it
/// in silence would lose what somebody meant to keep.
pub fn unsupported(settings: &Settings) -> Vec<String> {
    let openai = settings.openai.api_key.is_some() || settings.openai.base_url.is_some();
    [
        (
            settings.rabbitmq.url.is_some(),
            "RABBITMQ_URL",
            "RabbitMQ",
            "jobs inside the process",
        ),
        (
            settings.s3.url.is_some(),
            "S3_URL",
            "S3",
            "media in the data folder",
        ),
        (
            openai,
            "OPENAI_API_KEY and OPENAI_BASE_URL",
            "OpenAI",
            "the local summariser",
        ),
    ]
    .into_iter()
    .filter(|(set, ..)| *set)
    .map(|(_, names, technology, instead)| {
        format!("this build has no {technology} adapter yet: leave {names} empty for {instead}")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::{Environment, load};

    fn sentences(variables: &[(&str, &str)]) -> Vec<String> {
        let environment: Environment = variables.iter().copied().collect();
        unsupported(&load(&environment, Path::new("/nowhere")).unwrap())
    }

    #[test]
    fn the_embedded_world_and_the_great_one_are_supported() {
        let great = [
            ("DATABASE_URL", "postgres://u:p@db/chat"),
            ("MONGODB_URI", "mongodb://db/chat"),
            ("REDIS_URL", "redis://:p@cache"),
        ];
        for settings in [&[][..], &[("DATABASE_URL", "sqlite://chat.db")], &great] {
            assert_eq!(sentences(settings), Vec::<String>::new());
        }
    }

    #[test]
    fn each_service_is_refused_by_name() {
        for (name, value) in [
            ("RABBITMQ_URL", "amqp://u:p@queue"),
            ("S3_URL", "s3://bucket"),
            ("OPENAI_API_KEY", "sk-1"),
        ] {
            let sentences = sentences(&[(name, value)]);
            assert_eq!(sentences.len(), 1, "{name}");
            assert!(sentences[0].contains(name), "{sentences:?}");
        }
    }
}
