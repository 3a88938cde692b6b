//! Users as one reader may see them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::port::{Clock, Members, Presence, Profiles, Users};
use domain::{Failure, ProfileDocument, User, UserId};

use crate::{Person, Ports};

/// How many users are read per query. A list may name more than a database accepts in one query.
const STRETCH: usize = 500;

/// Shows users to a reader.
#[derive(Clone)]
pub(crate) struct People {
    users: Arc<dyn Users>,
    members: Arc<dyn Members>,
    presence: Arc<dyn Presence>,
    profiles: Arc<dyn Profiles>,
    clock: Arc<dyn Clock>,
}

impl People {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            members: Arc::clone(&ports.members),
            presence: Arc::clone(&ports.presence),
            profiles: Arc::clone(&ports.profiles),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Users with their presence, for lists. A user who shares no room with the reader appears
    /// offline.
    pub(crate) async fn show(
        &self,
        reader: UserId,
        users: Vec<User>,
    ) -> Result<Vec<Person>, Failure> {
        let known = self.known_to(reader, &users).await?;
        let online = self.online(&known).await;
        Ok(users
            .into_iter()
            .map(|user| person(reader, user, &known, &online))
            .collect())
    }

    /// Users with their presence and profiles.
    pub(crate) async fn show_whole(
        &self,
        reader: UserId,
        users: Vec<User>,
    ) -> Result<Vec<Person>, Failure> {
        let known = self.known_to(reader, &users).await?;
        let online = self.online(&known).await;
        let mut profiles = self.profiles(&known).await;
        Ok(users
            .into_iter()
            .map(|user| Person {
                profile: profiles.remove(&user.id),
                ..person(reader, user, &known, &online)
            })
            .collect())
    }

    /// One user with their presence and profile.
    pub(crate) async fn show_one(&self, reader: UserId, user: User) -> Result<Person, Failure> {
        let mut people = self.show_whole(reader, vec![user]).await?;
        people
            .pop()
            .ok_or_else(|| Failure::lasting("users", "show one", "one user makes one person"))
    }

    /// The users with these ids, with their presence, in that order.
    pub(crate) async fn find(
        &self,
        reader: UserId,
        ids: &[UserId],
    ) -> Result<Vec<Person>, Failure> {
        let users = self.users.find(ids).await?;
        self.show(reader, users).await
    }

    /// The users with these ids, with their presence. The ids may be many and contain duplicates.
    pub(crate) async fn by_id(
        &self,
        reader: UserId,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, Person>, Failure> {
        let ids = each_once(ids);
        let mut people = HashMap::with_capacity(ids.len());
        for stretch in ids.chunks(STRETCH) {
            let found = self.find(reader, stretch).await?;
            people.extend(found.into_iter().map(|person| (person.user.id, person)));
        }
        Ok(people)
    }

    async fn known_to(&self, reader: UserId, users: &[User]) -> Result<HashSet<UserId>, Failure> {
        let others: Vec<UserId> = users
            .iter()
            .map(|user| user.id)
            .filter(|id| *id != reader)
            .collect();
        let mut known: HashSet<UserId> = HashSet::from([reader]);
        if !others.is_empty() {
            known.extend(self.members.companions(reader, &others).await?);
        }
        Ok(known)
    }

    /// Which of these users are online. If presence is unavailable they all count as offline, and
    /// nothing else is hidden.
    async fn online(&self, known: &HashSet<UserId>) -> HashSet<UserId> {
        let ids: Vec<UserId> = known.iter().copied().collect();
        match self.presence.online(&ids, self.clock.now()).await {
            Ok(online) => online.into_iter().collect(),
            Err(failure) => {
                tracing::warn!(
                    error = %failure.chain(),
                    "presence failed; users appear offline"
                );
                HashSet::new()
            }
        }
    }

    /// The profiles of these users. Profiles that cannot be read are left out rather than hiding
    /// the users.
    async fn profiles(&self, known: &HashSet<UserId>) -> HashMap<UserId, ProfileDocument> {
        let mut profiles = HashMap::with_capacity(known.len());
        let ids: Vec<UserId> = known.iter().copied().collect();
        for stretch in ids.chunks(STRETCH) {
            match self.profiles.find(stretch).await {
                Ok(found) => profiles.extend(found),
                Err(failure) => tracing::warn!(
                    error = %failure.chain(),
                    "could not read profiles; showing users without them"
                ),
            }
        }
        profiles
    }
}

/// The users with these ids, by id.
pub(super) async fn names(
    users: &dyn Users,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, User>, Failure> {
    let wanted = each_once(ids);
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let found = users.find(&wanted).await?;
    Ok(found.into_iter().map(|user| (user.id, user)).collect())
}

fn each_once(ids: impl IntoIterator<Item = UserId>) -> Vec<UserId> {
    let mut ids: Vec<UserId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn person(
    reader: UserId,
    mut user: User,
    known: &HashSet<UserId>,
    online: &HashSet<UserId>,
) -> Person {
    let online = known.contains(&user.id) && online.contains(&user.id);
    if user.id != reader {
        user.email = None;
    }
    if !known.contains(&user.id) {
        user.last_seen_at = None;
    }
    Person {
        user,
        online,
        profile: None,
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use domain::port::presence::{Arrived, Departure, Lease, Subject};
    use domain::{ConnectionId, Timestamp};

    use super::*;
    use crate::testing::{ProfilesAway, World};

    fn away() -> Failure {
        Failure::passing("presence", "answer", "connection refused")
    }

    /// A presence store that is unavailable.
    struct Away;

    #[async_trait]
    impl Presence for Away {
        async fn connect(&self, _: &Lease, _: Timestamp, _: Timestamp) -> Result<Arrived, Failure> {
            Err(away())
        }

        async fn renew(&self, _: &[Lease]) -> Result<(), Failure> {
            Err(away())
        }

        async fn release(
            &self,
            _: Subject,
            _: ConnectionId,
            _: Timestamp,
            _: Timestamp,
        ) -> Result<Departure, Failure> {
            Err(away())
        }

        async fn sweep(&self, _: Timestamp) -> Result<Vec<Subject>, Failure> {
            Err(away())
        }

        async fn here(&self, _: &[Subject], _: Timestamp) -> Result<Vec<Subject>, Failure> {
            Err(away())
        }
    }

    #[tokio::test]
    async fn a_person_is_shown_while_what_belongs_beside_them_is_away() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        world.connect(&ana).await;
        world.ports.presence = Arc::new(Away);
        world.ports.profiles = Arc::new(ProfilesAway);
        let user = world.ports.users.find(&[ana.user]).await.unwrap().remove(0);
        let people = People::new(&world.ports);
        let person = people.show_one(ana.user, user.clone()).await.unwrap();
        assert_eq!(person.user, user);
        assert_eq!((person.online, person.profile), (false, None));
    }

    #[tokio::test]
    async fn lists_go_without_profiles() {
        let world = World::new();
        let ana = world.user("ana").await;
        let document = ProfileDocument::parse("{}").unwrap();
        let kept = world.ports.profiles.put(ana.user, &document);
        kept.await.unwrap();
        let people = People::new(&world.ports);
        let listed = people.find(ana.user, &[ana.user]).await.unwrap().remove(0);
        assert_eq!(listed.profile, None);
        let whole = people.show_one(ana.user, listed.user).await.unwrap();
        assert_eq!(whole.profile, Some(document));
    }
}
