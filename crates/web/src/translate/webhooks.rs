//! Webhooks, their payloads and their deliveries.

use application::webhooks::{Tidings, WebhookPlan};
use application::{ChangeView, Page};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::port::webhooks::WebhookChange;
use domain::{
    Attempt, DeliveryState, EventId, FieldProblem, Refusal, RoomId, Topics, Webhook,
    WebhookDelivery, WebhookUrl,
};
use protocol::{Secret, Word as _, rest, shape};

use super::frames::{everybodys_message, everybodys_room};
use super::members::member;
use super::moments::to_wire;
use super::values::{edit, value};

/// A webhook, without its secret.
pub(crate) fn webhook(webhook: &Webhook) -> shape::Webhook {
    let topics = webhook.topics.as_words().iter();
    shape::Webhook {
        id: webhook.id.as_uuid(),
        url: webhook.url.as_str().to_owned(),
        events: topics
            .filter_map(|topic| shape::WebhookTopic::find(topic))
            .collect(),
        room_id: webhook.room.map(RoomId::as_uuid),
        enabled: webhook.enabled,
        created_at: to_wire(webhook.created_at),
        failing_since: webhook.failing_since.map(to_wire),
        secret: None,
    }
}

/// A webhook that was just created, with its secret in the format that Standard Webhooks libraries
/// take.
pub(crate) fn new_webhook(made: &Webhook) -> shape::Webhook {
    let secret = STANDARD.encode(made.secret.as_bytes());
    shape::Webhook {
        secret: Some(Secret::new(format!("whsec_{secret}"))),
        ..webhook(made)
    }
}

/// The webhook that is to be created.
pub(crate) fn webhook_plan(form: &rest::CreateWebhook) -> Result<WebhookPlan, Refusal> {
    Ok(WebhookPlan {
        url: value("url", WebhookUrl::parse(&form.url))?,
        topics: topics(&form.events)?,
        room: form.room_id.map(RoomId::from_uuid),
    })
}

/// The requested changes to a webhook.
pub(crate) fn webhook_change(form: &rest::EditWebhook) -> Result<WebhookChange, Refusal> {
    let url = form.url.as_ref().map(WebhookUrl::parse).transpose();
    Ok(WebhookChange {
        url: value("url", url)?,
        topics: form.events.as_deref().map(topics).transpose()?,
        room: edit(form.room_id.clone(), RoomId::from_uuid),
        enabled: form.enabled,
    })
}

/// The form has checked the topics, so this only fails if the two lists differ.
fn topics(words: &[shape::WebhookTopic]) -> Result<Topics, Refusal> {
    let topics = Topics::parse(words.iter().map(|word| word.as_str()));
    topics.ok_or_else(|| {
        Refusal::Invalid(vec![FieldProblem {
            field: "events",
            code: "unknown",
            message: "must be topics".to_owned(),
        }])
    })
}

/// The requested state.
pub(crate) const fn delivery_state(state: shape::DeliveryState) -> DeliveryState {
    match state {
        shape::DeliveryState::Pending => DeliveryState::Pending,
        shape::DeliveryState::Delivered => DeliveryState::Delivered,
        shape::DeliveryState::Dead => DeliveryState::Dead,
        shape::DeliveryState::Dropped => DeliveryState::Dropped,
    }
}

/// A delivery to a webhook, and its outcome.
pub(crate) fn delivery(delivery: WebhookDelivery) -> shape::WebhookDelivery {
    let telling = delivery.telling;
    shape::WebhookDelivery {
        id: telling.event.as_uuid(),
        r#type: telling.topic().to_owned(),
        room_id: telling.room.map(RoomId::as_uuid),
        created_at: to_wire(telling.at),
        state: match delivery.state {
            DeliveryState::Pending => shape::DeliveryState::Pending,
            DeliveryState::Delivered => shape::DeliveryState::Delivered,
            DeliveryState::Dead => shape::DeliveryState::Dead,
            DeliveryState::Dropped => shape::DeliveryState::Dropped,
        },
        attempts: delivery.tries,
        next_attempt_at: delivery.due_at.map(to_wire),
        last_attempt: delivery.last.map(attempt),
    }
}

fn attempt(attempt: Attempt) -> shape::WebhookAttempt {
    shape::WebhookAttempt {
        at: to_wire(attempt.at),
        status: attempt.status,
        error: attempt.error,
    }
}

/// A page of a webhook's deliveries.
pub(crate) fn deliveries(page: Page<WebhookDelivery, EventId>) -> shape::WebhookDeliveries {
    shape::WebhookDeliveries {
        deliveries: page.items.into_iter().map(delivery).collect(),
        next_cursor: page.next.map(EventId::as_uuid),
    }
}

/// The payload of a webhook call.
pub(crate) fn webhook_event(tidings: Tidings) -> shape::WebhookEvent {
    let telling = tidings.telling;
    let mut event = shape::WebhookEvent {
        r#type: telling.topic().to_owned(),
        id: telling.event.as_uuid(),
        created_at: to_wire(telling.at),
        room_id: telling.room.map(RoomId::as_uuid),
        message: None,
        member: None,
        room: None,
    };
    match tidings.change {
        Some(ChangeView::Message(view, _)) => event.message = Some(everybodys_message(&view)),
        Some(ChangeView::Member(view, _)) => event.member = Some(member(*view)),
        Some(ChangeView::Room(room) | ChangeView::RoomDeleted(room)) => {
            event.room = Some(everybodys_room(&room));
        }
        None => {}
    }
    event
}
