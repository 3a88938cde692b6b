//! Ending a session on another device.

use std::sync::Arc;

use domain::port::bus::Notice;
use domain::port::{Clock, Sessions};
use domain::{Refusal, SessionId};

use crate::announce::Announcer;
use crate::{Caller, Error, Ports};

/// Ends one of the caller's sessions.
pub struct EndSession {
    sessions: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
}

impl EndSession {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            sessions: Arc::clone(&ports.sessions),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Ends the session, and with it its sockets. Another user's session is reported as not found,
    /// just like one that has ended.
    #[tracing::instrument(skip_all, name = "end_session")]
    pub async fn run(&self, caller: &Caller, id: SessionId) -> Result<(), Error> {
        let now = self.clock.now();
        if !self.sessions.end(id, caller.user, now).await? {
            return Err(Refusal::NotFound.into());
        }
        self.announcer.tell(Notice::SessionsEnded(vec![id])).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, refusal};

    #[tokio::test]
    async fn one_of_ones_own_ends_once() {
        let world = World::new();
        let end = EndSession::new(&world.ports);
        let phone = world.user("ana").await;
        let laptop = world.sign_in(phone.user).await;
        let mut ear = world.ear().await;

        end.run(&laptop, phone.session).await.unwrap();
        assert_eq!(world.sessions_of(&laptop).await, [laptop.session]);
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![phone.session])]);

        let again = end.run(&laptop, phone.session).await;
        assert_eq!(refusal(again), Refusal::NotFound);
        assert_eq!(ear.heard(), []);
    }

    #[tokio::test]
    async fn anothers_is_not_found_and_lives() {
        let world = World::new();
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let answer = EndSession::new(&world.ports).run(&ben, ana.session).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
    }
}
