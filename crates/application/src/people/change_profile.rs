//! Changing one's own profile.

use std::sync::Arc;

use domain::port::users::{ProfileChange, ProfileChanged};
use domain::port::{MediaStore, Profiles, Users};
use domain::{
    Bio, DisplayName, Edit, Media, MediaId, MediaStatus, ProfileDocument, Refusal, UserId, Username,
};

use crate::messages::Standings;
use crate::present::{Names, People};
use crate::{Caller, Error, Person, Ports};

/// New values for some of the caller's properties; `None` and [`Edit::Keep`] leave one as it is.
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    /// Another username to sign in and be mentioned with.
    pub username: Option<Username>,
    /// Another display name.
    pub display_name: Option<DisplayName>,
    /// Another bio, or none.
    pub bio: Edit<Bio>,
    /// Another avatar, or none.
    pub avatar: Edit<MediaId>,
    /// A document that replaces the previous one.
    pub document: Option<ProfileDocument>,
}

/// Changes the caller's profile.
pub struct ChangeProfile {
    users: Arc<dyn Users>,
    profiles: Arc<dyn Profiles>,
    media: Arc<dyn MediaStore>,
    standings: Arc<Standings>,
    names: Arc<Names>,
    people: People,
}

impl ChangeProfile {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>, names: &Arc<Names>) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            profiles: Arc::clone(&ports.profiles),
            media: Arc::clone(&ports.media),
            standings: Arc::clone(standings),
            names: Arc::clone(names),
            people: People::new(ports),
        }
    }

    /// Applies the changes, and returns the caller's profile as it is then.
    ///
    /// The document is in another store than the rest and is stored last: steps that can be refused
    /// come before one that can only fail. That store is checked before anything is changed, so
    /// that nothing is changed while it is unavailable. Should it fail in between, repeating the
    /// call completes the change.
    #[tracing::instrument(skip_all, name = "change_profile")]
    pub async fn run(&self, caller: &Caller, new: NewProfile) -> Result<Person, Error> {
        if let Edit::Set(avatar) = new.avatar {
            self.check_avatar(caller.user, avatar).await?;
        }
        if new.document.is_some() {
            self.profiles.prepare(caller.user).await?;
        }
        let change = ProfileChange {
            username: new.username,
            display_name: new.display_name,
            bio: new.bio,
            avatar: new.avatar,
        };
        let user = match self.users.change_profile(caller.user, &change).await? {
            ProfileChanged::Changed(user) => user,
            ProfileChanged::UsernameTaken => return Err(Refusal::UsernameTaken.into()),
            ProfileChanged::Unknown => return Err(Refusal::SessionRevoked.into()),
        };
        self.standings.forget_user(caller.user);
        self.names.forget(caller.user);
        if let Some(document) = &new.document {
            self.profiles.put(caller.user, document).await?;
        }
        Ok(self.people.show_one(caller.user, user).await?)
    }

    async fn check_avatar(&self, owner: UserId, avatar: MediaId) -> Result<(), Error> {
        let found = self.media.find(&[avatar]).await?.pop();
        match found {
            Some(media) if shows(&media, owner) => Ok(()),
            // Another user's upload is reported like one that does not exist.
            Some(_) | None => {
                let message = "must be a picture that you uploaded for no room";
                Err(Refusal::invalid("avatarMediaId", "unknown", message).into())
            }
        }
    }
}

/// Whether an upload can be its owner's avatar. Files of a room are for its members only, and an
/// avatar is public.
fn shows(media: &Media, owner: UserId) -> bool {
    media.owner == owner
        && media.room.is_none()
        && media.status != MediaStatus::Rejected
        && media.content_type.starts_with("image/")
}

#[cfg(test)]
mod tests {
    use domain::port::IdsExt as _;
    use domain::port::media::FileDigest;
    use domain::{FileName, RoomId};

    use super::*;
    use crate::steady::SteadyProfiles;
    use crate::testing::{ProfilesAway, World, at_once, invalid_fields, refusal};

    fn change_profile(world: &World) -> ChangeProfile {
        let standings = Arc::new(Standings::new(&world.ports));
        let names = Arc::new(Names::new(&world.ports));
        ChangeProfile::new(&world.ports, &standings, &names)
    }

    fn username(name: &str) -> NewProfile {
        NewProfile {
            username: Some(Username::parse(name).unwrap()),
            ..NewProfile::default()
        }
    }

    async fn upload(world: &World, owner: &Caller, change: impl FnOnce(&mut Media)) -> MediaId {
        let mut media = Media {
            id: world.ports.ids.next(),
            room: None,
            owner: owner.user,
            file_name: FileName::parse("me.png").unwrap(),
            content_type: "image/png".to_owned(),
            size: 1,
            dimensions: None,
            thumbnail: false,
            status: MediaStatus::Processing,
            created_at: world.now(),
        };
        change(&mut media);
        world
            .ports
            .media
            .create(&media, FileDigest([0; 32]), &[])
            .await
            .unwrap();
        media.id
    }

