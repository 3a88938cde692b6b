//! Names: checking whether one is taken, and finding users by theirs.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::{DisplayName, UserId, Username};

use crate::columns::Key;
use crate::failure::Broken;
use crate::schema::{name_starts, users};

/// Whether another user has the username, ignoring case.
pub(super) fn taken(
    db: &mut SqliteConnection,
    name: &Username,
    except: Option<UserId>,
) -> Result<bool, Broken> {
    let holders = users::table.filter(users::username_key.eq(name.key()));
    let taken = match except {
        Some(id) => diesel::select(exists(holders.filter(users::id.ne(Key(id))))).get_result(db),
        None => diesel::select(exists(holders)).get_result(db),
    };
    Ok(taken?)
}

/// Replaces a user's names in the index.
pub(super) fn index(
    db: &mut SqliteConnection,
    user: UserId,
    username: &Username,
    display_name: &DisplayName,
) -> Result<(), Broken> {
    forget(db, user)?;
    let (username, display_name) = (username.key(), display_name.key());
    let mut all = starts(&username);
    all.extend(starts(&display_name));
    for start in all {
        diesel::insert_into(name_starts::table)
            .values((
                name_starts::start.eq(start),
                name_starts::user.eq(Key(user)),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Removes a user's names from the index.
pub(super) fn forget(db: &mut SqliteConnection, user: UserId) -> Result<(), Broken> {
    diesel::delete(name_starts::table.filter(name_starts::user.eq(Key(user)))).execute(db)?;
    Ok(())
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
