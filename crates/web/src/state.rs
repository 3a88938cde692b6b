//! What every handler can reach.

use std::sync::Arc;

use actix_web::HttpRequest;
use application::UseCases;
use domain::SessionOrigin;
use domain::port::Ids;

use crate::translate::Links;
use crate::{Options, client};

/// Shared by all requests of all workers.
pub(crate) struct State {
    /// What can be done.
    pub(crate) use_cases: Arc<UseCases>,
    /// Names requests that come without a name.
    pub(crate) ids: Arc<dyn Ids>,
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
