//! A short-lived cache of users.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::port::bus::{Heard, Notice};
use domain::port::{Clock, Users};
use domain::{Failure, Timestamp, User, UserId};

use crate::Ports;
use crate::lock::lock;
use crate::recent::{Recent, is_believed};

/// How long a cached user is used. Nodes do not notify each other of changed profiles, so this is
/// how long a change made on another node may take to show.
const MAX_AGE: Duration = Duration::from_secs(10);

/// How many users one half of the cache holds.
const HALF: usize = 16_384;

/// How many users are read per query: stores limit the number of ids in one query.
const STRETCH: usize = 1_000;

/// Caches users that are shown again and again, as senders in busy rooms are. E-mail addresses are
/// not kept.
pub(crate) struct Names {
    users: Arc<dyn Users>,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

impl Names {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            clock: Arc::clone(&ports.clock),
            memory: Mutex::new(Memory {
                people: Recent::of(HALF),
                forgotten: 0,
            }),
        }
    }

    /// The users with these ids, as far as they exist. Takes no query if all of them are cached.
    pub(crate) async fn of(
        &self,
        ids: &BTreeSet<UserId>,
    ) -> Result<HashMap<UserId, Arc<User>>, Failure> {
        let now = self.clock.now();
        let (mut people, missing, forgotten) = self.recall(ids, now);
        for stretch in missing.chunks(STRETCH) {
            let found = self.users.find(stretch).await?;
            let found: Vec<Arc<User>> = found.into_iter().map(nameable).collect();
            lock(&self.memory).keep(&found, forgotten, now + MAX_AGE);
            people.extend(found.into_iter().map(|user| (user.id, user)));
        }
        Ok(people)
    }

    /// Invalidates a user.
    pub(crate) fn forget(&self, user: UserId) {
        lock(&self.memory).forget(user);
    }

    /// Applies notices from other nodes.
    pub(crate) fn hear(&self, heard: &Heard) {
        // Going offline changes when the user was last seen.
        if let Heard::Notice(notice) = heard
            && let Notice::Presence { user, online, .. } = notice.as_ref()
            && !online
        {
            self.forget(*user);
        }
    }

    /// The cached users, the missing ids, and the number of invalidations so far.
    fn recall(
        &self,
        ids: &BTreeSet<UserId>,
        now: Timestamp,
    ) -> (HashMap<UserId, Arc<User>>, Vec<UserId>, u64) {
        let memory = lock(&self.memory);
        let mut people = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match memory.people.find(id) {
                Some(Some((user, until))) if is_believed(*until, MAX_AGE, now) => {
                    people.insert(*id, Arc::clone(user));
                }
                Some(_) | None => missing.push(*id),
            }
        }
        (people, missing, memory.forgotten)
    }
}

/// A user as others may see them.
fn nameable(user: User) -> Arc<User> {
    Arc::new(User {
        email: None,
        ..user
    })
}

struct Memory {
    /// The user, and until when the entry is valid; `None` once invalidated.
    people: Recent<UserId, Option<(Arc<User>, Timestamp)>>,
    /// The number of invalidations. What was requested before the last one may be outdated.
    forgotten: u64,
}

impl Memory {
    fn keep(&mut self, found: &[Arc<User>], forgotten: u64, until: Timestamp) {
        if forgotten == self.forgotten {
            for user in found {
                self.people.keep(user.id, Some((Arc::clone(user), until)));
            }
        }
    }

