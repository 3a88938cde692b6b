//! Users as rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use domain::{Bio, DisplayName, Email, MediaId, User, UserId, Username};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::users;

/// A user, without the password hash.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = users, check_for_backend(Pg))]
pub(crate) struct UserRow {
    pub(crate) id: Key<UserId>,
    username: String,
    display_name: String,
    email: Option<String>,
    bio: Option<String>,
    avatar: Option<Key<MediaId>>,
    created_at: Moment,
    last_seen_at: Option<Moment>,
    erased_at: Option<Moment>,
}

impl UserRow {
    pub(crate) fn read(self) -> Result<User, Broken> {
        let id = self.id.0;
        let spot = Spot::new("users", &id);
        Ok(User {
            id,
            username: spot.parsed("username", Username::parse(&self.username))?,
            display_name: spot.parsed("display_name", DisplayName::parse(&self.display_name))?,
            email: spot.parsed("email", self.email.map(Email::parse).transpose())?,
            bio: spot.parsed("bio", self.bio.map(Bio::parse).transpose())?,
            avatar: self.avatar.map(|key| key.0),
            created_at: self.created_at.0,
            last_seen_at: self.last_seen_at.map(|moment| moment.0),
            erased_at: self.erased_at.map(|moment| moment.0),
        })
    }
}
