//! Webhooks.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;
use validator::Validate;

use crate::limits::{PAGE_DEFAULT, PAGE_MAX, WEBHOOK_TOPICS_MAX, WEBHOOK_URL_MAX};
use crate::shape::{DeliveryState, WebhookTopic};
use crate::{Fields, Patch, Query, Request, read, schema};

/// `POST /api/admin/webhooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateWebhook {
    /// The webhook's URL, with the scheme https or http.
    #[validate(length(min = 1, max = WEBHOOK_URL_MAX), custom(function = "read::address"))]
    #[schemars(pattern(read::ADDRESS))]
    pub url: String,
    /// The topics that it receives.
    #[validate(length(min = 1, max = WEBHOOK_TOPICS_MAX))]
    pub events: Vec<WebhookTopic>,
    /// The only room whose events it receives; if missing, those of all rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Uuid>,
}

impl Request for CreateWebhook {
    fn read(fields: &mut Fields) -> Self {
        Self {
            url: fields.text("url").required(),
            events: fields.words("events").required(),
            room_id: fields.id("roomId").optional(),
        }
    }
}

/// `PATCH /api/admin/webhooks/{id}`. Missing fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditWebhook {
    /// The new URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = WEBHOOK_URL_MAX), custom(function = "read::address"))]
    #[schemars(pattern(read::ADDRESS), transform = schema::never_null)]
    pub url: Option<String>,
    /// The new topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = WEBHOOK_TOPICS_MAX))]
    #[schemars(transform = schema::never_null)]
    pub events: Option<Vec<WebhookTopic>>,
    /// The only room whose events it receives; null for all rooms.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schemars(default)]
    pub room_id: Patch<Uuid>,
    /// Whether it receives anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(transform = schema::never_null)]
    pub enabled: Option<bool>,
}

impl Request for EditWebhook {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            url: fields.text("url").change(),
            events: fields.words("events").change(),
            room_id: fields.id("roomId").patch(),
            enabled: fields.flag("enabled").change(),
        }
    }
}

/// `GET /api/admin/webhooks/{id}/deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct DeliveriesQuery {
    /// Only deliveries in this state.
    #[schemars(
        schema_with = "crate::schema::delivery_state",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub state: Option<DeliveryState>,
    /// Where the previous page ended.
    pub cursor: Option<Uuid>,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
}

impl Query for DeliveriesQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            state: fields.word("state").optional(),
            cursor: fields.id("cursor").optional(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}
