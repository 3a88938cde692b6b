//! Group commit over the honest store, with a stage between them that waits and fails on command.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::port::messages::{
    Amended, Amendment, Appended, Change, Fingerprint, NewMessage, Sent, View, Window,
};
use domain::port::{IdsExt as _, Messages};
use domain::{ClientId, Failure, Message, MessageId, Retry, Room, Seq, UserId};
use futures::FutureExt as _;
use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::{GroupCommit, GroupCommitOptions};
use crate::Caller;
use crate::testing::World;

/// Lets commits through when told to, fails for certain texts, and counts.
struct Stage {
    inner: Arc<dyn Messages>,
    gate: Semaphore,
    begun: AtomicUsize,
    commits: Mutex<Vec<usize>>,
}

impl Stage {
    fn open_gate(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    fn commits(&self) -> Vec<usize> {
        self.commits.lock().unwrap().clone()
    }
}

#[async_trait]
impl Messages for Stage {
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        self.commits.lock().unwrap().push(batch.len());
        let says = |text: &str| batch.iter().any(|message| message.body.as_str() == text);
        if says("away") {
            return Err(Failure::passing("messages", "append", "connection refused"));
        }
        if says("poison") {
            return Err(Failure::lasting("messages", "append", "constraint broken"));
        }
        assert!(!says("bomb"), "the store meets a bomb");
        let mut answers = self.inner.append(batch).await?;
        if says("unanswered") {
            answers.pop();
        }
        Ok(answers)
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

    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure> {
        self.inner.latest(views).await
    }
}

/// A room, its owner, and group commit over the stage with its gate still closed.
struct Scene {
    world: World,
    ana: Caller,
    room: Room,
    stage: Arc<Stage>,
    tasks: TaskTracker,
    group: GroupCommit,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<Appended>, Failure>> + Send + 'a>>;

const ONE_LANE: GroupCommitOptions = GroupCommitOptions {
    lanes: 1,
    lane_queue: 64,
    batch: 64,
};

impl Scene {
    async fn set(options: GroupCommitOptions) -> Self {
        let world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await;
        let stage = Arc::new(Stage {
            inner: Arc::clone(&world.ports.messages),
            gate: Semaphore::new(0),
            begun: AtomicUsize::new(0),
            commits: Mutex::default(),
        });
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

    fn message(&self, text: &str) -> NewMessage {
        self.world.message(self.room.id, &self.ana, text)
    }

    /// Hands a message in; it waits in its lane, or in a commit, when this returns.
    fn hand_in(&self, message: NewMessage) -> Answer<'_> {
        let mut answer: Answer<'_> = Box::pin(async move { self.group.append(&[message]).await });
        assert!((&mut answer).now_or_never().is_none());
        answer
    }

    fn say(&self, text: &str) -> Answer<'_> {
        self.hand_in(self.message(text))
    }

    /// Says something that is in flight, before the closed gate, when this returns.
    async fn occupy(&self) -> Answer<'_> {
        let begun = self.stage.begun.load(Ordering::SeqCst);
        let answer = self.say("first");
        while self.stage.begun.load(Ordering::SeqCst) == begun {
            tokio::task::yield_now().await;
        }
        answer
    }

