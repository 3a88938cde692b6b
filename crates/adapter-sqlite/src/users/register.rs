//! Creating an account.

use diesel::prelude::*;
use domain::port::users::{NewUser, Registered};

use super::names;
use crate::columns::Key;
use crate::failure::Broken;
use crate::schema::users;

pub(super) fn register(db: &mut SqliteConnection, new: &NewUser) -> Result<Registered, Broken> {
    let by_email = users::table.filter(users::email.eq(new.email.as_str()));
    if diesel::select(diesel::dsl::exists(by_email)).get_result(db)? {
        return Ok(Registered::EmailTaken);
    }
    if names::taken(db, &new.username, None)? {
        return Ok(Registered::UsernameTaken);
    }
    diesel::insert_into(users::table)
        .values((
            users::id.eq(Key(new.id)),
            users::username.eq(new.username.as_str()),
            users::username_key.eq(new.username.key()),
            users::display_name.eq(new.display_name.as_str()),
            users::email.eq(new.email.as_str()),
            users::password.eq(new.password.reveal()),
            users::created_at.eq(new.at.as_millis()),
        ))
        .execute(db)?;
    names::index(db, new.id, &new.username, &new.display_name)?;
    Ok(Registered::Created(new.user()))
}
