//! The sockets of one worker.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use application::account::Believed;
use application::{Caller, Error};
use domain::port::IdsExt as _;
use domain::port::limiter::Limit;
use domain::{Timestamp, UserId};
use realtime::{Connection, Ending, Owner, Shard};
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

/// Somebody who was let in. Unless they stay, they are gone again when this is dropped, such as when nobody
/// waits any more for what became of a handshake.
pub(crate) struct Arrival {
    sockets: Arc<Sockets>,
    shard: Rc<Shard>,
    connection: Rc<Connection>,
    believed: Believed,
    stays: bool,
}

impl Arrival {
    pub(crate) const fn user(&self) -> UserId {
        self.believed.caller.user
    }

    /// They are told nothing until it is known in which dialect.
    pub(crate) fn hushed(self) -> Self {
        self.connection.speak(None);
        self
    }

    /// Whoever calls this looks after the connection from now on.
    pub(crate) fn stays(mut self) -> (Rc<Connection>, Believed) {
        self.stays = true;
        (Rc::clone(&self.connection), self.believed)
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        self.shard.disconnect(&self.connection);
        let sockets = Arc::clone(&self.sockets);
        let (user, id) = (self.believed.caller.user, self.connection.id());
        rt::spawn(async move { sockets.use_cases.attendance.leave(user, id).await });
    }
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
    pub(crate) async fn admit(&self, token: &str) -> Result<Arrival, Error> {
        let use_cases = &self.sockets.use_cases;
        let believed = use_cases.authenticate.believe(token).await?;
        let id = self.next_id();
        use_cases.attendance.arrive(&believed.caller, id).await?;
        let Caller { user, session } = believed.caller;
        let connection = self.shard.connect(id, Owner { user, session });
        let mut arrival = Arrival {
            sockets: Arc::clone(&self.sockets),
            shard: Rc::clone(&self.shard),
            connection,
            believed,
            stays: false,
        };
        // Whoever ended the session a moment ago did not know of this connection, nor did whoever told all
        // of them that the node stops.
        arrival.believed = use_cases.authenticate.believe(token).await?;
        if self.sockets.are_closing() {
            arrival.connection.end(Ending::Restart);
        }
        Ok(arrival)
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
