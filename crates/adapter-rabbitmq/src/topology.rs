//! The exchanges and queues that must exist.

use domain::port::jobs::Queue;
use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Channel, ExchangeKind};

use crate::names::{self, Names};
use crate::options::Options;

/// How often an event may be redelivered without a verdict before it is taken for a poison message that
/// kills its consumers.
const RETURNS: u32 = 50;

/// Declares what is missing. If something exists with other arguments, the error names it.
pub(crate) async fn declare(
    channel: &Channel,
    names: &Names,
    options: &Options,
) -> lapin::Result<()> {
    exchange(channel, names.exchange(), ExchangeKind::Topic).await?;
    for queue in Queue::ALL {
        let dead = names.dead(queue);
        let bounded = quorum(&[("x-max-length", number(options.capacity))]);
        make(channel, dead.clone(), bounded).await?;

        let mut terms = vec![
            ("x-max-length", number(options.capacity)),
            ("x-overflow", text("reject-publish")),
            ("x-delivery-limit", number(RETURNS)),
            ("x-dead-letter-exchange", text("")),
            ("x-dead-letter-routing-key", text(dead.as_str())),
        ];
        // Other systems must be told of events in order, so by one consumer at a time.
        if queue == Queue::Messages {
            terms.push(("x-single-active-consumer", AMQPValue::Boolean(true)));
        }
        make(channel, names.queue(queue), quorum(&terms)).await?;
        for topic in names::topics(queue) {
            bind(channel, names.queue(queue), names.exchange(), topic).await?;
        }
    }
    for level in 1..=names::levels(options.patience) {
        // When the delay is over, the message is routed back by its own routing key, which is its
        // queue's name.
        let waiting = quorum(&[
            ("x-dead-letter-exchange", text("")),
            ("x-dead-letter-strategy", text("at-least-once")),
            ("x-overflow", text("reject-publish")),
            ("x-max-length", number(options.capacity)),
        ]);
        let name = names.retry(level);
        exchange(channel, name.clone(), ExchangeKind::Fanout).await?;
        make(channel, name.clone(), waiting).await?;
        bind(channel, name.clone(), name, "").await?;
    }
    Ok(())
}

fn quorum(terms: &[(&'static str, AMQPValue)]) -> FieldTable {
    let mut table = FieldTable::default();
    table.insert("x-queue-type".into(), text("quorum"));
    for (name, value) in terms {
        table.insert((*name).into(), value.clone());
    }
    table
}

fn text(text: &str) -> AMQPValue {
    AMQPValue::LongString(text.into())
}

fn number(number: u32) -> AMQPValue {
    AMQPValue::LongLongInt(number.into())
}

async fn exchange(channel: &Channel, name: ShortString, kind: ExchangeKind) -> lapin::Result<()> {
    let options = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    let none = FieldTable::default();
    channel.exchange_declare(name, kind, options, none).await
}

async fn make(channel: &Channel, name: ShortString, terms: FieldTable) -> lapin::Result<()> {
    let options = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    channel.queue_declare(name, options, terms).await?;
    Ok(())
}

async fn bind(
    channel: &Channel,
    queue: ShortString,
    exchange: ShortString,
    key: &str,
) -> lapin::Result<()> {
    let none = FieldTable::default();
    let options = QueueBindOptions::default();
    channel
        .queue_bind(queue, exchange, key.into(), options, none)
        .await
}
