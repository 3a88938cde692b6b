//! Which devices are notified of a message.

use std::sync::Arc;
use std::time::Duration;

use adapter_memory::{MemoryNotifier, MemoryPusher};
use domain::port::Notifier;
use domain::port::jobs::Verdict;
use domain::port::notifier::Reason;
use domain::port::pusher::Pushed;
use domain::{Cursors, Happening, Message, RoomId};

use super::*;
use crate::Caller;
use crate::happened::happened;
use crate::jobs::Worker as _;
use crate::testing::World;

const TERMS: NotifyTerms = NotifyTerms {
    delay: Duration::from_secs(10),
};

/// Ana, who posts, and Ben, who is away and has a phone and a laptop to be notified on.
struct Scene {
    world: World,
    notifier: Arc<MemoryNotifier>,
    worker: NotifyAway,
    ana: Caller,
    ben: Caller,
    room: RoomId,
}

impl Scene {
    /// With or without a notifier of the operator's own.
    async fn new(with_notifier: bool) -> Self {
        let world = World::new();
        let notifier = Arc::new(MemoryNotifier::default());
        let given: Arc<dyn Notifier> = Arc::<MemoryNotifier>::clone(&notifier);
        let worker = NotifyAway::new(&world.ports, with_notifier.then_some(given), TERMS);
        let ana = world.user("ana").await;
        let ben = world.user("ben").await;
        let laptop = world.sign_in(ben.user).await;
        let room = world.room(&ana).await.id;
        world.join(room, &ben).await;
        world.connect(&ana).await;
        world.subscribe(&ben, "phone").await;
        world.subscribe(&laptop, "laptop").await;
        Self {
            world,
            notifier,
            worker,
            ana,
            ben,
            room,
        }
    }

    async fn post(&self, text: &str) -> Message {
        self.world.post(self.room, &self.ana, text).await
    }

    /// Works on a message some time after it was posted.
    async fn work(&self, message: &Message, after: Duration) -> Verdict {
        let what = Happening::MessageCreated(message.id);
        let ids = &*self.world.ports.ids;
        let event = happened(ids, message.created_at, message.room, what);
        self.world.pass(after);
        self.worker.work(&event).await
    }

    async fn say(&self, text: &str) -> Message {
        let said = self.post(text).await;
        assert_eq!(self.work(&said, TERMS.delay).await, Verdict::Done);
        said
    }

    /// The names of the notified devices, in order.
    fn told(&self) -> Vec<String> {
        told(&self.world.pusher)
    }
}

fn told(pusher: &MemoryPusher) -> Vec<String> {
    let mut names: Vec<String> = pusher
        .heard()
        .iter()
        .map(|(endpoint, _)| endpoint.as_str().rsplit('/').next().unwrap().to_owned())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test(start_paused = true)]
async fn every_device_is_told_once_until_something_was_read() {
    let scene = Scene::new(true).await;
    let said = scene.say("the beans are up").await;
    assert_eq!(scene.told(), ["laptop", "phone"]);
    assert_eq!(scene.notifier.heard().len(), 1);
    let (_, pushed) = scene.world.pusher.heard().remove(0);
    assert_eq!(pushed.message, said.id);
    assert_eq!(
        (pushed.user, pushed.reason),
        (scene.ben.user, Reason::Message)
    );

    assert_eq!(scene.work(&said, TERMS.delay).await, Verdict::Done);
    let second = scene.say("all of them").await;
    assert_eq!(scene.told().len(), 2, "collapsed");
    let read = Cursors::default().moved(Some(second.seq), None);
    let (room, ben) = (scene.room, scene.ben.user);
    scene.world.advance(room, ben, read).await;
    scene.say("and the peas").await;
    assert_eq!(scene.told().len(), 4);
    assert_eq!(scene.notifier.heard().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_failed_in_one_way_is_tried_again_in_that_way_alone() {
    let scene = Scene::new(true).await;
    let pusher = &scene.world.pusher;
    pusher.answer_at("phone", Pushed::Later("busy".to_owned()));
    scene.notifier.refuse(true);
    let said = scene.post("hello").await;
    assert_eq!(scene.work(&said, TERMS.delay).await, Verdict::Retry);
    assert_eq!(scene.told(), ["laptop"]);
    scene.notifier.refuse(false);
    assert_eq!(scene.work(&said, TERMS.delay).await, Verdict::Retry);
    assert_eq!(scene.notifier.heard().len(), 1);
    pusher.answer_at("phone", Pushed::Taken);
    assert_eq!(scene.work(&said, TERMS.delay).await, Verdict::Done);
    assert_eq!(scene.told(), ["laptop", "phone"]);
    assert_eq!(scene.notifier.heard().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_gone_is_forgotten_and_one_that_refuses_is_not() {
    let scene = Scene::new(false).await;
    let pusher = &scene.world.pusher;
    pusher.answer_at("phone", Pushed::Gone);
    pusher.answer_at("laptop", Pushed::Refused("too large".to_owned()));
    scene.say("hello").await;
    let devices = scene.world.devices_of(&scene.ben).await;
    assert_eq!(devices.len(), 1);
    assert!(devices[0].1.endpoint.as_str().ends_with("laptop"));
    pusher.answer_at("laptop", Pushed::Taken);
    scene.say("hello again").await;
    assert_eq!(scene.told(), ["laptop"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_pushed_for_long_is_given_up_and_no_dead_letter() {
    let scene = Scene::new(false).await;
    let pusher = &scene.world.pusher;
    pusher.answer_at("", Pushed::Later("away".to_owned()));
    let said = scene.post("hello").await;
    let minute = Duration::from_mins(1);
    assert_eq!(scene.work(&said, 7 * minute).await, Verdict::Retry);
    assert_eq!(scene.work(&said, 2 * minute).await, Verdict::Done);
    assert_eq!(pusher.asked(), 4);
}

#[tokio::test(start_paused = true)]
async fn who_ended_the_session_is_told_nothing_there() {
    let scene = Scene::new(false).await;
    let (sessions, now) = (&scene.world.ports.session_store, scene.world.now());
    let ended = sessions.end(scene.ben.session, scene.ben.user, now).await;
    assert!(ended.unwrap());
    scene.say("hello").await;
    assert_eq!(scene.told(), ["laptop"]);
    let all = sessions.end_all(scene.ben.user, None, scene.world.now());
    all.await.unwrap();
    scene.say("hello again").await;
    assert_eq!(scene.told(), ["laptop"]);
}

#[tokio::test(start_paused = true)]
async fn where_nobody_subscribed_nothing_waits_and_who_does_is_told_of_what_comes() {
    let world = World::new();
    let worker = NotifyAway::new(&world.ports, None, TERMS);
    let ana = world.user("ana").await;
    let ben = world.user("ben").await;
    let room = world.room(&ana).await.id;
    world.join(room, &ben).await;
    let work = async |message: &Message| {
        let what = Happening::MessageCreated(message.id);
        let event = happened(&*world.ports.ids, message.created_at, room, what);
        worker.work(&event).await
    };
    let before = world.post(room, &ana, "nobody is here").await;
    let begun = tokio::time::Instant::now();
    assert_eq!(work(&before).await, Verdict::Done);
    assert!(begun.elapsed().is_zero());

    world.pass(Duration::from_millis(1));
    world.subscribe(&ben, "phone").await;
    let after = world.post(room, &ana, "somebody is").await;
    assert_eq!(work(&before).await, Verdict::Done);
    assert_eq!(told(&world.pusher), Vec::<String>::new());
    assert_eq!(work(&after).await, Verdict::Done);
    assert_eq!(told(&world.pusher), ["phone"]);
}
