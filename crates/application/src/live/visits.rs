//! Listening to rooms, as others are told of it.

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

/// How many visits are renewed at a time.
const STRETCH: usize = 2_000;

/// How many visits of one connection end at a time.
const AT_ONCE: usize = 16;

/// How many single calls to the presence are under way at a time. When thousands of clients come back at
/// once, each with all of its rooms, they wait for their turn here and not for a connection in vain.
const TURNS: usize = 32;

/// Of how many visits one sweep tells. When a node dies, tens of thousands end at once, and what is told
/// of them must not crowd out what matters more.
const TOLD_AT_ONCE: usize = 1_000;

/// Keeps who listens to which room on this node, and tells others of it: once a person's first connection
/// to any node listens to a room, and once none does any more.
///
/// It has nothing to do with membership: whoever calls has asked [`Subscribe`](super::Subscribe) whom it
/// may tell what. A room with many members is told of nobody.
///
/// [`Attendance`](super::Attendance) renews and sweeps for it as well. Two nodes may tell of one person at
/// nearly the same time, and what they tell may overtake each other. So a node that hears of somebody's
/// leaving, who listens by one of its own connections, says by the next sweep that they are there.
pub struct Visits {
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    announcer: Announcer,
    pub(super) leases: Leases,
    sizes: Sizes,
    turns: Semaphore,
    stays: Stays,
    /// One renewal at a time, or one would end what another has begun.
    renewals: Semaphore,
    /// Whether people listen to a room, where that is still to be told.
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

    /// A connection listens to a room, until [`leave`](Self::leave) or [`leave_all`](Self::leave_all).
    /// Neither may be called before this one has answered or was given up; given up, it counts for no
    /// longer than a lease.
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

    /// A connection listens to a room no more.
    pub async fn leave(&self, user: UserId, room: RoomId, connection: ConnectionId) {
        if let Some(stay) = self.stays.strike(connection, Visit { room, user }) {
            self.release(stay).await;
        }
    }

    /// A connection has closed, and listens to nothing any more.
    pub async fn leave_all(&self, user: UserId, connection: ConnectionId) {
        self.release_all(self.stays.strike_all(connection, user))
            .await;
    }

    /// Takes in what is told, by any node. Who belongs to a room no more listens to it by no connection;
    /// that is told by the next sweep.
    pub(crate) fn hear(&self, heard: &Heard) {
        let Heard::Notice(notice) = heard else {
            return;
        };
        match **notice {
            // Whatever is still to be told was so before.
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

    /// The connections of this node still listen.
    pub(super) async fn renew(&self) {
        self.renew_these(&self.stays.all()).await;
    }

    /// A visit's leases have all lapsed.
    pub(super) fn lapsed(&self, room: RoomId, user: UserId) {
        self.news.hear(Visit { room, user }, false);
    }

    /// Tells what was heard since the last time, as far as it is still true.
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

    /// All connections of this node have closed, or are about to.
    pub(super) async fn close(&self) {
        let renewal = self.renewals.acquire().await;
        let open = self.stays.clear();
        drop(renewal);
        self.release_all(open).await;
    }

    /// Those who were said to have left and listen here: their leases were lost, or are about to be seen
    /// by everybody.
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
                tracing::warn!(error = %failure.chain(), "who left rooms is told later");
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
            // It is never closed, so there is always a turn.
            let renewal = self.renewals.acquire().await;
            let lasting = self.stays.begin_renewal(stretch);
            let held = lasting.iter().map(|stay| (stay.visit.subject(), stay.name));
            self.leases.renew(held).await;
            let ended = self.stays.end_renewal();
            drop(renewal);
            self.release_all(ended).await;
        }
    }

    /// Answers whether the person was in the room by no other connection. Where that is not known, it is
    /// what this node knows, and the next renewal makes up for it.
    async fn begin(&self, stay: Stay) -> bool {
        let taken = self.in_turn(async {
            let now = self.clock.now();
            let subject = stay.visit.subject();
            self.leases.take(subject, stay.name, now, now).await
        });
        match taken.await {
            Ok(arrived) => arrived.arrival == Arrival::Came,
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "a visit is not known elsewhere yet");
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
        // It is never closed, so there is always a turn.
        let _turn = self.turns.acquire().await;
        call.await
    }

    async fn tell(&self, visit: Visit, on: bool) {
        let Visit { room, user } = visit;
        self.announcer.tell(Notice::Visit { room, user, on }).await;
    }
}
