//! What other programs ask: whether the server is alive or ready, and which keys verify its tokens.

use actix_web::HttpResponse;
use protocol::shape::{Health, HealthStatus};

use super::App;
use crate::{answer, translate};

/// `GET /health/live`: responding is proof enough.
pub(super) async fn live() -> HttpResponse {
    answer::ok(&Health {
        status: HealthStatus::Up,
        backends: Vec::new(),
    })
}

/// `GET /health/ready`, `/health`: the health of each backend.
pub(super) async fn ready(app: App) -> HttpResponse {
    let health = translate::health(app.use_cases.check_health.run().await);
    match health.status {
        HealthStatus::Up | HealthStatus::Degraded => answer::ok(&health),
        HealthStatus::Down => answer::unready(&health),
    }
}

/// `GET /.well-known/jwks.json`: the keys that verify access tokens.
pub(super) async fn keys(app: App) -> HttpResponse {
    answer::written(app.use_cases.public_keys.run())
}
