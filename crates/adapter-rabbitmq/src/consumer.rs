//! A consumer of a queue.

use std::sync::Arc;
use std::time::Duration;

use domain::Failure;
use domain::port::jobs::{Delivery, Queue};
use futures::StreamExt as _;
use futures::stream::{self, Stream};
use lapin::message::Delivery as Parcel;
use lapin::options::{BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel};
use tokio::time::sleep;

use crate::body;
use crate::chance::dice;
use crate::failure::Broken;
use crate::held::{Held, HeldDeliveries};
use crate::names::ATTEMPT;
use crate::wire::{Wire, in_time};

/// The first and the longest pause before a consumer reconnects.
const BACK_OFF: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(5)];

/// Consumes a queue until it is dropped.
pub(crate) struct Consumer {
    wire: Arc<Wire>,
    held: Arc<HeldDeliveries>,
    queue: Queue,
    name: u64,
    open: Option<(Channel, lapin::Consumer)>,
    failures: u32,
}

impl Consumer {
    pub(crate) fn new(wire: Arc<Wire>, held: Arc<HeldDeliveries>, queue: Queue) -> Self {
        let name = held.enlist();
        Self {
            wire,
            held,
            queue,
            name,
            open: None,
            failures: 0,
        }
    }

    pub(crate) fn deliveries(self) -> impl Stream<Item = Result<Delivery, Failure>> + Send {
        stream::unfold(self, async |mut consumer| {
            let delivery = consumer.next().await;
            Some((delivery, consumer))
        })
    }

    /// The next delivery. An outage is reported once, and then waited out.
    async fn next(&mut self) -> Result<Delivery, Failure> {
        loop {
            match self.take().await {
                Ok(Some(delivery)) => {
                    self.failures = 0;
                    return Ok(delivery);
                }
                Err(broken) if self.fails_first() => return Err(broken.into_failure("consume")),
                Ok(None) | Err(_) => {}
            }
        }
    }

    /// Drops the open channel, and returns whether this is the start of an outage.
    fn fails_first(&mut self) -> bool {
        self.open = None;
        self.held.forget(self.name);
        self.failures = self.failures.saturating_add(1);
        self.failures == 1
    }

    async fn take(&mut self) -> Result<Option<Delivery>, Broken> {
        let Some((_, parcels)) = &mut self.open else {
            if self.failures > 0 {
                sleep(self.back_off()).await;
            }
            self.open = Some(self.begin().await?);
            return Ok(None);
        };
        match parcels.next().await {
            Some(parcel) => self.unpack(parcel?).await,
            None => Err(Broken::Slow),
        }
    }

    async fn begin(&self) -> Result<(Channel, lapin::Consumer), Broken> {
        let channel = self.wire.channel().await?;
        let (prefetch, terms) = (self.wire.options.prefetch, BasicQosOptions::default());
        in_time(channel.basic_qos(prefetch, terms)).await?;
        let queue = self.wire.names.queue(self.queue);
        let (terms, none) = (BasicConsumeOptions::default(), FieldTable::default());
        let parcels = in_time(channel.basic_consume(queue, "".into(), terms, none)).await?;
        Ok((channel, parcels))
    }

    /// An unreadable delivery becomes a dead letter at once.
    async fn unpack(&self, parcel: Parcel) -> Result<Option<Delivery>, Broken> {
        let event = match body::read(&parcel.data) {
            Ok(event) => event,
            Err(error) => {
                let queue = self.queue.name();
                tracing::error!(queue, %error, "moved an unreadable job to the dead-letter queue");
                let aside = BasicRejectOptions { requeue: false };
                in_time(parcel.acker.reject(aside)).await?;
                return Ok(None);
            }
        };
        let attempt = attempt(&parcel.properties);
        let tag = self.held.keep(Held {
            acker: parcel.acker,
            event,
            attempt,
            consumer: self.name,
        });
        Ok(Some(Delivery {
            event,
            attempt,
            tag,
        }))
    }

    fn back_off(&self) -> Duration {
        let [first, longest] = BACK_OFF;
        let doublings = self.failures.saturating_sub(1).min(16);
        let whole = first.saturating_mul(1 << doublings).min(longest);
        let dice = dice().unwrap_or(u8::MAX);
        whole / 2 + whole / 2 * u32::from(dice) / u32::from(u8::MAX)
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.held.forget(self.name);
    }
}

/// The attempt number that the publisher put into the header.
fn attempt(properties: &BasicProperties) -> u32 {
    let headers = properties.headers().as_ref();
    match headers.and_then(|headers| headers.inner().get(ATTEMPT)) {
        Some(AMQPValue::LongLongInt(attempt)) => u32::try_from(*attempt).unwrap_or(1).max(1),
        _ => 1,
    }
}
