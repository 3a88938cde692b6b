//! Names: checking whether one is taken, and finding users by theirs.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use domain::{DisplayName, UserId, Username};

use crate::columns::Key;
use crate::failure::Broken;
use crate::prelude::*;
use crate::schema::{name_starts, users};

/// The unique constraint on usernames.
pub(super) const USERNAME_KEY: &str = "users_username_key";

/// Whether another user has the username, ignoring case.
pub(super) async fn taken(
    db: &mut AsyncPgConnection,
    name: &Username,
    except: UserId,
) -> QueryResult<bool> {
    let holders = users::table
        .filter(users::username_key.eq(name.key()))
        .filter(users::id.ne(Key(except)));
    diesel::select(exists(holders)).get_result(db).await
}

/// Replaces a user's names in the index.
pub(super) async fn index(
    db: &mut AsyncPgConnection,
    user: UserId,
    username: &Username,
    display_name: &DisplayName,
) -> Result<(), Broken> {
    forget(db, user).await?;
    let (username, display_name) = (username.key(), display_name.key());
    let mut all = starts(&username);
    all.extend(starts(&display_name));
    let rows: Vec<_> = all
        .into_iter()
        .map(|start| {
            (
                name_starts::start.eq(start),
                name_starts::user_id.eq(Key(user)),
            )
        })
        .collect();
    diesel::insert_into(name_starts::table)
        .values(rows)
        .execute(db)
        .await?;
    Ok(())
}

/// Removes a user's names from the index.
pub(super) async fn forget(db: &mut AsyncPgConnection, user: UserId) -> QueryResult<()> {
    diesel::delete(name_starts::table.filter(name_starts::user_id.eq(Key(user))))
        .execute(db)
        .await
        .map(drop)
}

/// The suffixes of a name that start at each of its words.
fn starts(name: &str) -> BTreeSet<&str> {
    let mut before = None;
    let mut starts = BTreeSet::new();
    for (at, letter) in name.char_indices() {
        let begins = match before {
            None => true,
            Some(last) => letter.is_alphanumeric() && !char::is_alphanumeric(last),
        };
        if begins {
            starts.extend(name.get(at..));
        }
        before = Some(letter);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_starts_at_each_of_its_words() {
        let found: Vec<_> = starts("ana-maría o'neill").into_iter().collect();
        assert_eq!(
            found,
            ["ana-maría o'neill", "maría o'neill", "neill", "o'neill"]
        );
    }
}
