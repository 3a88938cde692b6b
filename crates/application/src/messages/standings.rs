//! A cache of members' standings, so that posting needs no lookups of its own for them.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::bus::{Heard, Notice, RoomChange};
use domain::port::{Clock, Rooms, Users};
use domain::{Failure, Refusal, RoomId, Timestamp, User, UserId};

use crate::access::{Inside, member};
use crate::lock::lock;
use crate::recent::{Recent, is_believed};
use crate::{Error, Ports};

/// How long a standing is used without being invalidated: the bus may lose a notice.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Capacity of each half of the cache.
const HALF: usize = 32_768;

/// How many counters all rooms and users are hashed to. A collision only invalidates too much.
const STRIPES: u64 = 4_096;

/// A member and the room in which they act.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The room and the membership as they were when they were read. What changes with every message,
    /// such as seqs, revs and cursors, is out of date here.
    pub(crate) inside: Inside,
    /// The member's user record.
    pub(crate) sender: User,
}

/// Caches the standings of members.
///
/// Each is cached together with a stamp, the sum of four counters: of changes to the room, to the user,
/// to this user in this room, and to anything at all. Invalidating means incrementing one of them. A
/// standing whose stamp is not the current one is not used; that includes one that was being read while
/// it changed, since its stamp was taken before the read.
///
/// Only members are cached. Access that was refused is looked up anew, so that joining takes effect at
/// once on every node.
pub struct Standings {
    rooms: Arc<dyn Rooms>,
    users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    counts: Counts,
    memory: Mutex<Memory>,
}

impl Standings {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            users: Arc::clone(&ports.users),
            clock: Arc::clone(&ports.clock),
            counts: Counts::new(),
            memory: Mutex::new(Memory::of(HALF)),
        }
    }

    /// The standing of a member; others get the refusal that their access allows.
    pub(crate) async fn of(&self, room: RoomId, user: UserId) -> Result<Arc<Standing>, Error> {
        let now = self.clock.now();
        let stamp = self.counts.stamp(room, user);
        if let Some(known) = self.recall(room, user, stamp, now) {
            return Ok(known);
        }
        let access = self.rooms.access(room, user).await?;
        let inside = member(access.ok_or(Refusal::NotFound)?)?;
        let sender = self.users.find(&[user]).await?.pop().ok_or_else(|| {
            let missing = format!("room {room} has an unknown member");
            Failure::lasting("users", "find a member", missing)
        })?;
        let standing = Arc::new(Standing { inside, sender });
        let kept = Kept {
            standing: Arc::clone(&standing),
            stamp,
            until: now + MAX_AGE,
        };
        lock(&self.memory).keep((room, user), kept);
        Ok(standing)
    }

    /// Invalidates the standing of a user in a room.
    pub(crate) fn forget(&self, room: RoomId, user: UserId) {
        self.counts.count(&(room, user));
    }

    /// Invalidates every standing in a room.
    pub(crate) fn forget_room(&self, room: RoomId) {
        self.counts.count(&room);
    }

    /// Invalidates every standing of a user.
    pub(crate) fn forget_user(&self, user: UserId) {
        self.counts.count(&user);
    }

    /// Handles what is heard from other nodes. After a gap, everything is invalidated.
    pub fn hear(&self, heard: &Heard) {
        let Heard::Notice(notice) = heard else {
            return self.counts.count_all();
        };
        match notice.as_ref() {
            Notice::AccessChanged { room, user, .. } => self.forget(*room, *user),
            Notice::Changed { room, changes } => {
                for change in changes {
                    self.hear_change(*room, change);
                }
            }
            Notice::Receipt { .. }
            | Notice::Typing { .. }
            | Notice::Visit { .. }
            | Notice::Presence { .. }
            | Notice::Notification { .. }
            | Notice::Media(_)
            | Notice::SessionsEnded(_) => (),
        }
    }

    fn hear_change(&self, room: RoomId, change: &RoomChange) {
        match change {
            RoomChange::Message(..) => (),
            // Every member's standing contains the member count.
            RoomChange::Member(_, how) if how.is_of_their_number() => self.forget_room(room),
            RoomChange::Member(membership, _) => self.forget(room, membership.user),
            RoomChange::Room(_) | RoomChange::RoomDeleted(_) => self.forget_room(room),
        }
    }

    fn recall(
        &self,
        room: RoomId,
        user: UserId,
        stamp: u64,
        now: Timestamp,
    ) -> Option<Arc<Standing>> {
        lock(&self.memory)
            .find(&(room, user))
            .filter(|kept| kept.stamp == stamp && is_believed(kept.until, MAX_AGE, now))
            .map(|kept| Arc::clone(&kept.standing))
    }
}

