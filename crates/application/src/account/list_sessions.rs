//! Listing the devices that a user is signed in on.

use std::sync::Arc;

use domain::Session;
use domain::port::{Clock, Sessions};

use crate::portion::MOST;
use crate::{Caller, Error, Ports};

/// Lists the caller's live sessions.
pub struct ListSessions {
    sessions: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
}

impl ListSessions {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            sessions: Arc::clone(&ports.sessions),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// The sessions, most recently used first, up to the length of a list; always including the
    /// caller's own.
    #[tracing::instrument(skip_all, name = "list_sessions")]
    pub async fn run(&self, caller: &Caller) -> Result<Vec<Session>, Error> {
        let now = self.clock.now();
        let mut sessions = self.sessions.of_user(caller.user, now).await?;
        let mut place = MOST;
        sessions.retain(|session| {
            let listed = place > 0 || session.id == caller.session;
            place = place.saturating_sub(1);
            listed
        });
        Ok(sessions)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn ones_own_are_listed_the_latest_first() {
        let world = World::new();
        let list = ListSessions::new(&world.ports);
        let phone = world.user("ana").await;
        world.user("ben").await;
        let second = Duration::from_secs(1);
        world.pass(second);
        let laptop = world.sign_in(phone.user).await;

        let listed = list.run(&phone).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|session| session.id).collect();
        assert_eq!(ids, [laptop.session, phone.session]);

        world.pass(world.policy.session_lifetime.saturating_sub(second));
        let listed = list.run(&phone).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|session| session.id).collect();
        assert_eq!(ids, [laptop.session]);
    }

    #[tokio::test]
    async fn of_very_many_the_latest_are_listed_and_ones_own() {
        let world = World::new();
        let list = ListSessions::new(&world.ports);
        let first = world.user("ana").await;
        for _ in 0..=MOST {
            world.pass(Duration::from_millis(1));
            world.sign_in(first.user).await;
        }
        let listed = list.run(&first).await.unwrap();
        assert_eq!(listed.len(), MOST + 1);
        assert_eq!(listed.last().unwrap().id, first.session);
    }
}
