//! Checks of the configured backends.

use std::sync::Arc;
use std::time::Duration;

use adapter_memory::{RandomIds, SystemClock};
use adapter_mongo::MongoStore;
use adapter_postgres::PostgresStore;
use adapter_redis::RedisStore;
use anyhow::Context as _;
use domain::Seq;
use domain::port::summariser::{Line, Material, Style, Telling};
use domain::port::{Clock as _, Probe};
use futures::TryStreamExt as _;
use tokio::time::timeout;

use super::finding::Finding;
use crate::server::runtime;
use crate::settings::{Jobs, MediaPlace, ServiceUrl, Settings, Store};
use crate::wiring::{file_store, model as model_of, rabbit};

/// How long a backend may take to respond.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether Postgres is reachable, is a supported version, and has our tables.
pub(super) fn postgres(url: &ServiceUrl) -> Finding {
    const PART: &str = "database";
    let asked = ask(async { Ok(PostgresStore::pending(url.expose()).await?) });
    match asked {
        Ok(pending) if pending.is_empty() => Finding::fine(PART, "Postgres is up to date"),
        Ok(pending) => Finding::note(
            PART,
            format!(
                "Postgres will be brought up to date at the next start, or by `tertulia migrate`: {}",
                pending.join(", ")
            ),
        ),
        Err(error) => Finding::wrong(PART, format!("{error:#}")),
    }
}

/// Whether MongoDB is reachable, and has everything that sessions need.
pub(super) fn mongo(url: &ServiceUrl) -> Finding {
    const PART: &str = "sessions";
    let asked = ask(async {
        let store = MongoStore::new(url.expose(), adapter_mongo::Options::default())?;
        let well = check(&store).await;
        store.close().await;
        well
    });
    match asked {
        Ok(()) => Finding::fine(PART, "MongoDB works"),
        Err(error) => Finding::wrong(
            PART,
            format!(
                "MongoDB does not work ({error:#}): check that it runs, has a primary, and the host, \
                 user and password in MONGODB_URL; until it does nobody can sign in"
            ),
        ),
    }
}

/// Whether Redis is reachable, and is a supported version.
pub(super) fn redis(url: &ServiceUrl, prefix: &str) -> Finding {
    const PART: &str = "bus";
    let asked = ask(async {
        let options = adapter_redis::Options {
            prefix: prefix.to_owned(),
            ..adapter_redis::Options::default()
        };
        let ids = Arc::new(RandomIds::new(Arc::new(SystemClock)));
        check(&RedisStore::open(url.expose(), &options, ids)?).await
    });
    match asked {
        Ok(()) => Finding::fine(PART, "Redis works"),
        Err(error) => Finding::wrong(
            PART,
            format!(
                "Redis does not work ({error:#}): check that it runs, is version 7 or later, and the \
                 host and password in REDIS_URL; until it does each node counts limits by itself, and \
                 gets changes from other nodes late"
            ),
        ),
    }
}

/// Whether RabbitMQ is reachable, and our queues exist or can be declared.
pub(super) fn rabbitmq(url: &ServiceUrl, jobs: &Jobs) -> Finding {
    const PART: &str = "jobs";
    let asked = ask(async {
        let queues = rabbit(url, jobs)?;
        let well = check(&*queues).await;
        queues.close().await;
        well
    });
    match asked {
        Ok(()) => Finding::fine(PART, "RabbitMQ works"),
        Err(error) => Finding::wrong(
            PART,
            format!(
                "RabbitMQ does not work ({error:#}): check that it runs, is version 3.10 or later, and \
                 the host, user, password and virtual host in RABBITMQ_URL; until it does jobs wait in \
                 the outbox"
            ),
        ),
    }
}

