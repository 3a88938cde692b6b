//! The settings, as the rest of the binary sees them.
//!
//! `config/default.toml` explains each of them.

use std::path::PathBuf;
use std::time::Duration;

use domain::port::limiter::Limit;
use serde::Deserialize;

use super::value::{
    CollectorUrl, DatabaseUrl, LogFormat, Origins, Profile, PublicUrl, Secret, ServiceUrl, Share,
    TrustedProxy, limit, optional, parsed, parsed_each, period,
};

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The kind of deployment.
    #[serde(deserialize_with = "parsed")]
    pub profile: Profile,
    /// The folder for everything that an embedded server stores.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub http: Http,
    /// Whether anything is stored.
    pub storage: Storage,
    /// Users, rooms and messages.
    pub database: Database,
    /// Sessions and profiles.
    pub mongodb: Backend,
    /// Presence, limits, the bus between nodes.
    pub redis: Redis,
    /// The queues of jobs.
    pub rabbitmq: Backend,
    /// Jobs that follow from messages.
    pub jobs: Jobs,
    /// Notifications for people who are away.
    pub notifications: Notifications,
    /// Push notifications on their devices.
    pub push: Push,
    /// Uploaded files, in S3.
    pub s3: Backend,
    /// Uploaded files.
    pub media: Media,
    /// The model for summaries.
    pub openai: OpenAi,
    /// Summaries.
    pub summaries: Summaries,
    /// Authentication.
    pub auth: Auth,
    /// Rate limits.
    pub limits: Limits,
    /// Group commit of messages.
    pub group_commit: GroupCommit,
    /// Webhooks: other systems that are notified of events.
    pub webhooks: Webhooks,
    /// Administration of the deployment.
    pub admin: Admin,
    /// Metrics.
    pub metrics: Metrics,
    /// Tracing.
    pub traces: Traces,
    /// Logging.
    pub log: Log,
}

/// The HTTP server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where to listen: an address, or a name that resolves to one.
    pub host: String,
    /// The port; 0 picks a free one.
    pub port: u16,
    /// Threads; 0 is one for each core.
    pub workers: usize,
    /// The public base URL.
    #[serde(deserialize_with = "optional")]
    pub public_url: Option<PublicUrl>,
    /// Which other origins may make requests.
    pub cors_origins: Origins,
    /// Proxies whose word on the client's address is trusted.
    #[serde(deserialize_with = "parsed_each")]
    pub trusted_proxies: Vec<TrustedProxy>,
    /// Whether a proxy in front terminates TLS.
    pub tls_terminated: bool,
    /// The `max-age` of HSTS.
    pub hsts_seconds: u64,
    /// How long a shutdown may take.
    pub shutdown_seconds: u64,
    /// Concurrent connections in the whole process.
    pub max_connections: usize,
}

/// Whether anything is stored.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Nothing is stored; everything is in memory.
    pub memory: bool,
}

/// Users, rooms and messages. All but the URL is for Postgres.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(deserialize_with = "optional")]
    pub(super) url: Option<DatabaseUrl>,
    /// The size of this node's connection pool.
    pub connections: usize,
    /// How long a request may wait for a connection.
    #[serde(deserialize_with = "period")]
    pub acquire_timeout: Duration,
    /// How long one statement may take.
    #[serde(deserialize_with = "period")]
    pub statement_timeout: Duration,
    /// How long a statement may wait for a lock.
    #[serde(deserialize_with = "period")]
    pub lock_timeout: Duration,
}

/// State that nodes share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// The server, if there is one.
    #[serde(deserialize_with = "optional")]
    pub url: Option<ServiceUrl>,
    /// The prefix of every key.
    pub prefix: String,
    /// The size of this node's connection pool.
    pub connections: usize,
}

/// Uploaded files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// The folder, without S3.
    #[serde(deserialize_with = "optional")]
    pub folder: Option<PathBuf>,
    /// The maximum size of a file.
    pub max_bytes: u64,
    /// The maximum size of all files of a user; 0 means unlimited.
    pub quota_bytes: u64,
    /// How many uploads a node accepts at once.
    pub at_once: usize,
    /// How long a file is kept that is not attached to a message.
    #[serde(deserialize_with = "period")]
    pub kept_loose: Duration,
}

/// A service that can replace an embedded implementation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backend {
    /// The service, if there is one.
    #[serde(deserialize_with = "optional")]
    pub url: Option<ServiceUrl>,
}

/// Jobs that follow from messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Whether this server processes them itself.
    pub in_server: bool,
    /// The delay after the first attempt.
    #[serde(deserialize_with = "period")]
    pub retry_first: Duration,
    /// The maximum delay.
    #[serde(deserialize_with = "period")]
    pub retry_longest: Duration,
    /// The maximum number of attempts.
    pub tries: u32,
}

