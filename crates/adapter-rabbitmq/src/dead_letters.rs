//! Dead letters.

use std::sync::Arc;

use domain::Event;
use domain::port::jobs::Queue;
use lapin::Acker;
use lapin::Channel;
use lapin::options::{BasicAckOptions, BasicGetOptions, BasicNackOptions};
use tokio::sync::{Mutex, MutexGuard};

use crate::body;
use crate::failure::Broken;
use crate::wire::{Wire, in_time};

/// How many dead letters of a queue are looked at.
pub(crate) const MOST: usize = 10_000;

/// A dead letter that was taken out. Unless removed, it returns to its place when all are put back.
pub(crate) struct DeadLetter {
    pub(crate) event: Event,
    pub(crate) body: Vec<u8>,
    acker: Acker,
}

impl DeadLetter {
    /// Removes it for good.
    pub(crate) async fn remove(&self) -> Result<(), Broken> {
        in_time(self.acker.ack(BasicAckOptions::default())).await?;
        Ok(())
    }
}

/// The dead letters that were taken out.
pub(crate) struct Opened<'a> {
    kept: MutexGuard<'a, Option<Channel>>,
    channel: Channel,
    pub(crate) dead: Vec<DeadLetter>,
    unreadable: bool,
}

impl Opened<'_> {
    /// Puts back what was not removed. Without this call, that happens when the channel ends.
    pub(crate) async fn close(mut self) -> Result<(), Broken> {
        if !self.dead.is_empty() || self.unreadable {
            let rest = BasicNackOptions {
                multiple: true,
                requeue: true,
            };
            // Tag 0 with `multiple` means everything that this channel has not acknowledged.
            in_time(self.channel.basic_nack(0, rest)).await?;
        }
        *self.kept = Some(self.channel);
        Ok(())
    }
}

/// A single channel for all callers, one at a time: what one has taken out would be invisible to the
/// next.
pub(crate) struct DeadLetters {
    wire: Arc<Wire>,
    channel: Mutex<Option<Channel>>,
}

impl DeadLetters {
    pub(crate) fn new(wire: Arc<Wire>) -> Self {
        Self {
            wire,
            channel: Mutex::default(),
        }
    }

    /// Takes out the contents of a queue's dead-letter queue.
    pub(crate) async fn open(&self, queue: Queue, limit: usize) -> Result<Opened<'_>, Broken> {
        let mut kept = self.channel.lock().await;
        let channel = match kept.take() {
            Some(channel) if channel.status().connected() => channel,
            _ => self.wire.channel().await?,
        };
        let (dead, unreadable) = self.take(&channel, queue, limit.min(MOST)).await?;
        Ok(Opened {
            kept,
            channel,
            dead,
            unreadable,
        })
    }

    async fn take(
        &self,
        channel: &Channel,
        queue: Queue,
        limit: usize,
    ) -> Result<(Vec<DeadLetter>, bool), Broken> {
        let (mut dead, mut unreadable) = (Vec::new(), false);
        let name = self.wire.names.dead(queue);
        while dead.len() < limit {
            let terms = BasicGetOptions::default();
            let got = in_time(channel.basic_get(name.clone(), terms)).await?;
            let Some(got) = got else {
                break;
            };
            match body::read(&got.delivery.data) {
                Ok(event) => dead.push(DeadLetter {
                    event,
                    body: got.delivery.data,
                    acker: got.delivery.acker,
                }),
                Err(error) => {
                    unreadable = true;
                    let queue = queue.name();
                    tracing::debug!(queue, %error, "skipped an unreadable dead letter");
                }
            }
        }
        Ok((dead, unreadable))
    }
}
