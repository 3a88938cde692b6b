//! Webhooks, for administrators of the deployment.

use actix_web::HttpRequest;
use domain::EventId;
use protocol::{rest, shape};

use super::{Answer, App};
use crate::body::{Body, path_id, query};
use crate::gate::Admin;
use crate::{answer, translate};

/// `GET /api/admin/webhooks`.
pub(super) async fn list(app: App, Admin(admin): Admin) -> Answer {
    let webhooks = app.use_cases.webhooks.list(&admin).await?;
    let webhooks = webhooks.iter().map(translate::webhook).collect();
    Ok(answer::ok(&shape::Webhooks { webhooks }))
}

/// `POST /api/admin/webhooks`.
pub(super) async fn create(app: App, Admin(admin): Admin, body: Body) -> Answer {
    let plan = translate::webhook_plan(&body.read()?)?;
    let made = app.use_cases.webhooks.create(&admin, plan).await?;
    let location = format!("/api/admin/webhooks/{}", made.id);
    Ok(answer::created(location, &translate::new_webhook(&made)))
}

/// `GET /api/admin/webhooks/{id}`.
pub(super) async fn read(app: App, Admin(admin): Admin, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let webhook = app.use_cases.webhooks.read(&admin, id).await?;
    Ok(answer::ok(&translate::webhook(&webhook)))
}

/// `PATCH /api/admin/webhooks/{id}`.
pub(super) async fn change(
    app: App,
    Admin(admin): Admin,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let change = translate::webhook_change(&body.read()?)?;
    let id = path_id(&request, "id")?;
    let changed = app.use_cases.webhooks.change(&admin, id, change).await?;
    Ok(answer::ok(&translate::webhook(&changed)))
}

/// `DELETE /api/admin/webhooks/{id}`.
pub(super) async fn remove(app: App, Admin(admin): Admin, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    app.use_cases.webhooks.remove(&admin, id).await?;
    Ok(answer::nothing())
}

/// `POST /api/admin/webhooks/{id}/ping`.
pub(super) async fn ping(app: App, Admin(admin): Admin, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let delivery = app.use_cases.webhooks.ping(&admin, id).await?;
    Ok(answer::ok(&translate::delivery(delivery)))
}

/// `GET /api/admin/webhooks/{id}/deliveries`.
pub(super) async fn deliveries(app: App, Admin(admin): Admin, request: HttpRequest) -> Answer {
    let asked: rest::DeliveriesQuery = query(&request)?;
    let state = asked.state.map(translate::delivery_state);
    let before = asked.cursor.map(EventId::from_uuid);
    let limit = translate::page_size(asked.limit);
    let id = path_id(&request, "id")?;
    let log = &app.use_cases.webhooks;
    let page = log.deliveries(&admin, (id, state), before, limit).await?;
    Ok(answer::ok(&translate::deliveries(page)))
}

/// `POST /api/admin/webhooks/{id}/deliveries/{delivery}/replay`.
pub(super) async fn replay(app: App, Admin(admin): Admin, request: HttpRequest) -> Answer {
    let (id, event) = (path_id(&request, "id")?, path_id(&request, "delivery")?);
    app.use_cases.webhooks.replay(&admin, id, event).await?;
    Ok(answer::nothing())
}
