//! Who is connected.

use async_trait::async_trait;

use crate::{ConnectionId, Failure, NodeId, RoomId, Timestamp, UserId};

/// Who or what is here while a connection holds it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A person, who is online.
    Person(UserId),
    /// A person who listens to a room.
    Visit {
        /// Where.
        room: RoomId,
        /// Who.
        user: UserId,
    },
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self::Person(user)
    }
}

/// What one open connection holds up, and its node until a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Who or what.
    pub subject: Subject,
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
    /// The subject was away and is here now.
    Came,
    /// It was here already.
    WasHere,
}

/// What a connection has come into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Whether it made a difference.
    pub arrival: Arrival,
    /// How many connections the subject has open now, this one included.
    pub open: usize,
}

/// Whether it made a difference that a connection closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The subject was here and is away now. No sweep names it.
    Went,
    /// It is still here, by another connection or for its grace.
    IsHere,
    /// The connection was not known.
    Unknown,
}

/// Knows who is connected, by a lease a connection, so that nobody stays online on a dead node.
///
/// # Obligations
/// - `the_first_connection_brings_a_subject`: of many at once, one is told that it `Came`; the others not.
/// - `of_many_connections_at_once_each_has_its_number`: over all nodes. What is counted holds beyond the
///   moment given for that, so that one which was released, and holds only for its grace, is not.
/// - `a_subject_is_here_while_any_lease_holds`.
/// - `subjects_are_told_apart`: a person, and each of their visits.
/// - `a_lapsed_lease_counts_no_more`: even before it is swept.
/// - `a_renewed_lease_holds_on`: many at once; renewing an unknown one makes it again.
/// - `a_shortened_lease_is_a_grace`: releasing leaves it until the given moment; who comes back before
///   that was here all the time.
/// - `the_last_connection_takes_its_subject_along`: of many that are released at once without a grace, one
///   is told that it `Went`, and no sweep names it again; an unknown one leaves everything as it is.
/// - `a_sweep_tells_each_departure_once`: of many sweeps at once, one names the subject.
/// - `who_came_back_is_not_swept`.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// A connection has opened. Leases of the subject that hold beyond `counted_after` count as open.
    async fn connect(
        &self,
        lease: &Lease,
        now: Timestamp,
        counted_after: Timestamp,
    ) -> Result<Arrived, Failure>;

    /// A node's connections are still open.
    async fn renew(&self, leases: &[Lease]) -> Result<(), Failure>;

    /// A connection has closed; it counts until then, which may be now.
    async fn release(
        &self,
        subject: Subject,
        connection: ConnectionId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Departure, Failure>;

    /// Clears lapsed leases and names what is away by that.
    async fn sweep(&self, now: Timestamp) -> Result<Vec<Subject>, Failure>;

    /// Which of these are here, in the order given.
    async fn here(&self, subjects: &[Subject], now: Timestamp) -> Result<Vec<Subject>, Failure>;

    /// Which of these people are online, in the order given.
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
