//! The port's methods, each on its thread.

use async_trait::async_trait;
use diesel::prelude::*;
use domain::port::Users;
use domain::port::users::{Account, Login, NewUser, ProfileChange, ProfileChanged, Registered};
use domain::{Failure, PasswordHash, Timestamp, User, UserId};

use super::{change, erase, register};
use crate::SqliteStore;
use crate::columns::{Key, keys};
use crate::failure::{Broken, Spot};
use crate::rows::{UserRow, in_order};
use crate::schema::users;

const PORT: &str = "users";

#[async_trait]
impl Users for SqliteStore {
    async fn register(&self, user: &NewUser) -> Result<Registered, Failure> {
        let user = user.clone();
        self.write(PORT, "register", move |db| register::register(db, &user))
            .await
    }

    async fn find(&self, ids: &[UserId]) -> Result<Vec<User>, Failure> {
        let ids = ids.to_vec();
        self.read(PORT, "find", move |db| find(db, &ids)).await
    }

    async fn account(&self, login: &Login) -> Result<Option<Account>, Failure> {
        let login = login.clone();
        self.read(PORT, "find an account", move |db| account(db, &login))
            .await
    }

    async fn change_profile(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileChanged, Failure> {
        let change = change.clone();
        self.write(PORT, "change a profile", move |db| {
            change::profile(db, id, &change)
        })
        .await
    }

    async fn change_password(
        &self,
        id: UserId,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure> {
        let (known, new) = (known.clone(), new.clone());
        self.write(PORT, "change a password", move |db| {
            change::password(db, id, &known, &new)
        })
        .await
    }

    async fn erase(&self, id: UserId, at: Timestamp) -> Result<bool, Failure> {
        self.write(PORT, "erase", move |db| erase::erase(db, id, at))
            .await
    }

    async fn seen(&self, sightings: &[(UserId, Timestamp)]) -> Result<(), Failure> {
        let sightings = sightings.to_vec();
        self.write(PORT, "mark users as seen", move |db| {
            change::seen(db, &sightings)
        })
        .await
    }
}

fn find(db: &mut SqliteConnection, ids: &[UserId]) -> Result<Vec<User>, Broken> {
    let rows: Vec<UserRow> = users::table
        .filter(users::id.eq_any(keys(ids)))
        .select(UserRow::as_select())
        .load(db)?;
    let people = rows
        .into_iter()
        .map(UserRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(in_order(ids, people, |user| user.id))
}

fn account(db: &mut SqliteConnection, login: &Login) -> Result<Option<Account>, Broken> {
    let living = users::table
        .filter(users::erased_at.is_null())
        .select((UserRow::as_select(), users::password));
    let row: Option<(UserRow, Option<String>)> = match login {
        Login::Email(email) => living.filter(users::email.eq(email.as_str())).first(db),
        Login::Username(name) => living.filter(users::username_key.eq(name.key())).first(db),
        Login::Id(id) => living.filter(users::id.eq(Key(*id))).first(db),
    }
    .optional()?;
    let Some((row, password)) = row else {
        return Ok(None);
    };
    let user = row.read()?;
    let password = Spot::new("users", &user.id).known("password", password)?;
    Ok(Some(Account {
        user,
        password: PasswordHash::from_string(password),
    }))
}
