//! Finding users by name.

use std::sync::Arc;

use domain::SearchText;
use domain::port::Search;

use crate::present::People;
use crate::{Caller, Error, Person, Ports};

/// The maximum number of results: to narrow them down, a user types one more letter.
const MAX: usize = 20;

/// Finds users by the start of a word of their username or display name.
pub struct SearchPeople {
    search: Arc<dyn Search>,
    people: People,
}

impl SearchPeople {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            search: Arc::clone(&ports.search),
            people: People::new(ports),
        }
    }

    /// The users who match, in order of username.
    #[tracing::instrument(skip_all, name = "search_people")]
    pub async fn run(&self, caller: &Caller, name: &SearchText) -> Result<Vec<Person>, Error> {
        let users = self.search.people(name.as_str(), MAX).await?;
        Ok(self.people.show(caller.user, users).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    async fn found(world: &World, caller: &Caller, name: &str) -> Vec<String> {
        let search = SearchPeople::new(&world.ports);
        let name = SearchText::parse(name).unwrap();
        let people = search.run(caller, &name).await.unwrap();
        assert!(
            people
                .iter()
                .all(|person| person.user.email.is_none() || person.user.id == caller.user)
        );
        people
            .into_iter()
            .map(|person| person.user.username.as_str().to_owned())
            .collect()
    }

    #[tokio::test]
    async fn a_name_is_found_by_its_start() {
        let world = World::new();
        let ana = world.user("ana").await;
        world.user("Anatol").await;
        world.user("ben").await;
        let erased = world.user("anabel").await;
        let users = &world.ports.users;
        users.erase(erased.user, world.now()).await.unwrap();
        assert_eq!(found(&world, &ana, "AN").await, ["ana", "Anatol"]);
        assert_eq!(found(&world, &ana, "tol").await, Vec::<String>::new());
        assert_eq!(found(&world, &ana, "%").await, Vec::<String>::new());
    }

    #[tokio::test]
    async fn so_many_are_found_at_most() {
        let world = World::new();
        let ana = world.user("ana").await;
        for number in 0..=MAX {
            world.user_of_crowd(&format!("ben{number:02}")).await;
        }
        let people = found(&world, &ana, "ben").await;
        assert_eq!(people.len(), MAX);
        assert_eq!(people[0], "ben00");
    }
}
