//! Other users.

use protocol::shape::{User, UserPage, Users};
use uuid::Uuid;

use super::{Account, Page};
use crate::Error;
use crate::call::{Call, path};

impl Account {
    /// Reads a user.
    pub async fn user(&self, user: Uuid) -> Result<User, Error> {
        self.ask(Call::get(path([&"users", &user]))).await
    }

    /// Reads up to 100 users. Unknown ids are left out.
    pub async fn users(&self, users: &[Uuid]) -> Result<Vec<User>, Error> {
        let ids: Vec<String> = users.iter().map(ToString::to_string).collect();
        let call = Call::get(path([&"users"])).about("ids", Some(ids.join(",")));
        Ok(self.ask::<Users>(call).await?.users)
    }

    /// Searches users by name.
    pub async fn find_users(&self, q: &str) -> Result<Vec<User>, Error> {
        let call = Call::get(path([&"users", &"search"])).about("q", Some(q));
        Ok(self.ask::<Users>(call).await?.users)
    }

    /// The users who are online and share a room with this one.
    pub async fn online(&self, page: Page) -> Result<UserPage, Error> {
        self.ask(page.of(Call::get(path([&"users", &"online"]))))
            .await
    }

    /// Blocks or unblocks a user in direct rooms.
    pub async fn block(&self, user: Uuid, on: bool) -> Result<(), Error> {
        self.tell(Call::switch(path([&"users", &user, &"block"]), on))
            .await
    }
}
