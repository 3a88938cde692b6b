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
    let living = users::table
        .filter(users::id.eq(Key(id)))
        .filter(users::erased_at.is_null())
        .select(UserRow::as_select());
    if living.first(db).optional()?.is_none() {
        return Ok(ProfileChanged::Unknown);
    }
    if let Some(name) = &change.username {
        if names::taken(db, name, Some(id))? {
            return Ok(ProfileChanged::UsernameTaken);
        }
        diesel::update(users::table.find(Key(id)))
            .set((
                users::username.eq(name.as_str()),
                users::username_key.eq(name.key()),
            ))
            .execute(db)?;
    }
    if let Some(name) = &change.display_name {
        diesel::update(users::table.find(Key(id)))
            .set(users::display_name.eq(name.as_str()))
            .execute(db)?;
    }
    if let Some(bio) = &change.bio {
        diesel::update(users::table.find(Key(id)))
            .set(users::bio.eq(bio.as_ref().map(Bio::as_str)))
            .execute(db)?;
    }
    if let Some(avatar) = change.avatar {
        diesel::update(users::table.find(Key(id)))
            .set(users::avatar.eq(avatar.map(Key)))
            .execute(db)?;
    }
    let user = living.first(db)?.read()?;
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
