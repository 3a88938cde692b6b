//! Who is connected.

use async_trait::async_trait;

use crate::{ConnectionId, Failure, NodeId, Timestamp, UserId};

/// One open connection of a person, held up by its node until a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Who.
    pub user: UserId,
    /// By which connection.
    pub connection: ConnectionId,
    /// On which node.
    pub node: NodeId,
    /// Until when, unless renewed.
    pub until: Timestamp,
}

/// Whether a connection made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The person was away and is here now.
    CameOnline,
    /// They were here already.
    WasOnline,
}

/// What a connection has come into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Whether it made a difference.
    pub arrival: Arrival,
    /// How many connections the person has open now, this one included.
    pub open: usize,
}

/// Knows who is connected, by a lease a connection, so that nobody stays online on a dead node.
///
/// # Obligations
/// - `the_first_connection_brings_online`: of many at once, one `CameOnline`; the others not.
/// - `of_many_connections_at_once_each_has_its_number`: over all nodes. What is counted holds beyond the
///   moment given for that, so that one which was released, and holds only for its grace, is not.
/// - `a_person_is_online_while_any_lease_holds`.
/// - `a_lapsed_lease_counts_no_more`: even before it is swept.
/// - `a_renewed_lease_holds_on`: many at once; renewing an unknown one makes it again.
/// - `a_shortened_lease_is_a_grace`: releasing leaves it until the given moment; who comes back before
///   that was online all the time.
/// - `a_sweep_tells_each_departure_once`: of many sweeps at once, one names the person.
/// - `who_came_back_is_not_swept`.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// A connection has opened. Leases of the person that hold beyond `counted_after` count as open.
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure>;

    /// A node's connections are still open.
    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure>;

    /// A connection has closed; it counts until then.
    async fn release(
        &self,
        user: UserId,
        connection: ConnectionId,
        until: Timestamp,
    ) -> Result<(), Failure>;

    /// Clears lapsed leases and names the people who are away by that.
    async fn sweep(&self, now: Timestamp) -> Result<Vec<UserId>, Failure>;

    /// Which of these people are online.
    async fn online(&self, users: &[UserId], now: Timestamp) -> Result<Vec<UserId>, Failure>;
}
