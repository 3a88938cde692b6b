//! The metrics, for Prometheus.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse};
use application::BackendHealth;
use protocol::ErrorCode;

use super::{Answer, App};
use crate::error::ApiError;
use crate::state::State;
use crate::{client, gate};

/// Prometheus's text format.
const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /metrics`: for this machine, or for clients with the metrics token.
pub(super) async fn read(app: App, request: HttpRequest) -> Answer {
    if !may_read(&app, &request) {
        let detail = "metrics are only available from this machine, or with the token for metrics";
        return Err(ApiError::new(ErrorCode::Forbidden, detail));
    }
    for backend in app.use_cases.check_health.run().await {
        tell(&backend);
    }
    Ok(HttpResponse::Ok()
        .content_type(FORM)
        .insert_header((CACHE_CONTROL, "no-store"))
        .body((app.written_metrics)()))
}

fn may_read(state: &State, request: &HttpRequest) -> bool {
    let shown = gate::bearer(request);
    let known = state.options.metrics_token.as_ref();
    let is_known = known.is_some_and(|known| shown.is_some_and(|shown| known.is(shown)));
    is_known || client::is_here(request, &state.options.trusted_proxies)
}

fn tell(backend: &BackendHealth) {
    let up = metrics::gauge!("tertulia_backend_up", "backend" => backend.name);
    up.set(f64::from(u8::from(backend.well)));
    metrics::gauge!("tertulia_backend_check_seconds", "backend" => backend.name)
        .set(backend.took.as_secs_f64());
}
