//! Finding people by name.

use std::sync::Arc;

use domain::SearchText;
use domain::port::Search;

use crate::present::People;
use crate::{Caller, Error, Person, Ports};

/// How many are found at most: whoever seeks somebody else types one more letter.
const MAX: usize = 20;

/// Finds people by the start of their username or of a word of their display name.
pub struct SearchPeople {
    search: Arc<dyn Search>,
    people: People,
}

impl SearchPeople {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            search: Arc::clone(&ports.search),
            people: People::new(ports),
        }
    }

    /// Those whose name starts so, by username.
    pub async fn run(&self, caller: &Caller, name: &SearchText) -> Result<Vec<Person>, Error> {
        let users = self.search.people(name.as_str(), MAX).await?;
        Ok(self.people.show(caller, users).await?)
    }
}
