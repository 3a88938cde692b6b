//! What takes a look at the store before a person can be told.

use std::sync::Arc;

use application::UseCases;
use domain::{RoomId, UserId};
use futures::future::join_all;
use realtime::{Frame, Hub};
use tokio::sync::mpsc;

use super::wire;
use crate::translate::{self, Links};

/// How many may wait.
const MOST: usize = 4096;
/// How many are run at once.
const AT_ONCE: usize = 8;

/// Somebody belongs to a room from now on, and is to see it.
pub(super) struct Added {
    pub(super) user: UserId,
    pub(super) room: RoomId,
}

/// Takes errands in. When there are too many the rest is dropped: clients see their rooms when they
/// next ask for them.
#[derive(Clone)]
pub(super) struct Errands(mpsc::Sender<Added>);

/// Runs them.
pub(super) struct ToDo {
    hub: Arc<Hub>,
    use_cases: Arc<UseCases>,
    links: Links,
    waiting: mpsc::Receiver<Added>,
}

impl Errands {
    pub(super) fn new(hub: &Arc<Hub>, use_cases: &Arc<UseCases>, links: Links) -> (Self, ToDo) {
        let (sender, waiting) = mpsc::channel(MOST);
        let to_do = ToDo {
            hub: Arc::clone(hub),
            use_cases: Arc::clone(use_cases),
            links,
            waiting,
        };
        (Self(sender), to_do)
    }

    pub(super) fn send(&self, errand: Added) {
        if self.0.try_send(errand).is_err() {
            tracing::warn!("somebody was not told of a new room of theirs");
        }
    }
}

impl ToDo {
    /// Goes on for ever.
    pub(super) async fn run(mut self) {
        let mut batch = Vec::with_capacity(AT_ONCE);
        while self.waiting.recv_many(&mut batch, AT_ONCE).await > 0 {
            join_all(batch.drain(..).map(|errand| self.tell(errand))).await;
        }
    }

    async fn tell(&self, Added { user, room }: Added) {
        match self.use_cases.feed.room_for(user, room).await {
            Ok(Some(view)) => {
                let frame = wire::text(&translate::room_added(view, &self.links));
                let frame = Frame::new(move |_| frame.clone());
                self.hub.tell(user, &frame);
            }
            // They have left again.
            Ok(None) => (),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "a new room cannot be shown");
            }
        }
    }
}
