//! The port.

use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::Jobs;
use domain::port::jobs::{Deliveries, Queue, Verdict};
use domain::{Event, EventId, Failure};
use lapin::options::{BasicAckOptions, BasicNackOptions};
use lapin::uri::AMQPUri;

use crate::body;
use crate::chance::dice;
use crate::consumer::Consumer;
use crate::dead_letters::{DeadLetter, DeadLetters, MOST};
use crate::failure::Broken;
use crate::held::{Held, HeldDeliveries};
use crate::names;
use crate::options::Options;
use crate::publisher::{Interrupted, Letter, Publisher};
use crate::wire::{Wire, in_time};

/// An address that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the address of RabbitMQ is not like amqp://user:password@host:5672/vhost: {0}")]
pub struct BadAddress(String);

/// Delivers events to workers through RabbitMQ. Connects on first use.
pub struct RabbitJobs {
    pub(crate) wire: Arc<Wire>,
    publisher: Publisher,
    /// What was confirmed before the last publishing failed, and not yet reported.
    confirmed: Mutex<Vec<EventId>>,
    dead_letters: DeadLetters,
    held: Arc<HeldDeliveries>,
}

impl RabbitJobs {
    /// For an address `amqp://user:password@host/vhost`. Fails if it cannot be parsed.
    pub fn new(url: &str, options: Options) -> Result<Self, BadAddress> {
        let uri = AMQPUri::from_str(url).map_err(BadAddress)?;
        let wire = Arc::new(Wire::new(uri, options));
        Ok(Self {
            publisher: Publisher::new(Arc::clone(&wire)),
            confirmed: Mutex::default(),
            dead_letters: DeadLetters::new(Arc::clone(&wire)),
            held: Arc::default(),
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
            Verdict::Retry => patience.wait(held.attempt, dice().unwrap_or(0)),
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
            id: held.event.id,
            attempt: held.attempt.saturating_add(u32::from(wait.is_some())),
            body: body::write(&held.event)?,
            wait: wait.map(whole_millis),
        };
        Ok(self.publisher.publish(&[letter]).await?)
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
    /// Remembers what was confirmed, and returns what was remembered before.
    fn exchange_confirmed(&self, confirmed: Vec<EventId>) -> Vec<EventId> {
        let mut kept = self
            .confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *kept, confirmed)
    }

    async fn list(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Broken> {
        let opened = self.dead_letters.open(queue, limit).await?;
        let events = opened.dead.iter().map(|dead| dead.event).collect();
        opened.close().await?;
        Ok(events)
    }

    /// Removes dead letters; those to be revived are published again first.
    async fn remove(&self, queue: Queue, events: &[EventId], alive: bool) -> Result<usize, Broken> {
        if events.is_empty() {
            return Ok(0);
        }
        let opened = self.dead_letters.open(queue, MOST).await?;
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

    fn anew(&self, queue: Queue, dead: &DeadLetter) -> Letter {
        Letter {
            exchange: "".into(),
            key: self.wire.names.queue(queue),
            id: dead.event.id,
            attempt: 1,
            body: dead.body.clone(),
            wait: None,
        }
    }
}

#[async_trait]
impl Jobs for RabbitJobs {
    async fn publish(&self, events: &[Event]) -> Result<Vec<EventId>, Failure> {
        let mut safe = self.exchange_confirmed(Vec::new());
        if events.is_empty() {
            return Ok(safe);
        }
        let letter = |event: &Event| -> Result<Letter, Broken> {
            Ok(Letter {
                exchange: self.wire.names.exchange(),
                key: event.what.topic().into(),
                id: event.id,
                attempt: 1,
                body: body::write(event)?,
                wait: None,
            })
        };
        let letters: Result<Vec<Letter>, Broken> = events.iter().map(letter).collect();
        let letters = letters.map_err(|broken| broken.into_failure("publish"))?;
        if let Err(Interrupted { confirmed, broken }) = self.publisher.publish(&letters).await {
            // It replaces what this call should have returned, which is published again: so this is at
            // most one call's events.
            self.exchange_confirmed(confirmed);
            return Err(broken.into_failure("publish"));
        }
        safe.extend(events.iter().map(|event| event.id));
        Ok(safe)
    }

    async fn consume(&self, queue: Queue) -> Result<Deliveries, Failure> {
        let consumer = Consumer::new(Arc::clone(&self.wire), Arc::clone(&self.held), queue);
        Ok(Box::pin(consumer.deliveries()))
    }

    async fn settle(&self, queue: Queue, tag: u64, verdict: Verdict) -> Result<(), Failure> {
        let Some(held) = self.held.take(tag) else {
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
        let revived = self.remove(queue, events, true).await;
        revived.map_err(|broken| broken.into_failure("revive dead letters"))
    }

    async fn discard(&self, queue: Queue, events: &[EventId]) -> Result<usize, Failure> {
        let discarded = self.remove(queue, events, false).await;
        discarded.map_err(|broken| broken.into_failure("discard dead letters"))
    }
}

/// RabbitMQ counts milliseconds. Rounds up, and never to zero, which would mean no delay at all.
fn whole_millis(wait: Duration) -> Duration {
    wait.max(Duration::from_millis(1)) + Duration::from_millis(1)
}
