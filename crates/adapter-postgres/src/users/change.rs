//! Changing an account.

use domain::port::users::{ProfileChange, ProfileChanged};
use domain::{Bio, PasswordHash, User, UserId};

use super::names;
use crate::columns::Key;
use crate::failure::{Broken, is_taken};
use crate::prelude::*;
use crate::rows::UserRow;
use crate::schema::users;

pub(super) async fn profile(
    db: &mut AsyncPgConnection,
    id: UserId,
    change: &ProfileChange,
) -> Result<ProfileChanged, Broken> {
    // The row is locked, so nothing else changes what is written back here.
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
    if let Some(name) = &change.username
        && names::taken(db, name, id).await?
    {
        return Ok(ProfileChanged::UsernameTaken);
    }
    let user = change.apply(row.read()?);
    write(db, &user).await?;
    if change.username.is_some() || change.display_name.is_some() {
        names::index(db, id, &user.username, &user.display_name).await?;
    }
    Ok(ProfileChanged::Changed(user))
}

async fn write(db: &mut AsyncPgConnection, user: &User) -> Result<(), Broken> {
    let written = diesel::update(users::table.find(Key(user.id)))
        .set((
            users::username.eq(user.username.as_str()),
            users::username_key.eq(user.username.key()),
            users::display_name.eq(user.display_name.as_str()),
            users::bio.eq(user.bio.as_ref().map(Bio::as_str)),
            users::avatar.eq(user.avatar.map(Key)),
        ))
        .execute(db)
        .await;
    match written {
        Ok(_row) => Ok(()),
        // The name was taken after the check. A retry will report that.
        Err(error) if is_taken(&error, names::USERNAME_KEY) => Err(Broken::Overtaken),
        Err(error) => Err(error.into()),
    }
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
