//! Other systems that are told what happens.

use protocol::ErrorCode::{Conflict, NotFound};
use protocol::{rest, shape};

use super::operation::{Operation, delete, get, patch, post};

const WEBHOOK: &str = "Which webhook.";

/// What administrators of the deployment can do about webhooks.
pub(super) fn operations() -> Vec<Operation> {
    let operations = vec![
        get("/api/admin/webhooks", "listWebhooks", "Read all webhooks")
            .shows::<shape::Webhooks>("All of them, the oldest first."),
        post("/api/admin/webhooks", "createWebhook", "Make a webhook")
            .says("Its secret is told in this answer only. An address in a private network is refused, unless the setting WEBHOOKS_ALLOW_PRIVATE is true.")
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
        delete("/api/admin/webhooks/{id}", "removeWebhook", "Take a webhook away")
            .id_in_path("id", WEBHOOK)
            .done("It is gone, with its log."),
        post("/api/admin/webhooks/{id}/ping", "pingWebhook", "Try a webhook")
            .says("What becomes of it is told by the log.")
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
            "Tell a webhook once more",
        )
        .id_in_path("id", WEBHOOK)
        .id_in_path("delivery", "Of which event.")
        .done("It will be called."),
    ];
    let of_administrators = operations.into_iter().map(Operation::for_administrators);
    // Where there is no token there are no administrators, and nothing here.
    of_administrators
        .map(|it| it.refuses(&[NotFound]))
        .collect()
}
