//! Accounts.

use async_trait::async_trait;
use domain::port::Users;
use domain::port::users::{Account, Login, NewUser, ProfileChange, ProfileChanged, Registered};
use domain::{DisplayName, Failure, PasswordHash, Timestamp, User, UserId, Username};

use crate::MemoryStore;
use crate::state::{State, UserRow};

#[async_trait]
impl Users for MemoryStore {
    async fn register(&self, user: &NewUser) -> Result<Registered, Failure> {
        self.state().register(user)
    }

    async fn find(&self, ids: &[UserId]) -> Result<Vec<User>, Failure> {
        let state = self.state();
        let found = ids.iter().filter_map(|id| state.users.get(id));
        Ok(found.map(|row| row.user.clone()).collect())
    }

    async fn account(&self, login: &Login) -> Result<Option<Account>, Failure> {
        Ok(self.state().account(login))
    }

    async fn change_profile(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileChanged, Failure> {
        Ok(self.state().change_profile(id, change))
    }

    async fn change_password(
        &self,
        id: UserId,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure> {
        let mut state = self.state();
        let row = state.users.get_mut(&id);
        let Some(row) = row.filter(|row| row.password.as_ref() == Some(known)) else {
            return Ok(false);
        };
        row.password = Some(new.clone());
        Ok(true)
    }

    async fn erase(&self, id: UserId, at: Timestamp) -> Result<bool, Failure> {
        Ok(self.state().erase(id, at))
    }

    async fn seen(&self, sightings: &[(UserId, Timestamp)]) -> Result<(), Failure> {
        let mut state = self.state();
        for (id, at) in sightings {
            if let Some(row) = state.users.get_mut(id) {
                row.user.last_seen_at = row.user.last_seen_at.max(Some(*at));
            }
        }
        Ok(())
    }
}

impl State {
    fn register(&mut self, new: &NewUser) -> Result<Registered, Failure> {
        if self.users.contains_key(&new.id) {
            return Err(Failure::lasting("users", "register", "the id is in use"));
        }
        if self.emails.contains_key(&new.email) {
            return Ok(Registered::EmailTaken);
        }
        if self.usernames.contains_key(&new.username.key()) {
            return Ok(Registered::UsernameTaken);
        }
        let user = new.user();
        let row = UserRow {
            user: user.clone(),
            password: Some(new.password.clone()),
        };
        self.emails.insert(new.email.clone(), new.id);
        self.usernames.insert(new.username.key(), new.id);
        self.users.insert(new.id, row);
        Ok(Registered::Created(user))
    }

    fn account(&self, login: &Login) -> Option<Account> {
        let id = match login {
            Login::Email(email) => self.emails.get(email)?,
            Login::Username(username) => self.usernames.get(&username.key())?,
            Login::Id(id) => id,
        };
        let row = self.users.get(id)?;
        Some(Account {
            user: row.user.clone(),
            password: row.password.clone()?,
        })
    }

    fn change_profile(&mut self, id: UserId, change: &ProfileChange) -> ProfileChanged {
        let Some(row) = self.users.get_mut(&id) else {
            return ProfileChanged::Unknown;
        };
        if row.user.erased_at.is_some() {
            return ProfileChanged::Unknown;
        }
        if let Some(username) = &change.username {
            let holder = self.usernames.get(&username.key());
            if holder.is_some_and(|holder| *holder != id) {
                return ProfileChanged::UsernameTaken;
            }
            self.usernames.remove(&row.user.username.key());
            self.usernames.insert(username.key(), id);
        }
        row.user = change.apply(row.user.clone());
        ProfileChanged::Changed(row.user.clone())
    }

    fn erase(&mut self, id: UserId, at: Timestamp) -> bool {
        let row = self.users.get_mut(&id);
        let Some(row) = row.filter(|row| row.user.erased_at.is_none()) else {
            return false;
        };
        self.usernames.remove(&row.user.username.key());
        if let Some(email) = row.user.email.take() {
            self.emails.remove(&email);
        }
        row.password = None;
        row.user.username = Username::of_erased(id);
        row.user.display_name = DisplayName::of_erased();
        row.user.bio = None;
        row.user.avatar = None;
        row.user.erased_at = Some(at);
        true
    }
}
