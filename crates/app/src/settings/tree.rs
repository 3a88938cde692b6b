//! The settings, as the rest of the binary sees them.
//!
//! `config/default.toml` says of each what it is for.

use std::path::PathBuf;
use std::time::Duration;

use domain::port::limiter::Limit;
use serde::Deserialize;

use super::value::{
    CollectorUrl, DatabaseUrl, LogFormat, MediaPlace, Origins, Profile, PublicUrl, Secret,
    ServiceUrl, Share, Store, TrustedProxy, limit, optional, parsed, parsed_each, period,
};

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What kind of place this is.
    #[serde(deserialize_with = "parsed")]
    pub profile: Profile,
    /// The folder of everything that an embedded server keeps.
    pub data_dir: PathBuf,
    /// The door.
    pub http: Http,
    /// Whether anything is kept.
    pub storage: Storage,
    /// Users, rooms and messages.
    pub database: Database,
    /// Sessions and profiles.
    pub mongodb: Backend,
    /// Presence, limits, hints.
    pub redis: Redis,
    /// Where jobs wait.
    pub rabbitmq: Backend,
    /// What follows from messages.
    pub jobs: Jobs,
    /// Telling those who are away.
    pub notifications: Notifications,
    /// Telling them on their devices.
    pub push: Push,
    /// Files, where they are many.
    pub s3: Backend,
    /// Files.
    pub media: Media,
    /// The model for summaries.
    pub openai: OpenAi,
    /// Summaries.
    pub summaries: Summaries,
    /// Signing in.
    pub auth: Auth,
    /// How often.
    pub limits: Limits,
    /// Commits of messages.
    pub group_commit: GroupCommit,
    /// Other systems that are told what happens.
    pub webhooks: Webhooks,
    /// Administering the deployment.
    pub admin: Admin,
    /// Measurements.
    pub metrics: Metrics,
    /// Spans that are followed.
    pub traces: Traces,
    /// Events that are written down.
    pub log: Log,
}

impl Settings {
    /// Where users, rooms and messages are kept.
    pub fn store(&self) -> Store {
        Store::chosen(
            self.storage.memory,
            self.database.url.as_ref(),
            &self.data_dir,
        )
    }

    /// Where sessions and profiles are kept if neither MongoDB nor the store keeps them.
    pub fn sessions_file(&self) -> PathBuf {
        self.data_dir.join("sessions.db")
    }

    /// Where files are kept.
    pub fn media_place(&self) -> MediaPlace {
        match (&self.s3.url, &self.media.folder) {
            (Some(url), _) => MediaPlace::Bucket(url.clone()),
            (None, Some(folder)) => MediaPlace::Folder(folder.clone()),
            (None, None) if self.storage.memory => MediaPlace::Memory,
            (None, None) => MediaPlace::Folder(self.data_dir.join("media")),
        }
    }

    /// Whether there is a model that makes summaries.
    pub const fn has_model(&self) -> bool {
        self.openai.api_key.is_some() || self.openai.base_url.is_some()
    }

    /// Whether this server makes itself a key for pushes where none is set.
    pub fn makes_push_key(&self) -> bool {
        let may_be_one_of_many = matches!(self.store(), Store::Postgres(_)) && !self.is_alone();
        !self.profile.is_strict() && !may_be_one_of_many
    }

    /// Whether this node hears nothing of others, or keeps its sessions for itself: then there must be no
    /// other with the same store.
    pub const fn is_alone(&self) -> bool {
        self.redis.url.is_none() || self.mongodb.url.is_none()
    }
}

/// The door.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where to listen: an address, or a name that leads to one.
    pub host: String,
    /// On which port; 0 is any.
    pub port: u16,
    /// Threads; 0 is one for each core.
    pub workers: usize,
    /// Where people reach this server.
    #[serde(deserialize_with = "optional")]
    pub public_url: Option<PublicUrl>,
    /// Whose pages may call.
    pub cors_origins: Origins,
    /// Whose word on the client's address is taken.
    #[serde(deserialize_with = "parsed_each")]
    pub trusted_proxies: Vec<TrustedProxy>,
    /// Whether something in front speaks TLS.
    pub tls_terminated: bool,
    /// For how long browsers shall insist on TLS.
    pub hsts_seconds: u64,
    /// How long a shutdown may take.
    pub shutdown_seconds: u64,
    /// Connections in the whole process.
    pub max_connections: usize,
}

/// Whether anything is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Nothing is.
    pub memory: bool,
}

/// Users, rooms and messages. All but the first is for Postgres.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(deserialize_with = "optional")]
    pub(super) url: Option<DatabaseUrl>,
    /// Connections of this node.
    pub connections: usize,
    /// How long a request may wait for one.
    #[serde(deserialize_with = "period")]
    pub acquire_timeout: Duration,
    /// How long one statement may take.
    #[serde(deserialize_with = "period")]
    pub statement_timeout: Duration,
    /// How long a statement may wait for a lock.
    #[serde(deserialize_with = "period")]
    pub lock_timeout: Duration,
}

/// What nodes know together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// Where it is, if it is.
    #[serde(deserialize_with = "optional")]
    pub url: Option<ServiceUrl>,
    /// What every key begins with.
    pub prefix: String,
    /// Connections of this node.
    pub connections: usize,
}

/// Files that people upload.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// Where, without S3.
    #[serde(deserialize_with = "optional")]
    pub folder: Option<PathBuf>,
    /// Bytes of one file.
    pub max_bytes: u64,
    /// Bytes of all files of a person; 0 is no bound.
    pub quota_bytes: u64,
    /// Files that a node takes in at once.
    pub at_once: usize,
    /// For how long a file is kept that hangs on no message.
    #[serde(deserialize_with = "period")]
    pub kept_loose: Duration,
}

