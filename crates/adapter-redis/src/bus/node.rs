//! This node's end of the bus.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use domain::NodeId;
use domain::RoomId;
use domain::port::Ids;
use domain::port::bus::{Heard, Notice, Notices};
use futures::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use super::back_off::BackOff;
use super::connection_state::{ConnectionState, Lookout};
use super::ears::Ears;
use super::letter;
use super::outbox::Outbox;
use super::publisher::Publisher;
use super::rooms::Rooms;
use super::subscriber::Subscriber;
use crate::address::Address;
use crate::calls::Calls;
use crate::failure::Broken;
use crate::keys::Keys;

/// What a node needs.
pub(crate) struct Ground {
    pub(crate) address: Address,
    pub(crate) keys: Keys,
    pub(crate) calls: Arc<Calls>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) tag: NodeId,
}

/// The limits of the queues.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Notices buffered for a listener.
    pub(crate) backlog: usize,
    /// Notices queued for other nodes.
    pub(crate) waiting: usize,
}

/// This node's end of the bus, with its publishing and subscribing tasks.
pub(crate) struct Node {
    heard: broadcast::Sender<Heard>,
    outbox: Outbox,
    rooms: Arc<Rooms>,
    lookout: Lookout,
    keys: Keys,
    tag: NodeId,
    /// Aborted when this is dropped.
    _tasks: JoinSet<()>,
}

impl Node {
    /// Starts publishing and subscribing.
    pub(crate) fn join(ground: Ground, bounds: Bounds) -> Self {
        const MOST: usize = 1 << 20;
        let Ground {
            address,
            keys,
            calls,
            ids,
            tag,
        } = ground;
        let (heard, _) = broadcast::channel(bounds.backlog.clamp(1, MOST));
        let (outbox, queue, lost) = Outbox::new(bounds.waiting);
        let rooms = Arc::<Rooms>::default();
        let (state, lookout) = watch::channel(ConnectionState::Joining);
        let ears = Ears {
            heard: heard.clone(),
            rooms: Arc::clone(&rooms),
            own: tag,
            complained: AtomicBool::new(false),
        };
        let subscriber = Subscriber {
            address,
            keys: keys.clone(),
            rooms: Arc::clone(&rooms),
            ears: Arc::new(ears),
            state,
            back_off: BackOff::new(ids),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(Publisher::new((queue, lost), calls, &keys, tag).run());
        tasks.spawn(subscriber.run());
        Self {
            heard,
            outbox,
            rooms,
            lookout: Lookout::new(lookout),
            keys,
            tag,
            _tasks: tasks,
        }
    }

    /// Publishes to this node's listeners at once, and to other nodes soon.
    pub(super) fn say(&self, notice: Notice) {
        let notice = Arc::new(notice);
        // An error means that there are no listeners, which is fine.
        drop(self.heard.send(Heard::Notice(Arc::clone(&notice))));
        let channel = match notice.room() {
            Some(room) => self.keys.room(room),
            None => self.keys.everyone(),
        };
        self.outbox
            .post(channel, letter::telling(self.tag, &notice));
    }

    /// Starts listening, but first gives the connection a chance, so that a listener that is there when
    /// the node starts misses nothing published afterwards.
    pub(super) async fn listen(&self) -> Notices {
        self.lookout.met(0).await;
        Box::pin(stream::unfold(self.heard.subscribe(), hear))
    }

    pub(super) async fn follow(&self, rooms: &[RoomId]) {
        let wish = self.rooms.follow(rooms);
        self.lookout.met(wish).await;
    }

    pub(super) fn unfollow(&self, rooms: &[RoomId]) {
        self.rooms.unfollow(rooms);
    }

    /// Whether notices from other nodes are arriving.
    pub(crate) async fn is_subscribed(&self) -> Result<(), Broken> {
        self.lookout.subscribed().await
    }
}

async fn hear(
    mut notices: broadcast::Receiver<Heard>,
) -> Option<(Heard, broadcast::Receiver<Heard>)> {
    let heard = match notices.recv().await {
        Ok(heard) => heard,
        Err(RecvError::Lagged(_)) => Heard::Gap,
        Err(RecvError::Closed) => return None,
    };
    Some((heard, notices))
}
