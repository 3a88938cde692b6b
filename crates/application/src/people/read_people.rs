//! Seeing people.

use std::collections::HashSet;
use std::sync::Arc;

use domain::UserId;
use domain::port::Users;

use crate::present::People;
use crate::{Caller, Error, Person, Ports};

/// Shows people to whoever is signed in, as far as they may know them.
pub struct ReadPeople {
    users: Arc<dyn Users>,
    people: People,
}

impl ReadPeople {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            people: People::new(ports),
        }
    }

    /// The people with these ids, each once, in the order given. Unknown ones are left out; those who
    /// erased their account are there without a name, as their messages are.
    pub async fn run(&self, caller: &Caller, ids: &[UserId]) -> Result<Vec<Person>, Error> {
        let mut asked = HashSet::with_capacity(ids.len());
        let ids: Vec<UserId> = ids.iter().copied().filter(|id| asked.insert(*id)).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let users = self.users.find(&ids).await?;
        Ok(self.people.show_whole(caller, users).await?)
    }
}
