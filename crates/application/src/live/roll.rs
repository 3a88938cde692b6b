//! The connections of this node.

use std::collections::HashMap;
use std::sync::Mutex;

use domain::{ConnectionId, UserId};

use crate::lock::lock;

/// The open connections of this node: one entry per socket, so the limit on sockets bounds this too.
#[derive(Default)]
pub(super) struct Roll {
    open: Mutex<HashMap<ConnectionId, UserId>>,
}

impl Roll {
    /// Adds an open connection.
    pub(super) fn enter(&self, connection: ConnectionId, user: UserId) {
        lock(&self.open).insert(connection, user);
    }

    /// Removes a connection that has closed; returns whether it was open.
    pub(super) fn strike(&self, connection: ConnectionId) -> bool {
        lock(&self.open).remove(&connection).is_some()
    }

    /// All open connections.
    pub(super) fn all(&self) -> Vec<(ConnectionId, UserId)> {
        let open = lock(&self.open);
        open.iter().map(|(id, user)| (*id, *user)).collect()
    }

    /// Removes and returns all connections.
    pub(super) fn clear(&self) -> Vec<(ConnectionId, UserId)> {
        std::mem::take(&mut *lock(&self.open)).into_iter().collect()
    }

    /// Those of `connections` that are no longer open.
    pub(super) fn closed(
        &self,
        mut connections: Vec<(ConnectionId, UserId)>,
    ) -> Vec<(ConnectionId, UserId)> {
        let open = lock(&self.open);
        connections.retain(|(id, _)| !open.contains_key(id));
        connections
    }
}
