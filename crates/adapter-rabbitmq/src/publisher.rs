//! Publishing, and waiting for confirms.

use std::sync::Arc;
use std::time::Duration;

use domain::EventId;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use crate::failure::Broken;
use crate::names::ATTEMPT;
use crate::wire::{PATIENCE, Wire, in_time};

/// The delivery mode that stores a message on disk.
const PERSISTENT: u8 = 2;
/// How often publishing to a full queue is retried, and after which pause: a queue reports being full
/// for a moment longer than it is.
const ASKED: usize = 3;
const PAUSE: Duration = Duration::from_millis(50);
/// How many messages are published before their confirms are awaited.
const AT_ONCE: usize = 256;

/// A message to publish.
pub(crate) struct Letter {
    pub(crate) exchange: ShortString,
    pub(crate) key: ShortString,
    pub(crate) id: EventId,
    pub(crate) attempt: u32,
    pub(crate) body: Vec<u8>,
    /// How long it waits in the retry queue.
    pub(crate) wait: Option<Duration>,
}

impl Letter {
    fn properties(&self) -> BasicProperties {
        let mut headers = FieldTable::default();
        headers.insert(ATTEMPT.into(), AMQPValue::LongLongInt(self.attempt.into()));
        let properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_content_type("application/json".into())
            .with_message_id(self.id.to_string().into())
            .with_headers(headers);
        match self.wait {
            Some(wait) => properties.with_expiration(wait.as_millis().to_string().into()),
            None => properties,
        }
    }
}

/// Why not everything was published, and what was.
pub(crate) struct Interrupted {
    pub(crate) confirmed: Vec<EventId>,
    pub(crate) broken: Broken,
}

impl From<Interrupted> for Broken {
    fn from(interrupted: Interrupted) -> Self {
        interrupted.broken
    }
}

/// A channel in confirm mode, reopened after a failure.
pub(crate) struct Publisher {
    wire: Arc<Wire>,
    channel: Mutex<Option<Channel>>,
}

impl Publisher {
    pub(crate) fn new(wire: Arc<Wire>) -> Self {
        Self {
            wire,
            channel: Mutex::default(),
        }
    }

    /// Publishes in this order, and returns once all are confirmed.
    pub(crate) async fn publish(&self, letters: &[Letter]) -> Result<(), Interrupted> {
        let mut confirmed = Vec::new();
        let sent = timeout(PATIENCE, self.send_all(letters, &mut confirmed)).await;
        let Err(broken) = sent.unwrap_or(Err(Broken::Slow)) else {
            return Ok(());
        };
        if !matches!(broken, Broken::Full) {
            *self.channel.lock().await = None;
        }
        Err(Interrupted { confirmed, broken })
    }

    /// What one queue refuses does not hold up what goes to others.
    async fn send_all(
        &self,
        letters: &[Letter],
        confirmed: &mut Vec<EventId>,
    ) -> Result<(), Broken> {
        let mut is_full = false;
        for some in letters.chunks(AT_ONCE) {
            match self.send_some(some, confirmed).await {
                Ok(()) => {}
                Err(Broken::Full) => is_full = true,
                Err(broken) => return Err(broken),
            }
        }
        if is_full { Err(Broken::Full) } else { Ok(()) }
    }

    /// Publishes what full queues refuse again, for a moment.
    async fn send_some(
        &self,
        letters: &[Letter],
        confirmed: &mut Vec<EventId>,
    ) -> Result<(), Broken> {
        let mut left: Vec<&Letter> = letters.iter().collect();
        for _ in 0..ASKED {
            left = self.send(&left, confirmed).await?;
            if left.is_empty() {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        Err(Broken::Full)
    }

    /// Publishes, and returns what full queues refused.
    async fn send<'a>(
        &self,
        letters: &[&'a Letter],
        confirmed: &mut Vec<EventId>,
    ) -> Result<Vec<&'a Letter>, Broken> {
        let channel = self.channel().await?;
        let options = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        let mut confirms = Vec::new();
        for letter in letters {
            let (exchange, key) = (letter.exchange.clone(), letter.key.clone());
            let sent = channel
                .basic_publish(exchange, key, options, &letter.body, letter.properties())
                .await?;
            confirms.push((*letter, sent));
        }
        let mut refused = Vec::new();
        for (letter, confirm) in confirms {
            match confirm.await? {
                Confirmation::Ack(None) => confirmed.push(letter.id),
                Confirmation::Nack(_) => refused.push(letter),
                Confirmation::Ack(Some(_)) | Confirmation::NotRequested => {
                    return Err(Broken::Unroutable);
                }
            }
        }
        Ok(refused)
    }

    async fn channel(&self) -> Result<Channel, Broken> {
        let mut kept = self.channel.lock().await;
        if let Some(channel) = &*kept
            && channel.status().connected()
        {
            return Ok(channel.clone());
        }
        let channel = self.wire.channel().await?;
        in_time(channel.confirm_select(ConfirmSelectOptions::default())).await?;
        *kept = Some(channel.clone());
        Ok(channel)
    }
}
