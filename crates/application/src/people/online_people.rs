//! Seeing who is online.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::{Clock, Members, Presence};
use domain::{Failure, UserId};

use crate::present::People;
use crate::{Caller, Error, Page, Person, Ports};

/// How many users are checked per query.
const STRETCH: usize = 500;

/// After how many queries a page is returned as it is, even if it is short and has a successor:
/// where nearly all of very many users are away, one request must not check them all.
const STRETCHES: usize = 10;

/// Lists the users who share a room with the caller and are online.
pub struct OnlinePeople {
    members: Arc<dyn Members>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    people: People,
}

impl OnlinePeople {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
            people: People::new(ports),
        }
    }

    /// One page in order of id, starting after a user.
    #[tracing::instrument(skip_all, name = "online_people")]
    pub async fn run(
        &self,
        caller: &Caller,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Page<Person, UserId>, Error> {
        let page = self.page(caller.user, after, limit).await?;
        Ok(Page {
            items: self.people.find(caller.user, &page.items).await?,
            next: page.next,
        })
    }

    async fn page(
        &self,
        user: UserId,
        mut after: Option<UserId>,
        limit: usize,
    ) -> Result<Page<UserId, UserId>, Failure> {
        let mut items: Vec<UserId> = Vec::new();
        for _ in 0..STRETCHES {
            let stretch = self.members.peers(user, after, STRETCH).await?;
            let online = self.presence.online(&stretch, self.clock.now()).await?;
            let online: HashSet<UserId> = online.into_iter().collect();
            items.extend(stretch.iter().filter(|peer| online.contains(peer)));
            if items.len() > limit {
                return Ok(Page::cut(items, limit, |peer| *peer));
            }
            if stretch.len() < STRETCH {
                return Ok(Page { items, next: None });
            }
            after = stretch.last().copied();
        }
        Ok(Page { items, next: after })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::World;

    async fn page(
        world: &World,
        caller: &Caller,
        after: Option<UserId>,
        limit: usize,
    ) -> (Vec<UserId>, Option<UserId>) {
        let online = OnlinePeople::new(&world.ports);
        let page = online.run(caller, after, limit).await.unwrap();
        assert!(page.items.iter().all(|person| person.online));
        let ids = page.items.iter().map(|person| person.user.id).collect();
        (ids, page.next)
    }

    #[tokio::test]
    async fn those_in_ones_rooms_are_listed_while_they_are_here() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let (cleo, dan) = (world.user("cleo").await, world.user("dan").await);
        let room = world.room(&ana).await.id;
        world.join(room, &ben).await;
        world.join(room, &cleo).await;
        for who in [&ana, &ben, &dan] {
            world.connect(who).await;
        }
        assert_eq!(page(&world, &ana, None, 50).await, (vec![ben.user], None));
        assert_eq!(page(&world, &dan, None, 50).await, (vec![], None));
        world.pass(Duration::from_hours(1));
        assert_eq!(page(&world, &ana, None, 50).await, (vec![], None));
    }

    #[tokio::test]
    async fn pages_follow_each_other_and_end() {
        let world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let mut crowd = Vec::new();
        for number in 0..5 {
            let one = world.user_of_crowd(&format!("one{number}")).await;
            world.join(room, &one).await;
            world.connect(&one).await;
            crowd.push(one.user);
        }
        crowd.sort_unstable();
        for (after, shown, more) in [
            (None, 0..2, true),
            (Some(1), 2..4, true),
            (Some(3), 4..5, false),
            (Some(2), 3..5, false),
        ] {
            let after = after.map(|place: usize| crowd[place]);
            let expected = crowd[shown].to_vec();
            let next = expected.last().copied().filter(|_| more);
            assert_eq!(page(&world, &ana, after, 2).await, (expected, next));
        }
    }

    #[tokio::test]
    async fn somebody_is_found_behind_many_who_are_away() {
        let world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let mut last = ana;
        for number in 0..=STRETCH {
            last = world.user_of_crowd(&format!("one{number}")).await;
            world.join(room, &last).await;
        }
        world.connect(&last).await;
        assert_eq!(page(&world, &ana, None, 50).await, (vec![last.user], None));
    }
}
