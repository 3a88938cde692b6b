//! A store in the form that the contracts expect.

use std::sync::Arc;

use adapter_postgres::PostgresStore;
use port_contracts::Store;

/// All ports of a store.
pub(crate) fn ports(store: &Arc<PostgresStore>) -> Store {
    Store {
        users: Arc::<PostgresStore>::clone(store),
        blocks: Arc::<PostgresStore>::clone(store),
        rooms: Arc::<PostgresStore>::clone(store),
        members: Arc::<PostgresStore>::clone(store),
        invites: Arc::<PostgresStore>::clone(store),
        messages: Arc::<PostgresStore>::clone(store),
        cursors: Arc::<PostgresStore>::clone(store),
        room_log: Arc::<PostgresStore>::clone(store),
        search: Arc::<PostgresStore>::clone(store),
        media: Arc::<PostgresStore>::clone(store),
        outbox: Arc::<PostgresStore>::clone(store),
        webhooks: Arc::<PostgresStore>::clone(store),
        webhook_log: Arc::<PostgresStore>::clone(store),
        upkeep: Arc::<PostgresStore>::clone(store),
        sessions: None,
    }
}
