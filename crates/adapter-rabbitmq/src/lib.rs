//! Jobs on RabbitMQ 3.10 or later.
//!
//! Events are published to the durable topic exchange `chat` under their topic, mandatory and with
//! publisher confirms, and are routed to `messages.queue`, `notifications.queue` and `media.queue`. A
//! consumer acknowledges manually, after the verdict. A job to be retried goes to one of the exchanges
//! `chat.retry.N`, whose queue returns it to its original queue when the delay is over; a job that is
//! given up goes to the queue's dead-letter queue, such as `media.queue.dead`. All of these are quorum
//! queues: what was confirmed is on the disks of a majority of their nodes.
//!
//! While RabbitMQ is away, publishing fails at once or after a few seconds, and consumers reconnect by
//! themselves. Whatever they held is redelivered, and late verdicts on it are ignored.
//!
//! What may not live here: what events mean, and who works on them.

mod body;
mod chance;
mod consumer;
mod dead_letters;
mod failure;
mod held;
mod names;
mod options;
mod port;
mod probe;
mod publisher;
mod topology;
mod wire;

pub use options::Options;
pub use port::{BadAddress, RabbitJobs};
