//! Ending all of one's sessions.

use super::end_all::EndAll;
use crate::{Caller, Error, Ports};

/// Ends every session of the caller, including the current one.
pub struct LogOutEverywhere {
    sessions: EndAll,
}

impl LogOutEverywhere {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            sessions: EndAll::new(ports),
        }
    }

    /// Ends the sessions, and with them their sockets.
    #[tracing::instrument(skip_all, name = "log_out_everywhere")]
    pub async fn run(&self, caller: &Caller) -> Result<(), Error> {
        Ok(self.sessions.of(caller.user, None).await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::Notice;

    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn all_of_ones_own_sessions_end() {
        let world = World::new();
        let everywhere = LogOutEverywhere::new(&world.ports);
        let (phone, ben) = (world.user("ana").await, world.user("ben").await);
        let laptop = world.sign_in(phone.user).await;
        let mut ear = world.ear().await;

        everywhere.run(&phone).await.unwrap();
        assert_eq!(world.sessions_of(&phone).await, []);
        assert_eq!(world.sessions_of(&ben).await, [ben.session]);
        let Some(Notice::SessionsEnded(mut ended)) = ear.heard().pop() else {
            panic!("nothing was published");
        };
        ended.sort_unstable();
        assert_eq!(ended, [phone.session, laptop.session]);

        everywhere.run(&phone).await.unwrap();
        assert_eq!(ear.heard(), []);
    }
}
