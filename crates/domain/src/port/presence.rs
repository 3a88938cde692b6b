//! Who is online.

use async_trait::async_trait;

use crate::{ConnectionId, Failure, NodeId, RoomId, Timestamp, UserId};

/// What open connections keep present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A user, who is online.
    Person(UserId),
    /// A user who is subscribed to a room.
    Visit {
        /// The room.
        room: RoomId,
        /// The user.
        user: UserId,
    },
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self::Person(user)
    }
}

/// One connection's hold on a subject, which its node keeps renewing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The subject that is present.
    pub subject: Subject,
    /// The connection.
    pub connection: ConnectionId,
    /// The connection's node.
    pub node: NodeId,
    /// When it expires, unless renewed.
    pub until: Timestamp,
}

/// Whether a new connection made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The subject was absent and is present now.
    Came,
    /// It was present already.
    WasHere,
}

/// The outcome of connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Whether it made a difference.
    pub arrival: Arrival,
    /// How many connections the subject has open now, this one included.
    pub open: usize,
}

/// Whether closing a connection made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The subject was present and is absent now. No sweep will report it.
    Went,
    /// It is still present, through another connection or for its grace period.
    IsHere,
    /// The connection was not known.
    Unknown,
}

/// Tracks who is online by one lease per connection, so that no user stays online on a dead node.
///
/// # Obligations
/// - `the_first_connection_brings_a_subject`: of concurrent ones, exactly one is answered `Came`.
/// - `of_many_connections_at_once_each_has_its_number`: counted over all nodes. Only leases that expire
///   after `counted_after` count, so a released connection in its grace period does not.
/// - `a_subject_is_here_while_any_lease_holds`.
/// - `subjects_are_told_apart`: a user, and each of their visits.
/// - `a_lapsed_lease_counts_no_more`: even before it is swept.
/// - `a_renewed_lease_holds_on`: many in one call; renewing an unknown one creates it again.
/// - `a_shortened_lease_is_a_grace`: a released lease holds until the given moment; a subject that comes
///   back before then was never absent.
/// - `the_last_connection_takes_its_subject_along`: if many are released concurrently without a grace
///   period, exactly one is answered `Went`, and no sweep reports the subject again; releasing an unknown
///   one changes nothing.
/// - `a_sweep_tells_each_departure_once`: of concurrent sweeps, one reports the subject.
/// - `who_came_back_is_not_swept`.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// Adds a connection. The subject's leases that expire after `counted_after` count as open.
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure>;

    /// Renews the leases of a node's open connections.
    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure>;

    /// Releases a connection's lease; it still holds until the given moment, which may be now.
    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure>;

    /// Deletes expired leases and returns the subjects that became absent.
    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure>;

    /// Those of these subjects that are present, in the given order.
    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure>;

    /// Those of these users who are online, in the given order.
    async fn online(&self, users: &[UserId], now: Timestamp) -> Result<Vec<UserId>, Failure> {
        let people: Vec<Subject> = users.iter().copied().map(Subject::Person).collect();
        let here = self.here(&people, now).await?;
        let user = |subject| match subject {
            Subject::Person(user) => Some(user),
            Subject::Visit { .. } => None,
        };
        Ok(here.into_iter().filter_map(user).collect())
    }
}
