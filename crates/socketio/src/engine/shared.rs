//! What all sessions of a server share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::registry::Registry;
use crate::lock::lock;
use crate::options::Options;
use crate::socket::Crowd;
use crate::wire::Limits;

/// How long the attachments of an event may take to arrive.
const ATTACHING: Duration = Duration::from_mins(1);

/// What all sessions of a server share, on whichever thread they live.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) registry: Registry,
    /// Every task of a session or of its sockets.
    pub(crate) tasks: TaskTracker,
    pub(crate) stopping: CancellationToken,
    crowds: Mutex<HashMap<String, Arc<Crowd>>>,
}

impl Shared {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            limits: Limits::new(options.max_attachments, options.max_attached, ATTACHING),
            registry: Registry::new(options.max_sessions),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            crowds: Mutex::default(),
            options,
        }
    }

    /// The sockets of a namespace.
    pub(crate) fn crowd(&self, namespace: &str) -> Arc<Crowd> {
        let mut crowds = lock(&self.crowds);
        if let Some(crowd) = crowds.get(namespace) {
            return Arc::clone(crowd);
        }
        let crowd = Arc::new(Crowd::default());
        crowds.insert(namespace.to_owned(), Arc::clone(&crowd));
        crowd
    }
}
