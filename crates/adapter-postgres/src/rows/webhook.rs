//! Webhooks and their deliveries as rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use domain::{
    Attempt, DeliveryState, EventId, Happening, RoomId, Telling, Topics, Webhook, WebhookDelivery,
    WebhookId, WebhookSecret, WebhookUrl,
};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::{webhook_deliveries, webhooks};

/// A webhook, without its current holder.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = webhooks, check_for_backend(Pg))]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct WebhookRow {
    id: Key<WebhookId>,
    url: String,
    topics: String,
    room_id: Option<Key<RoomId>>,
    secret: Vec<u8>,
    enabled: bool,
    created_at: Moment,
    failing_since: Option<Moment>,
}

/// A delivery, pending or finished.
#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries, check_for_backend(Pg))]
pub(crate) struct DeliveryRow {
    webhook_id: Key<WebhookId>,
    event: Key<EventId>,
    at: Moment,
    room_id: Option<Key<RoomId>>,
    topic: String,
    subject: Option<Key<EventId>>,
    state: String,
    tries: i32,
    due_at: Option<Moment>,
    tried_at: Option<Moment>,
    status: Option<i32>,
    error: Option<String>,
}

impl WebhookRow {
    pub(crate) fn of(webhook: &Webhook) -> Self {
        Self {
            id: Key(webhook.id),
            url: webhook.url.as_str().to_owned(),
            topics: topics_column(&webhook.topics),
            room_id: webhook.room.map(Key),
            secret: webhook.secret.as_bytes().to_vec(),
            enabled: webhook.enabled,
            created_at: Moment(webhook.created_at),
            failing_since: webhook.failing_since.map(Moment),
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
            room: self.room_id.map(|key| key.0),
            secret: WebhookSecret::from_bits(spot.known("secret", secret)?),
            enabled: self.enabled,
            created_at: self.created_at.0,
            failing_since: self.failing_since.map(|moment| moment.0),
        })
    }
}

/// Topics in one column, separated by spaces.
pub(crate) fn topics_column(topics: &Topics) -> String {
    topics.as_words().join(" ")
}

impl DeliveryRow {
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
            webhook: self.webhook_id.0,
            telling: Telling {
                event,
                at: self.at.0,
                room: self.room_id.map(|key| key.0),
                what,
            },
            state: spot.known("state", DeliveryState::of_word(&self.state))?,
            tries: u32::try_from(self.tries).unwrap_or(0),
            due_at: self.due_at.map(|moment| moment.0),
            last: self.tried_at.map(|at| Attempt {
                at: at.0,
                status,
                error: self.error,
            }),
        })
    }
}
