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
use crate::tasks;

/// What the sockets of one worker share.
pub(crate) struct Worker {
    pub(crate) sockets: Arc<Sockets>,
    pub(crate) shard: Rc<Shard>,
    /// The limit on the frames that a connection sends.
    pub(crate) frames: Limit,
    /// The origins whose pages may connect.
    pub(crate) origins: Cors,
}

/// A connection that was let in. Unless it stays, it is removed when this is dropped, for instance when
/// a handshake is abandoned.
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

    /// Mutes the connection until its dialect is known.
    pub(crate) fn hushed(self) -> Self {
        self.connection.speak(None);
        self
    }

    /// Hands the connection over to the caller, who has to remove it.
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
        tasks::spawn(async move { sockets.use_cases.attendance.leave(user, id).await });
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

    /// Admits a client with this token: from now on it is present, and receives what concerns its user.
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
        // A session that ended, or a shutdown that began, just before this connection was registered has
        // missed it.
        arrival.believed = use_cases.authenticate.believe(token).await?;
        if self.sockets.are_closing() {
            arrival.connection.end(Ending::Restart);
        }
        Ok(arrival)
    }

    /// Converts a timestamp into an instant; now, if it has passed.
    pub(crate) fn instant(&self, moment: Timestamp) -> Instant {
        let left = moment.as_millis() - self.sockets.clock.now().as_millis();
        Instant::now() + Duration::from_millis(u64::try_from(left).unwrap_or(0))
    }

    /// A random span between these two, so that clients do not all come back at once.
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
