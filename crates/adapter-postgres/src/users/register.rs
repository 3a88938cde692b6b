//! Creating an account.

use diesel::dsl::exists;
use domain::port::users::{NewUser, Registered};

use super::names;
use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;
use crate::schema::users;

/// Inserts first and asks only afterwards why that failed: of two concurrent attempts, the second waits
/// until the outcome of the first is known.
pub(super) async fn register(
    db: &mut AsyncPgConnection,
    new: &NewUser,
) -> Result<Registered, Broken> {
    let stored = diesel::insert_into(users::table)
        .values((
            users::id.eq(Key(new.id)),
            users::username.eq(new.username.as_str()),
            users::username_key.eq(new.username.key()),
            users::display_name.eq(new.display_name.as_str()),
            users::email.eq(new.email.as_str()),
            users::password.eq(new.password.reveal()),
            users::created_at.eq(Moment(new.at)),
        ))
        .on_conflict_do_nothing()
        .execute(db)
        .await?;
    if stored == 0 {
        return refusal(db, new).await;
    }
    names::index(db, new.id, &new.username, &new.display_name).await?;
    Ok(Registered::Created(new.user()))
}

async fn refusal(db: &mut AsyncPgConnection, new: &NewUser) -> Result<Registered, Broken> {
    let by_email = users::table.filter(users::email.eq(new.email.as_str()));
    if diesel::select(exists(by_email)).get_result(db).await? {
        return Ok(Registered::EmailTaken);
    }
    if names::taken(db, &new.username, new.id).await? {
        return Ok(Registered::UsernameTaken);
    }
    // The account that had one of the names has given it up since.
    Err(Broken::Overtaken)
}
