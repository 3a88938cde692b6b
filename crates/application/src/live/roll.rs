//! Who is connected to this node.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{ConnectionId, UserId};

/// The connections that are open on this node: as many as there are sockets, so that what bounds these
/// bounds it.
#[derive(Default)]
pub(super) struct Roll {
    open: Mutex<HashMap<ConnectionId, UserId>>,
}

impl Roll {
    /// A connection is open.
    pub(super) fn enter(&self, connection: ConnectionId, user: UserId) {
        self.lock().insert(connection, user);
    }

    /// A connection is open no more; tells whether it was.
    pub(super) fn strike(&self, connection: ConnectionId) -> bool {
        self.lock().remove(&connection).is_some()
    }

    /// All that are open.
    pub(super) fn all(&self) -> Vec<(ConnectionId, UserId)> {
        let open = self.lock();
        open.iter().map(|(id, user)| (*id, *user)).collect()
    }

    /// All that were open; none is any more.
    pub(super) fn clear(&self) -> Vec<(ConnectionId, UserId)> {
        std::mem::take(&mut *self.lock()).into_iter().collect()
    }

    /// Those of these connections that are open no more.
    pub(super) fn closed(
        &self,
        mut connections: Vec<(ConnectionId, UserId)>,
    ) -> Vec<(ConnectionId, UserId)> {
        let open = self.lock();
        connections.retain(|(id, _)| !open.contains_key(id));
        connections
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, UserId>> {
        // Nothing in here is left half done by a panic.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
