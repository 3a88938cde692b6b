//! Presence of connected users.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::Notice;
use domain::port::presence::{Arrival, Arrived, Departure, Subject};
use domain::port::{Clock, Members, Presence, Users};
use domain::{ConnectionId, Failure, Refusal, Timestamp, UserId};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::leases::Leases;
use super::news::News;
use super::roll::Roll;
use super::sizes::MAX_MEMBERS;
use super::visits::Visits;
use crate::announce::Announcer;
use crate::{Caller, Error, Ports};

/// How often a node renews the leases of its open connections.
pub const RENEW_EVERY: Duration = Duration::from_secs(15);

/// How often arrivals and departures are collected and announced.
pub const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// How long a connection still counts after it has closed, so that reloading a page does not show as
/// going offline.
const GRACE: Duration = Duration::from_secs(10);

/// How long after a connection has closed its user's last seen time is stored: late enough that most of
/// those who lost their connections together are back, and before the others appear offline.
const SETTLED: Duration = Duration::from_secs(5);

/// A lease that lasts longer than this belongs to an open connection: this is longer than the grace
/// period by more than the clocks of two nodes differ, and shorter than what an open connection's lease
/// always has left.
const OPEN: Duration = Duration::from_secs(20);

/// How many connections a user may have open across all nodes.
const MAX_CONNECTIONS: usize = 20;

/// In how many rooms at most a user's presence is announced.
const MAX_ROOMS: usize = 2_000;

/// How many users or connections are handled per batch.
const STRETCH: usize = 500;

/// Maximum number of users announced per sweep. When a node dies, thousands go offline at once, and
/// announcing them must not crowd out more important traffic.
const TOLD_AT_ONCE: usize = 1_000;

/// How many calls about single users or connections run concurrently.
const AT_ONCE: usize = 16;

/// The latest change heard about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// The user came online.
    Came,
    /// The user went offline, and was last seen at this time.
    Went(Timestamp),
}

/// Maintains the presence of users connected to this node, and announces its changes. It drives
/// [`Visits`] as well.
///
/// The node must call [`renew`](Self::renew) every [`RENEW_EVERY`] and [`sweep`](Self::sweep) every
/// [`SWEEP_EVERY`]. Arrivals and departures are announced by the sweep rather than at once, so that a
/// crowd of clients that connects does not wait for its announcements.
pub struct Attendance {
    presence: Arc<dyn Presence>,
    members: Arc<dyn Members>,
    pub(super) users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
    leases: Leases,
    roll: Roll,
    news: News<UserId, Word>,
    left: News<UserId, Timestamp>,
    visits: Arc<Visits>,
}

impl Attendance {
    pub(crate) fn new(ports: &Ports, visits: &Arc<Visits>) -> Self {
        Self {
            presence: Arc::clone(&ports.presence),
            members: Arc::clone(&ports.members),
            users: Arc::clone(&ports.users),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
            leases: visits.leases.clone(),
            roll: Roll::default(),
            news: News::default(),
            left: News::default(),
            visits: Arc::clone(visits),
        }
    }

    /// Registers an open connection. Unless it is refused, it counts until [`leave`](Self::leave). If
    /// this future is dropped before it completes, the connection counts for no longer than a lease.
    pub async fn arrive(&self, caller: &Caller, connection: ConnectionId) -> Result<(), Error> {
        let (user, now) = (caller.user, self.clock.now());
        let taken = self.leases.take(user.into(), connection, now, now + OPEN);
        match taken.await {
            Ok(Arrived { open, .. }) if open > MAX_CONNECTIONS => {
                self.release(user, connection, now).await;
                return Err(Refusal::TooMany("you have 20 connections open already").into());
            }
            Ok(Arrived { arrival, .. }) => {
                if arrival == Arrival::Came {
                    self.news.hear(user, Word::Came);
                }
            }
            Err(failure) => {
                // The next renewal takes the lease.
                tracing::warn!(
                    error = %failure.chain(),
                    "could not lease a connection; retrying at the next renewal"
                );
            }
        }
        self.roll.enter(connection, user);
        Ok(())
    }

    /// Handles a closed connection. Its user still appears online for a grace period.
    pub async fn leave(&self, user: UserId, connection: ConnectionId) {
        if self.roll.strike(connection) {
            let now = self.clock.now();
            self.left.hear(user, now);
            self.release(user, connection, now + GRACE).await;
        }
    }

    /// Renews the leases of this node's open connections.
    pub async fn renew(&self) {
        let open = self.roll.all();
        for stretch in open.chunks(STRETCH) {
            let held = stretch.iter().map(|(id, user)| ((*user).into(), *id));
            self.leases.renew(held).await;
        }
        // Connections that closed meanwhile may have been renewed after their release.
        self.release_all(self.roll.closed(open)).await;
        self.visits.renew().await;
    }

