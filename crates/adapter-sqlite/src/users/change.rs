//! Changing an account.

use diesel::prelude::*;
use domain::port::users::{ProfileChange, ProfileChanged};
use domain::{Bio, PasswordHash, Timestamp, UserId};

use super::names;
use crate::columns::Key;
use crate::failure::Broken;
use crate::rows::UserRow;
use crate::schema::users;

pub(super) fn profile(
    db: &mut SqliteConnection,
    id: UserId,
    change: &ProfileChange,
) -> Result<ProfileChanged, Broken> {
    let living: Option<UserRow> = users::table
        .filter(users::id.eq(Key(id)))
        .filter(users::erased_at.is_null())
        .select(UserRow::as_select())
        .first(db)
        .optional()?;
    let Some(row) = living else {
        return Ok(ProfileChanged::Unknown);
    };
    if let Some(name) = &change.username
        && names::taken(db, name, Some(id))?
    {
        return Ok(ProfileChanged::UsernameTaken);
    }
    let user = change.apply(row.read()?);
    diesel::update(users::table.find(Key(id)))
        .set((
            users::username.eq(user.username.as_str()),
            users::username_key.eq(user.username.key()),
            users::display_name.eq(user.display_name.as_str()),
            users::bio.eq(user.bio.as_ref().map(Bio::as_str)),
            users::avatar.eq(user.avatar.map(Key)),
        ))
        .execute(db)?;
    if change.username.is_some() || change.display_name.is_some() {
        names::index(db, id, &user.username, &user.display_name)?;
    }
    Ok(ProfileChanged::Changed(user))
}

pub(super) fn password(
    db: &mut SqliteConnection,
    id: UserId,
    known: &PasswordHash,
    new: &PasswordHash,
) -> Result<bool, Broken> {
    let changed = diesel::update(users::table.find(Key(id)))
        .filter(users::erased_at.is_null())
        .filter(users::password.eq(known.reveal()))
        .set(users::password.eq(new.reveal()))
        .execute(db)?;
    Ok(changed > 0)
}

pub(super) fn seen(
    db: &mut SqliteConnection,
    sightings: &[(UserId, Timestamp)],
) -> Result<(), Broken> {
    for (id, at) in sightings {
        let at = at.as_millis();
        let earlier = users::last_seen_at.is_null().or(users::last_seen_at.lt(at));
        diesel::update(users::table.find(Key(*id)))
            .filter(earlier)
            .set(users::last_seen_at.eq(at))
            .execute(db)?;
    }
    Ok(())
}
