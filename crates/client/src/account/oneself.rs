//! The user's own account.

use protocol::Secret;
use protocol::rest::{ChangePassword, ChangeProfile, EraseAccount};
use protocol::shape::User;

use super::{Account, Upload};
use crate::Error;
use crate::call::{Call, path};

impl Account {
    /// Reads the user's own account.
    pub async fn me(&self) -> Result<User, Error> {
        self.ask(Call::get(path([&"users", &"me"]))).await
    }

    /// Changes the fields that are given.
    pub async fn change_profile(&self, change: &ChangeProfile) -> Result<User, Error> {
        self.ask(Call::patch(path([&"users", &"me"]), change)?)
            .await
    }

    /// Changes the profile picture.
    pub async fn change_avatar(&self, picture: Upload) -> Result<User, Error> {
        let path = path([&"users", &"me", &"avatar"]);
        self.ask(picture.call(path).by(reqwest::Method::PUT)).await
    }

    /// Changes the password. Every other session ends.
    pub async fn change_password(&self, current: &str, new: &str) -> Result<(), Error> {
        let change = ChangePassword {
            current: Secret::new(current),
            new: Secret::new(new),
        };
        self.tell(Call::post(path([&"auth", &"password"]), &change)?)
            .await
    }

    /// Erases the account. Its messages stay, without its name.
    pub async fn erase(&self, password: &str) -> Result<(), Error> {
        let proof = EraseAccount {
            password: Secret::new(password),
        };
        self.tell(Call::delete(path([&"users", &"me"])).with(&proof)?)
            .await?;
        self.end();
        Ok(())
    }
}
