//! Finding out which sessions have ended, for nodes that may have missed a notice.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::{Clock, Sessions};
use domain::{Failure, SessionId};

use crate::Ports;

/// How many sessions are queried at a time: stores limit the number of ids in one query.
const STRETCH: usize = 1_000;

/// Asks the store itself which sessions are live, bypassing the cache: its callers want to know
/// what they have missed on the bus.
pub struct CheckSessions {
    store: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
}

impl CheckSessions {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.session_store),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// The sessions among these that have ended or expired. Fails if the store is unavailable.
    pub async fn ended(&self, sessions: &[SessionId]) -> Result<Vec<SessionId>, Failure> {
        let mut ended = Vec::new();
        for stretch in sessions.chunks(STRETCH) {
            let live = self.store.live(stretch, self.clock.now()).await?;
            let live: HashSet<SessionId> = live.into_iter().collect();
            ended.extend(stretch.iter().filter(|id| !live.contains(id)));
        }
        Ok(ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::CachedSessions;
    use crate::testing::{FrailSessions, World};

    /// A world with cached sessions, as on a real node.
    fn remembering() -> World {
        let mut world = World::new();
        let (store, clock) = (&world.ports.session_store, &world.ports.clock);
        let cached = CachedSessions::new(Arc::clone(store), Arc::clone(clock));
        world.ports.sessions = Arc::new(cached);
        world
    }

    #[tokio::test]
    async fn an_end_that_nobody_told_of_is_found() {
        let world = remembering();
        let check = CheckSessions::new(&world.ports);
        let (ana, ben) = (world.user("ana").await, world.user("ben").await);
        let both = [ana.session, ben.session];
        assert_eq!(check.ended(&both).await.unwrap(), []);
        let store = &world.ports.session_store;
        let ended = store.end(ana.session, ana.user, world.now()).await;
        assert!(ended.unwrap());
        let believed = world.ports.sessions.live(&both, world.now()).await;
        assert_eq!(believed.unwrap(), both);
        assert_eq!(check.ended(&both).await.unwrap(), [ana.session]);
    }

    #[tokio::test]
    async fn more_than_a_store_takes_at_once_are_checked() {
        use domain::port::IdsExt as _;
        let world = remembering();
        let check = CheckSessions::new(&world.ports);
        let ana = world.user("ana").await;
        let mut sessions = vec![ana.session];
        sessions.extend((0..STRETCH).map(|_| world.ports.ids.next::<SessionId>()));
        let ended = check.ended(&sessions).await.unwrap();
        assert_eq!(ended, sessions.split_off(1));
    }

    #[tokio::test]
    async fn nobody_knows_while_the_store_is_away() {
        let mut world = World::new();
        let frail = FrailSessions::over(&world.ports.session_store);
        world.ports.session_store = Arc::<FrailSessions>::clone(&frail);
        let ana = world.user("ana").await;
        let check = CheckSessions::new(&world.ports);
        frail.answer(0);
        assert!(check.ended(&[ana.session]).await.is_err());
        frail.mend();
        assert_eq!(check.ended(&[ana.session]).await.unwrap(), []);
    }
}
