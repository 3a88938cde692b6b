//! Webhooks.

use super::{Example, MESSAGE, ROOM, WEBHOOK, at, id};
use crate::rest::{CreateWebhook, EditWebhook};
use crate::shape::{
    DeliveryState, Message, Webhook, WebhookAttempt, WebhookDeliveries, WebhookDelivery,
    WebhookEvent, WebhookTopic, Webhooks,
};
use crate::{Patch, Secret};

impl Example for CreateWebhook {
    fn example() -> Self {
        Self {
            url: "https://example.org/hook".to_owned(),
            events: vec![WebhookTopic::AllOfMessages, WebhookTopic::MemberJoined],
            room_id: Some(id(ROOM)),
        }
    }
}

impl Example for EditWebhook {
    fn example() -> Self {
        Self {
            url: Some("https://example.org/elsewhere".to_owned()),
            events: Some(vec![WebhookTopic::MessageCreated]),
            room_id: Patch::Null,
            enabled: Some(false),
        }
    }
}

impl Example for Webhook {
    fn example() -> Self {
        Self {
            id: id(WEBHOOK),
            url: "https://example.org/hook".to_owned(),
            events: vec![WebhookTopic::MemberJoined, WebhookTopic::AllOfMessages],
            room_id: None,
            enabled: true,
            created_at: at(0),
            failing_since: None,
            secret: Some(Secret::new(
                "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            )),
        }
    }
}

impl Example for Webhooks {
    fn example() -> Self {
        Self {
            webhooks: vec![Webhook {
                secret: None,
                ..Webhook::example()
            }],
        }
    }
}

impl Example for WebhookDelivery {
    fn example() -> Self {
        Self {
            id: id(MESSAGE),
            r#type: "message.created".to_owned(),
            room_id: Some(id(ROOM)),
            created_at: at(60),
            state: DeliveryState::Pending,
            attempts: 1,
            next_attempt_at: Some(at(65)),
            last_attempt: Some(WebhookAttempt {
                at: at(60),
                status: Some(500),
                error: Some("it answered 500".to_owned()),
            }),
        }
    }
}

impl Example for WebhookDeliveries {
    fn example() -> Self {
        Self {
            deliveries: Vec::example(),
            next_cursor: Some(id(MESSAGE)),
        }
    }
}

impl Example for WebhookEvent {
    fn example() -> Self {
        Self {
            r#type: "message.created".to_owned(),
            id: id(WEBHOOK),
            created_at: at(60),
            room_id: Some(id(ROOM)),
            message: Some(Message::example()),
            member: None,
            room: None,
        }
    }
}
