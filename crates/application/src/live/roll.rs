//! The connections of this node.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{ConnectionId, UserId};

/// The open connections of this node: one entry per socket, so the limit on sockets bounds this too.
#[derive(Default)]
pub(super) struct Roll {
    open: Mutex<HashMap<ConnectionId, UserId>>,
}

impl Roll {
    /// Adds an open connection.
    pub(super) fn enter(&self, connection: ConnectionId, user: UserId) {
        self.lock().insert(connection, user);
    }

    /// Removes a connection that has closed; returns whether it was open.
    pub(super) fn strike(&self, connection: ConnectionId) -> bool {
        self.lock().remove(&connection).is_some()
    }

    /// All open connections.
    pub(super) fn all(&self) -> Vec<(ConnectionId, UserId)> {
        let open = self.lock();
        open.iter().map(|(id, user)| (*id, *user)).collect()
    }

    /// Removes and returns all connections.
    pub(super) fn clear(&self) -> Vec<(ConnectionId, UserId)> {
        std::mem::take(&mut *self.lock()).into_iter().collect()
    }

    /// Those of `connections` that are no longer open.
    pub(super) fn closed(
        &self,
        mut connections: Vec<(ConnectionId, UserId)>,
    ) -> Vec<(ConnectionId, UserId)> {
        let open = self.lock();
        connections.retain(|(id, _)| !open.contains_key(id));
        connections
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, UserId>> {
        // A panic while the lock is held leaves nothing half-updated.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