/// Notifications for people who are away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// How long after a message they are sent.
    #[serde(deserialize_with = "period")]
    pub delay: Duration,
    /// The webhook that they are sent to.
    #[serde(deserialize_with = "optional")]
    pub webhook_url: Option<ServiceUrl>,
    /// The key that signs them.
    #[serde(deserialize_with = "optional")]
    pub webhook_secret: Option<Secret>,
}

/// Push notifications on people's devices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// The key that identifies this server to push services and browsers.
    #[serde(deserialize_with = "optional")]
    pub private_key: Option<Secret>,
    /// The contact for operators of push services.
    #[serde(deserialize_with = "optional")]
    pub contact: Option<String>,
}

/// Summaries by a model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAi {
    /// The API key.
    #[serde(deserialize_with = "optional")]
    pub api_key: Option<Secret>,
    /// The server, if it is not OpenAI's.
    #[serde(deserialize_with = "optional")]
    pub base_url: Option<ServiceUrl>,
    /// The name of the model.
    pub model: String,
    /// The size of its context window, for input and output together.
    pub context_tokens: u64,
}

/// How summaries are made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summaries {
    /// How many messages are summarised as one part.
    pub stretch: u32,
    /// How many parts are merged into one.
    pub gathered: u32,
    /// How many messages a summary covers at most; 0 means all.
    pub reach: i64,
    /// How long parts are cached.
    #[serde(deserialize_with = "period")]
    pub kept: Duration,
    /// How many parts a node makes at once.
    pub at_once: usize,
    /// The timeout of one call of the model.
    #[serde(deserialize_with = "period")]
    pub timeout: Duration,
    /// How long a user waits for the model.
    #[serde(deserialize_with = "period")]
    pub patience: Duration,
    /// The budget of tokens per day; 0 means unlimited.
    pub daily_tokens: u64,
    /// The number of unread messages from which on a summary is offered.
    pub worth: i64,
}

/// Authentication.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The secret that signs access tokens.
    #[serde(deserialize_with = "optional")]
    pub jwt_secret: Option<Secret>,
    /// A private key that signs them instead, so that others can verify them.
    #[serde(deserialize_with = "optional")]
    pub key_file: Option<PathBuf>,
    /// The lifetime of an access token.
    #[serde(deserialize_with = "period")]
    pub jwt_expiration: Duration,
    /// The issuer of tokens.
    pub issuer: String,
    /// The audience of tokens.
    pub audience: String,
    /// How long an unused session lasts.
    pub refresh_days: u64,
    /// The cost of one password hash.
    pub bcrypt_cost: u32,
    /// Threads that hash passwords; 0 means half of the cores.
    pub hashing_threads: usize,
    /// How many passwords may be queued for hashing.
    pub hashing_queue: usize,
}

/// Rate limits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Messages of one user in one room.
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
    /// Unauthenticated requests from one address.
    #[serde(deserialize_with = "limit")]
    pub anonymous: Limit,
    /// Requests of one user.
    #[serde(deserialize_with = "limit")]
    pub user: Limit,
    /// Frames on one connection.
    #[serde(deserialize_with = "limit")]
    pub frames: Limit,
    /// Summaries requested by one user.
    #[serde(deserialize_with = "limit")]
    pub summary: Limit,
    /// Summaries requested in one room.
    #[serde(deserialize_with = "limit")]
    pub summary_room: Limit,
}

/// Group commit of messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCommit {
    /// Concurrent commits.
    pub lanes: usize,
    /// How many messages may be queued in a lane.
    pub lane_queue: usize,
    /// The maximum number of messages in a commit.
    pub batch: usize,
}

/// Webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// Whether their addresses may be in private networks.
    pub allow_private: bool,
}

/// Administration of the deployment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    /// The token that authenticates administrators.
    #[serde(deserialize_with = "optional")]
    pub token: Option<Secret>,
}

/// Metrics.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// The token that admits other machines.
    #[serde(deserialize_with = "optional")]
    pub token: Option<Secret>,
}

/// Tracing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// The collector; without one there are no traces.
    #[serde(deserialize_with = "optional")]
    pub endpoint: Option<CollectorUrl>,
    /// The name of this service in traces.
    pub service: String,
    /// The fraction of traces that is sampled.
    #[serde(deserialize_with = "parsed")]
    pub share: Share,
}

/// Logging.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The format: for people or for machines.
    #[serde(deserialize_with = "parsed")]
    pub format: LogFormat,
    /// The filter: a level, and exceptions to it.
    pub filter: String,
}