    fn forget(&mut self, user: UserId) {
        self.forgotten = self.forgotten.wrapping_add(1);
        if self.people.find(&user).is_some() {
            self.people.keep(user, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::DisplayName;
    use domain::port::users::ProfileChange;

    use super::*;
    use crate::Caller;
    use crate::testing::{CountedUsers, World};

    /// Users whose names are looked up, with a count of the queries.
    struct Asked {
        world: World,
        users: Arc<CountedUsers>,
        names: Names,
        ana: Caller,
    }

    impl Asked {
        async fn new() -> Self {
            let mut world = World::new();
            let ana = world.user("ana").await;
            let users = CountedUsers::over(&world.ports.users);
            world.ports.users = Arc::<CountedUsers>::clone(&users);
            let names = Names::new(&world.ports);
            Self {
                world,
                users,
                names,
                ana,
            }
        }

        /// Ana's name, and how many queries it took.
        async fn called(&self) -> (String, usize) {
            let people = self.names.of(&BTreeSet::from([self.ana.user])).await;
            let name = people.unwrap()[&self.ana.user].display_name.clone();
            (name.as_str().to_owned(), self.users.asked())
        }

        async fn rename(&self, name: &str) {
            let change = ProfileChange {
                display_name: Some(DisplayName::parse(name).unwrap()),
                ..ProfileChange::default()
            };
            let users = &self.world.ports.users;
            users.change_profile(self.ana.user, &change).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_name_is_believed_for_a_moment() {
        let asked = Asked::new().await;
        assert_eq!(asked.called().await, ("ana".to_owned(), 1));
        asked.rename("Ana María").await;
        asked
            .world
            .pass(MAX_AGE.saturating_sub(Duration::from_millis(1)));
        assert_eq!(asked.called().await, ("ana".to_owned(), 0));
        asked.world.pass(Duration::from_millis(1));
        assert_eq!(asked.called().await, ("Ana María".to_owned(), 1));
    }

    #[tokio::test]
    async fn who_is_forgotten_is_asked_for_again() {
        let asked = Asked::new().await;
        asked.called().await;
        asked.rename("Ana María").await;
        asked.names.forget(asked.ana.user);
        assert_eq!(asked.called().await, ("Ana María".to_owned(), 1));
        assert_eq!(asked.called().await, ("Ana María".to_owned(), 0));
    }

    #[tokio::test]
    async fn who_went_away_is_asked_for_again() {
        let asked = Asked::new().await;
        for (online, questions) in [(true, 0), (false, 1)] {
            asked.called().await;
            let notice = Notice::Presence {
                user: asked.ana.user,
                last_seen: None,
                online,
                rooms: Vec::new(),
            };
            asked.names.hear(&Heard::Notice(Arc::new(notice)));
            assert_eq!(asked.called().await.1, questions);
        }
    }

    #[tokio::test]
    async fn all_who_are_missing_are_asked_for_together() {
        let asked = Asked::new().await;
        asked.called().await;
        let mut ids = BTreeSet::from([asked.ana.user]);
        for number in 0..20 {
            let one = asked.world.user_of_crowd(&format!("one{number}")).await;
            ids.insert(one.user);
        }
        let people = asked.names.of(&ids).await.unwrap();
        assert_eq!(people.keys().copied().collect::<BTreeSet<_>>(), ids);
        assert_eq!(asked.users.asked(), 1);
        asked.names.of(&ids).await.unwrap();
        assert_eq!(asked.users.asked(), 0);
    }

    #[test]
    fn what_was_asked_for_before_somebody_was_forgotten_is_not_kept() {
        let mut memory = Memory {
            people: Recent::of(2),
            forgotten: 0,
        };
        let user = UserId::from_uuid(uuid::Uuid::nil());
        let asked = memory.forgotten;
        memory.forget(user);
        let found = Arc::new(User {
            id: user,
            username: domain::Username::parse("ana").unwrap(),
            display_name: DisplayName::parse("ana").unwrap(),
            email: None,
            bio: None,
            avatar: None,
            created_at: Timestamp::from_millis(0),
            last_seen_at: None,
            erased_at: None,
        });
        memory.keep(
            std::slice::from_ref(&found),
            asked,
            Timestamp::from_millis(9),
        );
        assert!(memory.people.find(&user).is_none());
        memory.keep(&[found], memory.forgotten, Timestamp::from_millis(9));
        assert!(memory.people.find(&user).is_some());
    }
}
