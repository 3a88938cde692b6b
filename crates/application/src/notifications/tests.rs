//! Who is notified of a message, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use adapter_memory::MemoryNotifier;
use async_trait::async_trait;
use domain::port::jobs::Verdict;
use domain::port::notifier::{Notification, Reason};
use domain::port::{Blocks, Notifier};
use domain::{
    Cursors, Event, Failure, Happening, Message, Notifications, RoomId, Timestamp, UserId,
};

use super::*;
use crate::happened::happened;
use crate::jobs::Worker as _;
use crate::testing::World;
use crate::{Caller, Ports};

const TERMS: NotifyTerms = NotifyTerms {
    delay: Duration::from_secs(10),
};

/// Some users in a room, of whom only ana is connected.
struct Scene {
    world: World,
    notifier: Arc<MemoryNotifier>,
    worker: NotifyAway,
    ana: Caller,
    ben: Caller,
    cyd: Caller,
    room: RoomId,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new();
        let notifier = Arc::new(MemoryNotifier::default());
        let worker = NotifyAway::new(
            &world.ports,
            Some(Arc::<MemoryNotifier>::clone(&notifier)),
            TERMS,
        );
        let ana = world.user("ana").await;
        let ben = world.user("ben").await;
        let cyd = world.user("cyd").await;
        let room = world.room(&ana).await.id;
        world.join(room, &ben).await;
        world.join(room, &cyd).await;
        world.connect(&ana).await;
        Self {
            world,
            notifier,
            worker,
            ana,
            ben,
            cyd,
            room,
        }
    }

    fn event(&self, message: &Message) -> Event {
        let what = Happening::MessageCreated(message.id);
        happened(
            &*self.world.ports.ids,
            message.created_at,
            message.room,
            what,
        )
    }

    /// Works on a message when its delay is over.
    async fn work(&self, message: &Message) -> Verdict {
        let event = self.event(message);
        self.world.pass(Duration::from_secs(10));
        self.worker.work(&event).await
    }

    async fn say(&self, text: &str) -> Message {
        let said = self.world.post(self.room, &self.ana, text).await;
        assert_eq!(self.work(&said).await, Verdict::Done);
        said
    }

    async fn mention(&self, who: &Caller) -> Message {
        let mut new = self.world.message(self.room, &self.ana, "look here");
        new.mentions = vec![who.user];
        let said = self.world.append(new).await;
        assert_eq!(self.work(&said).await, Verdict::Done);
        said
    }

    /// The notifications since the last call: their recipients and reasons.
    fn told(&self) -> Vec<(UserId, Reason)> {
        let heard = self.notifier.heard().into_iter();
        heard.map(|one| (one.user, one.reason)).collect()
    }

    async fn read(&self, who: &Caller, message: &Message) {
        let cursors = Cursors::default().moved(Some(message.seq), None);
        self.world.advance(self.room, who.user, cursors).await;
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_is_away_is_told_once_until_they_have_read() {
    let scene = Scene::new().await;
    scene.world.connect(&scene.cyd).await;
    let first = scene.say("the beans are up").await;
    let heard = scene.notifier.heard();
    assert_eq!(scene.told(), [(scene.ben.user, Reason::Message)]);
    assert_eq!(heard[0].message, first.id);
    assert_eq!(heard[0].preview, "the beans are up");
    assert_eq!(heard[0].room_name.as_deref(), Some("a room"));

    let second = scene.say("all of them").await;
    assert_eq!(scene.told().len(), 1, "collapsed");
    scene.read(&scene.ben, &second).await;
    scene.say("and the peas").await;
    assert_eq!(scene.told().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_same_event_again_tells_nobody() {
    let scene = Scene::new().await;
    let said = scene.say("once").await;
    assert_eq!(scene.told().len(), 2);
    for _ in 0..2 {
        assert_eq!(scene.worker.work(&scene.event(&said)).await, Verdict::Done);
    }
    assert_eq!(scene.told().len(), 2);
}

/// Blocks that take long to be read: meanwhile another worker handles its event from beginning to end.
struct SlowBlocks {
    blocks: Arc<dyn Blocks>,
    other: NotifyAway,
    event: Event,
}

#[async_trait]
impl Blocks for SlowBlocks {
    async fn block(&self, by: UserId, blocked: UserId, at: Timestamp) -> Result<(), Failure> {
        self.blocks.block(by, blocked, at).await
    }

    async fn unblock(&self, by: UserId, blocked: UserId) -> Result<(), Failure> {
        self.blocks.unblock(by, blocked).await
    }

    async fn of(&self, by: UserId) -> Result<Vec<UserId>, Failure> {
        self.blocks.of(by).await
    }

    async fn is_blocked(&self, by: UserId, blocked: UserId) -> Result<bool, Failure> {
        assert_eq!(self.other.work(&self.event).await, Verdict::Done);
        self.blocks.is_blocked(by, blocked).await
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_messages_at_once_one_is_told() {
    let scene = Scene::new().await;
    let first = scene.world.post(scene.room, &scene.ana, "first").await;
    let second = scene.world.post(scene.room, &scene.ana, "second").await;
    let worker = |ports: &Ports| {
        let notifier = Arc::<MemoryNotifier>::clone(&scene.notifier);
        NotifyAway::new(ports, Some(notifier), TERMS)
    };
    let blocks = SlowBlocks {
        blocks: Arc::clone(&scene.world.ports.blocks),
        other: worker(&scene.world.ports),
        event: scene.event(&second),
    };
    let overtaken = worker(&Ports {
        blocks: Arc::new(blocks),
        ..scene.world.ports.clone()
    });
    scene.world.pass(TERMS.delay * 2);
    let verdict = overtaken.work(&scene.event(&first)).await;
    assert_eq!(verdict, Verdict::Done);
    let heard = scene.notifier.heard();
    assert_eq!(heard.len(), 2);
    assert!(heard.iter().all(|one| one.message == second.id));
    assert_ne!(heard[0].user, heard[1].user);
}

#[tokio::test(start_paused = true)]
async fn what_is_for_somebody_is_told_first_and_though_they_know_of_the_room() {
    let scene = Scene::new().await;
    scene.mention(&scene.cyd).await;
    let expected = [
        (scene.cyd.user, Reason::Mention),
        (scene.ben.user, Reason::Message),
    ];
    assert_eq!(scene.told(), expected);
    scene.mention(&scene.ben).await;
    scene.mention(&scene.ben).await;
    assert_eq!(scene.told()[2..], [(scene.ben.user, Reason::Mention)]);

    let direct = scene.world.direct(&scene.ana, &scene.ben).await;
    let said = scene.world.post(direct.id, &scene.ana, "between us").await;
    assert_eq!(scene.work(&said).await, Verdict::Done);
    let last = scene.notifier.heard().pop().unwrap();
    assert_eq!((last.user, last.reason), (scene.ben.user, Reason::Direct));
    assert_eq!(last.room_name, None);
}

#[tokio::test(start_paused = true)]
async fn whoever_has_it_or_does_not_want_it_is_told_nothing() {
    let scene = Scene::new().await;
    let muted = Notifications::Muted { until: None };
    let notify = scene
        .world
        .ports
        .members
        .notify(scene.room, scene.ben.user, muted);
    assert!(notify.await.unwrap());
    let blocks = &scene.world.ports.blocks;
    let block = blocks.block(scene.cyd.user, scene.ana.user, scene.world.now());
    block.await.unwrap();
    scene.say("is anybody there?").await;
    scene.mention(&scene.ben).await;
    assert_eq!(scene.told(), []);

    let unblock = blocks.unblock(scene.cyd.user, scene.ana.user);
    unblock.await.unwrap();
    let said = scene.world.post(scene.room, &scene.ana, "cyd?").await;
    let cursors = Cursors::default().moved(None, Some(said.seq));
    scene
        .world
        .advance(scene.room, scene.cyd.user, cursors)
        .await;
    assert_eq!(scene.work(&said).await, Verdict::Done);
    assert_eq!(scene.told(), [], "it was delivered");
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_within_the_delay_is_told_nothing() {
    let scene = Scene::new().await;
    let said = scene.world.post(scene.room, &scene.ana, "quick").await;
    let event = scene.event(&said);
    let come = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        scene.world.connect(&scene.ben).await;
        scene.world.connect(&scene.cyd).await;
    };
    let (verdict, ()) = tokio::join!(scene.worker.work(&event), come);
    assert_eq!(verdict, Verdict::Done);
    assert_eq!(scene.told(), []);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_told_of_what_is_gone() {
    let scene = Scene::new().await;
    let said = scene.world.post(scene.room, &scene.ana, "oops").await;
    let mut event = scene.event(&said);
    event.room = None;
    assert_eq!(scene.worker.work(&event).await, Verdict::Done);
    event.what = Happening::MessageDeleted(said.id);
    assert_eq!(scene.worker.work(&event).await, Verdict::Done);
    assert_eq!(scene.told(), []);
}

#[tokio::test(start_paused = true)]
async fn while_nobody_listens_it_is_tried_again_and_told_once() {
    let scene = Scene::new().await;
    scene.notifier.refuse(true);
    let said = scene.world.post(scene.room, &scene.ana, "hello").await;
    assert_eq!(scene.work(&said).await, Verdict::Retry);
    scene.notifier.refuse(false);
    for _ in 0..2 {
        assert_eq!(scene.worker.work(&scene.event(&said)).await, Verdict::Done);
    }
    assert_eq!(scene.told().len(), 2);
}

/// A notifier that fails for everybody and counts the attempts.
#[derive(Default)]
struct Away(AtomicUsize);

#[async_trait]
impl Notifier for Away {
    async fn tell(&self, _: &Notification) -> Result<(), Failure> {
        self.0.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(10)).await;
        Err(Failure::passing("notifier", "tell", "nobody answers"))
    }
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_reached_is_not_asked_for_everybody() {
    let mut scene = Scene::new().await;
    let away = Arc::new(Away::default());

    scene.worker = NotifyAway::new(&scene.world.ports, Some(Arc::<Away>::clone(&away)), TERMS);
    for number in 0..100 {
        let one = scene.world.user_of_crowd(&format!("one{number}")).await;
        scene.world.join(scene.room, &one).await;
    }
    let said = scene.world.post(scene.room, &scene.ana, "hello").await;
    let begun = tokio::time::Instant::now();
    assert_eq!(scene.work(&said).await, Verdict::Retry);
    assert!(begun.elapsed() < Duration::from_mins(1));
    let asked = away.0.load(Ordering::Relaxed);
    assert!((8..=16).contains(&asked), "{asked}");

    // A user whose notification failed does not count as notified.

    let notifier = Arc::<MemoryNotifier>::clone(&scene.notifier);
    scene.worker = NotifyAway::new(&scene.world.ports, Some(notifier), TERMS);
    assert_eq!(scene.worker.work(&scene.event(&said)).await, Verdict::Done);
    assert_eq!(scene.told().len(), 102);
}
