//! Tracking which users listen to which rooms, and announcing it.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::bus::{AccessChange, Heard, Notice};
use domain::port::presence::{Arrival, Departure, Subject};
use domain::port::{Clock, Ids, IdsExt as _, Presence};
use domain::{ConnectionId, RoomId, UserId};
use futures::{StreamExt as _, stream};
use tokio::sync::Semaphore;

use super::leases::Leases;
use super::news::News;
use super::sizes::Sizes;
use super::stays::{Stay, Stays, Visit};
use crate::announce::Announcer;
use crate::{Caller, Ports};

/// How many stays are renewed per call.
const STRETCH: usize = 2_000;

/// How many stays are released concurrently.
const AT_ONCE: usize = 16;

/// How many single calls to the presence store run concurrently. When thousands of clients reconnect at
/// once, each with all of its rooms, they queue here rather than time out waiting for a connection to
/// the store.
const TURNS: usize = 32;

/// Maximum number of visits announced per sweep. When a node dies, tens of thousands end at once, and
/// announcing them must not crowd out more important traffic.
const TOLD_AT_ONCE: usize = 1_000;

/// Tracks who listens to which room on this node, and announces when a user's first connection to any
/// node starts listening to a room and when the last one stops.
///
/// It knows nothing of membership: callers must have been admitted by [`Subscribe`](super::Subscribe).
/// Rooms with many members get no announcements.
///
/// [`Attendance`](super::Attendance) drives its renewals and sweeps. Two nodes may announce the same
/// user at nearly the same time, and their notices may overtake each other. So a node that hears that a
/// user has left a room, while one of its own connections still listens for that user, announces the
/// user again at the next sweep.
pub struct Visits {
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    announcer: Announcer,
    pub(super) leases: Leases,
    sizes: Sizes,
    turns: Semaphore,
    stays: Stays,
    /// Admits one renewal at a time; otherwise one would end what another has begun.
    renewals: Semaphore,
    /// Visits whose start (`true`) or end (`false`) is still to be announced.
    news: News<Visit, bool>,
}