/// A service that may stand in for what the process does itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backend {
    /// Where it is, if it is.
    #[serde(deserialize_with = "optional")]
    pub url: Option<ServiceUrl>,
}

/// What follows from messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Whether this server works on them itself.
    pub in_server: bool,
    /// The wait after the first try.
    #[serde(deserialize_with = "period")]
    pub retry_first: Duration,
    /// No wait is longer.
    #[serde(deserialize_with = "period")]
    pub retry_longest: Duration,
    /// Tries of one job.
    pub tries: u32,
}

/// Telling those who are away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// How long after a message.
    #[serde(deserialize_with = "period")]
    pub delay: Duration,
    /// Whom to hand it to.
    #[serde(deserialize_with = "optional")]
    pub webhook_url: Option<ServiceUrl>,
    /// What that is signed with.
    #[serde(deserialize_with = "optional")]
    pub webhook_secret: Option<Secret>,
}

/// Telling those who are away on their devices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// By what push services and browsers know this server.
    #[serde(deserialize_with = "optional")]
    pub private_key: Option<Secret>,
    /// Whom push services may turn to.
    #[serde(deserialize_with = "optional")]
    pub contact: Option<String>,
}

/// Summaries by a model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAi {
    /// The key.
    #[serde(deserialize_with = "optional")]
    pub api_key: Option<Secret>,
    /// Whose model, if not OpenAI's.
    #[serde(deserialize_with = "optional")]
    pub base_url: Option<ServiceUrl>,
    /// Which model.
    pub model: String,
    /// How many tokens it holds, of question and answer together.
    pub context_tokens: u64,
}

/// How summaries are made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summaries {
    /// Messages that are told together.
    pub stretch: u32,
    /// Of these, so many are gathered into one.
    pub gathered: u32,
    /// Messages that one summary looks back over; 0 is all.
    pub reach: i64,
    /// How long what was told is kept.
    #[serde(deserialize_with = "period")]
    pub kept: Duration,
    /// Parts that a node makes at once.
    pub at_once: usize,
    /// How long the model has for one answer.
    #[serde(deserialize_with = "period")]
    pub timeout: Duration,
    /// How long somebody waits for the model.
    #[serde(deserialize_with = "period")]
    pub patience: Duration,
    /// Tokens a day; 0 is without bound.
    pub daily_tokens: u64,
    /// Unread messages from which on it is worth asking.
    pub worth: i64,
}

/// Signing in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Signs access tokens.
    #[serde(deserialize_with = "optional")]
    pub jwt_secret: Option<Secret>,
    /// Signs them instead, so that others can check them.
    #[serde(deserialize_with = "optional")]
    pub key_file: Option<PathBuf>,
    /// How long an access token is good for.
    #[serde(deserialize_with = "period")]
    pub jwt_expiration: Duration,
    /// Who issues tokens.
    pub issuer: String,
    /// For whom.
    pub audience: String,
    /// How long somebody stays signed in without coming back.
    pub refresh_days: u64,
    /// The work of one password hash.
    pub bcrypt_cost: u32,
    /// Threads that hash; 0 is half of the cores.
    pub hashing_threads: usize,
    /// Passwords that may wait for one.
    pub hashing_queue: usize,
}

/// How often.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Messages of one person in one room.
    #[serde(deserialize_with = "limit")]
    pub message: Limit,
    /// Failed logins from one address.
    #[serde(deserialize_with = "limit")]
    pub login_ip: Limit,
    /// Failed logins into one account from one network.
    #[serde(deserialize_with = "limit")]
    pub login_account_network: Limit,
    /// Failed logins into one account from anywhere.
    #[serde(deserialize_with = "limit")]
    pub login_account: Limit,
    /// Registrations from one address.
    #[serde(deserialize_with = "limit")]
    pub register_ip: Limit,
    /// Requests from one address without signing in.
    #[serde(deserialize_with = "limit")]
    pub anonymous: Limit,
    /// Requests of one person.
    #[serde(deserialize_with = "limit")]
    pub user: Limit,
    /// Frames on one connection.
    #[serde(deserialize_with = "limit")]
    pub frames: Limit,
    /// Summaries that one person asks for.
    #[serde(deserialize_with = "limit")]
    pub summary: Limit,
    /// Summaries that are asked for in one room.
    #[serde(deserialize_with = "limit")]
    pub summary_room: Limit,
}

/// Commits of messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCommit {
    /// Commits in flight at once.
    pub lanes: usize,
    /// Messages that may wait in a lane.
    pub lane_queue: usize,
    /// Messages in one commit.
    pub batch: usize,
}

/// Other systems that are told what happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// Whether they may be in private networks.
    pub allow_private: bool,
}

/// Administering the deployment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    /// Lets in whoever shows it.
    #[serde(deserialize_with = "optional")]
    pub token: Option<Secret>,
}

/// Measurements.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Lets other machines read them.
    #[serde(deserialize_with = "optional")]
    pub token: Option<Secret>,
}

/// Spans that are followed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// Who collects them; nobody, and there are none.
    #[serde(deserialize_with = "optional")]
    pub endpoint: Option<CollectorUrl>,
    /// What this server is called there.
    pub service: String,
    /// How much of what begins here is followed.
    #[serde(deserialize_with = "parsed")]
    pub share: Share,
}

/// Events that are written down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// For whom.
    #[serde(deserialize_with = "parsed")]
    pub format: LogFormat,
    /// Which: a level, and exceptions to it.
    pub filter: String,
}
