//! Webhooks and their deliveries as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::{
    Attempt, DeliveryState, EventId, Happening, RoomId, Telling, Timestamp, Topics, Webhook,
    WebhookDelivery, WebhookId, WebhookSecret, WebhookUrl,
};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::{webhook_deliveries, webhooks};

/// A webhook, without its current holder.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = webhooks, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct WebhookRow {
    id: Key<WebhookId>,
    url: String,
    topics: String,
    room: Option<Key<RoomId>>,
    secret: Vec<u8>,
    enabled: bool,
    created_at: i64,
    failing_since: Option<i64>,
}

/// A delivery, pending or finished.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct DeliveryRow {
    webhook: Key<WebhookId>,
    event: Key<EventId>,
    at: i64,
    room: Option<Key<RoomId>>,
    topic: String,
    subject: Option<Key<EventId>>,
    state: String,
    tries: i32,
    due_at: Option<i64>,
    tried_at: Option<i64>,
    status: Option<i32>,
    error: Option<String>,
}

impl WebhookRow {
    pub(crate) fn of(webhook: &Webhook) -> Self {
        Self {
            id: Key(webhook.id),
            url: webhook.url.as_str().to_owned(),
            topics: topics_column(&webhook.topics),
            room: webhook.room.map(Key),
            secret: webhook.secret.as_bytes().to_vec(),
            enabled: webhook.enabled,
            created_at: Timestamp::as_millis(webhook.created_at),
            failing_since: webhook.failing_since.map(Timestamp::as_millis),
        }
    }

    pub(crate) fn read(self) -> Result<Webhook, Broken> {
        let id = self.id.0;
        let spot = Spot::new("webhooks", &id);
        let secret = <[u8; 32]>::try_from(self.secret).ok();
        Ok(Webhook {
            id,
            url: spot.parsed("url", WebhookUrl::parse(&self.url))?,
            topics: spot.known("topics", Topics::parse(self.topics.split(' ')))?,
            room: self.room.map(|key| key.0),
            secret: WebhookSecret::from_bits(spot.known("secret", secret)?),
            enabled: self.enabled,
            created_at: Timestamp::from_millis(self.created_at),
            failing_since: self.failing_since.map(Timestamp::from_millis),
        })
    }
}

/// Topics in one column, separated by spaces.
pub(crate) fn topics_column(topics: &Topics) -> String {
    topics.as_words().join(" ")
}

impl DeliveryRow {
    /// A delivery that is due at once.
    pub(crate) fn new(webhook: WebhookId, telling: &Telling, now: Timestamp) -> Self {
        let subject = telling.what.and_then(|what| what.subject());
        Self {
            webhook: Key(webhook),
            event: Key(telling.event),
            at: Timestamp::as_millis(telling.at),
            room: telling.room.map(Key),
            topic: telling.topic().to_owned(),
            subject: subject.map(EventId::from_uuid).map(Key),
            state: DeliveryState::Pending.word().to_owned(),
            tries: 0,
            due_at: Some(Timestamp::as_millis(now)),
            tried_at: None,
            status: None,
            error: None,
        }
    }

    pub(crate) fn read(self) -> Result<WebhookDelivery, Broken> {
        let event = self.event.0;
        let spot = Spot::new("webhook_deliveries", &event);
        let subject = self.subject.map(|key| key.0.as_uuid());
        let what = if self.topic == Telling::PING {
            None
        } else {
            Some(spot.known("topic", Happening::of(&self.topic, subject))?)
        };
        let status = self.status.map(u16::try_from);
        let status = spot.parsed("status", status.transpose())?;
        Ok(WebhookDelivery {
            webhook: self.webhook.0,
            telling: Telling {
                event,
                at: Timestamp::from_millis(self.at),
                room: self.room.map(|key| key.0),
                what,
            },
            state: spot.known("state", DeliveryState::of_word(&self.state))?,
            tries: u32::try_from(self.tries).unwrap_or(0),
            due_at: self.due_at.map(Timestamp::from_millis),
            last: self.tried_at.map(|at| Attempt {
                at: Timestamp::from_millis(at),
                status,
                error: self.error,
            }),
        })
    }
}