    /// Collects expired leases, and announces the arrivals and departures since the last sweep.
    pub async fn sweep(&self) {
        let now = self.clock.now();
        let left = self.left.take_due(|at| *at + SETTLED <= now);
        self.store_last_seen(&left).await;
        match self.presence.sweep(now).await {
            Ok(departed) => {
                for subject in departed {
                    match subject {
                        Subject::Person(user) => self.news.hear(user, Word::Went(now - GRACE)),
                        Subject::Visit { room, user } => self.visits.lapsed(room, user),
                    }
                }
            }
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "presence sweep failed; departures are announced late"
                );
            }
        }
        self.tell_news().await;
        self.visits.tell_news().await;
    }

    /// Releases all connections when the node shuts down.
    pub async fn close(&self) {
        self.visits.close().await;
        let open = self.roll.clear();
        let now = self.clock.now();
        for (_, user) in &open {
            self.left.hear(*user, now);
        }
        self.release_all(open).await;
        self.store_last_seen(&self.left.take(usize::MAX)).await;
    }

    /// Stores when users who left were last seen, before anybody can see them offline. Where this fails, it
    /// is stored when their going offline is announced.
    async fn store_last_seen(&self, left: &[(UserId, Timestamp)]) {
        for stretch in left.chunks(STRETCH) {
            if let Err(failure) = self.store_last_seen_of(stretch).await {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not store when users were last seen; retrying once they are offline"
                );
                return;
            }
        }
    }

    /// Whoever is still present when the grace period of what closed until now is over has another open
    /// connection, and has not gone.
    async fn store_last_seen_of(&self, left: &[(UserId, Timestamp)]) -> Result<(), Failure> {
        let users: Vec<UserId> = left.iter().map(|(user, _)| *user).collect();
        let later = self.clock.now() + GRACE;
        let online = self.presence.online(&users, later).await?;
        let online: HashSet<UserId> = online.into_iter().collect();
        let mut gone = left.to_vec();
        gone.retain(|(user, _)| !online.contains(user));
        if gone.is_empty() {
            return Ok(());
        }
        self.users.seen(&gone).await
    }

    async fn tell_news(&self) {
        let news = self.news.take(TOLD_AT_ONCE);
        let mut stretches = news.chunks(STRETCH);
        while let Some(stretch) = stretches.next() {
            if let Err(failure) = self.tell(stretch).await {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not announce presence changes; retrying at the next sweep"
                );
                self.news.keep(stretch.iter().copied());
                self.news.keep(stretches.flatten().copied());
                return;
            }
        }
    }

    /// Announces what is true by now: what was heard may be out of date, and another node may have
    /// announced something newer.
    async fn tell(&self, news: &[(UserId, Word)]) -> Result<(), Failure> {
        let users: Vec<UserId> = news.iter().map(|(user, _)| *user).collect();
        let online = self.presence.online(&users, self.clock.now()).await?;
        let online: HashSet<UserId> = online.into_iter().collect();
        let mut gone: Vec<(UserId, Timestamp)> = Vec::new();
        let mut told: Vec<(UserId, Option<Timestamp>)> = Vec::new();
        for (user, word) in news {
            match (online.contains(user), word) {
                (true, Word::Came) => told.push((*user, None)),
                (false, Word::Went(at)) => {
                    gone.push((*user, *at));
                    told.push((*user, Some(*at)));
                }
                (true, Word::Went(_)) | (false, Word::Came) => (),
            }
        }
        if !gone.is_empty() {
            self.users.seen(&gone).await?;
        }
        stream::iter(told)
            .map(|(user, last_seen)| self.tell_of(user, last_seen))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn tell_of(&self, user: UserId, last_seen: Option<Timestamp>) -> Result<(), Failure> {
        let rooms = self
            .members
            .small_rooms(user, MAX_MEMBERS, MAX_ROOMS)
            .await?;
        if !rooms.is_empty() {
            let notice = Notice::Presence {
                user,
                last_seen,
                online: last_seen.is_none(),
                rooms,
            };
            self.announcer.tell(notice).await;
        }
        Ok(())
    }

    async fn release_all(&self, connections: Vec<(ConnectionId, UserId)>) {
        let until = self.clock.now() + GRACE;
        stream::iter(connections)
            .for_each_concurrent(AT_ONCE, async |(connection, user)| {
                self.release(user, connection, until).await;
            })
            .await;
    }

    async fn release(&self, user: UserId, connection: ConnectionId, until: Timestamp) {
        let released = self.leases.release(user.into(), connection, until);
        if released.await == Some(Departure::Went) {
            self.news.hear(user, Word::Went(until));
        }
    }
}