    #[tokio::test]
    async fn what_is_given_changes_and_nothing_else() {
        let world = World::new();
        let ana = world.user("ana").await;
        let change = change_profile(&world);
        let before = change.run(&ana, NewProfile::default()).await.unwrap();
        assert_eq!(before.user.username.as_str(), "ana");
        assert_eq!(before.profile, None);

        let avatar = upload(&world, &ana, |_| ()).await;
        let document = ProfileDocument::parse(r#"{"likes":"tea"}"#).unwrap();
        let new = NewProfile {
            username: Some(Username::parse("Ana.M").unwrap()),
            display_name: Some(DisplayName::parse("Ana María").unwrap()),
            bio: Edit::Set(Bio::parse("Gardener").unwrap()),
            avatar: Edit::Set(avatar),
            document: Some(document.clone()),
        };
        let all = change.run(&ana, new).await.unwrap();
        assert_eq!(all.user.username.as_str(), "Ana.M");
        assert_eq!(all.user.display_name.as_str(), "Ana María");
        assert_eq!(all.user.bio.as_ref().unwrap().as_str(), "Gardener");
        assert_eq!(all.user.avatar, Some(avatar));
        assert_eq!(all.profile, Some(document));
        assert!(all.user.email.is_some());

        let none = NewProfile {
            bio: Edit::Clear,
            avatar: Edit::Clear,
            ..NewProfile::default()
        };
        let mut expected = all.clone();
        expected.user.bio = None;
        expected.user.avatar = None;
        assert_eq!(change.run(&ana, none).await.unwrap(), expected);
    }

    #[tokio::test]
    async fn a_document_replaces_the_one_before() {
        let world = World::new();
        let ana = world.user("ana").await;
        let change = change_profile(&world);
        for text in [r#"{"likes":"tea"}"#, r#"{"speaks":["es"]}"#, "{}"] {
            let document = ProfileDocument::parse(text).unwrap();
            let new = NewProfile {
                document: Some(document.clone()),
                ..NewProfile::default()
            };
            let person = change.run(&ana, new).await.unwrap();
            assert_eq!(person.profile, Some(document));
        }
    }

    #[tokio::test]
    async fn a_taken_username_changes_nothing() {
        let world = World::new();
        let ana = world.user("ana").await;
        world.user("ben").await;
        let change = change_profile(&world);
        let new = NewProfile {
            bio: Edit::Set(Bio::parse("Gardener").unwrap()),
            document: Some(ProfileDocument::parse("{}").unwrap()),
            ..username("BEN")
        };
        let answer = change.run(&ana, new).await;
        assert_eq!(refusal(answer), Refusal::UsernameTaken);
        let after = change.run(&ana, NewProfile::default()).await.unwrap();
        assert_eq!((after.user.bio, after.profile), (None, None));

        let own = change.run(&ana, username("ANA")).await.unwrap();
        assert_eq!(own.user.username.as_str(), "ANA");
    }

    #[tokio::test]
    async fn while_documents_cannot_be_kept_nothing_changes_beside_one() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let clock = Arc::clone(&world.ports.clock);
        // While the store is unavailable, users are shown as if they had no documents.
        let steady = SteadyProfiles::new(Arc::new(ProfilesAway), clock);
        world.ports.profiles = Arc::new(steady);
        let change = change_profile(&world);
        let bio = Edit::Set(Bio::parse("Gardener").unwrap());
        let new = NewProfile {
            document: Some(ProfileDocument::parse("{}").unwrap()),
            bio,
            ..username("other")
        };
        let answer = change.run(&ana, new.clone()).await;
        assert!(matches!(answer, Err(Error::Failed(_))));
        let person = change.run(&ana, NewProfile::default()).await.unwrap();
        assert_eq!(person.user.username.as_str(), "ana");
        assert_eq!(person.user.bio, None);
        let without = NewProfile {
            document: None,
            ..new
        };
        let person = change.run(&ana, without).await.unwrap();
        assert_eq!(person.user.username.as_str(), "other");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_many_who_want_one_name_one_gets_it() {
        let world = World::new();
        let change = Arc::new(change_profile(&world));
        let mut people = Vec::new();
        for number in 0..16 {
            people.push(world.user_of_crowd(&format!("one{number}")).await);
        }
        let people = std::sync::Mutex::new(people);
        let take = async |change: Arc<ChangeProfile>, caller: Caller| {
            change.run(&caller, username("the.one")).await
        };
        let answers = at_once(16, || {
            let caller = people.lock().unwrap().pop().unwrap();
            take(Arc::clone(&change), caller)
        })
        .await;
        let (got, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(got.len(), 1);
        for answer in refused {
            assert_eq!(refusal(answer), Refusal::UsernameTaken);
        }
    }

    #[tokio::test]
    async fn a_picture_is_ones_own_for_everybody() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let room: RoomId = world.room(&ana).await.id;
        let change = change_profile(&world);
        let in_room = |media: &mut Media| media.room = Some(room);
        let rejected = |media: &mut Media| media.status = MediaStatus::Rejected;
        let film = |media: &mut Media| "video/mp4".clone_into(&mut media.content_type);
        let unfit = [
            world.ports.ids.next(),
            upload(&world, &ben, |_| ()).await,
            upload(&world, &ana, in_room).await,
            upload(&world, &ana, rejected).await,
            upload(&world, &ana, film).await,
        ];
        for avatar in unfit {
            let new = NewProfile {
                avatar: Edit::Set(avatar),
                ..username("other")
            };
            let answer = change.run(&ana, new).await;
            assert_eq!(invalid_fields(answer), ["avatarMediaId"]);
        }
        let after = change.run(&ana, NewProfile::default()).await.unwrap();
        assert_eq!(after.user.username.as_str(), "ana");
        assert_eq!(after.user.avatar, None);
    }

    #[tokio::test]
    async fn who_was_erased_says_nothing_more() {
        let world = World::new();
        let ana = world.user("ana").await;
        let users = &world.ports.users;
        users.erase(ana.user, world.now()).await.unwrap();
        let new = NewProfile {
            document: Some(ProfileDocument::parse("{}").unwrap()),
            ..NewProfile::default()
        };
        let answer = change_profile(&world).run(&ana, new).await;
        assert_eq!(refusal(answer), Refusal::SessionRevoked);
        let kept = world.ports.profiles.find(&[ana.user]).await.unwrap();
        assert_eq!(kept, []);
    }
}
