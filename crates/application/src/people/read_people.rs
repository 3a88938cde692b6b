//! Seeing users.

use std::collections::HashSet;
use std::sync::Arc;

use domain::UserId;
use domain::port::Users;

use crate::present::People;
use crate::{Caller, Error, Person, Ports};

/// Shows users to signed-in callers, as far as these may see them.
pub struct ReadPeople {
    users: Arc<dyn Users>,
    people: People,
}

impl ReadPeople {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            people: People::new(ports),
        }
    }

    /// The users with these ids, each once, in the order given. Unknown ones are left out; those
    /// who erased their account are included without a name, as on their messages.
    #[tracing::instrument(skip_all, name = "read_people")]
    pub async fn run(&self, caller: &Caller, ids: &[UserId]) -> Result<Vec<Person>, Error> {
        let mut asked = HashSet::with_capacity(ids.len());
        let ids: Vec<UserId> = ids.iter().copied().filter(|id| asked.insert(*id)).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let users = self.users.find(&ids).await?;
        Ok(self.people.show_whole(caller.user, users).await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::port::IdsExt as _;
    use domain::{ProfileDocument, Timestamp};

    use super::*;
    use crate::testing::World;

    async fn tell_about(world: &World, who: &Caller) -> (ProfileDocument, Timestamp) {
        let document = ProfileDocument::parse(r#"{"likes":"tea"}"#).unwrap();
        let kept = world.ports.profiles.put(who.user, &document);
        kept.await.unwrap();
        let sighting = [(who.user, world.now())];
        world.ports.users.seen(&sighting).await.unwrap();
        world.connect(who).await;
        (document, world.now())
    }

    #[tokio::test]
    async fn people_come_once_in_the_order_asked_for() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let cleo = world.user("cleo").await;
        let users = &world.ports.users;
        users.erase(cleo.user, world.now()).await.unwrap();
        let unknown: UserId = world.ports.ids.next();

        let read = ReadPeople::new(&world.ports);
        let ids = [ben.user, unknown, cleo.user, ana.user, ben.user];
        let people = read.run(&ana, &ids).await.unwrap();
        let shown: Vec<UserId> = people.iter().map(|person| person.user.id).collect();
        assert_eq!(shown, [ben.user, cleo.user, ana.user]);
        assert_eq!(people[1].user.display_name.as_str(), "deleted user");
        assert_eq!(read.run(&ana, &[]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn everything_about_oneself_is_shown() {
        let world = World::new();
        let ana = world.user("ana").await;
        let (document, seen) = tell_about(&world, &ana).await;
        let read = ReadPeople::new(&world.ports);
        let person = read.run(&ana, &[ana.user]).await.unwrap().remove(0);
        assert_eq!(person.user.email.unwrap().as_str(), "ana@example.org");
        assert_eq!(person.user.last_seen_at, Some(seen));
        assert_eq!(person.profile, Some(document));
        assert!(person.online);
    }

    #[tokio::test]
    async fn who_shares_a_room_is_known_better_than_a_stranger() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let (document, seen) = tell_about(&world, &ben).await;
        let read = ReadPeople::new(&world.ports);

        let stranger = read.run(&ana, &[ben.user]).await.unwrap().remove(0);
        assert_eq!(stranger.user.username.as_str(), "ben");
        assert_eq!(stranger.user.email, None);
        assert_eq!(stranger.user.last_seen_at, None);
        assert_eq!(stranger.profile, None);
        assert!(!stranger.online);

        let room = world.room(&ana).await.id;
        world.join(room, &ben).await;
        let friend = read.run(&ana, &[ben.user]).await.unwrap().remove(0);
        assert_eq!(friend.user.email, None);
        assert_eq!(friend.user.last_seen_at, Some(seen));
        assert_eq!(friend.profile, Some(document));
        assert!(friend.online);

        world.leave(room, &ben).await;
        let stranger_again = read.run(&ana, &[ben.user]).await.unwrap().remove(0);
        assert_eq!(stranger_again, stranger);
    }
}
