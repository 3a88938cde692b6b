//! What the wire says of itself.

use actix_web::HttpResponse;

use crate::answer;

/// `GET /asyncapi.json`: the protocol of `/api/ws`.
pub(super) async fn asyncapi() -> HttpResponse {
    answer::written(protocol::realtime::asyncapi().to_owned())
}
