//! What somebody says about themselves.

use std::sync::Arc;

use domain::port::users::{ProfileChange, ProfileChanged};
use domain::port::{MediaStore, Profiles, Users};
use domain::{
    Bio, DisplayName, Media, MediaId, MediaStatus, ProfileDocument, Refusal, UserId, Username,
};

use crate::messages::Standings;
use crate::present::People;
use crate::{Caller, Error, Person, Ports};

/// New values for some of the caller's properties; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    /// Another name to sign in and be mentioned with.
    pub username: Option<Username>,
    /// Another name to be read.
    pub display_name: Option<DisplayName>,
    /// Another text about them, or none.
    pub bio: Option<Option<Bio>>,
    /// Another picture, or none.
    pub avatar: Option<Option<MediaId>>,
    /// Another document instead of the one before.
    pub document: Option<ProfileDocument>,
}

/// Changes what the caller says about themselves.
pub struct ChangeProfile {
    users: Arc<dyn Users>,
    profiles: Arc<dyn Profiles>,
    media: Arc<dyn MediaStore>,
    standings: Arc<Standings>,
    people: People,
}

impl ChangeProfile {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            profiles: Arc::clone(&ports.profiles),
            media: Arc::clone(&ports.media),
            standings: Arc::clone(standings),
            people: People::new(ports),
        }
    }

    /// Changes what is given, and shows the caller as they are then.
    ///
    /// The document lies in another store than the rest and is kept last: what can be refused comes
    /// before what can only break, and doing all of it again mends that.
    pub async fn run(&self, caller: &Caller, new: NewProfile) -> Result<Person, Error> {
        if let Some(Some(avatar)) = new.avatar {
            self.check_avatar(caller.user, avatar).await?;
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
        if let Some(document) = &new.document {
            self.profiles.put(caller.user, document).await?;
        }
        Ok(self.people.show_one(caller, user).await?)
    }

    async fn check_avatar(&self, owner: UserId, avatar: MediaId) -> Result<(), Error> {
        let found = self.media.find(&[avatar]).await?.pop();
        match found {
            Some(media) if shows(&media, owner) => Ok(()),
            // Another's upload is as unknown as none at all.
            Some(_) | None => {
                let message = "must be a picture that you uploaded for no room";
                Err(Refusal::invalid("avatarMediaId", "unknown", message).into())
            }
        }
    }
}

/// Whether an upload can be its owner's picture. What hangs in a room is for its members only, and a
/// picture is for everybody.
fn shows(media: &Media, owner: UserId) -> bool {
    media.owner == owner
        && media.room.is_none()
        && media.status != MediaStatus::Rejected
        && media.content_type.starts_with("image/")
}
