//! Private PostgreSQL, MongoDB, Redis and RabbitMQ servers for tests and benchmarks, and a fake language
//! model.
//!
//! Most tests share one server of each kind, which `tests/run` starts: [`postgres_url`],
//! [`mongodb_url`], [`redis_url`] and [`rabbitmq_url`] return its URL, and each test creates a database
//! or a prefix of its own there. A test that stops, kills or starts a server has a private one:
//! [`Postgres`], [`Mongo`], [`Redis`], [`Rabbit`]. All of them listen on localhost only, keep everything
//! in a temporary folder, and end with the process that started them, however that ends. Linux only.
//!
//! [`Model`] speaks the wire format of a language model's server from within the test's own process,
//! and replies as the test tells it to.
//!
//! What may not live here: anything of Tertulia, such as its schema. And nothing here ever touches a
//! server that it did not start.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test without its server has failed"
)]

mod guardian;
mod model;
mod mongo;
mod port;
mod postgres;
mod process;
mod program;
mod rabbit;
mod redis;
mod server;
mod shared;
mod wait;

pub use model::{Model, Reply, Request};
pub use mongo::Mongo;
pub use postgres::Postgres;
pub use program::missing;
pub use rabbit::Rabbit;
pub use redis::Redis;
pub use server::{Kind, Server};
pub use shared::{
    MONGODB, POSTGRES, RABBITMQ, REDIS, mongodb_url, postgres_url, rabbitmq_url, redis_url, shared,
};
