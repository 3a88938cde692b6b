//! What every handler can reach.

use std::sync::Arc;

use actix_web::HttpRequest;
use application::UseCases;
use domain::SessionOrigin;
use domain::port::Ids;

use crate::translate::Links;
use crate::{Options, client};

/// Writes down what was counted so far, in the form that Prometheus reads. Whoever wires the program
/// knows who counts.
pub type WrittenMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// Shared by all requests of all workers.
pub(crate) struct State {
    /// What can be done.
    pub(crate) use_cases: Arc<UseCases>,
    /// Names requests that come without a name.
    pub(crate) ids: Arc<dyn Ids>,
    /// What was counted.
    pub(crate) written_metrics: WrittenMetrics,
    /// How the door was opened.
    pub(crate) options: Options,
}

impl State {
    /// Addresses in the answer to a request.
    pub(crate) fn links(&self, request: &HttpRequest) -> Links {
        Links::of(request, &self.options)
    }

    /// Where a session is used from.
    pub(crate) fn origin(&self, request: &HttpRequest) -> SessionOrigin {
        client::origin(request, &self.options.trusted_proxies)
    }
}
