//! Private PostgreSQL, MongoDB and Redis servers for tests and benchmarks.

/// Where the shared PostgreSQL server of this run of the tests is.
pub fn postgres_url() -> String {
    shared("TEST_POSTGRES_URL")
}

/// Where the shared MongoDB server of this run of the tests is.
pub fn mongodb_url() -> String {
    shared("TEST_MONGODB_URL")
}

/// Where the shared Redis server of this run of the tests is.
pub fn redis_url() -> String {
    shared("TEST_REDIS_URL")
}

#[expect(clippy::panic, reason = "a test without its server has failed")]
fn shared(variable: &str) -> String {
    match std::env::var(variable) {
        Ok(url) => url,
        Err(_) => panic!("{variable} is not set: run the tests by tests/run, which starts the servers"),
    }
}
