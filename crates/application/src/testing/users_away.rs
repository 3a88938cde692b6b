//! A user store that is unavailable.

use async_trait::async_trait;
use domain::port::Users;
use domain::port::users::{Account, Login, NewUser, ProfileChange, ProfileChanged, Registered};
use domain::{Failure, PasswordHash, Timestamp, User, UserId};

/// Fails every call.
pub(crate) struct UsersAway;

fn away<T>() -> Result<T, Failure> {
    Err(Failure::passing("users", "answer", "connection refused"))
}

#[async_trait]
impl Users for UsersAway {
    async fn register(&self, _: &NewUser) -> Result<Registered, Failure> {
        away()
    }

    async fn find(&self, _: &[UserId]) -> Result<Vec<User>, Failure> {
        away()
    }

    async fn account(&self, _: &Login) -> Result<Option<Account>, Failure> {
        away()
    }

    async fn change_profile(
        &self,
        _: UserId,
        _: &ProfileChange,
    ) -> Result<ProfileChanged, Failure> {
        away()
    }

    async fn change_password(
        &self,
        _: UserId,
        _: &PasswordHash,
        _: &PasswordHash,
    ) -> Result<bool, Failure> {
        away()
    }

    async fn erase(&self, _: UserId, _: Timestamp) -> Result<bool, Failure> {
        away()
    }

    async fn seen(&self, _: &[(UserId, Timestamp)]) -> Result<(), Failure> {
        away()
    }
}
