//! What other programs ask: whether the server is alive, ready to work, and whose tokens it signs.

use actix_web::HttpResponse;
use protocol::shape::{Health, HealthStatus};

use super::App;
use crate::{answer, translate};

/// `GET /health/live`: whoever answers is alive.
pub(super) async fn live() -> HttpResponse {
    answer::ok(&Health {
        status: HealthStatus::Up,
        backends: Vec::new(),
    })
}

/// `GET /health/ready`, `/health`: how each backend is.
pub(super) async fn ready(app: App) -> HttpResponse {
    let health = translate::health(app.use_cases.check_health.run().await);
    match health.status {
        HealthStatus::Up | HealthStatus::Degraded => answer::ok(&health),
        HealthStatus::Down => answer::unready(&health),
    }
}

/// `GET /.well-known/jwks.json`: what access tokens may be checked with.
pub(super) async fn keys(app: App) -> HttpResponse {
    answer::written(app.use_cases.public_keys.run())
}