    async fn stored(&self) -> Vec<String> {
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

fn stored(answer: Result<Vec<Appended>, Failure>) -> Message {
    match answer.unwrap().pop() {
        Some(Appended::Stored(stored)) => stored.message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_waits_behind_a_commit_shares_the_next() {
    let scene = Scene::set(ONE_LANE).await;
    let mut answers = vec![scene.occupy().await];
    answers.extend((0..9).map(|n| scene.say(&format!("more {n}"))));
    scene.stage.open_gate();

    let answers = join_all(answers).await;
    assert_eq!(scene.stage.commits(), [1, 9]);
    assert!(
        answers
            .into_iter()
            .map(stored)
            .map(|m| m.seq.get())
            .eq(1..=10)
    );
}

#[tokio::test]
async fn a_commit_takes_so_many_at_most() {
    let scene = Scene::set(GroupCommitOptions {
        batch: 4,
        ..ONE_LANE
    })
    .await;
    let mut answers = vec![scene.occupy().await];
    answers.extend((0..9).map(|_| scene.say("more")));
    scene.stage.open_gate();

    join_all(answers).await;
    assert_eq!(scene.stage.commits(), [1, 4, 4, 1]);
}

#[tokio::test]
async fn a_room_keeps_the_order_of_handing_in() {
    let scene = Scene::set(GroupCommitOptions {
        lanes: 4,
        batch: 3,
        ..ONE_LANE
    })
    .await;
    let texts: Vec<String> = (0..20).map(|n| format!("{n}")).collect();
    let answers: Vec<_> = texts.iter().map(|text| scene.say(text)).collect();
    scene.stage.open_gate();

    join_all(answers).await;
    assert_eq!(scene.stored().await, texts);
}

#[tokio::test]
async fn a_repeat_in_the_same_commit_is_a_duplicate() {
    let scene = Scene::set(ONE_LANE).await;
    let client: ClientId = scene.world.ports.ids.next();
    let said = |text: &str| NewMessage {
        client: Some((client, Fingerprint([1; 32]))),
        ..scene.message(text)
    };
    let first = scene.occupy().await;
    let (one, two) = (scene.hand_in(said("hi")), scene.hand_in(said("hi")));
    let last = scene.say("last");
    scene.stage.open_gate();

    first.await.unwrap();
    let kept = stored(one.await);
    assert_eq!(
        two.await.unwrap(),
        [Appended::Duplicate(Box::new(kept.clone()))]
    );
    assert_eq!(kept.seq.get(), 2);
    assert_eq!(stored(last.await).seq.get(), 3);
    assert_eq!(scene.stage.commits(), [1, 3]);
}

#[tokio::test]
async fn a_failing_commit_answers_every_waiter() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let waiting = [scene.say("a"), scene.say("away"), scene.say("b")];
    scene.stage.open_gate();

    first.await.unwrap();
    for answer in join_all(waiting).await {
        let failure = answer.unwrap_err();
        assert_eq!(failure.retry, Retry::Worthwhile);
        assert_eq!(
            failure.chain().to_string(),
            "messages could not append: connection refused"
        );
    }
    assert_eq!(scene.stage.commits(), [1, 3]);
    assert_eq!(scene.stored().await, ["first"]);
}

#[tokio::test]
async fn the_innocent_are_stored_beside_the_poisoned() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let waiting = ["a", "poison", "b", "poison", "c"].map(|text| scene.say(text));
    scene.stage.open_gate();

    first.await.unwrap();
    let fates: Vec<_> = join_all(waiting)
        .await
        .into_iter()
        .map(|answer| answer.map(|_| ()).map_err(|failure| failure.retry))
        .collect();
    let poisoned = Err(Retry::Useless);
    assert_eq!(fates, [Ok(()), poisoned, Ok(()), poisoned, Ok(())]);
    assert_eq!(scene.stage.commits(), [1, 5, 1, 1, 1, 1, 1]);
    assert_eq!(scene.stored().await, ["first", "a", "b", "c"]);
}

#[tokio::test]
async fn one_that_fails_alone_is_not_tried_again() {
    let scene = Scene::set(ONE_LANE).await;
    scene.stage.open_gate();
    let failure = scene.say("poison").await.unwrap_err();
    assert_eq!(failure.retry, Retry::Useless);
    assert_eq!(scene.stage.commits(), [1]);
}

#[tokio::test]
async fn a_lane_outlives_a_panic_in_the_store() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let (innocent, bomb) = (scene.say("a"), scene.say("bomb"));
    scene.stage.open_gate();

    first.await.unwrap();
    assert!(innocent.await.is_ok());
    assert_eq!(bomb.await.unwrap_err().retry, Retry::Useless);
    assert_eq!(stored(scene.say("later").await).seq.get(), 3);
}

#[tokio::test]
async fn a_store_that_answers_too_little_is_not_asked_again() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let waiting = [scene.say("a"), scene.say("unanswered")];
    scene.stage.open_gate();

    first.await.unwrap();
    let [a, unanswered] = join_all(waiting).await.try_into().unwrap();
    assert!(a.is_ok());
    assert_eq!(unanswered.unwrap_err().retry, Retry::Useless);
    assert_eq!(scene.stage.commits(), [1, 2]);
}

#[tokio::test]
async fn a_full_lane_refuses_at_once() {
    let scene = Scene::set(GroupCommitOptions {
        lane_queue: 2,
        ..ONE_LANE
    })
    .await;
    let mut answers = vec![scene.occupy().await, scene.say("a"), scene.say("b")];
    let refused = scene.group.append(&[scene.message("c")]).now_or_never();
    assert_eq!(refused.unwrap().unwrap_err().retry, Retry::Shortly);

    scene.stage.open_gate();
    assert!(join_all(answers.drain(..)).await.iter().all(Result::is_ok));
    assert!(scene.say("d").await.is_ok());
    assert_eq!(scene.stored().await, ["first", "a", "b", "d"]);
}

#[tokio::test]
async fn a_waiter_that_goes_away_does_no_harm() {
    let scene = Scene::set(ONE_LANE).await;
    let first = scene.occupy().await;
    let (gone, stays) = (scene.say("gone"), scene.say("stays"));
    drop(gone);
    drop(first);
    scene.stage.open_gate();

    assert!(stays.await.is_ok());
    assert_eq!(scene.stored().await, ["first", "gone", "stays"]);
}

