//! Seeing who is there.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::{Clock, Members, Presence};
use domain::{Failure, UserId};

use crate::present::People;
use crate::{Caller, Error, Page, Person, Ports};

/// How many people are asked about at a time.
const STRETCH: usize = 500;

/// After how many stretches a page is answered as it is: for somebody who shares rooms with very many,
/// nearly all of them away, one request must not ask about all. The page may then be short, and still
/// has a next one.
const STRETCHES: usize = 10;

/// Lists who is connected of those who share a room with the caller.
pub struct OnlinePeople {
    members: Arc<dyn Members>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    people: People,
}

impl OnlinePeople {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
            people: People::new(ports),
        }
    }

    /// One page, by id, after somebody.
    pub async fn run(
        &self,
        caller: &Caller,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Page<Person, UserId>, Error> {
        let page = self.page(caller.user, after, limit).await?;
        Ok(Page {
            items: self.people.find(caller, &page.items).await?,
            next: page.next,
        })
    }

    async fn page(
        &self,
        user: UserId,
        mut after: Option<UserId>,
        limit: usize,
    ) -> Result<Page<UserId, UserId>, Failure> {
        let mut items: Vec<UserId> = Vec::new();
        for _ in 0..STRETCHES {
            let stretch = self.members.peers(user, after, STRETCH).await?;
            let online = self.presence.online(&stretch, self.clock.now()).await?;
            let online: HashSet<UserId> = online.into_iter().collect();
            items.extend(stretch.iter().filter(|peer| online.contains(peer)));
            if items.len() > limit {
                items.truncate(limit);
                let next = items.last().copied();
                return Ok(Page { items, next });
            }
            if stretch.len() < STRETCH {
                return Ok(Page { items, next: None });
            }
            after = stretch.last().copied();
        }
        Ok(Page { items, next: after })
    }
}
