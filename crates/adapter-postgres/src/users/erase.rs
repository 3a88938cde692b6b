//! Erasing an account.

use domain::{MediaId, Timestamp, UserId};

use super::names;
use crate::columns::{Key, Moment};
use crate::failure::Broken;
use crate::prelude::*;
use crate::schema::users;

/// The display name of every erased account.
const DISPLAY_NAME: &str = "deleted user";

pub(super) async fn erase(
    db: &mut AsyncPgConnection,
    id: UserId,
    at: Timestamp,
) -> Result<bool, Broken> {
    let erased = diesel::update(users::table.find(Key(id)))
        .filter(users::erased_at.is_null())
        .set((
            users::username.eq(nameless(id)),
            users::username_key.eq(None::<String>),
            users::display_name.eq(DISPLAY_NAME),
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

/// A username of 32 characters. The last 24 of the id's 32 digits fit, which include its random part.
fn nameless(id: UserId) -> String {
    let digits = id.as_uuid().simple().to_string();
    let tail: String = digits.chars().skip(8).collect();
    format!("deleted-{tail}")
}

#[cfg(test)]
mod tests {
    use domain::Username;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_nameless_name_is_a_username() {
        let id = UserId::from_uuid(Uuid::from_u128(u128::MAX));
        assert!(Username::parse(nameless(id)).is_ok());
    }
}
