//! A room, and group commit over a stage before the honest store.

use std::pin::Pin;
use std::sync::Arc;

use domain::port::Messages as _;
use domain::port::messages::{Appended, NewMessage, View, Window};
use domain::{Failure, Message, Room, Seq};
use futures::FutureExt as _;
use tokio_util::task::TaskTracker;

use super::super::{GroupCommit, GroupCommitOptions};
use super::stage::Stage;
use crate::Caller;
use crate::testing::World;

/// A room, its owner, and group commit over the stage with its gate still closed.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) ana: Caller,
    pub(super) room: Room,
    pub(super) stage: Arc<Stage>,
    pub(super) tasks: TaskTracker,
    pub(super) group: GroupCommit,
}

pub(super) type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<Appended>, Failure>> + Send + 'a>>;

pub(super) const ONE_LANE: GroupCommitOptions = GroupCommitOptions {
    lanes: 1,
    lane_queue: 64,
    batch: 64,
};

impl Scene {
    pub(super) async fn set(options: GroupCommitOptions) -> Self {
        let world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await;
        let stage = Arc::new(Stage::before(&world.ports.messages));
        let tasks = TaskTracker::new();
        let group = GroupCommit::new(Arc::<Stage>::clone(&stage), options, &tasks);
        Self {
            world,
            ana,
            room,
            stage,
            tasks,
            group,
        }
    }

    pub(super) fn message(&self, text: &str) -> NewMessage {
        self.world.message(self.room.id, &self.ana, text)
    }

    /// Submits a message; when this returns it is queued in its lane, or in a commit.
    pub(super) fn hand_in(&self, message: NewMessage) -> Answer<'_> {
        let mut answer: Answer<'_> = Box::pin(async move { self.group.append(&[message]).await });
        assert!((&mut answer).now_or_never().is_none());
        answer
    }

    pub(super) fn say(&self, text: &str) -> Answer<'_> {
        self.hand_in(self.message(text))
    }

    /// Submits a message; when this returns it is in flight, before the closed gate.
    pub(super) async fn occupy(&self) -> Answer<'_> {
        let begun = self.stage.begun();
        let answer = self.say("first");
        self.stage.has_begun(begun + 1).await;
        answer
    }

    pub(super) async fn stored(&self) -> Vec<String> {
        let view = View {
            room: self.room.id,
            reader: self.ana.user,
            floor: Seq::ZERO,
        };
        let page = self.group.page(&view, Window::Newest, 1000).await.unwrap();
        let rising: Vec<i64> = page.iter().map(|message| message.seq.get()).collect();
        assert_eq!(rising, (1..).take(page.len()).collect::<Vec<_>>());
        page.into_iter()
            .map(|message| message.body.unwrap().as_str().to_owned())
            .collect()
    }
}

pub(super) fn stored(answer: Result<Vec<Appended>, Failure>) -> Message {
    match answer.unwrap().pop() {
        Some(Appended::Stored(stored)) => stored.message,
        other => panic!("{other:?}"),
    }
}
