//! The port's methods.

use async_trait::async_trait;
use domain::port::Users;
use domain::port::users::{Account, Login, NewUser, ProfileChange, ProfileChanged, Registered};
use domain::{Failure, PasswordHash, Timestamp, User, UserId};

use super::{change, erase, register, seen};
use crate::PostgresStore;
use crate::columns::{Key, keys};
use crate::failure::{Broken, Call, Spot};
use crate::prelude::*;
use crate::rows::{UserRow, in_order};
use crate::schema::users;

const fn call(action: &'static str) -> Call {
    Call {
        port: "users",
        action,
    }
}

#[async_trait]
impl Users for PostgresStore {
    async fn register(&self, user: &NewUser) -> Result<Registered, Failure> {
        self.transact(call("register"), async |db| {
            register::register(db, user).await
        })
        .await
    }

    async fn find(&self, ids: &[UserId]) -> Result<Vec<User>, Failure> {
        self.read(call("find"), async |db| find(db, ids).await)
            .await
    }

    async fn account(&self, login: &Login) -> Result<Option<Account>, Failure> {
        self.read(call("find an account"), async |db| account(db, login).await)
            .await
    }

    async fn change_profile(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileChanged, Failure> {
        self.transact(call("change a profile"), async |db| {
            change::profile(db, id, change).await
        })
        .await
    }

    async fn change_password(
        &self,
        id: UserId,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure> {
        self.change(call("change a password"), async |db| {
            change::password(db, id, known, new).await
        })
        .await
    }

    async fn erase(&self, id: UserId, at: Timestamp) -> Result<bool, Failure> {
        self.transact(call("erase"), async |db| erase::erase(db, id, at).await)
            .await
    }

    async fn seen(&self, sightings: &[(UserId, Timestamp)]) -> Result<(), Failure> {
        self.change(call("mark users as seen"), async |db| {
            seen::seen(db, sightings).await
        })
        .await
    }
}

async fn find(db: &mut AsyncPgConnection, ids: &[UserId]) -> Result<Vec<User>, Broken> {
    let rows: Vec<UserRow> = users::table
        .filter(users::id.eq_any(keys(ids)))
        .select(UserRow::as_select())
        .load(db)
        .await?;
    let people = rows
        .into_iter()
        .map(UserRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(in_order(ids, people, |user| user.id))
}

async fn account(db: &mut AsyncPgConnection, login: &Login) -> Result<Option<Account>, Broken> {
    let living = users::table
        .filter(users::erased_at.is_null())
        .select((UserRow::as_select(), users::password));
    let row: Option<(UserRow, Option<String>)> = match login {
        Login::Email(email) => {
            let by_email = living.filter(users::email.eq(email.as_str()));
            by_email.first(db).await
        }
        Login::Username(name) => {
            let by_name = living.filter(users::username_key.eq(name.key()));
            by_name.first(db).await
        }
        Login::Id(id) => living.filter(users::id.eq(Key(*id))).first(db).await,
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