/// Change counters; many keys share each of them.
struct Counts {
    hasher: RandomState,
    stripes: Vec<AtomicU64>,
    everything: AtomicU64,
}

impl Counts {
    fn new() -> Self {
        Self {
            hasher: RandomState::new(),
            stripes: (0..STRIPES).map(|_| AtomicU64::new(0)).collect(),
            everything: AtomicU64::new(0),
        }
    }

    /// Counters only grow, so equal sums mean that nothing was counted in between.
    fn stamp(&self, room: RoomId, user: UserId) -> u64 {
        [
            self.stripe(&room),
            self.stripe(&user),
            self.stripe(&(room, user)),
            Some(&self.everything),
        ]
        .into_iter()
        .flatten()
        .map(|count| count.load(Ordering::SeqCst))
        .sum()
    }

    fn count(&self, what: &impl Hash) {
        if let Some(count) = self.stripe(what) {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn count_all(&self) {
        self.everything.fetch_add(1, Ordering::SeqCst);
    }

    fn stripe(&self, what: &impl Hash) -> Option<&AtomicU64> {
        let index = self.hasher.hash_one(what) % STRIPES;
        self.stripes.get(usize::try_from(index).ok()?)
    }
}

/// Members who keep writing are read again every [`MAX_AGE`] anyway, so evicting an entry does no harm.
type Memory = Recent<(RoomId, UserId), Kept>;

struct Kept {
    standing: Arc<Standing>,
    stamp: u64,
    until: Timestamp,
}

#[cfg(test)]
mod tests {
    use domain::port::bus::{AccessChange, MemberChange, MessageChange};
    use domain::port::rooms::Step;
    use domain::{Membership, Role};
    use uuid::Uuid;

    use super::*;
    use crate::Caller;
    use crate::testing::{World, refusal};

    struct Known {
        world: World,
        standings: Standings,
        room: RoomId,
        ana: Caller,
    }

    impl Known {
        /// Ana belongs to a room, and her standing is cached.
        async fn new() -> Self {
            let world = World::new();
            let owner = world.user("owner").await;
            let ana = world.user("ana").await;
            let room = world.room(&owner).await.id;
            world.join(room, &ana).await;
            let standings = Standings::new(&world.ports);
            standings.of(room, ana.user).await.unwrap();
            Self {
                world,
                standings,
                room,
                ana,
            }
        }

        /// The cached role; she becomes an admin without the cache being told.
        async fn believed_after(&self, event: impl FnOnce(&Standings)) -> Role {
            let (user, role) = (self.ana.user, Role::Admin);
            let step = Step::GiveRole { user, role };
            self.world.act(self.room, user, vec![step]).await;
            event(&self.standings);
            self.believed().await
        }

        async fn believed(&self) -> Role {
            let standing = self.standings.of(self.room, self.ana.user).await;
            standing.unwrap().inside.membership.role
        }

        fn hears(&self, members: Vec<Membership>, how: MemberChange) {
            let told = |member| RoomChange::Member(member, how);
            let changes = members.into_iter().map(told).collect();
            let room = self.room;
            self.standings
                .hear(&heard(Notice::Changed { room, changes }));
        }

        async fn membership(&self) -> Membership {
            self.world.membership(self.room, &self.ana).await
        }
    }

    fn heard(notice: Notice) -> Heard {
        Heard::Notice(Arc::new(notice))
    }

    #[tokio::test]
    async fn a_standing_is_believed_for_a_moment() {
        let known = Known::new().await;
        let almost = MAX_AGE.saturating_sub(Duration::from_millis(1));
        known.world.pass(almost);
        assert_eq!(known.believed_after(|_| ()).await, Role::Member);
        known.world.pass(Duration::from_millis(1));
        assert_eq!(known.believed().await, Role::Admin);
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_prolongs_no_belief() {
        let known = Known::new().await;
        known.world.set_back(Duration::from_hours(1));
        assert_eq!(known.believed_after(|_| ()).await, Role::Admin);
    }

    #[tokio::test]
    async fn what_is_forgotten_is_read_again() {
        let known = Known::new().await;
        let (room, ana) = (known.room, known.ana.user);
        let believed = known.believed_after(|standings| standings.forget(room, ana));
        assert_eq!(believed.await, Role::Admin);
        let known = Known::new().await;
        let believed = known.believed_after(|standings| standings.forget_room(known.room));
        assert_eq!(believed.await, Role::Admin);
        let known = Known::new().await;
        let believed = known.believed_after(|standings| standings.forget_user(known.ana.user));
        assert_eq!(believed.await, Role::Admin);
    }

    #[tokio::test]
    async fn another_nodes_changes_are_heard() {
        let known = Known::new().await;
        let change = AccessChange::Changed;
        let (room, user) = (known.room, known.ana.user);
        let access = Notice::AccessChanged { room, user, change };
        let believed = known.believed_after(|standings| standings.hear(&heard(access)));
        assert_eq!(believed.await, Role::Admin);

        let known = Known::new().await;
        let membership = known.membership().await;
        let believed = known.believed_after(|_| known.hears(vec![membership], MemberChange::Role));
        assert_eq!(believed.await, Role::Admin);
    }

    #[tokio::test]
    async fn who_comes_or_goes_is_counted_at_once() {
        let known = Known::new().await;
        let (room, ana) = (known.room, known.ana.user);
        let count = async || {
            let standing = known.standings.of(room, ana).await.unwrap();
            standing.inside.room.member_count
        };
        assert_eq!(count().await, 2);
        let ben = known.world.user("ben").await;
        let joined = known.world.join(room, &ben).await;
        known.hears(joined.members, MemberChange::Joined);
        assert_eq!(count().await, 3);
        let left = known.world.leave(room, &ben).await;
        known.hears(left.members, MemberChange::Left);
        assert_eq!(count().await, 2);
    }

    #[tokio::test]
    async fn after_a_gap_nothing_is_believed() {
        let known = Known::new().await;
        let believed = known.believed_after(|standings| standings.hear(&Heard::Gap));
        assert_eq!(believed.await, Role::Admin);
    }

    #[tokio::test]
    async fn messages_change_nobodys_standing() {
        let known = Known::new().await;
        let message = known.world.post(known.room, &known.ana, "hi").await;
        let change = RoomChange::Message(Box::new(message), MessageChange::Created);
        let notice = Notice::Changed {
            room: known.room,
            changes: vec![change],
        };
        let believed = known.believed_after(|standings| standings.hear(&heard(notice)));
        assert_eq!(believed.await, Role::Member);
    }

    #[tokio::test]
    async fn who_was_refused_is_looked_up_anew() {
        let known = Known::new().await;
        let ben = known.world.user("ben").await;
        let answer = known.standings.of(known.room, ben.user).await;
        assert_eq!(refusal(answer), Refusal::Forbidden);
        known.world.join(known.room, &ben).await;
        assert!(known.standings.of(known.room, ben.user).await.is_ok());
    }

    #[test]
    fn a_change_while_reading_makes_what_was_read_old() {
        let counts = Counts::new();
        let room = RoomId::from_uuid(Uuid::nil());
        let user = UserId::from_uuid(Uuid::nil());
        for change in [
            |counts: &Counts, room, _| counts.count(&room),
            |counts: &Counts, _, user| counts.count(&user),
            |counts: &Counts, room, user| counts.count(&(room, user)),
            |counts: &Counts, _, _| counts.count_all(),
        ] {
            let before = counts.stamp(room, user);
            change(&counts, room, user);
            assert_ne!(counts.stamp(room, user), before);
        }
    }
}
