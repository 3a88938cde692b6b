//! Users as rows.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::{Bio, DisplayName, Email, MediaId, Timestamp, User, UserId, Username};

use crate::columns::Key;
use crate::failure::{Broken, Spot};
use crate::schema::users;

/// A user, without the password hash.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(Sqlite))]
pub(crate) struct UserRow {
    pub(crate) id: Key<UserId>,
    username: String,
    display_name: String,
    email: Option<String>,
    bio: Option<String>,
    avatar: Option<Key<MediaId>>,
    created_at: i64,
    last_seen_at: Option<i64>,
    erased_at: Option<i64>,
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
            created_at: Timestamp::from_millis(self.created_at),
            last_seen_at: self.last_seen_at.map(Timestamp::from_millis),
            erased_at: self.erased_at.map(Timestamp::from_millis),
        })
    }
}
