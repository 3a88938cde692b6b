//! Jobs on RabbitMQ 3.10 or later.
//!
//! Events are published to the durable topic exchange `chat` under their topic, mandatory and with
//! publisher confirms, and flow into `messages.queue`, `notifications.queue` and `media.queue`. A consumer
//! acknowledges by hand, once a verdict was told. What is to be tried again goes to one of the exchanges
//! `chat.retry.N`, whose queue gives it back to where it came from when its time is over; what is given up
//! lies in the queue's dead-letter queue, `media.queue.dead`. All are quorum queues: what was confirmed is
//! on the disk of most of their nodes.
//!
//! While RabbitMQ is away, publishing fails at once or after a few seconds, and consumers come back by
//! themselves. What they held is delivered anew, and their late verdicts are not heard.
//!
//! What may not live here: what events mean to anybody, and who works on them.

mod body;
mod consumer;
mod failure;
mod graves;
mod held;
mod names;
mod options;
mod port;
mod probe;
mod publisher;
mod topology;
mod wire;

pub use options::Options;
pub use port::RabbitJobs;
