//! The service worker of the web client, which runs while no page is open.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse};

use crate::routes::fixed::Fixed;
use crate::routes::place::{Place, at};

static WORKER: LazyLock<Fixed> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/worker.js"));
    Fixed::new("text/javascript; charset=utf-8", bytes)
});

/// Its route: at the root, because a worker's scope is the path below its own.
pub(in crate::routes) fn worker_place() -> Place {
    at("/worker.js").get(read)
}

/// `GET /worker.js`.
async fn read(request: HttpRequest) -> HttpResponse {
    WORKER.answer(&request)
}