impl Visits {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            announcer: Announcer::new(&ports.bus),
            leases: Leases::new(ports),
            sizes: Sizes::new(ports),
            turns: Semaphore::new(TURNS),
            stays: Stays::default(),
            renewals: Semaphore::new(1),
            news: News::default(),
        }
    }

    /// Registers that a connection listens to a room, until [`leave`](Self::leave) or
    /// [`leave_all`](Self::leave_all). Neither may be called before this future has completed or was
    /// dropped; if it is dropped, the visit counts for no longer than a lease.
    pub async fn enter(&self, caller: &Caller, room: RoomId, connection: ConnectionId) {
        if self.stays.holds(connection, room) || !self.sizes.is_small(room).await {
            return;
        }
        let user = caller.user;
        let stay = Stay {
            visit: Visit { room, user },
            name: self.ids.next(),
        };
        let came = self.begin(stay).await;
        if let Some(before) = self.stays.enter(connection, stay) {
            self.release(before).await;
        }
        if came {
            self.tell(stay.visit, true).await;
        }
    }

    /// Registers that a connection no longer listens to a room.
    pub async fn leave(&self, user: UserId, room: RoomId, connection: ConnectionId) {
        if let Some(stay) = self.stays.strike(connection, Visit { room, user }) {
            self.release(stay).await;
        }
    }

    /// Registers that a connection has closed, which ends all of its visits.
    pub async fn leave_all(&self, user: UserId, connection: ConnectionId) {
        self.release_all(self.stays.strike_all(connection, user))
            .await;
    }

    /// Handles what is heard from any node. A user who is removed from a room stops listening to it on
    /// all connections; that is announced by the next sweep.
    pub(crate) fn hear(&self, heard: &Heard) {
        let Heard::Notice(notice) = heard else {
            return;
        };
        match **notice {
            // What is still pending is older than this notice.
            Notice::Visit {
                room,
                user,
                on: true,
            } => self.news.forget(&Visit { room, user }),
            Notice::Visit {
                room,
                user,
                on: false,
            } => {
                let visit = Visit { room, user };
                if self.stays.is_here(visit) {
                    self.news.hear(visit, true);
                }
            }
            Notice::AccessChanged {
                room,
                user,
                change: AccessChange::Removed(_),
            } => self.stays.strike_visit(Visit { room, user }),
            Notice::AccessChanged { .. }
            | Notice::Changed { .. }
            | Notice::Receipt { .. }
            | Notice::Typing { .. }
            | Notice::Presence { .. }
            | Notice::Notification { .. }
            | Notice::Media(_)
            | Notice::SessionsEnded(_) => (),
        }
    }

    /// Renews the leases of all stays on this node.
    pub(super) async fn renew(&self) {
        self.renew_these(&self.stays.all()).await;
    }

    /// Handles a visit whose leases have all expired.
    pub(super) fn lapsed(&self, room: RoomId, user: UserId) {
        self.news.hear(Visit { room, user }, false);
    }

    /// Announces what was heard since the last sweep, as far as it is still true.
    pub(super) async fn tell_news(&self) {
        self.release_all(self.stays.ended()).await;
        let (came, went): (Vec<_>, Vec<_>) = self
            .news
            .take(TOLD_AT_ONCE)
            .into_iter()
            .partition(|(_, on)| *on);
        self.tell_of_arrivals(came.into_iter().map(|(visit, _)| visit).collect())
            .await;
        self.tell_of_departures(went.into_iter().map(|(visit, _)| visit).collect())
            .await;
    }

    /// Releases all stays when the node shuts down.
    pub(super) async fn close(&self) {
        let renewal = self.renewals.acquire().await;
        let open = self.stays.clear();
        drop(renewal);
        self.release_all(open).await;
    }

    /// Announces users again who were said to have left but still listen here: their leases were lost,
    /// or are about to become visible to every node.
    async fn tell_of_arrivals(&self, visits: Vec<Visit>) {
        self.renew_these(&self.stays.of(&visits)).await;
        for visit in visits {
            if self.stays.is_here(visit) {
                self.tell(visit, true).await;
            }
        }
    }

    async fn tell_of_departures(&self, visits: Vec<Visit>) {
        if visits.is_empty() {
            return;
        }
        let subjects: Vec<Subject> = visits.iter().map(|visit| visit.subject()).collect();
        let here: HashSet<Subject> = match self.presence.here(&subjects, self.clock.now()).await {
            Ok(here) => here.into_iter().collect(),
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not check who has left rooms; retrying at the next sweep"
                );
                let untold = visits.into_iter().map(|visit| (visit, false));
                return self.news.keep(untold);
            }
        };
        for visit in visits {
            if !here.contains(&visit.subject()) {
                self.tell(visit, false).await;
            }
        }
    }

    async fn renew_these(&self, stays: &[Stay]) {
        for stretch in stays.chunks(STRETCH) {
            // The semaphore is never closed, so this cannot fail.
            let renewal = self.renewals.acquire().await;
            let lasting = self.stays.begin_renewal(stretch);
            let held = lasting.iter().map(|stay| (stay.visit.subject(), stay.name));
            self.leases.renew(held).await;
            let ended = self.stays.end_renewal();
            drop(renewal);
            self.release_all(ended).await;
        }
    }

    /// Returns whether the user had no other connection listening to the room. If the presence store
    /// cannot tell, this node's own knowledge decides, and the next renewal makes up for it.
    async fn begin(&self, stay: Stay) -> bool {
        let taken = self.in_turn(async {
            let now = self.clock.now();
            let subject = stay.visit.subject();
            self.leases.take(subject, stay.name, now, now).await
        });
        match taken.await {
            Ok(arrived) => arrived.arrival == Arrival::Came,
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "could not lease a visit; retrying at the next renewal"
                );
                !self.stays.is_here(stay.visit)
            }
        }
    }

    async fn release_all(&self, stays: Vec<Stay>) {
        stream::iter(stays)
            .for_each_concurrent(AT_ONCE, |stay| self.release(stay))
            .await;
    }

    async fn release(&self, stay: Stay) {
        let released = self.in_turn(async {
            let now = self.clock.now();
            let subject = stay.visit.subject();
            self.leases.release(subject, stay.name, now).await
        });
        let went = match released.await {
            Some(departure) => departure == Departure::Went,
            None => !self.stays.is_here(stay.visit),
        };
        if went {
            self.tell(stay.visit, false).await;
        }
    }

    async fn in_turn<T>(&self, call: impl Future<Output = T>) -> T {
        // The semaphore is never closed, so this cannot fail.
        let _turn = self.turns.acquire().await;
        call.await
    }

    async fn tell(&self, visit: Visit, on: bool) {
        let Visit { room, user } = visit;
        self.announcer.tell(Notice::Visit { room, user, on }).await;
    }
}
