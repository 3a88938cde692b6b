//! Who is online in a room.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::{Clock, Members, Presence, Rooms};
use domain::{Failure, RoomId, Timestamp, UserId};

use crate::access::inside;
use crate::lock::lock;
use crate::recent::{Recent, is_believed};
use crate::{Caller, Error, Ports};

/// How many members are looked up per query.
const STRETCH: usize = 1_000;

/// Maximum number of batches looked up. In a room of more than twenty thousand members only the first
/// ones by id are considered, so the count is too low.
const STRETCHES: usize = 20;

/// How many online members are listed; the others are only counted.
const NAMED: usize = 500;

/// How long the answer for a room with more than one batch of members is cached: any member may ask,
/// and it takes many queries.
const MAX_AGE: Duration = Duration::from_secs(3);

/// Capacity of each half of the cache.
const HALF: usize = 128;

/// Which members of a room are online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomAttendance {
    /// The first online members, by id.
    pub online: Vec<UserId>,
    /// How many members are online.
    pub count: usize,
}

/// Shows members who is online in a room.
pub struct RoomPresence {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    answers: Mutex<Recent<RoomId, (RoomAttendance, Timestamp)>>,
}

impl RoomPresence {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
            answers: Mutex::new(Recent::of(HALF)),
        }
    }

    /// Who is online, the caller included.
    #[tracing::instrument(skip_all, name = "room_presence")]
    pub async fn run(&self, caller: &Caller, room: RoomId) -> Result<RoomAttendance, Error> {
        inside(&*self.rooms, room, caller.user).await?;
        let now = self.clock.now();
        if let Some((answer, until)) = lock(&self.answers).find(&room)
            && is_believed(*until, MAX_AGE, now)
        {
            return Ok(answer.clone());
        }
        let (answer, stretches) = self.ask(room, now).await?;
        if stretches > 1 {
            lock(&self.answers).keep(room, (answer.clone(), now + MAX_AGE));
        }
        Ok(answer)
    }

    /// Who is online, and how many batches it took to find out.
    async fn ask(&self, room: RoomId, now: Timestamp) -> Result<(RoomAttendance, usize), Failure> {
        let mut answer = RoomAttendance {
            online: Vec::new(),
            count: 0,
        };
        let mut after = None;
        for stretch in 1..=STRETCHES {
            let page = self.members.page(room, after, STRETCH).await?;
            let users: Vec<UserId> = page.iter().map(|member| member.user).collect();
            let online = self.presence.online(&users, now).await?;
            let online: HashSet<UserId> = online.into_iter().collect();
            answer.count = answer.count.saturating_add(online.len());
            let place = NAMED.saturating_sub(answer.online.len());
            let here = users.iter().filter(|user| online.contains(user));
            answer.online.extend(here.take(place));
            if users.len() < STRETCH {
                return Ok((answer, stretch));
            }
            after = users.last().copied();
        }
        Ok((answer, STRETCHES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CountedPresence, Stage, World};

    #[tokio::test]
    async fn members_see_who_is_there_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let presence = RoomPresence::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| presence.run(&who, spot.room).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn those_who_belong_are_told_while_they_are_connected() {
        let stage = Stage::new().await;
        let world = &stage.world;
        let presence = RoomPresence::new(&world.ports);
        for who in [&stage.member, &stage.owner, &stage.stranger] {
            world.connect(who).await;
        }
        let mut online = vec![stage.member.user, stage.owner.user];
        online.sort_unstable();
        let answer = presence.run(&stage.member, stage.public).await.unwrap();
        assert_eq!(answer, RoomAttendance { online, count: 2 });
        world.pass(Duration::from_hours(1));
        let answer = presence.run(&stage.member, stage.public).await.unwrap();
        let nobody = RoomAttendance {
            online: vec![],
            count: 0,
        };
        assert_eq!(answer, nobody);
    }

    #[tokio::test]
    async fn in_a_crowd_the_first_are_named_and_all_are_counted_and_not_again_at_once() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let mut crowd = vec![ana];
        for number in 0..STRETCH {
            let one = world.user_of_crowd(&format!("one{number}")).await;
            world.join(room, &one).await;
            crowd.push(one);
        }
        crowd.sort_unstable_by_key(|one| one.user);
        for one in &crowd[300..] {
            world.connect(one).await;
        }
        let counted = CountedPresence::over(&world.ports.presence);
        world.ports.presence = Arc::<CountedPresence>::clone(&counted);
        let presence = RoomPresence::new(&world.ports);

        let answer = presence.run(&ana, room).await.unwrap();
        let named: Vec<UserId> = crowd[300..800].iter().map(|one| one.user).collect();
        assert_eq!(answer.online, named);
        assert_eq!(answer.count, STRETCH + 1 - 300);
        assert_eq!(counted.asked(), 2);
        assert_eq!(presence.run(&ana, room).await.unwrap(), answer);
        assert_eq!(counted.asked(), 0);
        world.pass(MAX_AGE);
        assert_eq!(presence.run(&ana, room).await.unwrap(), answer);
        assert_eq!(counted.asked(), 2);
    }
}
