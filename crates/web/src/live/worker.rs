//! The sockets of one worker.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use application::account::Believed;
use application::{Caller, Error};
use domain::Timestamp;
use domain::port::IdsExt as _;
use domain::port::limiter::Limit;
use realtime::{Connection, Owner, Shard};
use tokio::time::Instant;

use super::node::Sockets;
use crate::options::Cors;

/// What the sockets of one worker share.
pub(crate) struct Worker {
    pub(crate) sockets: Arc<Sockets>,
    pub(crate) shard: Rc<Shard>,
    /// How many frames a connection may send.
    pub(crate) frames: Limit,
    /// Whose pages may connect.
    pub(crate) origins: Cors,
}

impl Worker {
    /// Must be called on the worker's own thread.
    pub(crate) fn start(sockets: &Arc<Sockets>, frames: Limit, origins: &Cors) -> Rc<Self> {
        let (shard, inbox) = Shard::open(&sockets.hub);
        rt::spawn(Rc::clone(&shard).run(inbox));
        Rc::new(Self {
            sockets: Arc::clone(sockets),
            shard,
            frames,
            origins: origins.clone(),
        })
    }

    /// Takes somebody in who has this token: from now on they are here, and hear what concerns them.
    pub(crate) async fn admit(&self, token: &str) -> Result<(Rc<Connection>, Believed), Error> {
        let use_cases = &self.sockets.use_cases;
        let Believed { caller, .. } = use_cases.authenticate.believe(token).await?;
        let id = self.next_id();
        use_cases.attendance.arrive(&caller, id).await?;
        let Caller { user, session } = caller;
        let connection = self.shard.connect(id, Owner { user, session });
        // Whoever ended the session a moment ago did not know of this connection.
        match use_cases.authenticate.believe(token).await {
            Ok(believed) => Ok((connection, believed)),
            Err(error) => {
                self.shard.disconnect(&connection);
                use_cases.attendance.leave(user, id).await;
                Err(error)
            }
        }
    }

    /// When a moment of the clock will be.
    pub(crate) fn instant(&self, moment: Timestamp) -> Instant {
        let left = moment.as_millis() - self.sockets.clock.now().as_millis();
        Instant::now() + Duration::from_millis(u64::try_from(left).unwrap_or(0))
    }

    /// A span between these two that nobody can guess, so that not all clients come back at once.
    pub(crate) fn span(&self, least: Duration, most: Duration) -> Duration {
        let mut bits = [0; 2];
        self.sockets.ids.fill(&mut bits);
        let part = u32::from(u16::from_be_bytes(bits));
        least + most.saturating_sub(least) * part / (u32::from(u16::MAX) + 1)
    }

    pub(crate) fn next_id<T: domain::Id>(&self) -> T {
        self.sockets.ids.next()
    }
}