#[tokio::test]
async fn a_blocked_lane_holds_up_no_other() {
    let scene = Scene::set(GroupCommitOptions {
        lanes: 2,
        ..ONE_LANE
    })
    .await;
    let lane = |room: &Room| room.id.as_uuid().as_u128() % 2;
    let mut other = scene.world.room(&scene.ana).await;
    while lane(&other) == lane(&scene.room) {
        other = scene.world.room(&scene.ana).await;
    }
    let first = scene.occupy().await;
    let elsewhere = scene.hand_in(scene.world.message(other.id, &scene.ana, "hi"));
    while scene.stage.begun.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    assert!(scene.stage.commits().is_empty());

    scene.stage.open_gate();
    assert_eq!(stored(first.await).seq.get(), 1);
    assert_eq!(stored(elsewhere.await).seq.get(), 1);
}

#[tokio::test]
async fn what_is_handed_in_together_is_one_step() {
    let scene = Scene::set(ONE_LANE).await;
    scene.stage.open_gate();
    let other = scene.world.room(&scene.ana).await;
    let batch = [
        scene.message("a"),
        scene.world.message(other.id, &scene.ana, "b"),
        scene.message("c"),
    ];
    let answers = scene.group.append(&batch).await.unwrap();
    assert_eq!(scene.stage.commits(), [3]);
    let texts: Vec<_> = answers
        .into_iter()
        .map(|answer| stored(Ok(vec![answer])).body.unwrap())
        .collect();
    assert!(texts.iter().map(|body| body.as_str()).eq(["a", "b", "c"]));
    assert_eq!(scene.group.append(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn closing_commits_what_was_taken_and_takes_nothing_more() {
    let scene = Scene::set(ONE_LANE).await;
    let answers = vec![scene.occupy().await, scene.say("a"), scene.say("b")];
    let mut closing = Box::pin(scene.group.close());
    assert!((&mut closing).now_or_never().is_none());
    tokio::task::yield_now().await;

    for batch in [
        vec![scene.message("late")],
        vec![scene.message("late"), scene.message("too")],
    ] {
        let refused = scene.group.append(&batch);
        scene.stage.open_gate();
        assert_eq!(refused.await.unwrap_err().retry, Retry::Worthwhile);
    }
    closing.await;
    assert!(join_all(answers).await.iter().all(Result::is_ok));
    assert_eq!(scene.stored().await, ["first", "a", "b"]);
    scene.group.close().await;
}

#[tokio::test]
async fn closing_waits_for_what_is_handed_in_together() {
    let scene = Scene::set(ONE_LANE).await;
    let batch = [scene.message("a"), scene.message("b")];
    let mut together = scene.group.append(&batch);
    assert!((&mut together).now_or_never().is_none());
    let mut closing = Box::pin(scene.group.close());
    assert!((&mut closing).now_or_never().is_none());
    scene.stage.open_gate();
    assert!(together.await.is_ok());
    closing.await;
}

#[tokio::test]
async fn its_tasks_end_with_it() {
    let scene = Scene::set(ONE_LANE).await;
    drop(scene.group);
    scene.tasks.close();
    scene.tasks.wait().await;
}

#[tokio::test]
async fn everything_else_passes_through() {
    let scene = Scene::set(ONE_LANE).await;
    scene.stage.open_gate();
    let message = stored(scene.say("hi").await);
    let pin = Amendment {
        message: message.id,
        room: scene.room.id,
        by: scene.ana.user,
        at: scene.world.now(),
        change: Change::Pin { on: true },
        events: Vec::new(),
    };
    assert!(matches!(
        scene.group.amend(&pin).await.unwrap(),
        Amended::Changed(_)
    ));
    let view = View {
        room: scene.room.id,
        reader: scene.ana.user,
        floor: Seq::ZERO,
    };
    let (group, reader) = (&scene.group, scene.ana.user);
    assert_eq!(group.find(&[message.id], reader).await.unwrap().len(), 1);
    assert_eq!(group.pins(&view, None, 9).await.unwrap().len(), 1);
    assert_eq!(group.latest(&[view]).await.unwrap().len(), 1);
    let unused = scene.world.ports.ids.next();
    assert_eq!(group.sent(reader, unused).await.unwrap(), None);
    let replies = group.replies(&view, message.id, Seq::ZERO, 9).await;
    assert_eq!(replies.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_leave_no_hole() {
    let scene = Arc::new(
        Scene::set(GroupCommitOptions {
            lanes: 2,
            lane_queue: 512,
            batch: 16,
        })
        .await,
    );
    scene.stage.open_gate();
    let writers = (0..200).map(|n| {
        let scene = Arc::clone(&scene);
        scene.tasks.clone().spawn(async move {
            let message = scene.message(&n.to_string());
            stored(scene.group.append(&[message]).await).seq.get()
        })
    });
    let mut seqs: Vec<i64> = join_all(writers.collect::<Vec<_>>())
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    seqs.sort_unstable();
    assert!(seqs.into_iter().eq(1..=200));
    assert_eq!(scene.stored().await.len(), 200);
}
