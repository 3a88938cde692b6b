//! The decorator itself: it picks the lane of a message, and refuses messages once it is closed.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, RoomId, Seq, UserId};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::lane::{Lane, Passage};
use super::meter;

/// How messages are batched.
#[derive(Clone, Copy, Debug)]
pub struct GroupCommitOptions {
    /// Commits that may be in flight at once. A room always takes the same lane. At least one.
    pub lanes: usize,
    /// Messages that may wait in a lane. At least one.
    pub lane_queue: usize,
    /// Messages that go into one commit. At least one.
    pub batch: usize,
}

/// Decorates [`Messages`] so that many sends share one commit.
///
/// No send is held back to wait for others: while one commit of a lane is in flight, sends queue up
/// behind it, and the next commit takes them all.
///
/// - A room always takes the same lane, and a lane is a queue: messages of a room get their sequence
///   numbers in the order in which they were submitted, which is when `append` is first polled.
/// - A full lane refuses a send at once, as overloaded, before anything is stored.
/// - The failure of a commit is returned to every send in it. If retrying the whole commit is useless,
///   one message may be the cause, so each is tried once more on its own before any send is answered.
/// - A message is stored even if its sender has gone away by then, as ports may do.
/// - Messages submitted together are one transaction of the caller: they bypass the lanes, and are
///   stored in one step all the same.
pub struct GroupCommit {
    inner: Arc<dyn Messages>,
    lanes: Vec<Lane>,
    closing: CancellationToken,
    open_work: TaskTracker,
}

impl GroupCommit {
    /// Batches appends to `inner`. The lanes' tasks are tracked by `tasks`.
    pub fn new(inner: Arc<dyn Messages>, options: GroupCommitOptions, tasks: &TaskTracker) -> Self {
        let closing = CancellationToken::new();
        let open_work = TaskTracker::new();
        let lanes = (0..options.lanes.max(1))
            .map(|_| {
                let (lane, passage) = Passage::open(Arc::clone(&inner), options, closing.clone());
                tasks.spawn(open_work.track_future(passage.run()));
                lane
            })
            .collect();
        Self {
            inner,
            lanes,
            closing,
            open_work,
        }
    }

    /// Stops accepting messages, and returns once every accepted one is committed.
    pub async fn close(&self) {
        self.closing.cancel();
        self.open_work.close();
        self.open_work.wait().await;
    }

    fn lane(&self, room: RoomId) -> Option<&Lane> {
        // The last bits of an id are random, so rooms spread evenly over the lanes.
        let place = u128::try_from(self.lanes.len())
            .ok()
            .and_then(|lanes| room.as_uuid().as_u128().checked_rem(lanes))
            .and_then(|place| usize::try_from(place).ok())?;
        self.lanes.get(place)
    }

    async fn append_one(&self, message: &NewMessage) -> Result<Vec<Appended>, Failure> {
        // A lane only notices after the commit in flight.
        if self.closing.is_cancelled() {
            return Err(closed());
        }
        match self.lane(message.room) {
            Some(lane) => lane.send(message.clone()).await.map(|one| vec![one]),
            None => Err(closed()),
        }
    }

    async fn append_together(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        // Counted before the check for shutdown, so that `close` waits for it.
        let _counted = self.open_work.token();
        if self.closing.is_cancelled() {
            return Err(closed());
        }
        meter::measured(self.inner.append(batch)).await
    }
}

/// The answer after shutdown has begun: another node will accept the message, or this one after its
/// restart.
pub(super) fn closed() -> Failure {
    Failure::passing("messages", "append", "the node is shutting down")
}

#[async_trait]
impl Messages for GroupCommit {
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        match batch {
            [] => Ok(Vec::new()),
            [message] => self.append_one(message).await,
            several => self.append_together(several).await,
        }
    }

    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure> {
        self.inner.amend(amendment).await
    }

    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure> {
        self.inner.find(ids, reader).await
    }

    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure> {
        self.inner.sent(sender, client_id).await
    }

    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.page(view, window, limit).await
    }

    async fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.replies(view, root, after, limit).await
    }

    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.pins(view, before, limit).await
    }

    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.mentioning(view, up_to, limit).await
    }

    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure> {
        self.inner.latest(views).await
    }
}
