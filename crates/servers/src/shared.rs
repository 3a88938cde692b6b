//! The servers shared by all tests of a run.

/// The variable with the URL of the shared PostgreSQL server.
pub const POSTGRES: &str = "TEST_POSTGRES_URL";
/// The variable with the URL of the shared MongoDB server.
pub const MONGODB: &str = "TEST_MONGODB_URL";
/// The variable with the URL of the shared Redis server.
pub const REDIS: &str = "TEST_REDIS_URL";
/// The variable with the URL of the shared RabbitMQ server.
pub const RABBITMQ: &str = "TEST_RABBITMQ_URL";

/// The URL of this run's shared PostgreSQL server. Its user may create databases.
pub fn postgres_url() -> String {
    demanded(POSTGRES)
}

/// The URL of this run's shared MongoDB server, a replica set of one.
pub fn mongodb_url() -> String {
    demanded(MONGODB)
}

/// The URL of this run's shared Redis server.
pub fn redis_url() -> String {
    demanded(REDIS)
}

/// The URL of this run's shared RabbitMQ server.
pub fn rabbitmq_url() -> String {
    demanded(RABBITMQ)
}

fn demanded(variable: &str) -> String {
    match shared(variable) {
        Some(url) => url,
        None => panic!(
            "{variable} is not set: run the tests by tests/run, which starts the servers, \
             or start them by `cargo run -p servers -- up`"
        ),
    }
}

/// The value of an environment variable, if it is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests' servers are no settings of the product"
)]
pub fn shared(variable: &str) -> Option<String> {
    std::env::var(variable)
        .ok()
        .filter(|value| !value.is_empty())
}
