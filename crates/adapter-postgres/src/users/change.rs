//! Changing an account.

use domain::port::users::{ProfileChange, ProfileChanged};
use domain::{Bio, DisplayName, MediaId, PasswordHash, UserId, Username};

use super::names;
use crate::columns::Key;
use crate::failure::{Broken, is_taken};
use crate::prelude::*;
use crate::rows::UserRow;
use crate::schema::users;

/// The columns that change; a `None` leaves one as it is.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
struct Columns<'a> {
    username: Option<&'a str>,
    username_key: Option<String>,
    display_name: Option<&'a str>,
    bio: Option<Option<&'a str>>,
    avatar: Option<Option<Key<MediaId>>>,
}

impl<'a> Columns<'a> {
    fn of(change: &'a ProfileChange) -> Self {
        Self {
            username: change.username.as_ref().map(Username::as_str),
            username_key: change.username.as_ref().map(Username::key),
            display_name: change.display_name.as_ref().map(DisplayName::as_str),
            bio: change.bio.as_ref().map(|bio| bio.as_ref().map(Bio::as_str)),
            avatar: change.avatar.map(|avatar| avatar.map(Key)),
        }
    }

    const fn is_empty(&self) -> bool {
        self.username.is_none()
            && self.display_name.is_none()
            && self.bio.is_none()
            && self.avatar.is_none()
    }
}

pub(super) async fn profile(
    db: &mut AsyncPgConnection,
    id: UserId,
    change: &ProfileChange,
) -> Result<ProfileChanged, Broken> {
    let living: Option<UserRow> = users::table
        .filter(users::id.eq(Key(id)))
        .filter(users::erased_at.is_null())
        .select(UserRow::as_select())
        .for_no_key_update()
        .first(db)
        .await
        .optional()?;
    let Some(row) = living else {
        return Ok(ProfileChanged::Unknown);
    };
    let columns = Columns::of(change);
    if columns.is_empty() {
        return Ok(ProfileChanged::Changed(row.read()?));
    }
    if let Some(name) = &change.username
        && names::taken(db, name, id).await?
    {
        return Ok(ProfileChanged::UsernameTaken);
    }
    let row: UserRow = diesel::update(users::table.find(Key(id)))
        .set(columns)
        .returning(UserRow::as_returning())
        .get_result(db)
        .await
        .map_err(|error| {
            // Somebody took it since it was free. Another look will say so.
            if is_taken(&error, names::USERNAME_KEY) {
                Broken::Overtaken
            } else {
                error.into()
            }
        })?;
    let user = row.read()?;
    if change.username.is_some() || change.display_name.is_some() {
        names::index(db, id, &user.username, &user.display_name).await?;
    }
    Ok(ProfileChanged::Changed(user))
}

pub(super) async fn password(
    db: &mut AsyncPgConnection,
    id: UserId,
    known: &PasswordHash,
    new: &PasswordHash,
) -> Result<bool, Broken> {
    let changed = diesel::update(users::table.find(Key(id)))
        .filter(users::erased_at.is_null())
        .filter(users::password.eq(known.reveal()))
        .set(users::password.eq(new.reveal()))
        .execute(db)
        .await?;
    Ok(changed > 0)
}