/// Whether the bucket is reachable and accepts our keys, or the folder is writable. A folder is created
/// at the first start.
pub(super) fn files(settings: &Settings) -> Option<Finding> {
    const PART: &str = "files";
    match settings.media_place() {
        MediaPlace::Memory => None,
        MediaPlace::Folder(path) if path.is_dir() => {
            let error = tempfile::tempfile_in(&path).err()?;
            let sentence = format!(
                "{} cannot be written to ({error}): let the user that runs Tertulia write there; until \
                 then nobody can upload files",
                path.display()
            );
            Some(Finding::wrong(PART, sentence))
        }
        MediaPlace::Folder(path) => {
            let missing = settings.media.folder.is_some();
            missing.then(|| {
                let path = path.display();
                let sentence = format!(
                    "there is no folder {path} yet: it is made at the next start, which is not what you \
                     want if another one was to be mounted there (media.folder)"
                );
                Finding::note(PART, sentence)
            })
        }
        MediaPlace::Bucket(_) => Some(bucket(settings)),
    }
}

fn bucket(settings: &Settings) -> Finding {
    const PART: &str = "files";
    let asked = ask(async {
        let store = file_store(settings)?.context("there is no bucket")?;
        check(&store).await
    });
    match asked {
        Ok(()) => Finding::fine(PART, "S3 works"),
        Err(error) => Finding::wrong(
            PART,
            format!(
                "S3 does not work ({error:#}): check the bucket, endpoint, region and keys in S3_URL, or \
                 the AWS_ variables; until it does nobody can upload or see files"
            ),
        ),
    }
}

/// Whether the model summarises a few words.
pub(super) fn model(settings: &Settings) -> Option<Finding> {
    const PART: &str = "summaries";
    if !settings.has_model() {
        return None;
    }
    let asked = ask(async {
        let model = model_of(settings)?.context("there is no model")?;
        let line = Line {
            seq: Seq::ZERO.next(),
            speaker: "doctor".to_owned(),
            at: SystemClock.now(),
            text: "The server is checked today. Agreed: it works.".to_owned(),
        };
        let telling = Telling::to_all(Style::Brief);
        let mut pieces = model
            .summarise(&Material::Lines(vec![line]), &telling)
            .await?;
        while pieces.try_next().await?.is_some() {}
        Ok(())
    });
    Some(match asked {
        Ok(()) => Finding::fine(PART, format!("{} answers", settings.openai.model)),
        Err(error) => Finding::wrong(
            PART,
            format!(
                "the model does not answer ({error:#}): check OPENAI_API_KEY, OPENAI_BASE_URL and \
                 OPENAI_MODEL; until it does summaries are extracts of the messages"
            ),
        ),
    })
}

/// Whether there may be other nodes.
pub(super) fn others(settings: &Settings) -> Option<Finding> {
    let shares_the_store = matches!(settings.store(), Store::Postgres(_));
    let sentence =
        "a second node will be refused: set REDIS_URL and MONGODB_URL before you start one";
    (shares_the_store && settings.is_alone()).then(|| Finding::note("nodes", sentence))
}

async fn check(probe: &dyn Probe) -> anyhow::Result<()> {
    let checked = probe.check().await;
    checked.map_err(|failure| anyhow::anyhow!("{}", failure.chain()))
}

fn ask<T>(question: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let answer = async { timeout(PATIENCE, question).await };
    runtime()?.block_on(answer).context("it does not answer")?
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    /// A port that nothing listens on.
    fn nobody() -> u16 {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        taken.local_addr().unwrap().port()
    }

    #[test]
    fn whoever_is_not_there_is_told_of_without_a_password() {
        let port = nobody();
        let url = |text: String| text.parse::<ServiceUrl>().unwrap();
        for finding in [
            postgres(&url(format!(
                "postgres://ana:hunter2@127.0.0.1:{port}/chat"
            ))),
            mongo(&url(format!(
                "mongodb://ana:hunter2@127.0.0.1:{port}/?directConnection=true"
            ))),
            redis(
                &url(format!("redis://:hunter2@127.0.0.1:{port}")),
                "tertulia",
            ),
        ] {
            assert_eq!(finding.state, State::Wrong);
            let sentence = finding.to_string();
            assert!(sentence.contains("_URL"), "{sentence}");
            assert!(!sentence.contains("hunter2"), "{sentence}");
        }
    }

    #[test]
    fn whoever_is_there_works() {
        let mongo = mongo(&servers::mongodb_url().parse().unwrap());
        assert_eq!(mongo.state, State::Fine, "{mongo}");
        let redis = redis(&servers::redis_url().parse().unwrap(), "tertulia-doctor");
        assert_eq!(redis.state, State::Fine, "{redis}");
    }
}
