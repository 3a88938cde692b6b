//! The servers that the tests of one run share.

/// The variable that says where the shared PostgreSQL server is.
pub const POSTGRES: &str = "TEST_POSTGRES_URL";
/// The variable that says where the shared MongoDB server is.
pub const MONGODB: &str = "TEST_MONGODB_URL";
/// The variable that says where the shared Redis server is.
pub const REDIS: &str = "TEST_REDIS_URL";
/// The variable that says where the shared RabbitMQ server is.
pub const RABBITMQ: &str = "TEST_RABBITMQ_URL";

/// Where the shared PostgreSQL server of this run of the tests is. Its user may create databases.
pub fn postgres_url() -> String {
    demanded(POSTGRES)
}

/// Where the shared MongoDB server of this run of the tests is, a replica set of one.
pub fn mongodb_url() -> String {
    demanded(MONGODB)
}

/// Where the shared Redis server of this run of the tests is.
pub fn redis_url() -> String {
    demanded(REDIS)
}

/// Where the shared RabbitMQ server of this run of the tests is.
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

/// What a variable says, if it says something.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests' servers are no settings of the product"
)]
pub fn shared(variable: &str) -> Option<String> {
    std::env::var(variable)
        .ok()
        .filter(|value| !value.is_empty())
}
