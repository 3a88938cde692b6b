//! Being connected.

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

/// How often a node says that its connections are still open.
pub const RENEW_EVERY: Duration = Duration::from_secs(15);

/// How often it is looked who came and who is gone.
pub const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// For how long a connection counts that has closed: a reload is not a blink.
const GRACE: Duration = Duration::from_secs(10);

/// What holds for longer than this is taken to be open: it is more than the grace, by more than the
/// clocks of two nodes differ, and less than an open connection holds.
const OPEN: Duration = Duration::from_secs(20);

/// How many connections a person may have open, on all nodes.
const MAX_CONNECTIONS: usize = 20;

/// In how many rooms it is told of one person.
const MAX_ROOMS: usize = 2_000;

/// How many people are dealt with at a time.
const STRETCH: usize = 500;

/// Of how many people one sweep tells. When a node dies, thousands are gone at once, and what is told
/// of them must not crowd out what matters more.
const TOLD_AT_ONCE: usize = 1_000;

/// How many questions or words about single people or connections are under way at a time.
const AT_ONCE: usize = 16;

/// What was heard of one person last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// They came online.
    Came,
    /// They went away, and were here last at this moment.
    Went(Timestamp),
}

/// Keeps the presence of those who are connected to this node, and tells others of it. It keeps
/// [`Visits`] up as well.
///
/// Whoever runs the node calls [`renew`](Self::renew) every [`RENEW_EVERY`] and
/// [`sweep`](Self::sweep) every [`SWEEP_EVERY`]. Who came and went is told by the sweep and not at once,
/// so that a crowd does not wait for that when it comes in.
pub struct Attendance {
    presence: Arc<dyn Presence>,
    members: Arc<dyn Members>,
    pub(super) users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
    leases: Leases,
    roll: Roll,
    news: News<UserId, Word>,
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
            visits: Arc::clone(visits),
        }
    }

    /// A connection has opened. Unless it is refused, it counts until [`leave`](Self::leave); one that
    /// was given up before the answer came counts for no longer than a lease.
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
                // The next renewal makes up for it.
                tracing::warn!(error = %failure.chain(), "a connection is not counted yet");
            }
        }
        self.roll.enter(connection, user);
        Ok(())
    }

    /// A connection has closed. Its person seems to be here for a moment longer.
    pub async fn leave(&self, user: UserId, connection: ConnectionId) {
        if self.roll.strike(connection) {
            let until = self.clock.now() + GRACE;
            self.release(user, connection, until).await;
        }
    }

    /// The connections of this node are still open.
    pub async fn renew(&self) {
        let open = self.roll.all();
        for stretch in open.chunks(STRETCH) {
            let held = stretch.iter().map(|(id, user)| ((*user).into(), *id));
            self.leases.renew(held).await;
        }
        // Those which closed meanwhile may have been renewed after they were released.
        self.release_all(self.roll.closed(open)).await;
        self.visits.renew().await;
    }

    /// Looks who is gone, and tells who came and went since the last time.
    pub async fn sweep(&self) {
        let now = self.clock.now();
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
                tracing::warn!(error = %failure.chain(), "nobody is found to be gone");
            }
        }
        self.tell_news().await;
        self.visits.tell_news().await;
    }

    /// All connections of this node have closed, or are about to.
    pub async fn close(&self) {
        self.visits.close().await;
        self.release_all(self.roll.clear()).await;
    }

    async fn tell_news(&self) {
        let news = self.news.take(TOLD_AT_ONCE);
        let mut stretches = news.chunks(STRETCH);
        while let Some(stretch) = stretches.next() {
            if let Err(failure) = self.tell(stretch).await {
                tracing::warn!(error = %failure.chain(), "who came and went is told later");
                self.news.keep(stretch.iter().copied());
                self.news.keep(stretches.flatten().copied());
                return;
            }
        }
    }

    /// Tells of people what is true by now: what was heard of them may be from a while ago, and
    /// another node may have told something newer.
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
        let rooms = self.members.circles(user, MAX_MEMBERS, MAX_ROOMS).await?;
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
