//! Erasing an account.

use domain::{DisplayName, MediaId, Timestamp, UserId, Username};

use super::names;
use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;
use crate::schema::users;

pub(super) async fn erase(
    db: &mut AsyncPgConnection,
    id: UserId,
    at: Timestamp,
) -> Result<bool, Broken> {
    let erased = diesel::update(users::table.find(Key(id)))
        .filter(users::erased_at.is_null())
        .set((
            users::username.eq(Username::of_erased(id).as_str()),
            users::username_key.eq(None::<String>),
            users::display_name.eq(DisplayName::of_erased().as_str()),
            users::email.eq(None::<String>),
            users::bio.eq(None::<String>),
            users::avatar.eq(None::<Key<MediaId>>),
            users::password.eq(None::<String>),
            users::erased_at.eq(Moment(at)),
        ))
        .execute(db)
        .await?;
    names::forget(db, id).await?;
    Ok(erased > 0)
}
