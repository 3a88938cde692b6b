//! What every handler can access.

use std::sync::Arc;

use actix_web::HttpRequest;
use application::UseCases;
use domain::SessionOrigin;
use domain::port::Ids;

use crate::translate::Links;
use crate::{Options, client};

/// Renders the metrics in Prometheus's text format. The program that wires everything up knows the
/// recorder.
pub type WrittenMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// Shared by all requests of all workers.
pub(crate) struct State {
    /// The use cases.
    pub(crate) use_cases: Arc<UseCases>,
    /// Generates ids for requests that come without one.
    pub(crate) ids: Arc<dyn Ids>,
    /// The metrics.
    pub(crate) written_metrics: WrittenMetrics,
    /// The options of this interface.
    pub(crate) options: Options,
}

impl State {
    /// Builds links for the response to a request.
    pub(crate) fn links(&self, request: &HttpRequest) -> Links {
        Links::of(request, &self.options)
    }

    /// Where a session is used from.
    pub(crate) fn origin(&self, request: &HttpRequest) -> SessionOrigin {
        client::origin(request, &self.options.trusted_proxies)
    }
}
