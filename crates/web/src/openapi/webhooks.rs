//! Webhooks: other systems that are notified of events.

use protocol::ErrorCode::{Conflict, NotFound};
use protocol::{rest, shape};

use super::operation::{Operation, delete, get, patch, post};

const WEBHOOK: &str = "The id of the webhook.";

/// What administrators of the deployment can do with webhooks.
pub(super) fn operations() -> Vec<Operation> {
    let operations = vec![
        get("/api/admin/webhooks", "listWebhooks", "List the webhooks")
            .shows::<shape::Webhooks>("All of them, the oldest first."),
        post("/api/admin/webhooks", "createWebhook", "Create a webhook")
            .says("Its secret is only in this response. An address in a private network is refused, unless the setting WEBHOOKS_ALLOW_PRIVATE is true.")
            .takes::<rest::CreateWebhook>()
            .refuses(&[Conflict])
            .makes::<shape::Webhook>("The webhook, with its secret."),
        get("/api/admin/webhooks/{id}", "readWebhook", "Read a webhook")
            .id_in_path("id", WEBHOOK)
            .shows::<shape::Webhook>("The webhook."),
        patch("/api/admin/webhooks/{id}", "changeWebhook", "Change a webhook")
            .id_in_path("id", WEBHOOK)
            .takes::<rest::EditWebhook>()
            .shows::<shape::Webhook>("The webhook, as it is now."),
        delete("/api/admin/webhooks/{id}", "removeWebhook", "Delete a webhook")
            .id_in_path("id", WEBHOOK)
            .done("The webhook has been deleted, with its log."),
        post("/api/admin/webhooks/{id}/ping", "pingWebhook", "Ping a webhook")
            .says("The outcome appears in the log.")
            .id_in_path("id", WEBHOOK)
            .refuses(&[Conflict])
            .shows::<shape::WebhookDelivery>("The call that will be made."),
        get("/api/admin/webhooks/{id}/deliveries", "listDeliveries", "Read a webhook's log")
            .id_in_path("id", WEBHOOK)
            .asks::<rest::DeliveriesQuery>()
            .shows::<shape::WebhookDeliveries>("A page of it, the newest first."),
        post(
            "/api/admin/webhooks/{id}/deliveries/{delivery}/replay",
            "replayDelivery",
            "Repeat a delivery",
        )
        .id_in_path("id", WEBHOOK)
        .id_in_path("delivery", "The id of the event.")
        .done("The webhook will be called again."),
    ];
    let of_administrators = operations.into_iter().map(Operation::for_administrators);
    // Without the setting for the token there are no administrators, and these paths are not found.
    of_administrators
        .map(|it| it.refuses(&[NotFound]))
        .collect()
}
