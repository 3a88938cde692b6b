//! The port.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::port::Jobs;
use domain::port::jobs::{Deliveries, Queue, Verdict};
use domain::{Event, EventId, Failure};
use lapin::options::{BasicAckOptions, BasicNackOptions};
use lapin::uri::AMQPUri;

use crate::body;
use crate::consumer::Consumer;
use crate::failure::Broken;
use crate::graves::{Dead, Graves, MOST};
use crate::held::{Desk, Held};
use crate::names;
use crate::options::Options;
use crate::publisher::{Letter, Publisher};
use crate::wire::{Wire, in_time};

/// Delivers events to workers through RabbitMQ. Connects on first use.
pub struct RabbitJobs {
    pub(crate) wire: Arc<Wire>,
    publisher: Publisher,
    graves: Graves,
    desk: Arc<Desk>,
}

impl RabbitJobs {
    /// For an address `amqp://user:password@host/vhost`. Fails if it cannot be parsed.
    pub fn new(url: &str, options: Options) -> Result<Self, String> {
        let uri = AMQPUri::from_str(url)?;
        let wire = Arc::new(Wire::new(uri, options));
        Ok(Self {
            publisher: Publisher::new(Arc::clone(&wire)),
            graves: Graves::new(Arc::clone(&wire)),
            desk: Arc::default(),
            wire,
        })
    }

    /// Closes the connection.
    pub async fn close(&self) {
        self.wire.close().await;
    }

    /// Publishes an event to its retry or dead-letter queue. The caller acknowledges the original only
    /// afterwards.
    async fn move_on(&self, queue: Queue, held: &Held, verdict: Verdict) -> Result<(), Broken> {
        let patience = self.wire.options.patience;
        let wait = match verdict {
            Verdict::Retry => patience.wait(held.attempt, dice()),
            Verdict::Done | Verdict::Dead => None,
        };
        let names = &self.wire.names;
        let (exchange, key) = match wait {
            Some(_) => {
                let level = names::level(patience, held.attempt);
                (names.retry(level), names.queue(queue))
            }
            None => ("".into(), names.dead(queue)),
        };
        let letter = Letter {
            exchange,
            key,
            id: held.event.id.to_string(),
            attempt: held.attempt.saturating_add(u32::from(wait.is_some())),
            body: body::write(&held.event)?,
            wait: wait.map(whole_millis),
        };
        self.publisher.publish(&[letter]).await
    }

    async fn carry_out(&self, queue: Queue, held: &Held, verdict: Verdict) -> Result<(), Broken> {
        if verdict != Verdict::Done
            && let Err(broken) = self.move_on(queue, held, verdict).await
        {
            let again = BasicNackOptions {
                requeue: true,
                ..BasicNackOptions::default()
            };
            // If even this fails the channel is gone, and the event is redelivered anyway.
            drop(in_time(held.acker.nack(again)).await);
            return Err(broken);
        }
        in_time(held.acker.ack(BasicAckOptions::default())).await?;
        Ok(())
    }
}

impl RabbitJobs {
    async fn list(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Broken> {
        let opened = self.graves.open(queue, limit).await?;
        let events = opened.dead.iter().map(|dead| dead.event).collect();
        opened.close().await?;
        Ok(events)
    }

    /// Removes dead letters; those to be revived are published again first.
    async fn dig_up(&self, queue: Queue, events: &[EventId], alive: bool) -> Result<usize, Broken> {
        if events.is_empty() {
            return Ok(0);
        }
        let opened = self.graves.open(queue, MOST).await?;
        let mut count = 0;
        for dead in &opened.dead {
            if !events.contains(&dead.event.id) {
                continue;
            }
            if alive {
                self.publisher.publish(&[self.anew(queue, dead)]).await?;
            }
            dead.remove().await?;
            count += 1;
        }
        opened.close().await?;
        Ok(count)
    }

    fn anew(&self, queue: Queue, dead: &Dead) -> Letter {
        Letter {
            exchange: "".into(),
            key: self.wire.names.queue(queue),
            id: dead.event.id.to_string(),
            attempt: 1,
            body: dead.body.clone(),
            wait: None,
        }
    }
}

#[async_trait]
impl Jobs for RabbitJobs {
    async fn publish(&self, events: &[Event]) -> Result<Vec<EventId>, Failure> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let letter = |event: &Event| -> Result<Letter, Broken> {
            Ok(Letter {
                exchange: self.wire.names.exchange(),
                key: event.what.topic().into(),
                id: event.id.to_string(),
                attempt: 1,
                body: body::write(event)?,
                wait: None,
            })
        };
        let letters: Result<Vec<Letter>, Broken> = events.iter().map(letter).collect();
        let published = async { self.publisher.publish(&letters?).await }.await;
        published.map_err(|broken| broken.into_failure("publish"))?;
        Ok(events.iter().map(|event| event.id).collect())
    }

    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure> {
        let consumer = Consumer::new(Arc::clone(&self.wire), Arc::clone(&self.desk), queue);
        Ok(Box::pin(consumer.deliveries()))
    }

    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure> {
        let Some(held) = self.desk.take(tag) else {
            // It was given back in the meantime, and will be redelivered.
            return Ok(());
        };
        let settled = self.carry_out(queue, &held, verdict).await;
        settled.map_err(|broken| broken.into_failure("settle"))
    }

    async fn dead(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        let listed = self.list(queue, limit).await;
        listed.map_err(|broken| broken.into_failure("list dead letters"))
    }

    async fn revive(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        let revived = self.dig_up(queue, events, true).await;
        revived.map_err(|broken| broken.into_failure("revive dead letters"))
    }

    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        let discarded = self.dig_up(queue, events, false).await;
        discarded.map_err(|broken| broken.into_failure("discard dead letters"))
    }
}

/// RabbitMQ counts milliseconds. Rounds up, and never to zero, which would mean no delay at all.
fn whole_millis(wait: Duration) -> Duration {
    wait.max(Duration::from_millis(1)) + Duration::from_millis(1)
}

/// A random number. Without randomness, events that failed together are retried together.
fn dice() -> u8 {
    let mut dice = [0; 1];
    getrandom::fill(&mut dice).map_or(0, |()| dice[0])
}
